"""LinkedIn's "little text": what of a commentary is shown, and what is silently lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

RESERVED = frozenset("|{}@[]()<>#\\*_~")

_MENTION = re.compile(r"@\[((?:\\.|[^\[\]\\])*)\]\((urn:li:(?:person|organization):[^()\s]+)\)")
_HASHTAG = re.compile(r"#(\w+)")
_TEMPLATE = re.compile(r"\{hashtag\|(?:\\#|#)\|(\w+)\}")


_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")


@dataclass(frozen=True)
class Shown:
    """`raw` is what is kept of the commentary, `text` how it reads; `cut` when some was lost."""

    text: str
    raw: str
    cut: bool
    mentions: tuple[str, ...]


def read(commentary: str) -> Shown:
    """Read little text up to the first reserved character that is neither escaped nor markup.

    Everything from there on is lost without a word, as it is on the real platform.
    """
    out: list[str] = []
    mentions: list[str] = []
    at = 0
    while at < len(commentary):
        char = commentary[at]
        if char == "\\" and at + 1 < len(commentary) and commentary[at + 1] in RESERVED:
            out.append(commentary[at + 1])
            at += 2
        elif found := _MENTION.match(commentary, at):
            out.append(unescaped(found[1]))
            mentions.append(found[2])
            at = found.end()
        elif found := _HASHTAG.match(commentary, at) or _TEMPLATE.match(commentary, at):
            out.append(f"#{found[1]}")
            at = found.end()
        elif char in RESERVED:
            break
        else:
            out.append(char)
            at += 1
    return Shown("".join(out), commentary[:at], at < len(commentary), tuple(mentions))


def unescaped(said: str) -> str:
    """The same without the backslashes of escaping."""
    return _ESCAPED.sub(r"\1", said)
