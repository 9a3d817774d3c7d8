"""How long X counts a text to be, and which addresses it sees in it.

The third configuration of its counting rule: most letters of Europe and the Near East weigh one,
all else two, an emoji two however it is composed, an address always 23.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from autosched.sandbox.platforms.x.domains import ENDINGS

LIMIT = 280
ADDRESS = 23
LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))

_EMOJI = regex.compile(
    r"""
    [#*0-9]\ufe0f?\u20e3                                    # keycaps
    | \p{RI}\p{RI}                                          # flags of countries
    | \U0001f3f4[\U000e0061-\U000e007a]+\U000e007f          # flags of their parts
    | [©®](?!\ufe0f)(*SKIP)(*FAIL)
    | [\p{Emoji}--[#*0-9]]\ufe0f?(?!\ufe0e)
      \p{EMod}?
      (?:\u200d\p{Emoji}\ufe0f?\p{EMod}?)*
    """,
    regex.VERBOSE | regex.V1,
)
_ENDING = rf"(?:{'|'.join(sorted(ENDINGS, key=len, reverse=True))}|xn--[-0-9a-z]+)"
_ENDED = r"(?=[^0-9a-z@+-]|$)"
_ACCENTED = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
)
_CYRILLIC = r"\u0400-\u04ff"
# Whatever is neither punctuation nor space may stand in a domain after `https://`.
_ANY = (
    r"[^\x09-\x0d\x20-/:-@\[-`{-~\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\u202a-\u202e\u2061-\u2069\ufeff\ufffe\uffff]"
)
_DOMAIN = (
    rf"(?:{_ANY}(?:(?:[_-]|{_ANY})*{_ANY})?\.)*{_ANY}(?:(?:-|{_ANY})*{_ANY})?\.{_ENDING}{_ENDED}"
)
_PATH = rf"[a-z{_CYRILLIC}0-9!\*';:=\+,\.\$%\[\]\-\u2013_~@\|&/{_ACCENTED}]"
_PATH_END = rf"[a-z{_CYRILLIC}0-9=_#/\+\-{_ACCENTED}]"
_QUERY = r"\?[a-z0-9!?\*'@\(\);:&=\+\$/%\#\[\]\-_\.,~|]*[a-z0-9\-_&=\#/]"
_URL = regex.compile(
    rf"""
    (?<before>[^A-Za-z0-9@＠$#＃\u202a-\u202e]|^)
    (?<url>
      (?<scheme>https?://)?
      (?<domain>{_DOMAIN})
      (?::[0-9]+)?
      (?<path>/(?:{_PATH}*(?:\({_PATH}+\){_PATH}*)*{_PATH_END}|{_PATH}*\({_PATH}+\)|@{_PATH}+/)*)?
      (?<query>{_QUERY})?
    )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_BARE = regex.compile(rf"(?:[-a-z0-9{_ACCENTED}]+\.)+{_ENDING}{_ENDED}", regex.IGNORECASE)
_SHORTENED = regex.compile(rf"https?://t\.co/[a-z0-9]+(?:{_QUERY})?", regex.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address found in a text, from `start` up to `end`."""

    start: int
    end: int
    url: str


def addresses(text: str) -> list[Address]:
    """Every address that X turns into a link; a bare `example.com` is one too."""
    found: list[Address] = []
    for match in _URL.finditer(text):
        start, end = match.span("url")
        if match["scheme"]:
            short = _SHORTENED.match(match["url"])
            end = start + short.end() if short else end
            found.append(Address(start, end, text[start:end]))
        elif not match["before"] or match["before"] not in "-_./":
            bare = [
                Address(start + each.start(), start + each.end(), each[0])
                for each in _BARE.finditer(match["domain"])
            ]
            if bare and match["path"]:
                bare[-1] = Address(bare[-1].start, end, text[bare[-1].start : end])
            found += bare
    return found


def weight(text: str) -> int:
    """The weighted length of a text."""
    text = unicodedata.normalize("NFC", text)
    total, at = 0, 0
    for address in [*addresses(text), None]:
        total += _plain(text[at : address.start if address else len(text)])
        if address:
            total += ADDRESS
            at = address.end
    return total


def cashtags(text: str) -> list[str]:
    """The `$NAME`s of securities in a text."""
    found = regex.finditer(
        r"(?:^|\s)\$([A-Z]{1,6}(?:[._][A-Z]{1,2})?)(?=$|\s|\p{P})", text, regex.I
    )
    return [match[1] for match in found]


def _plain(text: str) -> int:
    total, at = 0, 0
    for match in _EMOJI.finditer(text):
        total += sum(_one(letter) for letter in text[at : match.start()]) + 2
        at = match.end()
    return total + sum(_one(letter) for letter in text[at:])


def _one(letter: str) -> int:
    return 1 if any(first <= ord(letter) <= last for first, last in LIGHT) else 2
