"""A post as an instance shows it: its text as a page would carry it, and its figures."""

from __future__ import annotations

import hashlib
import html
import math
import re
from typing import Any

from autosched.sandbox.platforms.mastodon.instance import Instance, iso
from autosched.sandbox.world import Person, Post

_PIECE = re.compile(
    r"(?P<url>https?://[^\s<>\"]*\.[^\s<>\"]*[\w/=&#+~-])|(?<![\w/&])#(?P<tag>\w*[^\W\d]\w*)"
    r"|(?<![\w/=])@(?P<user>\w+)(?:@(?P<host>[\w-]+(?:\.[\w-]+)+))?",
    re.IGNORECASE,
)
_CUT = 30


def account(instance: Instance, person: Person) -> dict[str, Any]:
    """A person as the API shows them."""
    return {
        "id": person.id,
        "username": person.username,
        "acct": person.username,
        "display_name": person.name,
        "locked": False,
        "bot": False,
        "created_at": "2025-01-01T00:00:00.000Z",
        "note": "",
        "url": instance.url(f"@{person.username}"),
        "uri": instance.url(f"users/{person.username}"),
        "avatar": "",
        "header": "",
        "followers_count": 40 + hashlib.sha256(person.id.encode()).digest()[0],
        "following_count": 12,
        "statuses_count": len(instance.world.posts_of(instance.name, person.id)),
        "emojis": [],
        "fields": [],
    }


def status(instance: Instance, post: Post, app: str, media: list[dict[str, Any]]) -> dict[str, Any]:
    """A post as the API shows it."""
    person = instance.person(post.owner)
    assert person is not None
    extra = post.extra
    said = {
        "id": post.id,
        "created_at": iso(post.created_at),
        "in_reply_to_id": extra.get("in_reply_to_id"),
        "in_reply_to_account_id": extra.get("in_reply_to_account_id"),
        "sensitive": extra["sensitive"],
        "spoiler_text": extra["spoiler_text"],
        "visibility": extra["visibility"],
        "language": extra["language"],
        "uri": instance.url(f"users/{person.username}/statuses/{post.id}"),
        "url": post.permalink,
        "content": content(instance, post.text),
        "edited_at": extra.get("edited_at"),
        "reblog": None,
        "application": {"name": app, "website": None},
        "account": account(instance, person),
        "media_attachments": media,
        "mentions": [],
        "tags": [
            {"name": match["tag"].lower(), "url": instance.url(f"tags/{match['tag'].lower()}")}
            for match in _PIECE.finditer(post.text) if match["tag"]
        ],
        "emojis": [],
        "card": None,
        "poll": extra.get("poll"),
        **figures(post, instance.world.now()),
    }  # fmt: skip
    if instance.plain:
        del said["quotes_count"]
    return said


def figures(post: Post, at: float) -> dict[str, int]:
    """Figures that grow with the post's age, and are the same each time."""
    grown = 1 - math.exp(-max(0.0, at - post.created_at) / 36_000)
    digest = hashlib.sha256(post.id.encode()).digest()
    names = ("favourites_count", "reblogs_count", "replies_count", "quotes_count")
    return {name: int((10 + digest[n]) * grown / (n + 1)) for n, name in enumerate(names)}


def content(instance: Instance, text: str) -> str:
    """The text as HTML: paragraphs, line breaks, links whose middle is hidden, hashtags."""
    paragraphs = re.split(r"\n{2,}", text.strip())
    return "".join(
        f"<p>{'<br />'.join(_line(instance, line) for line in paragraph.splitlines())}</p>"
        for paragraph in paragraphs if paragraph
    )  # fmt: skip


def _line(instance: Instance, line: str) -> str:
    pieces, at = [], 0
    for match in _PIECE.finditer(line):
        pieces.append(html.escape(line[at : match.start()]))
        if match["url"]:
            pieces.append(_link(match["url"]))
        elif match["tag"]:
            address = html.escape(instance.url(f"tags/{match['tag'].lower()}"))
            pieces.append(
                f'<a href="{address}" class="mention hashtag" rel="tag">'
                f"#<span>{html.escape(match['tag'])}</span></a>"
            )
        else:
            pieces.append(_mention(instance, match))
        at = match.end()
    pieces.append(html.escape(line[at:]))
    return "".join(pieces)


def _mention(instance: Instance, match: re.Match[str]) -> str:
    known = {person.username.lower() for person in instance.people()}
    if match["user"].lower() not in known or match["host"] not in (None, instance.host):
        return html.escape(match[0])
    address = html.escape(instance.url(f"@{match['user']}"))
    return (
        f'<span class="h-card" translate="no"><a href="{address}" class="u-url mention">'
        f"@<span>{html.escape(match['user'])}</span></a></span>"
    )


def _link(url: str) -> str:
    scheme = re.match(r"https?://(?:www\.)?", url, re.IGNORECASE)
    before = scheme[0] if scheme else ""
    shown, rest = url[len(before) :][:_CUT], url[len(before) :][_CUT:]
    esc = html.escape
    return (
        f'<a href="{esc(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{esc(before)}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{esc(shown)}</span>'
        f'<span class="invisible">{esc(rest)}</span></a>'
    )
