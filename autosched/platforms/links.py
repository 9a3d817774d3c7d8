"""The links that X and Mastodon see in a text; both count a link by a number of their own.

They find them by one grammar, which X has published: a domain that ends in a known ending, with
or without a scheme before it, and a path and a query behind it. Pure functions of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex

_LONGEST = 4096
_SHORTENED_LONGEST = 40
_BEFORE_DOMAIN = len(" https://")

_MARKS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BROKEN = r"\ufeff\ufffe\uffff"
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# A quotation mark and a backtick may stand in a domain: so the published grammar has it.
_PUNCTUATION = r"!#%&'()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_LETTER = rf"[^{_PUNCTUATION}{_SPACES}{_BROKEN}{_MARKS}]"
_LATIN = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    r"\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_IN_PATH = rf"[A-Za-z0-9\u0400-\u04ff{_LATIN}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_PARENTHESES = rf"\((?:{_IN_PATH}*\({_IN_PATH}+\){_IN_PATH}*|{_IN_PATH}+)\)"
_IN_QUERY = r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"

# What may stand inside a path or a query, but not at its end.
_LOOSE_IN_PATH = "!*';:,.$%[]\u2013~@|&"
_LOOSE_IN_QUERY = "!?*'@();:+$%[].,~|"


@dataclass(frozen=True)
class Link:
    """A link in a text, from `start` up to `end`; `bare` if no scheme stands before it."""

    start: int
    end: int
    url: str
    bare: bool


def links(text: str) -> list[Link]:
    """Every link, in order. Without a scheme only a domain in Latin letters is one."""
    return list(_found(text)) if "." in text else []


def _found(text: str) -> Iterator[Link]:
    grammar, at = _grammar(), 0
    while (ending := grammar.dotted.search(text, at)) is not None:
        # A long run of letters would be tried from each of them, so it is left out at once.
        before = grammar.outside.search(text, at, ending.start())
        first = max(at, (before.start() if before else at) - _BEFORE_DOMAIN)
        if (match := grammar.link.search(text, first)) is None:
            return
        start, domain_end = match.span("domain")
        end = at = _end(text, match)
        if match["scheme"]:
            start = match.start("scheme")
            if (end := _shortened_end(text, start, end)) and end - start <= _LONGEST:
                yield Link(start, end, text[start:end], bare=False)
            continue
        if match["before"] in tuple("-_./"):
            continue
        bare = [
            (start + each.start(), start + each.end())
            for each in grammar.bare.finditer(match["domain"])
        ]
        if bare and text[match.end() : match.end() + 1] == "/":
            # A path belongs to the last domain, with all that stands between.
            bare[-1] = (bare[-1][0], end - (domain_end - bare[-1][1]))
        for first, last in bare:
            yield Link(first, last, text[first:last], bare=True)


def _end(text: str, match: regex.Match[str]) -> int:
    """Where the link ends that begins with the scheme and the domain of `match`."""
    end: int = match.end()
    if text[end : end + 1] == "/":
        path = _grammar().path.match(text, end)
        whole = path.end()
        end = _trimmed(text, end + 1, whole, _LOOSE_IN_PATH)
        if end < whole:
            return end
    if text[end : end + 1] == "?":
        query = _grammar().query.match(text, end)
        last = _trimmed(text, end + 1, query.end(), _LOOSE_IN_QUERY)
        return last if last > end + 1 else end
    return end


def _trimmed(text: str, start: int, end: int, loose: str) -> int:
    while end > start and text[end - 1] in loose:
        end -= 1
    return end


def _shortened_end(text: str, start: int, end: int) -> int:
    """X's own short links have no more than a name and a query. 0: the name is too long."""
    match = _grammar().shortened.match(text, start, end)
    if match is None:
        return end
    if len(match["name"]) > _SHORTENED_LONGEST:
        return 0
    if text[match.end() : match.end() + 1] != "?":
        return int(match.end())
    query = _grammar().query.match(text, match.end(), end)
    last = _trimmed(text, match.end() + 1, query.end(), _LOOSE_IN_QUERY)
    return last if last > match.end() + 1 else int(match.end())


@dataclass(frozen=True)
class _Grammar:
    dotted: regex.Pattern[str]
    outside: regex.Pattern[str]
    link: regex.Pattern[str]
    bare: regex.Pattern[str]
    path: regex.Pattern[str]
    query: regex.Pattern[str]
    shortened: regex.Pattern[str]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    """Compiled at the first question: there are some 1,600 endings."""
    text = Path(__file__).with_name("endings.txt").read_text(encoding="utf-8")
    endings = text.split()
    ending = r"(?:(?i:\L<endings>)(?=[^0-9A-Za-z@+\-]|\Z)|(?i:xn--)[\-0-9A-Za-z]+)"
    # Possessive: a label is followed by a full stop, which it can't hold itself.
    over = rf"(?={_LETTER})(?:{_LETTER}|[_\-])++(?<={_LETTER})\."
    name = rf"(?={_LETTER})(?:{_LETTER}|-)++(?<={_LETTER})\."
    link = (
        rf"(?<before>[^A-Za-z0-9@＠$#＃{_BROKEN}]|\A)"
        rf"(?<scheme>(?i:https?)://)?(?<domain>(?:{over})*{name}{ending})(?::[0-9]+)?"
    )
    return _Grammar(
        dotted=regex.compile(rf"\.{ending}", endings=endings),
        outside=regex.compile(rf"(?r)(?!{_LETTER})[^_\-.]"),
        link=regex.compile(link, endings=endings),
        bare=regex.compile(rf"(?:[\-A-Za-z0-9{_LATIN}]++\.)+{ending}", endings=endings),
        path=regex.compile(rf"/(?:{_IN_PATH}++|{_PARENTHESES})*+"),
        query=regex.compile(rf"\?{_IN_QUERY}*+"),
        shortened=regex.compile(r"(?i:https?://t\.co)/(?<name>[A-Za-z0-9]++)"),
    )
