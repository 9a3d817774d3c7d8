"""What a page's posts have reached. A figure that Facebook no longer gives is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autosched.platforms import vocabulary
from autosched.platforms.base import Posted
from autosched.platforms.meta import figures
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph

POST = ("post_media_view", "post_total_media_view_unique", "post_clicks")
VIDEO = (
    "total_video_views",
    "total_video_avg_time_watched",
    "total_video_view_total_time",
    "blue_reels_play_count",
    "post_video_avg_time_watched",
    "post_video_view_time",
)
METRICS: Mapping[str, str] = {
    "post_media_view": vocabulary.VIEWS,
    "post_total_media_view_unique": vocabulary.REACH,
    "post_clicks": vocabulary.CLICKS,
    "reactions": vocabulary.LIKES,
    "comments": vocabulary.COMMENTS,
    "shares": vocabulary.SHARES,
    "total_video_view_total_time": vocabulary.WATCH_SECONDS,
    "total_video_avg_time_watched": vocabulary.AVERAGE_WATCH_SECONDS,
}
_MILLISECONDS = frozenset(VIDEO) - {"total_video_views", "blue_reels_play_count"}
"""Facebook counts watching in milliseconds; figures here are in seconds."""
_FIELDS = "shares,comments.summary(true),reactions.summary(true)"


def measure(
    graph: Graph, posts: Sequence[Posted], rights: Sequence[str]
) -> dict[str, dict[str, float]]:
    """The figures of each post; a post that is gone has none."""
    found: dict[str, dict[str, float]] = {}
    for post in posts:
        try:
            found[post.remote_id] = _of(graph, post, "read_insights" in rights)
        except Refused as refusal:
            if not refusal.gone:
                raise
    return found


def _of(graph: Graph, posted: Posted, insights: bool) -> dict[str, float]:
    post = str(posted.handle.get("post") or posted.remote_id)
    video = posted.handle.get("video")
    found = _of_fields(graph.get(post, fields=_FIELDS))
    if not insights:
        return found
    found |= figures.insights(graph, f"{post}/insights", POST, "post")
    if video:
        watched = figures.insights(graph, f"{video}/video_insights", VIDEO, "video")
        found |= {
            name: value / 1000 if name in _MILLISECONDS else value
            for name, value in watched.items()
        }
    return found


def _of_fields(node: dict[str, Any]) -> dict[str, float]:
    """A post that nobody has shared has no `shares`: that is no figure, not a zero."""
    found: dict[str, float] = {}
    for name, path in (
        ("shares", ("count",)),
        ("comments", ("summary", "total_count")),
        ("reactions", ("summary", "total_count")),
    ):
        at: Any = node.get(name)
        for step in path:
            at = at.get(step) if isinstance(at, dict) else None
        if isinstance(at, int):
            found[name] = float(at)
    return found
