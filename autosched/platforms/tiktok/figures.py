"""The figures of TikTok posts. Only public ones have any, and there is no reach."""

from __future__ import annotations

from collections.abc import Sequence

from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, PlatformError, Posted
from autosched.platforms.tiktok import attempts, calls

METRICS = {
    "view_count": vocabulary.VIEWS,
    "like_count": vocabulary.LIKES,
    "comment_count": vocabulary.COMMENTS,
    "share_count": vocabulary.SHARES,
}
MOST = 20


def measure(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures by remote identifier; posts that TikTok shows nothing of are left out."""
    if calls.missing(desk.secret, "video.list"):
        return {}
    by_id = {number: post.remote_id for post in posts if (number := _number(desk, post))}
    if not by_id:
        return {}
    data = calls.ask(
        desk,
        "read",
        "video/query/",
        {"filters": {"video_ids": list(by_id)}},
        fields=",".join(("id", *METRICS)),
    )
    return {
        by_id[str(video["id"])]: {
            name: float(video[name]) for name in METRICS if video.get(name) is not None
        }
        for video in data.get("videos") or []
        if str(video.get("id")) in by_id
    }


def _number(desk: Desk, post: Posted) -> str | None:
    """A post's identifier. One that was still being looked at when it went out, or was finished by
    a person in the app, is known by its attempt until now."""
    if post.remote_id.isdecimal():
        return post.remote_id
    try:
        found = attempts.standing(desk, post.remote_id)
    except PlatformError:
        return None
    return found.post if found else None
