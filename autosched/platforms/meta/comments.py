"""A first comment: the second part of a post, written once and looked for like the post itself.

Kept in a target's handle: `comment_at`, when it was last sent (Unix seconds), and `comment`.
"""

from __future__ import annotations

import time

from autosched.platforms.base import Desk, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.meta import attempts
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph
from autosched.platforms.meta.reading import words


def write(graph: Graph, desk: Desk, post: str, text: str) -> None:
    """Write the comment, unless it is there; a refusal says that the post itself is out."""
    if not text or "comment" in desk.handle:
        return
    remember(desk, comment_at=time.time())
    try:
        answer = graph.post(f"{post}/comments", committing=True, message=text)
    except Refused as refusal:
        remember(desk, comment_at=None)
        raise PlatformError(
            f"The post is out, but not its first comment. {refusal.sentence}",
            action=refusal.action,
            remedy=refusal.remedy,
            code=refusal.code,
            retry_after=refusal.retry_after,
        ) from refusal
    remember(desk, comment=str(answer.get("id")))


def missing(
    graph: Graph, desk: Desk, post: str, text: str, *, said_in: str, patience: float
) -> bool:
    """Whether the comment is still to be written, surely. `said_in`: the field of its words."""
    if not text or "comment" in desk.handle:
        return False
    if not desk.handle.get("comment_at"):
        return True
    for node in graph.listed(f"{post}/comments", fields=f"id,{said_in}", limit=50):
        if words(node.get(said_in)) == words(text):
            remember(desk, comment=str(node["id"]))
            return False
    attempts.be_patient(desk, graph.title, patience, key="comment_at")
    return True
