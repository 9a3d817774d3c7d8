"""Looking on X for a post whose sending was never answered: among the account's own posts.

A post with media is known by their keys, any other by its text: X gives it back with every link
shortened and some signs written as entities, so both sides are brought to one form.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import regex

from autosched.platforms.base import Action, Desk, PlatformError
from autosched.platforms.links import links
from autosched.platforms.x import calls

_CLOCKS_SECONDS = 120.0
"""How far X's clock may be from ours."""
_PAGE = 100
_PAGES_MAX = 10
_FIELDS = "created_at,entities,attachments,referenced_tweets"
_SCHEME = regex.compile(r"https?://")
_LAST_SLASH = regex.compile(r"/(?=\s|$)")
_OF_MEDIA = regex.compile(r"/status/\d+/(?:photo|video)/\d+$")


def find(
    desk: Desk,
    text: str,
    *,
    since: float,
    keys: list[str],
    answers: str | None,
    loose: bool = False,
) -> str | None:
    """The identifier of the post with this text, or with media of these keys.

    `since`: the first attempt, in Unix seconds. `answers`: the post to which it is the reply.
    `loose`: links need not be the same; for when X has said that there is such a post.
    """
    for post in _own(desk, since - _CLOCKS_SECONDS):
        its_keys = set((post.get("attachments") or {}).get("media_keys") or [])
        if answers is not None and answers != _answered(post):
            continue
        same = bool(its_keys & set(keys)) if keys else not its_keys and _same(post, text, loose)
        if same:
            return str(post["id"])
    return None


def _own(desk: Desk, since: float) -> Iterator[dict[str, Any]]:
    """The account's own posts from then on, the newest first."""
    start = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"max_results": str(_PAGE), "start_time": start, "tweet.fields": _FIELDS}
    for _ in range(_PAGES_MAX):
        reply = calls.call(
            desk, "GET", f"users/{desk.secret['id']}/tweets", "timeline", params=asked
        )
        yield from (post for post in reply.get("data") or [] if isinstance(post, dict))
        further = reply.get("meta", "next_token")
        if not further:
            return
        asked = {**asked, "pagination_token": str(further)}
    raise PlatformError(
        "So much was posted on X since then that this post can't be looked for.",
        action=Action.ASK,
        remedy="Look at the profile, and say whether the post is there.",
        code="too_much_to_search",
    )


def _answered(post: dict[str, Any]) -> str | None:
    """The post that this one replies to."""
    for each in post.get("referenced_tweets") or post.get("referenced_posts") or []:
        if each.get("type") == "replied_to":
            return str(each.get("id"))
    return None


def _same(post: dict[str, Any], text: str, loose: bool) -> bool:
    shown, ours = html.unescape(str(post.get("text", ""))), text
    if loose:
        for link in reversed(links(text)):
            ours = ours[: link.start] + ours[link.end :]
    for entity in (post.get("entities") or {}).get("urls") or []:
        whole = str(entity.get("expanded_url") or entity.get("url"))
        gone = loose or "media_key" in entity or _OF_MEDIA.search(whole)
        shown = shown.replace(str(entity["url"]), "" if gone else whole)
    return _plain(shown) == _plain(ours)


def _plain(text: str) -> str:
    """One form for a text as it was written and as X shows it."""
    text = unquote(unicodedata.normalize("NFC", text)).casefold()
    return " ".join(_LAST_SLASH.sub("", _SCHEME.sub("", text)).split())
