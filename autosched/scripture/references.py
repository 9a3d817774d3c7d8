"""Reads references to verses as people write them, and writes them one way.

What could mean two things is refused with both spelled out: a wrong verse that nobody notices is
the worst that can happen here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autosched.errors import InvalidError
from autosched.scripture import letters, names
from autosched.scripture.surahs import Point, Surah, check, surah
from autosched.scripture.tokens import Kind, Part, Token, parts

Span = tuple[Point, Point]
"""The first and the last verse, both included."""

_REMEDY = "Write a surah and a verse, such as 2:255, 94:5-6 or Al-Inshirah 5."
_LONGEST = 500

# A place is read from the kinds of its tokens: s "surah", v "verse", w a name, n a number,
# c a colon, d a dash. The groups: w the surah's name, s its number, a the verse's number.
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"s*(?P<w>w)s*",  # Al-Ikhlas; Bakara suresi
        r"s*(?P<s>n)",  # 112; surah 112
        r"[sv]*(?P<w>w)s*[cd]?v*(?P<a>n)v?",  # Al-Inshirah 5; Bakara suresi 255. ayet
        r"[sv]*(?P<w>w)?s*[cd]?s*(?P<s>n)(?:c|c?v)v*(?P<a>n)v?",  # 94:5; Al-Inshirah 94:5
        r"s+(?P<s>n)(?P<a>n)v?",  # surah 94 5
        r"s*(?P<s>n)c(?P<a>n)s*(?P<w>w)s*",  # 94:5 (Al-Inshirah)
        r"s*(?P<s>n)d?s*(?P<w>w)s*(?:[cd]?v*(?P<a>n)v?)?",  # 94. Al-Inshirah 5
        r"v+(?P<a>n)s*(?:(?P<w>w)|(?<=s)(?P<s>n))",  # verse 5 of Al-Inshirah; verse 5 of surah 94
    )
)
_NUMBERS = re.compile(r"v*(?P<a>n)v?(?:dv*(?P<b>n)v?)?")

# Verses that have a name of their own, by its letters.
_NAMED_VERSES: dict[str, Point] = {
    name: verse
    for verse, listed in (
        (
            (2, 255),
            "ayatalkursi ayatulkursi ayatkursi ayatakursi ayatelkursi ayetelkursi ayetulkursi "
            "ayatalkursiy ayatalkoursi ayatalkursy ayatulkursy alkursi kursi ayatulkursiy "
            "versetdutrone throneverse theverseofthethrone verseofthethrone thethroneverse "
            "ايهالكرسي ايتالكرسي الكرسي",
        ),
        (
            (24, 35),
            "ayatannur ayatunnur ayatalnur lightverse verseoflight theverseoflight ايهالنور",
        ),
        ((2, 282), "ayataddayn ayatuddayn ayataldayn ايهالدين ايهالمداينه"),
    )
    for name in listed.split()
}


@dataclass(frozen=True)
class _Place:
    """A verse, or a whole surah when `ayah` is None; `bare` when it was but a number."""

    surah: Surah
    ayah: int | None
    bare: bool = False

    @property
    def first(self) -> Point:
        return check((self.surah.number, 1 if self.ayah is None else self.ayah))

    @property
    def last(self) -> Point:
        return check((self.surah.number, self.surah.ayahs if self.ayah is None else self.ayah))


_Places = tuple[_Place, _Place]


def parse(text: str, *, forgiving: bool = True) -> list[Span]:
    """The verses that `text` refers to, as (first, last) pairs in the order written.

    It takes `2:255`, `94:5-6`, `2:285-3:2`, `Al-Inshirah 5`, `سورة الشرح ٥-٦`, `Ayat al-Kursi`,
    a whole surah, and several of them after commas or semicolons. `InvalidError` says what can't
    be read, what does not exist, or between which readings to choose. Without `forgiving`, a
    name with a slip of the pen is refused as well.
    """
    written = parts(text) if len(text) <= _LONGEST else None
    if not written:
        raise _unreadable(text)
    read: list[_Places] = []
    for part in written:
        numbers = _NUMBERS.fullmatch(part.kinds)
        if numbers and read:
            places, instead = _continued(part, numbers, read[-1])
            if instead:
                read.pop()
            read.append(places)
        else:
            read.append(_places(part, forgiving))
    return [_span(*places) for places in read]


def citation(first: Point, last: Point | None = None) -> str:
    """A reference in the one way we write it: `Al-Inshirah 94:5-6`; `parse` reads it back."""
    number, ayah = check(first)
    start = f"{surah(number).name} {number}:{ayah}"
    if last is None or last == first:
        return start
    _span(_Place(surah(number), ayah), _Place(surah(last[0]), last[1]))
    return f"{start}-{last[1]}" if last[0] == number else f"{start}-{last[0]}:{last[1]}"


def _places(part: Part, forgiving: bool) -> _Places:
    """What a part means by itself: a place, or a range between two."""
    named = _NAMED_VERSES.get(_letters(part.text))
    if named is not None:
        place = _Place(surah(named[0]), named[1])
        return place, place
    whole = _place(part.tokens, forgiving)
    if whole is not None:
        return whole, whole
    dashes = [index for index, token in enumerate(part.tokens) if token.kind is Kind.DASH]
    _surmise(part)
    for index in dashes:
        start = _place(part.tokens[:index], forgiving)
        rest = part.tokens[index + 1 :]
        if start is not None and start.ayah is not None and _kinds(rest).strip("v") == "n":
            return start, _Place(start.surah, _numbers(rest)[0])
        end = _place(rest, forgiving)
        if start is not None and end is not None:
            return _whole_surahs(start, end)
    raise _unreadable(part.text)


def _place(tokens: Sequence[Token], forgiving: bool) -> _Place | None:
    kinds = _kinds(tokens)
    for pattern in _PLACES:
        match = pattern.fullmatch(kinds)
        if match is not None:
            text = {
                group: tokens[match.start(group)].text
                for group, kind in match.groupdict().items()
                if kind is not None
            }
            ayah = int(text["a"]) if "a" in text else None
            if "w" not in text:
                return _Place(surah(int(text["s"])), ayah, bare=ayah is None)
            chapter = names.find(text["w"], forgiving=forgiving)
            if "s" in text and int(text["s"]) != chapter.number:
                raise InvalidError(
                    f"{chapter.name} is surah {chapter.number}, not {text['s']}.",
                    remedy="Correct the name or the number, or leave one of them out.",
                    code="contradiction",
                )
            return _Place(chapter, ayah)
    return None


def _surmise(part: Part) -> None:
    """Refuse `2-255` and `2 255` with the reference that was probably meant."""
    if re.fullmatch("s*nd?n", part.kinds):
        number, ayah = _numbers(part.tokens)
        if number <= 114 and ayah <= surah(number).ayahs and ("d" not in part.kinds or ayah > 114):
            raise InvalidError(
                f"“{part.text}” is not a reference. Did you mean {number}:{ayah}?",
                remedy=_REMEDY,
                code="unreadable",
            )


def _continued(part: Part, numbers: re.Match[str], before: _Places) -> tuple[_Places, bool]:
    """What numbers alone mean after an earlier part, and whether they replace that part.

    `2:255, 256` goes on in the same surah; `Al-Inshirah, 5` names the verse after the surah.
    """
    first, *others = _numbers(part.tokens)
    last = others[-1] if others else first
    place = before[-1]
    verse = place.ayah is not None or "v" in part.kinds
    if not verse and place.bare:
        if others or not part.comma or first > place.surah.ayahs:
            return _whole_surahs(
                _Place(surah(first), None, bare=True), _Place(surah(last), None, bare=True)
            ), False
        if first <= 114:
            raise _ambiguous(place.surah, first)
    elif not part.comma:
        raise _ambiguous(place.surah, first)
    if place.ayah is None and before[0] != place:
        raise _unreadable(part.text)
    return (_Place(place.surah, first), _Place(place.surah, last)), place.ayah is None


def _whole_surahs(start: _Place, end: _Place) -> _Places:
    """A range whose ends may be whole surahs: `112-114` is one, `2-5` could be a verse."""
    bare = start.bare and end.bare and start != end
    if bare and end.surah.number <= start.surah.ayahs:
        raise _ambiguous(start.surah, end.surah.number)
    return start, end


def _span(start: _Place, end: _Place) -> Span:
    first, last = start.first, end.last
    if last < first:
        raise InvalidError(
            f"{first[0]}:{first[1]}-{last[0]}:{last[1]} runs backwards.",
            remedy="Write the earlier verse first.",
            code="backwards",
        )
    return first, last


def _kinds(tokens: Sequence[Token]) -> str:
    return "".join(token.kind for token in tokens)


def _numbers(tokens: Sequence[Token]) -> list[int]:
    return [int(token.text) for token in tokens if token.kind is Kind.NUMBER]


def _letters(text: str) -> str:
    if letters.is_arabic(text):
        return letters.arabic(text).replace(" ", "")
    return letters.words(text, "en").replace(" ", "")


def _ambiguous(chapter: Surah, number: int) -> InvalidError:
    return InvalidError(
        f"{number} could be verse {chapter.number}:{number} or surah {number}.",
        remedy=f"Write {chapter.number}:{number} for the verse, or "
        f"{chapter.name}; {surah(number).name if number <= 114 else number} for whole surahs.",
        code="ambiguous",
    )


def _unreadable(text: str) -> InvalidError:
    short = text.strip()[:60]
    return InvalidError(
        f"“{short}” is not a reference to a verse." if short else "There is no reference to read.",
        remedy=_REMEDY,
        code="unreadable",
    )
