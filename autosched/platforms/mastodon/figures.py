"""The figures of posts on a Mastodon server; how often a post was seen nobody counts there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, Posted
from autosched.platforms.mastodon import calls

MOST = 20
"""Posts in one question: how many a server takes is not documented."""
METRICS = {
    "favourites_count": vocabulary.LIKES,
    "reblogs_count": vocabulary.SHARES,
    "replies_count": vocabulary.COMMENTS,
    "quotes_count": vocabulary.QUOTES,
}


def measure(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures by the post's identifier; a post that is gone has none."""
    ids = [post.remote_id for post in posts]
    together = _together(desk, ids) if len(ids) > 1 else None
    found = [_single(desk, id) for id in ids] if together is None else together
    return {str(post["id"]): _figures(post) for post in found if post}


def _together(desk: Desk, ids: list[str]) -> list[dict[str, Any]] | None:
    """The posts; `None` from a server that knows no such question (before 4.3)."""
    reply = calls.call(desk, "GET", "api/v1/statuses", fine=(400, 404, 405), params={"id[]": ids})
    return list(reply.body) if reply.good and isinstance(reply.body, list) else None


def _single(desk: Desk, id: str) -> dict[str, Any] | None:
    reply = calls.call(desk, "GET", f"api/v1/statuses/{id}", fine=(404, 410))
    return reply.body if reply.good and isinstance(reply.body, dict) else None


def _figures(post: dict[str, Any]) -> dict[str, float]:
    return {name: float(post[name]) for name in METRICS if isinstance(post.get(name), int)}
