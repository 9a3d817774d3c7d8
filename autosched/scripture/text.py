"""Reads verses: the canonical Arabic, a translation, and how it sounds in Latin letters."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autosched.scripture import build, references
from autosched.scripture.languages import language as known_language
from autosched.scripture.surahs import Point, ordinal, point

_opening = threading.Lock()


@dataclass(frozen=True)
class Verse:
    """One verse. `arabic` is byte for byte the canonical text, pause marks included."""

    surah: int
    ayah: int
    key: str
    reference: str
    arabic: str
    translation: str
    transliteration: str
    language: str


def verses(reference: str, language: str = "en") -> list[Verse]:
    """The verses that a reference means, in the order written.

    `InvalidError` when it can't be read, does not exist, or there is no such translation.
    """
    places: list[int] = []
    for first, last in references.parse(reference):
        places.extend(range(ordinal(first), ordinal(last) + 1))
    return at(places, language)


def verse(place: Point, language: str = "en") -> Verse:
    """The verse at (surah, ayah)."""
    return at([ordinal(place)], language)[0]


def at(places: list[int], language: str) -> list[Verse]:
    """The verses at these places among all, in the order given."""
    known_language(language)
    found: dict[int, Verse] = {}
    for start in range(0, len(places), 500):
        some = places[start : start + 500]
        rows = database().execute(
            "SELECT verse.id, arabic, text, transliteration FROM verse"
            " JOIN translation ON translation.id = verse.id AND language = ?"
            f" WHERE verse.id IN ({', '.join('?' * len(some))})",
            (language, *some),
        )
        for place, arabic, translation, transliteration in rows:
            surah, ayah = point(place)
            found[place] = Verse(
                surah=surah,
                ayah=ayah,
                key=f"{surah}:{ayah}",
                reference=references.citation((surah, ayah)),
                arabic=arabic,
                translation=translation,
                transliteration=transliteration,
                language=language,
            )
    return [found[place] for place in places]


def verse_document(reference: str, language: str = "en") -> dict[str, list[dict[str, str]]]:
    """What `autosched verse REF --json` prints."""
    return {
        "verses": [
            {
                "reference": each.reference,
                "arabic": each.arabic,
                "translation": each.translation,
                "transliteration": each.transliteration,
            }
            for each in verses(reference, language)
        ]
    }


def database() -> sqlite3.Connection:
    """The compiled text, open for reading; compiled first when that was not done at set-up.

    A file that holds another Arabic than the recorded one is compiled anew, and if that does not
    help refused with `UnavailableError`.
    """
    with _opening:
        return _open(build.file(), os.getpid())


@lru_cache(maxsize=2)
def _open(path: Path, process: int) -> sqlite3.Connection:
    """One connection a process: SQLite's must not be carried over a fork."""
    for anew in (False, True):
        connection = _connect(build.build(anew=anew))
        if _canonical(connection):
            return connection
        connection.close()
    raise build.altered()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    connection.execute("PRAGMA cache_size = -1024")
    return connection


def _canonical(connection: sqlite3.Connection) -> bool:
    """Whether the Arabic as it lies in the file is the recorded text."""
    try:
        rows = connection.execute("SELECT arabic FROM verse ORDER BY id").fetchall()
    except sqlite3.DatabaseError:
        return False
    return build.sha256_of(row[0] for row in rows) == build.ARABIC_SHA256
