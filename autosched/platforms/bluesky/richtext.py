"""Links, hashtags and mentions in a post's text, marked as Bluesky wants them: by UTF-8 bytes.

Bluesky turns nothing in a text into a link by itself. `spans` finds what a reader would take for
one; `facets` writes them down as the record's facets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import regex

from autosched.platforms.counting import graphemes

Kind = Literal["link", "tag", "mention"]


@dataclass(frozen=True)
class Span:
    """A piece of the text, `start` to `end` in code points. `value`: address, tag or handle."""

    start: int
    end: int
    kind: Kind
    value: str


_TAG_GRAPHEMES_MAX = 64
# Marks that one cannot see: they end a link or a tag, and may stand before one.
_UNSEEN = "\u00ad\u200a-\u200f\u20e2\u2028-\u202e\u2060-\u2069\ufeff"
_WORD = regex.compile(rf"[^\s{_UNSEEN}]+")
_OPENING = regex.compile(r"[(\[{«“„‘\"'﴿]+")
_LINK = regex.compile(r"https?://[^\s/.?#@:][^\s]*", regex.IGNORECASE)
# Without "https://" only what can hardly be two sentences that lack a space between them.
_BARE_LINK = regex.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|info|app|dev|io|social|tv)"
    r"(?::\d+)?(?:[/?#]\S*)?(?=\p{P}*$)"
)
_MENTION = regex.compile(
    r"@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)",
    regex.IGNORECASE,
)
_TAG = regex.compile(r"[#＃]([^#＃]+)")
_TAG_WORTH = regex.compile(r"[^0-9\p{P}]")
_TRAILING = regex.compile(r"\p{P}+$")
_LINK_TRAILING = ".,;:!?'\"»”’،؛؟۔…"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def spans(text: str) -> list[Span]:
    """The links, hashtags and mentions in `text`, in order and never overlapping."""
    found: list[Span] = []
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        opening = _OPENING.match(word)
        if opening:
            word, start = word[opening.end() :], start + opening.end()
        found.extend(_in_word(word, start, text))
    return found


def facets(text: str, resolve: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """The facets of `text`. `resolve` turns a handle into a DID; what it can't stays plain text."""
    written: list[dict[str, Any]] = []
    for span in spans(text):
        feature = _feature(span, resolve)
        if feature is not None:
            written.append(
                {
                    "index": {
                        "byteStart": len(text[: span.start].encode()),
                        "byteEnd": len(text[: span.end].encode()),
                    },
                    "features": [feature],
                }
            )
    return written


def _feature(span: Span, resolve: Callable[[str], str | None]) -> dict[str, Any] | None:
    if span.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
    if span.kind == "tag":
        return {"$type": "app.bsky.richtext.facet#tag", "tag": span.value}
    did = resolve(span.value)
    return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None


def _in_word(word: str, start: int, text: str) -> Iterator[Span]:
    if link := _LINK.match(word):
        address = _trimmed(link.group())
        if _LINK.fullmatch(address):
            yield Span(start, start + len(address), "link", address)
    elif word.startswith(("#", "＃")):
        yield from _tags(word, start, text)
    elif mention := _MENTION.match(word):
        yield Span(start, start + mention.end(), "mention", mention[1].lower())
    elif bare := _BARE_LINK.match(word):
        address = _trimmed(bare.group())
        yield Span(start, start + len(address), "link", f"https://{address}")


def _tags(word: str, start: int, text: str) -> Iterator[Span]:
    for match in _TAG.finditer(word):
        tag = _TRAILING.sub("", match[1])
        keycap = tag.startswith("\ufe0f")  # the emoji of the key “#”
        if tag and not keycap and _TAG_WORTH.search(tag) and graphemes(tag) <= _TAG_GRAPHEMES_MAX:
            yield Span(start + match.start(), start + match.start() + 1 + len(tag), "tag", tag)


def _trimmed(address: str) -> str:
    """The address without the sentence's punctuation at its end; a bracket that it opened stays."""
    while address:
        last = address[-1]
        unopened = last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])
        if last not in _LINK_TRAILING and not unopened:
            break
        address = address[:-1]
    return address
