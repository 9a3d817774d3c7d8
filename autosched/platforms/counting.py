"""How long a text is, by the rules that platforms count with: pure functions of the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import regex

from autosched.platforms.links import Link, links

# One extended grapheme cluster, what a person would call a character (Unicode UAX #29). The
# Bluesky server counts with the same rule (node's Intl.Segmenter).
_GRAPHEME = regex.compile(r"\X")

# X counts an emoji as two however it is composed: a key, a flag of a country or of its part,
# or pictures joined to one, each with its colour.
_PICTURE = (
    r"(?:(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|[\p{Emoji}--[#*0-9©®]]\ufe0f?|[©®]\ufe0f)"
    r"(?!\ufe0e))"
)
_EMOJI = regex.compile(
    r"[#*0-9]\ufe0f?\u20e3|\p{Regional_Indicator}{2}"
    r"|\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f"
    rf"|{_PICTURE}(?:\u200d{_PICTURE})*",
    regex.V1,
)
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
WEIGHT_OF_LINK = 23

# Of a person on another server Mastodon counts the name, and not the server.
_PERSON = regex.compile(r"(?<![=/\w])(@[A-Za-z0-9_]+(?:[\w.\-]*\w)?)@\w[\w\-]*(?:\.[\w\-]*\w)+")
CHARACTERS_PER_LINK = 23


def graphemes(text: str) -> int:
    """The number of characters as a person sees them: `👩‍🚀` is one, `بِ` is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def utf8_bytes(text: str) -> int:
    """The number of bytes of the text in UTF-8. A lone surrogate counts three, as if encoded."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """The number of UTF-16 code units, JavaScript's `length`: `👍` is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def code_points(text: str) -> int:
    """The number of Unicode code points: `بِ` is two."""
    return len(text)


def weighted(text: str) -> int:
    """X's length: a letter of the scripts from Latin to Georgian and of common punctuation is
    one, any other two; an emoji is two and a link 23, whatever their length (configuration 3).
    """
    text = unicodedata.normalize("NFC", text)
    return sum(_weight(piece) for piece in _between(text)) + WEIGHT_OF_LINK * len(links(text))


def _weight(text: str) -> int:
    plain = _EMOJI.sub("", text)
    light = sum(1 for sign in plain if any(low <= ord(sign) <= high for low, high in _LIGHT))
    return 2 * (len(plain) + len(_EMOJI.findall(text))) - light


def mastodon(text: str, per_link: int = CHARACTERS_PER_LINK) -> int:
    """Mastodon's length: characters as a person sees them, where a link with its scheme counts
    `per_link` and `@user@host` as much as `@user`.
    """
    found = [link for link in links(text) if not link.bare]
    pieces = [_PERSON.sub(r"\1", piece) for piece in _between(text, found)]
    return graphemes(("x" * per_link).join(pieces))


def _between(text: str, found: list[Link] | None = None) -> list[str]:
    """The pieces of the text before, between and behind the links in it."""
    found = links(text) if found is None else found
    starts = [0, *(link.end for link in found)]
    ends = [*(link.start for link in found), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


# What `Limits.text_unit` may name.
UNITS: dict[str, Callable[[str], int]] = {
    "graphemes": graphemes,
    "bytes": utf8_bytes,
    "utf16": utf16_units,
    "characters": code_points,
    "weighted": weighted,
    "mastodon": mastodon,
}
