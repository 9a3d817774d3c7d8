"""How long a text is, by the rules that platforms count with: pure functions of the text."""

from __future__ import annotations

from collections.abc import Callable

import regex

# One extended grapheme cluster, what a person would call a character (Unicode UAX #29). The
# Bluesky server counts with the same rule (node's Intl.Segmenter).
_GRAPHEME = regex.compile(r"\X")


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


# What `Limits.text_unit` may name.
UNITS: dict[str, Callable[[str], int]] = {
    "graphemes": graphemes,
    "bytes": utf8_bytes,
    "utf16": utf16_units,
    "characters": code_points,
}
