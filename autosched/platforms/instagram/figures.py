"""What posts have reached: each kind of post has metrics of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, Posted
from autosched.platforms.instagram import accounts
from autosched.platforms.meta import figures
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph

_ALL = ("views", "reach", "shares", "total_interactions")
_LASTING = (*_ALL, "likes", "comments", "saved")
BY_PRODUCT: Mapping[str, tuple[str, ...]] = {
    "FEED": (*_LASTING, "profile_visits", "profile_activity", "follows"),
    "REELS": (
        *_LASTING,
        "ig_reels_avg_watch_time",
        "ig_reels_video_view_total_time",
        "reels_skip_rate",
    ),
    "STORY": (*_ALL, "replies", "navigation"),
}
METRICS: Mapping[str, str] = {
    "views": vocabulary.VIEWS,
    "reach": vocabulary.REACH,
    "likes": vocabulary.LIKES,
    "like_count": vocabulary.LIKES,
    "comments": vocabulary.COMMENTS,
    "comments_count": vocabulary.COMMENTS,
    "shares": vocabulary.SHARES,
    "saved": vocabulary.SAVES,
    "follows": vocabulary.FOLLOWS,
    "total_interactions": vocabulary.ENGAGEMENTS,
    "ig_reels_avg_watch_time": vocabulary.AVERAGE_WATCH_SECONDS,
    "ig_reels_video_view_total_time": vocabulary.WATCH_SECONDS,
}
_MILLISECONDS = ("ig_reels_avg_watch_time", "ig_reels_video_view_total_time")
"""Instagram counts watching in milliseconds; figures here are in seconds."""
_PRODUCT = {"picture": "FEED", "carousel": "FEED", "reel": "REELS", "story": "STORY"}
_PLAIN = ("like_count", "comments_count")


def measure(graph: Graph, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures of each post; a post that is gone, or that too few have seen, has none."""
    right = accounts.INSIGHTS[str(desk.secret["login"])]
    insights = right in (desk.secret.get("scopes") or [])
    found: dict[str, dict[str, float]] = {}
    for post in posts:
        try:
            found[post.remote_id] = _insights(graph, post) if insights else _plain(graph, post)
        except Refused as refusal:
            if not refusal.gone and refusal.code != "too_few_viewers":
                raise
    return found


def _insights(graph: Graph, post: Posted) -> dict[str, float]:
    product = _PRODUCT.get(str(post.handle.get("shape")))
    if product is None:
        node = graph.get(post.remote_id, fields="media_product_type")
        product = str(node.get("media_product_type") or "FEED")
    metrics = BY_PRODUCT.get(product, _ALL)
    found = figures.insights(graph, f"{post.remote_id}/insights", metrics, product)
    return {name: value / 1000 if name in _MILLISECONDS else value for name, value in found.items()}


def _plain(graph: Graph, post: Posted) -> dict[str, float]:
    """What the post itself tells where the right to see insights was not given."""
    node = graph.get(post.remote_id, fields=",".join(_PLAIN))
    return {name: float(node[name]) for name in _PLAIN if isinstance(node.get(name), int)}
