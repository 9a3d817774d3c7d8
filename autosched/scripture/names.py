"""Recognises a surah by its name as people write it, in Latin or Arabic letters.

Three steps, each tried only when the one before found nothing: the letters as they stand, the
sound of them, and one slip of the pen. Whatever could mean two surahs is refused with both named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from autosched.errors import InvalidError
from autosched.scripture import letters
from autosched.scripture.surahs import Surah, surah, surahs

_ARTICLE = re.compile(r"[aeiu]?[lnrstdz]|an|[ae]?(sh|ch|sy|th|ts|dh|dz|dl|dj)")
_JOINED_ARTICLE = re.compile(r"^(?:[aeu]l(?=\w{3})|[aeu](sh|ch|th|dh|ts|dz|sy|[tdrzsnj])(?=\1))")
_ARABIC_ARTICLE = re.compile(r"^ال(?=\w\w)")

# Spellings of one sound, from English, French, Turkish and Indonesian habits, in this order.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch|sh|ch|sy(?=[aeiou])", "x"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"dh|dz", "z"),
        (r"tsts|ts|thth|th", "s"),
        (r"dj|c", "j"),
        (r"q|ck", "k"),
        (r"ou|oo|o", "u"),
        (r"ee|ii", "i"),
        (r"e", "a"),
        (r"v", "w"),
        (r"aw|au", "aw"),
        (r"ay|ai", "ay"),
        (r"iyy?(?=[aeiou])", "i"),
        (r"uw(?=[aeiou])", "u"),
        (r"(.)\1+", r"\1"),
        (r"(?<=a)h$", ""),
    )
)

# A slip is forgiven in names at least this long, when every other surah is this far away.
_FORGIVEN_LENGTH = 5
_FORGIVEN_GAP = 3
_FAR = 99

_REMEDY = "Write a surah and a verse, such as 2:255 or Al-Inshirah 5."


def find(name: str, *, forgiving: bool = True) -> Surah:
    """The surah that `name` means.

    `InvalidError` when no surah or more than one could be meant; the sentence names the close
    ones. Without `forgiving`, a slip of the pen is refused too.
    """
    for reading in (_letters, _sound):
        meant = _meant(name, reading)
        if reading is _sound and meant:
            # "Fatih" sounds like Fetih and is a letter away from Fatiha.
            meant |= {number for distance, number in _nearest(name) if distance <= 1}
        if len(meant) == 1:
            return surah(meant.pop())
        if meant:
            raise _refusal(name, sorted(meant))
    ranked = _nearest(name)
    if forgiving and _is_a_slip(name, ranked):
        return surah(ranked[0][1])
    near = max(1, min(len(key) for key in _keys(name) or {""}) // 3)
    close = _titled(name) or [number for distance, number in ranked if distance <= near]
    raise _refusal(name, close)


def is_name(name: str) -> bool:
    """Whether it is a surah's name beyond doubt."""
    try:
        find(name, forgiving=False)
    except InvalidError:
        return False
    return True


Reading = Callable[[str], tuple[str, set[str]]]
"""A name's key as it stands, and its keys with an article taken away."""


def _meant(name: str, reading: Reading) -> set[int]:
    """An article may be missing or be another one, but a short name that has none gets none.

    "Al-Kaf" is not Qaf but may well be Al-Kahf; "Al-Ghafir" can only be Ghafir.
    """
    whole, without = reading(name)
    index = _index(reading)
    return index.get(whole, set()) | {
        number
        for key in without
        for number in index.get(key, ())
        if len(key) >= _FORGIVEN_LENGTH or surah(number).arabic.startswith("ال")
    }


def _letters(name: str) -> tuple[str, set[str]]:
    if letters.is_arabic(name):
        joined = letters.arabic(name).replace(" ", "")
        return joined, {_ARABIC_ARTICLE.sub("", joined)} - {joined}
    parts = _parts(name)
    joined = "".join(parts)
    return joined, {"".join(each) for each in _without_article(parts)} - {joined}


def _sound(name: str) -> tuple[str, set[str]]:
    if letters.is_arabic(name):
        return "", set()
    parts = _parts(name)
    joined = "".join(map(_sounded, parts))
    return joined, {"".join(map(_sounded, each)) for each in _without_article(parts)} - {joined}


def _without_article(parts: list[str]) -> list[list[str]]:
    """The same parts without an article before them or at the beginning of the first."""
    shorter = [[_JOINED_ARTICLE.sub("", part) for part in parts[:1]] + parts[1:]]
    if len(parts) > 1 and _ARTICLE.fullmatch(parts[0]):
        shorter.append(parts[1:])
    return shorter


def _keys(name: str) -> set[str]:
    """What a slip of the pen is measured on."""
    whole, without = (_letters if letters.is_arabic(name) else _sound)(name)
    return ({whole} | without) - {""}


def _parts(name: str) -> list[str]:
    """Latin words without accents and apostrophes; a Turkish ş or ç keeps its sound."""
    kept = "".join(c for c in name.casefold() if c not in letters.APOSTROPHES)
    kept = kept.replace("ş", "sh").replace("ç", "ch").replace("ğ", "gh")
    return re.findall(r"[a-z]+", letters.plain(kept))


def _sounded(key: str) -> str:
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


@lru_cache(maxsize=2)
def _index(reading: Reading) -> dict[str, set[int]]:
    index: dict[str, set[int]] = {}
    for chapter in surahs():
        for name in (chapter.name, chapter.arabic, *chapter.also):
            whole, without = reading(name)
            for key in ({whole} | without) - {""}:
                index.setdefault(key, set()).add(chapter.number)
    return index


def _nearest(name: str) -> list[tuple[int, int]]:
    """(distance, surah) of the surahs, nearest first."""
    wanted = _keys(name)
    best: dict[int, int] = {}
    for key, numbers in _index(_letters if letters.is_arabic(name) else _sound).items():
        distance = min((_distance(key, each) for each in wanted), default=_FAR)
        for number in numbers:
            best[number] = min(distance, best.get(number, _FAR))
    return sorted((distance, number) for number, distance in best.items())


def _is_a_slip(name: str, ranked: list[tuple[int, int]]) -> bool:
    shortest = min((len(key) for key in _keys(name)), default=0)
    return shortest >= _FORGIVEN_LENGTH and ranked[0][0] == 1 and ranked[1][0] >= _FORGIVEN_GAP


def _titled(name: str) -> list[int]:
    """Surahs whose English meaning this is: a hint only, since translators differ."""
    wanted = letters.words(name, "en").removeprefix("the ")
    return [
        chapter.number
        for chapter in surahs()
        if letters.words(chapter.title, "en").removeprefix("the ") == wanted
    ]


def _refusal(name: str, close: Iterable[int]) -> InvalidError:
    names = [surah(number).name for number in list(close)[:3]]
    hint = f" Did you mean {_either(names)}?" if names else ""
    return InvalidError(
        f"There is no surah called “{name.strip()}”.{hint}", remedy=_REMEDY, code="no_such_surah"
    )


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap to get from one to the other; `_FAR` beyond three."""
    if abs(len(one) - len(other)) > 3 or len(set(one) ^ set(other)) > 6:
        return _FAR
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > 3:
            return _FAR
        before, last = last, row
    return last[-1]
