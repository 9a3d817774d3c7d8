"""LinkedIn's "little text": what must be escaped in a commentary, or the rest is silently lost.

Hashtags and mentions, `@[Name](urn:li:organization:123)`, stay what they are. All else that the
format could take for markup gets a backslash.
"""

from __future__ import annotations

import regex

_RESERVED = regex.compile(r"([|{}@\[\]()<>#\\*_~])")
_ESCAPED = regex.compile(r"\\([|{}@\[\]()<>#\\*_~])")
# A hashtag here ends where a letter or digit does. Before an underscore it is cut short rather
# than left with a bare one, which would end the text on the reader's screen.
_KEPT = regex.compile(
    r"(?P<mention>@\[(?P<name>[^\[\]\\\n]+)\]\((?P<urn>urn:li:(?:person|organization):[\w\-]+)\))"
    r"|(?<![\w#&/])(?P<tag>#(?=\p{N}*\p{L})[\p{L}\p{N}]+)"
)
_MENTION = regex.compile(r"@\[((?:\\.|[^\[\]\\])*)\]\(urn:li:[^()\s]+\)")
_TEMPLATE = regex.compile(r"\{hashtag\|(?:\\#|#)\|([^}]*)\}")


def escape(text: str) -> str:
    """The commentary that reads as `text`."""
    written: list[str] = []
    at = 0
    for kept in _KEPT.finditer(text):
        written.append(_escaped(text[at : kept.start()]))
        if kept["mention"]:
            written.append(f"@[{_escaped(kept['name'])}]({kept['urn']})")
        else:
            written.append(kept["tag"])
        at = kept.end()
    return "".join([*written, _escaped(text[at:])])


def plain(commentary: str) -> str:
    """How a commentary reads: mentions by their names, hashtags with their sign, no backslashes."""
    named = _MENTION.sub(r"\1", commentary)
    tagged = _TEMPLATE.sub(r"#\1", named)
    return str(_ESCAPED.sub(r"\1", tagged))


def _escaped(text: str) -> str:
    return str(_RESERVED.sub(r"\\\1", text))
