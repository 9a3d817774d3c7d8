"""Compiles the text, translations and search keys into one read-only SQLite file.

Done once at set-up, so that a process that needs one verse does not hold eighty megabytes. The
Arabic is that of the `quran-text` package, byte for byte, and is refused if its hash is not the
recorded one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from quran_text import Mushaf, Word

from autosched import packages
from autosched.errors import UnavailableError
from autosched.scripture import letters
from autosched.scripture.languages import LANGUAGES
from autosched.scripture.surahs import Point, point, surahs

ARABIC_SHA256 = "00d532c88ad524599391471289f4988e52b086c4d162399328cc6cd40117be8f"
"""Of all 6,236 verses with their pause marks, in UTF-8, joined by line feeds."""

VERSES = 6236

_SCHEMA = """
CREATE TABLE stamp (value TEXT NOT NULL);
CREATE TABLE verse (
    id INTEGER PRIMARY KEY, arabic TEXT NOT NULL, transliteration TEXT NOT NULL
);
CREATE TABLE arabic_key (
    id INTEGER PRIMARY KEY, mushaf TEXT NOT NULL, today TEXT NOT NULL, loose TEXT NOT NULL
);
CREATE TABLE word (
    id INTEGER NOT NULL, number INTEGER NOT NULL, arabic TEXT NOT NULL,
    mushaf TEXT NOT NULL, today TEXT NOT NULL, PRIMARY KEY (id, number)
) WITHOUT ROWID;
CREATE TABLE translation (
    language TEXT NOT NULL, id INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (language, id)
) WITHOUT ROWID;
CREATE TABLE translation_key (
    language TEXT NOT NULL, id INTEGER NOT NULL, words TEXT NOT NULL,
    PRIMARY KEY (language, id)
) WITHOUT ROWID;
"""

# Numbers of footnotes that did not come along, and a bracket that was put first to close theirs.
_FOOTNOTE = re.compile(r"\s?\d+\)")


def file() -> Path:
    """Where the compiled text lies."""
    return packages.path("scripture/verses.db")


def build(*, anew: bool = False) -> Path:
    """Compile the text unless that has been done from these very sources; the file's path.

    With `anew` it is done in any case. `UnavailableError` when the packages are not there, the
    text is not the recorded one, or the folder can't be written.
    """
    target = file()
    if not anew and stamp_in(target) == stamp():
        return target
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as database:
            _fill(database)
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise UnavailableError(
            f"The text of the Quran could not be written to {target.parent}: {error}.",
            remedy="Make room there and see that you may write to it, then run `make setup`.",
            code="scripture_unwritable",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return target


@lru_cache(maxsize=1)
def stamp() -> str:
    """A hash of everything the compiled file is made from."""
    sources = hashlib.sha256(ARABIC_SHA256.encode())
    sources.update(version("quran-text").encode())
    for package in packages.manifest():
        for name, (_, sha256) in sorted(package.files.items()):
            if name.startswith("scripture/"):
                sources.update(sha256.encode())
    for name in ("build.py", "letters.py", "mended.toml"):
        sources.update((Path(__file__).parent / name).read_bytes())
    return sources.hexdigest()


def stamp_in(path: Path) -> str | None:
    """The stamp of a compiled file; None when it is missing or not one."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM stamp").fetchone()
    except sqlite3.DatabaseError:
        return None
    return row[0] if row else None


def sha256_of(verses: Iterable[str]) -> str:
    """The hash of the Arabic of all verses in order, to compare with `ARABIC_SHA256`."""
    return hashlib.sha256("\n".join(verses).encode()).hexdigest()


def altered() -> UnavailableError:
    """What is said when the Arabic is not the recorded text."""
    return UnavailableError(
        "The text of the Quran on this machine is not the one that was recorded.",
        remedy="Nothing of it is shown; run `make setup` to install quran-text anew.",
        code="scripture_hash",
    )


def _fill(database: sqlite3.Connection) -> None:
    mushaf = Mushaf.hafs()
    ayahs = [mushaf.ayah(*point(place)) for place in range(1, VERSES + 1)]
    arabic = [ayah.render(marks=True) for ayah in ayahs]
    if sha256_of(arabic) != ARABIC_SHA256:
        raise altered()
    database.executescript(_SCHEMA)
    transliteration = _texts("transliteration", "transliteration")
    database.executemany(
        "INSERT INTO verse VALUES (?, ?, ?)",
        ((place, arabic[place - 1], text) for place, text in enumerate(transliteration, 1)),
    )
    spelling = _spelling(mushaf)
    for place, ayah in enumerate(ayahs, 1):
        words = list(_words(ayah.word_list, spelling))
        today = " ".join(today for _, _, today in words)
        database.executemany(
            "INSERT INTO word VALUES (?, ?, ?, ?, ?)",
            ((place, number, *word) for number, word in enumerate(words)),
        )
        database.execute(
            "INSERT INTO arabic_key VALUES (?, ?, ?, ?)",
            (place, letters.arabic(ayah.text), today, f" {letters.loose(today)} "),
        )
    for language in LANGUAGES:
        texts = list(enumerate(_mended(language, _texts(language, "translation")), 1))
        database.executemany(
            "INSERT INTO translation VALUES (?, ?, ?)",
            ((language, place, text) for place, text in texts),
        )
        database.executemany(
            "INSERT INTO translation_key VALUES (?, ?, ?)",
            ((language, place, f" {letters.words(text, language)} ") for place, text in texts),
        )
    database.execute("INSERT INTO stamp VALUES (?)", (stamp(),))
    database.commit()
    database.execute("VACUUM")


def _texts(name: str, field: str) -> Iterator[str]:
    """A translation's verses in order; the file's own Arabic is not looked at."""
    path = packages.path(f"scripture/quran_{name}.json")
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise UnavailableError(
            f"The data package with {path.name} is not here.",
            remedy="Run `make setup`, which fetches it.",
            code="package_missing",
        ) from error
    for chapter, expected in zip(document, surahs(), strict=True):
        if len(chapter["verses"]) != expected.ayahs:
            raise altered()
        yield from (verse[field] for verse in chapter["verses"])


def mends() -> dict[str, dict[Point, tuple[str, str]]]:
    """By language and verse: the damaged letters of a translation, and what they are mended to."""
    table = tomllib.loads((Path(__file__).parent / "mended.toml").read_text(encoding="utf-8"))
    return {
        language: {
            (int(key.split(":")[0]), int(key.split(":")[1])): (was, mended)
            for key, (was, mended) in verses.items()
        }
        for language, verses in table.items()
    }


def _mended(language: str, texts: Iterable[str]) -> Iterator[str]:
    mendings = mends().get(language, {})
    for place, text in enumerate(texts, 1):
        was, mended = mendings.get(point(place), ("", ""))
        text = text.replace(was, mended) if was else text
        yield _without_footnotes(text) if language == "id" else text


def _without_footnotes(text: str) -> str:
    text = text.replace("\u00ad", "")
    kept = _FOOTNOTE.sub("", text)
    if kept != text and kept.startswith("(") and kept.count("(") == kept.count(")") + 1:
        kept = kept[1:]
    return kept


def _spelling(mushaf: Mushaf) -> dict[str, str]:
    """How each word of the mushaf is written today, from the verses where that is recorded."""
    return {
        word.text: word.rasm_imlai for word in mushaf.all.word_list if word.rasm_imlai is not None
    }


def _words(words: Iterable[Word], spelling: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Each word as it stands, and its letters in the mushaf's spelling and in today's."""
    for word in words:
        yield word.text, letters.arabic(word.text), letters.arabic(_today(word, spelling))


def _today(word: Word, spelling: dict[str, str]) -> str:
    known = word.rasm_imlai or spelling.get(word.text)
    return known if known is not None else word.text.replace("\u0670", "ا")
