"""Looking on a server for a post whose sending was never answered: among the account's own.

A post with media is known by them, any other by its text: the server shows it as a page would,
so both sides are brought to plain words.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import regex

from autosched.platforms.base import Action, Desk, PlatformError
from autosched.platforms.mastodon import calls

_CLOCKS_SECONDS = 120.0
"""How far the server's clock may be from ours."""
_PAGE = 40
_PAGES_MAX = 25
_BREAK = regex.compile(r"<br\s*/?>|</p>", regex.IGNORECASE)
_TAG = regex.compile(r"<[^>]*>")
# A page shows of `@user@host` only the user.
_HOST = regex.compile(r"(@[\w.\-]*\w)@\w[\w.\-]*")


def find(
    desk: Desk,
    text: str,
    *,
    since: float,
    media: list[str],
    warning: str,
    answers: str | None,
) -> dict[str, Any] | None:
    """The post with these media, or with this text and content warning.

    `since`: the first attempt, in Unix seconds. `answers`: the post to which it is the reply.
    """
    for post in _own(desk, since - _CLOCKS_SECONDS):
        if (post.get("in_reply_to_id") or None) != answers:
            continue
        its_media = {str(each.get("id")) for each in post.get("media_attachments") or []}
        if media and its_media & set(media):
            return post
        if not media and not its_media and _same(post, text, warning):
            return post
    return None


def _own(desk: Desk, since: float) -> Iterator[dict[str, Any]]:
    """The account's own posts from then on, the newest first."""
    asked = {"limit": str(_PAGE), "exclude_reblogs": "true"}
    path = f"api/v1/accounts/{desk.secret['id']}/statuses"
    for _ in range(_PAGES_MAX):
        found = calls.call(desk, "GET", path, params=asked).body
        posts = [post for post in found or [] if isinstance(post, dict)]
        yield from (post for post in posts if _moment(post) >= since)
        if not posts or _moment(posts[-1]) < since:
            return
        asked = {**asked, "max_id": str(posts[-1]["id"])}
    raise PlatformError(
        "So much was posted since then that this post can't be looked for.",
        action=Action.ASK,
        remedy="Look at the profile, and say whether the post is there.",
        code="too_much_to_search",
    )


def _moment(post: dict[str, Any]) -> float:
    return datetime.fromisoformat(str(post["created_at"])).timestamp()


def _same(post: dict[str, Any], text: str, warning: str) -> bool:
    shown = html.unescape(_TAG.sub("", _BREAK.sub("\n", str(post.get("content", "")))))
    its_warning = html.unescape(str(post.get("spoiler_text") or ""))
    return _plain(shown) == _plain(text) and _plain(its_warning) == _plain(warning)


def _plain(text: str) -> str:
    """One form for a text as it was written and as it is shown."""
    return " ".join(_HOST.sub(r"\1", unicodedata.normalize("NFC", text)).split())
