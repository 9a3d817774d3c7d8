"""Whether the vowels that a quotation gives are the canon's.

A quotation need not give any; those that it gives must be right. The mushaf's own ways of writing
(open tanween, the small meem of iqlab, letters left bare because they are assimilated, the dagger
alif) and today's are the same vowels.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from autosched.scripture import letters

_FATHA, _DAMMA, _KASRA, _SUKUN = "\u064e", "\u064f", "\u0650", "\u06e1"
_TANWEEN = {_FATHA: "\u064b", _DAMMA: "\u064c", _KASRA: "\u064d"}
_SHADDA = "\u0651"
_DAGGER = "\u0670"
_SMALL_LETTERS = {_DAGGER: "ا", "\u06e5": "و", "\u06e6": "ي", "\u06e7": "ي", "\u06e8": "ن"}
_SMALL_MEEM = "\u06e2\u06ed"
# Written for one another: today's sukun, open tanween, and one old package's private habit.
_SAME = str.maketrans(
    {
        "\u0652": _SUKUN,
        "\u08f0": "\u064b",
        "\u08f1": "\u064c",
        "\u08f2": "\u064d",
        "\u0657": "\u064b",
        "\u065e": "\u064c",
        "\u0656": "\u064d",
    }
)
# The canon's round zero over a letter says that it is silent, which today's spelling leaves out.
_SILENT = "\u0652\u06e0"
_VOWELS = frozenset({_FATHA, _DAMMA, _KASRA, _SUKUN, *_TANWEEN.values()})
# Letters that carry length rather than a vowel of their own, and hamza's many seats.
_LONG = frozenset("اوي")
_GAP, _OTHER = 1.0, 1.6


@dataclass(frozen=True)
class Sounded:
    """A letter, folded, with its vowel ("" for none); `faint` letters need not be written."""

    letter: str
    vowel: str
    doubled: bool
    faint: bool


def sounded(word: str, *, canon: bool) -> list[Sounded]:
    """The letters of a word with their vowels."""
    if canon:
        word = "".join(c for c in word if c not in _SILENT)
    text = unicodedata.normalize("NFD", word.translate(_SAME))
    found: list[Sounded] = []
    for character in text:
        if character in _SMALL_LETTERS:
            found.append(Sounded(_SMALL_LETTERS[character], "", False, True))
        elif unicodedata.category(character) == "Lo":
            letter = letters.arabic(character)
            found.append(Sounded(letter or character, "", False, False))
        elif found:
            found[-1] = _marked(found[-1], character)
    return found


def _marked(last: Sounded, mark: str) -> Sounded:
    vowel, doubled = last.vowel, last.doubled
    if mark in _SMALL_MEEM:
        vowel = _TANWEEN.get(vowel, vowel)
    elif mark == _SHADDA:
        doubled = True
    elif mark in _VOWELS:
        vowel = mark
    return Sounded(last.letter, vowel, doubled, last.faint)


def differ(said: str, canon: str) -> bool:
    """Whether a word that has the canon's letters has vowels or doublings that are not its own."""
    ours, theirs = sounded(said, canon=False), sounded(canon, canon=True)
    pairs = _aligned(ours, theirs)
    given = sum(bool(our.vowel) for our, _ in pairs)
    wanted = sum(bool(their.vowel) for _, their in pairs)
    whole = given >= max(2, 0.75 * wanted)
    for number, (our, their) in enumerate(pairs):
        if our.vowel and _vowels_differ(our, their):
            return True
        if our.doubled and not their.doubled:
            return True
        # Between words the mushaf doubles what is assimilated, and a bare word proves nothing.
        if whole and number and their.doubled and not our.doubled and our.vowel:
            return True
    return False


def _vowels_differ(our: Sounded, their: Sounded) -> bool:
    if our.letter in _LONG and (not their.vowel or our.vowel in _TANWEEN.values()):
        return False  # a tanween on its alif, a fatha before it
    if not their.vowel:
        return our.vowel != _SUKUN  # assimilated, or silent
    return our.vowel != their.vowel


def _aligned(ours: list[Sounded], theirs: list[Sounded]) -> list[tuple[Sounded, Sounded]]:
    """The letters that stand for one another, by the cheapest alignment."""
    rows, columns = len(ours), len(theirs)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        best[i][0] = best[i - 1][0] + _gap(ours[i - 1])
    for j in range(1, columns + 1):
        best[0][j] = best[0][j - 1] + _gap(theirs[j - 1])
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            same = ours[i - 1].letter == theirs[j - 1].letter
            best[i][j] = min(
                best[i - 1][j - 1] + (0.0 if same else _OTHER),
                best[i - 1][j] + _gap(ours[i - 1]),
                best[i][j - 1] + _gap(theirs[j - 1]),
            )
    pairs: list[tuple[Sounded, Sounded]] = []
    i, j = rows, columns
    while i and j:
        same = ours[i - 1].letter == theirs[j - 1].letter
        if best[i][j] == best[i - 1][j - 1] + (0.0 if same else _OTHER):
            i, j = i - 1, j - 1
            if same:
                pairs.append((ours[i], theirs[j]))
        elif best[i][j] == best[i - 1][j] + _gap(ours[i - 1]):
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _gap(letter: Sounded) -> float:
    return 0.3 if letter.faint or letter.letter in _LONG else _GAP
