"""The figures of posts on X: for all to see, and for a month those for the author alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, Posted
from autosched.platforms.x import calls

MOST = 100
_PRIVATE_FOR = timedelta(days=29)
"""X tells an author's own figures for 30 days; what is asked for later costs the whole answer."""
METRICS = {
    "impression_count": vocabulary.IMPRESSIONS,
    "like_count": vocabulary.LIKES,
    "reply_count": vocabulary.COMMENTS,
    # One figure under its older and its newer name.
    "retweet_count": vocabulary.SHARES,
    "repost_count": vocabulary.SHARES,
    "quote_count": vocabulary.QUOTES,
    "bookmark_count": vocabulary.SAVES,
    "url_link_clicks": vocabulary.CLICKS,
    "engagements": vocabulary.ENGAGEMENTS,
    "view_count": vocabulary.VIEWS,
}


def measure(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures by the post's identifier; a post that is gone has none."""
    edge = datetime.now(UTC) - _PRIVATE_FOR
    young = [post.remote_id for post in posts if post.published_at >= edge]
    old = [post.remote_id for post in posts if post.published_at < edge]
    return {**_asked(desk, young, ",non_public_metrics"), **_asked(desk, old, "")}


def _asked(desk: Desk, ids: list[str], more: str) -> dict[str, dict[str, float]]:
    if not ids:
        return {}
    reply = calls.call(
        desk,
        "GET",
        "tweets",
        "figures",
        params={
            "ids": ",".join(ids),
            "tweet.fields": f"public_metrics,attachments{more}",
            "expansions": "attachments.media_keys",
            "media.fields": "public_metrics",
        },
    )
    views = {
        str(media.get("media_key")): media.get("public_metrics") or {}
        for media in reply.get("includes", "media") or []
    }
    found = {}
    for post in reply.get("data") or []:
        keys = (post.get("attachments") or {}).get("media_keys") or []
        of_media: dict[str, Any] = next((views[key] for key in keys if views.get(key)), {})
        figures = {
            **of_media,
            **(post.get("non_public_metrics") or {}),
            **(post.get("public_metrics") or {}),
        }
        found[str(post["id"])] = {
            name: float(value)
            for name, value in figures.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
    return found
