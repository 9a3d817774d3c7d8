"""All words of the Quran in a row, and where a word may stand: what quotations are held against."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from autosched.scripture import letters
from autosched.scripture.text import database

Places = NDArray[np.int32]
_NOWHERE: Places = np.zeros(0, np.int32)


@dataclass(frozen=True)
class Word:
    """A word of the canon: `verse` counts from 1 to 6236; `spellings` are its letters, folded."""

    verse: int
    number: int
    arabic: str
    spellings: tuple[str, ...]


class Canon:
    """Every word, and an index from folded letters to places in the row."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = tuple(words)
        found: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            for spelling in word.spellings:
                for piece in {spelling, *spelling.split()}:
                    found[piece].append(place)
        self._places = {piece: np.array(places, np.int32) for piece, places in found.items()}

    def places(self, piece: str) -> Places:
        """Where a word with these letters stands."""
        return self._places.get(piece, _NOWHERE)

    def weight(self, piece: str) -> float:
        """How much it says to meet these letters: the logarithm of their rarity."""
        return math.log(len(self.words) / max(1, len(self.places(piece))))

    def alike(self, piece: str) -> set[str]:
        """Words of the canon that differ from these letters by one at most."""
        found: set[str] = set()
        for key in _without_one(piece):
            found |= self._neighbours.get(key, set())
        return {each for each in found if distance(each, piece) <= 1}

    @cached_property
    def _neighbours(self) -> dict[str, set[str]]:
        table: dict[str, set[str]] = defaultdict(set)
        for piece in self._places:
            for key in _without_one(piece):
                table[key].add(piece)
        return dict(table)

    @cached_property
    def bounds(self) -> dict[int, tuple[int, int]]:
        """The place of each verse's first word, and the place after its last."""
        found: dict[int, tuple[int, int]] = {}
        for place, word in enumerate(self.words):
            found[word.verse] = (found.get(word.verse, (place, 0))[0], place + 1)
        return found


def _without_one(piece: str) -> Iterator[str]:
    yield piece
    for at in range(len(piece)):
        yield piece[:at] + piece[at + 1 :]


def distance(one: str, other: str) -> int:
    """How many letters must be changed, left out or put in (Levenshtein)."""
    if one == other:
        return 0
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def plain(folded: str) -> str:
    """Folded letters with hamza and alif made one alif, as today's madda is folded."""
    return folded.replace("ءا", "ا")


def _spellings(*folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(plain, folded)))


def _full(arabic: str) -> str:
    """The letters with every dagger alif written out, as many people do."""
    return letters.arabic(arabic.replace("\u0670", "ا"))


@lru_cache(maxsize=1)
def canon() -> Canon:
    """The canon; read once."""
    rows = database().execute("SELECT id, number, arabic, mushaf, today FROM word ORDER BY 1, 2")
    return Canon(
        Word(
            verse, number, arabic, tuple(dict.fromkeys(map(plain, (today, mushaf, _full(arabic)))))
        )
        for verse, number, arabic, mushaf, today in rows
    )
