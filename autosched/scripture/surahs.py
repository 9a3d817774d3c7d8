"""The 114 surahs: their names, meanings, lengths, and where they were revealed.

The data are in `surahs.csv`, with the other spellings under which people know them.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from autosched.errors import InvalidError

Point = tuple[int, int]
"""A verse as (surah, ayah), both counted from 1."""


@dataclass(frozen=True)
class Surah:
    """A surah; `title` is the English meaning of its name."""

    number: int
    arabic: str
    name: str
    title: str
    ayahs: int
    revelation: str
    """`Meccan` or `Medinan`, as the Egyptian edition of 1924 says."""
    also: tuple[str, ...]
    """Other names and spellings, Latin and Arabic."""


def surahs() -> list[Surah]:
    """All 114 surahs in order."""
    return list(_table())


def surah(number: int) -> Surah:
    """The surah of that number; `InvalidError` when there is none."""
    if not 1 <= number <= len(_table()):
        raise InvalidError(
            f"There are {len(_table())} surahs; there is no surah {number}.",
            remedy="Write a number from 1 to 114, or the surah's name.",
            code="no_such_surah",
        )
    return _table()[number - 1]


def check(point: Point) -> Point:
    """The same point; `InvalidError` with the real bound when there is no such verse."""
    number, ayah = point
    chapter = surah(number)
    if not 1 <= ayah <= chapter.ayahs:
        raise InvalidError(
            f"{chapter.name} has {chapter.ayahs} verses; there is no verse {ayah}.",
            remedy=f"Write a verse from {number}:1 to {number}:{chapter.ayahs}.",
            code="no_such_verse",
        )
    return point


def ordinal(point: Point) -> int:
    """The verse's place among all verses, from 1 (1:1) to 6,236 (114:6)."""
    number, ayah = check(point)
    return _before()[number - 1] + ayah


def point(place: int) -> Point:
    """The verse at a place among all; the inverse of `ordinal`."""
    number = bisect_left(_before(), place)
    return number, place - _before()[number - 1]


@lru_cache(maxsize=1)
def _table() -> tuple[Surah, ...]:
    with (Path(__file__).parent / "surahs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Surah(
                number=int(row["number"]),
                arabic=row["arabic"],
                name=row["name"],
                title=row["title"],
                ayahs=int(row["ayahs"]),
                revelation=row["revelation"],
                also=tuple(row["also"].split("/")),
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def _before() -> tuple[int, ...]:
    return tuple(accumulate((chapter.ayahs for chapter in _table()), initial=0))
