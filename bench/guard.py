"""Whether quotations of the Quran are told apart: right ones, altered ones, and ordinary Arabic.

Verses drawn from all 6,236, whole or in part, vowelled or bare, in the mushaf's spelling or
today's, stand in captions as people write them. Half of them are altered by one letter, one vowel
or one word. An altered one must be flagged and named; right ones and ordinary Arabic (proverbs,
hadith, prayers, news) must not.
"""

from __future__ import annotations

import random
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autosched.scripture import letters, quotations
from autosched.scripture.canon import Canon, Word, canon
from autosched.scripture.references import citation
from autosched.scripture.surahs import point

VERSES, ORDINARY = 1500, 1000
EXPECTED = 0.99
_CONSONANTS = "بتثجحخدذرزسشصضطظعغفقكلمنه"
_SHORT = "\u064e\u064f\u0650"
_SHADDA = "\u0651"
_FRAMES = (
    "{verse}",
    "قال تعالى: {verse}",
    "قال الله تعالى: «{verse}»",
    "﴿{verse}﴾",
    "﴿{verse}﴾ [{reference}]",
    "{verse} ({reference})",
    "A reminder for today:\n\n{verse}\n\n#quran #reminder",
    "Allah says in the Quran: {verse}",
    "{ordinary}\n﴿{verse}﴾\n{ordinary}",
)
_CLAIMING = (1, 2, 3, 4, 5, 7, 8)


@dataclass(frozen=True)
class Case:
    """A caption; `kind` is what was done to the verse in it, or `true` or `ordinary`."""

    text: str
    kind: str
    verse: str = ""


def run(seed: int | None = None) -> dict[str, Any]:
    """Precision and recall of altered quotations, by kind, and the captions that were misjudged."""
    rng = random.Random(7 if seed is None else seed)
    words, ordinary = canon(), _ordinary()
    cases = [_quoting(rng, words, ordinary) for _ in range(VERSES)]
    cases += [Case(_sentences(rng, ordinary), "ordinary") for _ in range(ORDINARY)]
    caught: Counter[str] = Counter()
    named, wrong = 0, []
    began = time.perf_counter()
    for case in cases:
        found = quotations.altered(case.text)
        caught[case.kind] += bool(found)
        named += any(each.key == case.verse for each in found)
        if bool(found) == (case.kind in ("true", "ordinary")):
            wrong.append({"kind": case.kind, "verse": case.verse, "text": case.text})
    seconds = time.perf_counter() - began
    total = Counter(case.kind for case in cases)
    altered = [kind for kind in total if kind not in ("true", "ordinary")]
    hits = sum(caught[kind] for kind in altered)
    recall = hits / sum(total[kind] for kind in altered)
    precision = hits / sum(caught.values())
    return {
        "captions": dict(total),
        "flagged": {kind: caught[kind] for kind in total},
        "recall": round(recall, 4),
        "precision": round(precision, 4),
        "named_rightly": round(named / max(1, hits), 4),
        "expected_at_least": EXPECTED,
        "as_expected": recall >= EXPECTED and precision >= EXPECTED,
        "milliseconds_a_caption": round(1000 * seconds / len(cases), 2),
        "misjudged": wrong[:20],
    }


def _ordinary() -> list[str]:
    return (Path(__file__).parent / "_arabic.txt").read_text(encoding="utf-8").split("\n")[:-1]


def _sentences(rng: random.Random, ordinary: list[str]) -> str:
    return rng.choice((" ", "، ", ". ", "\n")).join(rng.sample(ordinary, rng.randint(1, 3)))


def _quoting(rng: random.Random, words: Canon, ordinary: list[str]) -> Case:
    """A verse, or a part of one, in a caption; every second one altered."""
    while True:
        verse = rng.randint(1, 6236)
        start, end = words.bounds[verse]
        frame = rng.choice(_FRAMES)
        least = 3 if _FRAMES.index(frame) in _CLAIMING else 5
        if end - start < least:
            continue
        if rng.random() < 0.4 and end - start > least:
            length = rng.randint(least, min(end - start, 25))
            start = rng.randint(start, end - length)
            end = start + length
        style = rng.choice((_as_printed, _as_typed, _bare, _bare))
        said = [style(word) for word in words.words[start:end]]
        kind = "true"
        if rng.random() < 0.5:
            kind = rng.choice(("letter", "vowel", "word", "missing", "added", "swapped"))
            said = _altered(rng, kind, said, words, ordinary)
            if not said or _is_somewhere(words, said, start, kind):
                continue
        place = point(verse)
        text = frame.format(
            verse=" ".join(said), reference=citation(place), ordinary=rng.choice(ordinary)
        )
        return Case(text, kind, f"{place[0]}:{place[1]}")


def _as_printed(word: Word) -> str:
    return word.arabic


def _as_typed(word: Word) -> str:
    """Vowelled as keyboards have it: today's sukun, alif and tanween, no small signs."""
    typed = word.arabic
    for short, tanween in zip("\u064e\u064f\u0650", "\u064b\u064c\u064d", strict=True):
        for meem in "\u06e2\u06ed":
            typed = typed.replace(short + meem, tanween)
    typed = "".join(c for c in typed if c not in "\u0652\u06e0\u06e2\u06ed\u0653\u06e5\u06e6")
    table = {
        "\u06e1": "\u0652",
        "ٱ": "ا",
        "\u08f0": "\u064b",
        "\u08f1": "\u064c",
        "\u08f2": "\u064d",
    }
    return typed.translate(str.maketrans(table))


def _bare(word: Word) -> str:
    """Without vowels, hamza where the mushaf has it."""
    kept = (c for c in unicodedata.normalize("NFC", word.arabic) if unicodedata.category(c) == "Lo")
    bare = "".join(kept).replace("ٱ", "ا")
    return bare if letters.arabic(bare) == word.spellings[0] else word.spellings[0]


def _altered(
    rng: random.Random, kind: str, said: list[str], words: Canon, ordinary: list[str]
) -> list[str]:
    """The words with one thing changed; none where there is nothing of that kind to change."""
    made = list(said)
    inner = rng.randrange(1, len(said) - 1) if len(said) > 2 else 0
    if kind == "letter":
        spots = [
            (w, i) for w, word in enumerate(said) for i, c in enumerate(word) if c in _CONSONANTS
        ]
        at, index = rng.choice(spots)
        other = rng.choice([c for c in _CONSONANTS if c != said[at][index]])
        made[at] = said[at][:index] + other + said[at][index + 1 :]
    elif kind == "vowel":
        spots = _spots(said, _SHORT)
        if not spots:
            return []
        at, index = rng.choice(spots)
        other = rng.choice([c for c in _SHORT if c != said[at][index]])
        made[at] = said[at][:index] + other + said[at][index + 1 :]
    elif kind == "word":
        made[inner] = _another(rng, said[inner], ordinary)
    elif kind == "missing":
        del made[inner]
    elif kind == "added":
        made.insert(inner, _another(rng, said[inner], ordinary))
    else:
        if inner + 1 >= len(made):
            return []
        made[inner], made[inner + 1] = made[inner + 1], made[inner]
    return made if made != said else []


def _spots(said: list[str], wanted: str) -> list[tuple[int, int]]:
    """Where one of the wanted characters stands: word and place in it."""
    return [(w, i) for w, word in enumerate(said) for i, c in enumerate(word) if c in wanted]


def _another(rng: random.Random, word: str, ordinary: list[str]) -> str:
    choices = [each for each in rng.choice(ordinary).split() if len(each) > 2]
    folded = letters.arabic(word)
    return rng.choice([each for each in choices if letters.arabic(each) != folded] or ["الصحراء"])


def _is_somewhere(words: Canon, said: list[str], start: int, kind: str) -> bool:
    """Whether the altered words happen to be another verse's, or still this one's."""
    if kind == "vowel":
        return False
    folded = " ".join(letters.arabic(word) for word in said)
    return any(f" {folded} " in text for text in _texts(words))


def _texts(words: Canon, cache: dict[int, tuple[str, ...]] = {}) -> tuple[str, ...]:  # noqa: B006
    if id(words) not in cache:
        cache[id(words)] = tuple(
            f" {' '.join(word.spellings[min(n, len(word.spellings) - 1)] for word in words.words)} "
            for n in range(2)
        )
    return cache[id(words)]
