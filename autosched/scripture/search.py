"""Finds verses by reference, by Arabic however it is spelled, and by words of a translation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from autosched.errors import InvalidError
from autosched.scripture import letters, references
from autosched.scripture.languages import language as known_language
from autosched.scripture.surahs import ordinal, surah
from autosched.scripture.text import Verse, at, database

_LONGEST = 300


class Where(StrEnum):
    """What the query was found in."""

    REFERENCE = "reference"
    ARABIC = "arabic"
    TRANSLATION = "translation"


@dataclass(frozen=True)
class Hit:
    """A verse that was found, and in what."""

    verse: Verse
    where: Where


class _Rank(IntEnum):
    """How near a verse is to the query: words in a row before words apart, whole before begun."""

    PHRASE = 0
    PHRASE_BEGUN = 1
    PHRASE_INSIDE = 2
    WORDS = 3
    WORDS_BEGUN = 4


def search(query: str, language: str = "en", limit: int = 20) -> list[Hit]:
    """The verses that fit a query best, at most `limit`.

    A reference comes first: all its verses, or the first of a long surah that is named alone. Then
    Arabic letters are looked for in the text (and in the Urdu translation, when that is the
    language), others in the translation; all words must occur. `InvalidError` when it is a
    reference to what does not exist, and nothing else is found either.
    """
    known_language(language)
    if limit < 1 or not query.strip():
        return []
    if len(query) > _LONGEST:
        raise InvalidError(
            "That is too long to search for.",
            remedy=f"Search for at most {_LONGEST} letters.",
            code="too_long",
        )
    found: dict[int, Where] = {}
    mistake: InvalidError | None = None
    try:
        found.update(dict.fromkeys(_referred(query, limit), Where.REFERENCE))
    except InvalidError as error:
        mistake = error
    if letters.is_arabic(query):
        for place in _in_arabic(letters.arabic(query), limit):
            found.setdefault(place, Where.ARABIC)
    if not letters.is_arabic(query) or language == "ur":
        for place in _in_translation(letters.words(query, language), language, limit):
            found.setdefault(place, Where.TRANSLATION)
    if not found and letters.is_arabic(query):
        loose = letters.loose(letters.arabic(query))
        found.update(dict.fromkeys(_in_loose_arabic(loose, limit), Where.ARABIC))
    if not found and mistake is not None and re.search(r"\d", query):
        raise mistake
    some = list(found)[:limit]
    return [Hit(verse, found[place]) for place, verse in zip(some, at(some, language), strict=True)]


def _referred(query: str, limit: int) -> list[int]:
    """Places of the verses that the query refers to; of a long whole surah only the first."""
    places: list[int] = []
    for first, last in references.parse(query, forgiving=False):
        start, end = ordinal(first), ordinal(last)
        whole = first[1] == 1 and last[1] == surah(last[0]).ayahs
        if whole and end - start >= limit // 2:
            end = start
        places.extend(range(start, min(end, start + limit) + 1))
    return places


def _in_arabic(query: str, limit: int) -> list[int]:
    """Every word must occur, in the mushaf's spelling or in today's."""
    wanted = query.split()
    if not wanted:
        return []
    rows = database().execute(
        "SELECT id, mushaf, today FROM arabic_key WHERE "
        + " AND ".join("(instr(today, ?) OR instr(mushaf, ?))" for _ in wanted),
        [word for word in wanted for _ in range(2)],
    )
    ranked = [
        (min(_rank(query, wanted, mushaf), _rank(query, wanted, today)), place)
        for place, mushaf, today in rows
    ]
    return _best(ranked, limit)


def _in_loose_arabic(query: str, limit: int) -> list[int]:
    """A second try without the letters that spellings disagree about; words must end alike."""
    wanted = query.split()
    if not wanted or min(map(len, wanted)) < 2:
        return []
    rows = database().execute(
        "SELECT id, loose FROM arabic_key WHERE " + " AND ".join("instr(loose, ?)" for _ in wanted),
        [f"{word} " for word in wanted],
    )
    return _best(((_rank(query, wanted, loose.strip()), place) for place, loose in rows), limit)


def _in_translation(query: str, language: str, limit: int) -> list[int]:
    """Every word must occur, at least begun; Chinese has no spaces and is looked for anywhere."""
    wanted = query.split()
    if not wanted:
        return []
    before = "" if language == "zh" else " "
    rows = database().execute(
        "SELECT id, words FROM translation_key WHERE language = ? AND "
        + " AND ".join("instr(words, ?)" for _ in wanted),
        [language, *(before + word for word in wanted)],
    )
    return _best(((_rank(query, wanted, words), place) for place, words in rows), limit)


def _rank(query: str, wanted: list[str], words: str) -> _Rank:
    padded = f" {words} "
    if f" {query} " in padded:
        return _Rank.PHRASE
    if f" {query}" in padded:
        return _Rank.PHRASE_BEGUN
    if query.replace(" ", "") in words.replace(" ", ""):
        return _Rank.PHRASE_INSIDE
    return _Rank.WORDS if all(f" {word} " in padded for word in wanted) else _Rank.WORDS_BEGUN


def _best(ranked: Iterable[tuple[_Rank, int]], limit: int) -> list[int]:
    return [place for _, place in sorted(ranked)[:limit]]
