"""How posts are doing: counts from Bluesky's public view, which asks for no token."""

from __future__ import annotations

from collections.abc import Sequence

from autosched.platforms import vocabulary, wire
from autosched.platforms.base import Posted
from autosched.platforms.bluesky.session import read

VIEW = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts"
MOST = 25

METRICS = {
    "likeCount": vocabulary.LIKES,
    "repostCount": vocabulary.SHARES,
    "replyCount": vocabulary.COMMENTS,
    "quoteCount": vocabulary.QUOTES,
    "bookmarkCount": vocabulary.SAVES,
}


def measured(posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures of at most `MOST` posts; one that is not (yet) in view is left out.

    Raises `Refusal` or `Unreached`.
    """
    uris = [post.remote_id for post in posts[:MOST]]
    if not uris:
        return {}
    answer = read(wire.call("GET", VIEW, params={"uris": uris}))
    found: dict[str, dict[str, float]] = {}
    for post in answer.get("posts", []):
        counts = {name: post.get(name) for name in METRICS}
        found[str(post["uri"])] = {
            name: float(count) for name, count in counts.items() if isinstance(count, int | float)
        }
    return found
