"""Runs of Arabic in a text: words that are said in one breath, and whether they claim to be Quran.

A run ends at a line's end, at a sentence's, at a quotation mark or bracket, and where another
script begins. It is marked when it stands in the ornate brackets, when words such as "God said"
lead to it, or when a reference follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autosched.errors import InvalidError, NotFoundError
from autosched.scripture import canon, letters, references
from autosched.scripture.surahs import Point

# Vowels and pause marks belong to the word they follow; verse ends and rosettes to none.
_WORD = re.compile(
    r"[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u0750-\u077f\ufb50-\ufd3d\ufe70-\ufefc]"
    r"[\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ed\u06fa-\u06ff"
    r"\u0750-\u077f\u0870-\u08ff\ufb50-\ufd3d\ufe70-\ufefc\u200c\u200d\u2060]*"
)
# What may stand between two words of one run: spaces, commas, ellipses, verse numbers and ends.
_BETWEEN = re.compile(
    r"[ \t\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069،؛,;\u06d6-\u06de\u06e9ـ*]*"
)
_VERSE_END = re.compile(r"\s*(?:[\u06dd﴿﴾(]?\s*[\u0660-\u0669\u06f0-\u06f90-9]{1,3}\s*[﴾﴿)]?)\s*")
# The ornate brackets, which many keyboards and fonts have the wrong way round.
_ORNATE = ("﴿﴾", "﴾﴿")
_SAYS = re.compile(
    r"(?:قال(?:\s+الله)?(?:\s+(?:تعالي|عز وجل|سبحانه(?: وتعالي)?|جل جلاله))|قوله(?:\s+تعالي)?|"
    r"(?:يقول|قال)\s+(?:الله|ربنا|تعالي|سبحانه)(?:\s+(?:تعالي|عز وجل|سبحانه))*|"
    r"في\s+(?:القران|كتابه|محكم التنزيل)(?:\s+(?:الكريم|العزيز))?|الايه(?:\s+الكريمه)?)\s*$"
)
_SAYS_LATIN = re.compile(
    r"(?:allah|god|he|qur'?an|koran)\s+(?:\w+\s+){0,4}?(?:says?|said)\b[^.\n]{0,30}$|"
    r"(?:verse|ayah|surah|qur'?an)\b[^.\n]{0,40}$",
    re.IGNORECASE,
)
# What may follow a quotation to say where it is from: "(2:255)", "[البقرة: ٢٥٥]", "— Baqarah 255".
_FOLLOWING = re.compile(r"[\s»”\"'﴾﴿.،]*[(\[{—–-]+\s*([^()\[\]{}\n]{3,48})")


@dataclass(frozen=True)
class Said:
    """A word as it is said: where it stands in the text, and its letters, folded."""

    text: str
    start: int
    end: int
    letters: str


@dataclass(frozen=True)
class Run:
    """Words said in one breath; `marked` when they claim to be Quran, `cited` where from."""

    said: tuple[Said, ...]
    marked: bool
    cited: Point | None = None

    def whole(self, first: int, last: int) -> bool:
        """Whether the words from `first` to `last` are all of it."""
        return first == 0 and last == len(self.said) - 1

    def part(self, first: int, end: int) -> Run:
        """A part of it, which claims nothing by itself."""
        return replace(self, said=self.said[first:end], marked=False, cited=None)


def runs(text: str) -> Iterator[Run]:
    """The runs of Arabic in a text."""
    said: list[Said] = []
    for match in _WORD.finditer(text):
        folded = canon.plain(letters.arabic(match.group()).replace(" ", ""))
        if not folded:
            continue
        if said and not _joined(text[said[-1].end : match.start()]):
            yield _run(text, said)
            said = []
        said.append(Said(match.group(), match.start(), match.end(), folded))
    if said:
        yield _run(text, said)


def _joined(between: str) -> bool:
    """Whether what stands between two words leaves them in one run."""
    if "\n" in between:
        return False
    return bool(_BETWEEN.fullmatch(between) or _VERSE_END.fullmatch(between))


def _run(text: str, said: list[Said]) -> Run:
    before, after = text[: said[0].start], text[said[-1].end :]
    ornate = before.rstrip()[-1:] + after.lstrip()[:1] in _ORNATE
    folded = letters.arabic(before[-60:])
    bare = before.rstrip(" :\n«“\"'﴿(").rstrip()
    told = bool(_SAYS.search(folded)) or bool(_SAYS_LATIN.search(bare[-80:]))
    cited = _cited(after)
    return Run(tuple(said), ornate or told or cited is not None, cited)


def _cited(after: str) -> Point | None:
    """The verse that a reference after a quotation names, if there is one."""
    match = _FOLLOWING.match(after)
    if match is None or not any(c.isdigit() for c in match[1]):
        return None
    try:
        return references.parse(match[1], forgiving=False)[0][0]
    except (InvalidError, NotFoundError):
        return None
