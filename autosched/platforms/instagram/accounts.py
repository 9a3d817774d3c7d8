"""The two ways into Instagram: where each speaks, what rights it asks for, and its tokens.

With its own log-in (`instagram`) the token lasts sixty days and is renewed by itself, once it is a
day old. With Facebook's (`facebook`) the account is reached through its page, whose token does not
expire.
"""

from __future__ import annotations

import time
from typing import Any

from autosched.platforms import tokens
from autosched.platforms.base import Desk
from autosched.platforms.instagram.errors import ROWS, TITLE
from autosched.platforms.meta import graph as meta
from autosched.platforms.meta.graph import Graph, version

INSTAGRAM, FACEBOOK = "instagram", "facebook"
NEEDED = {
    INSTAGRAM: ("instagram_business_basic", "instagram_business_content_publish"),
    FACEBOOK: (
        "instagram_basic",
        "instagram_content_publish",
        "pages_read_engagement",
        "pages_show_list",
    ),
}
COMMENT = {
    INSTAGRAM: "instagram_business_manage_comments",
    FACEBOOK: "instagram_manage_comments",
}
INSIGHTS = {
    INSTAGRAM: "instagram_business_manage_insights",
    FACEBOOK: "instagram_manage_insights",
}
DELETE = {FACEBOOK: "instagram_manage_contents"}
"""Its own log-in has no such right."""

_DAY = 86_400.0
YOUNGEST_SECONDS = _DAY
"""A younger token is not renewed."""
RENEWED_AFTER_SECONDS = 14 * _DAY
"""So a renewal that fails has weeks to be tried again."""


def graph_of(desk: Desk) -> Graph:
    """The API as this account calls it, with a token that will last."""
    if desk.secret.get("login") == FACEBOOK:
        return by_facebook(str(desk.secret["access"]), desk)
    token = tokens.access(desk, account_name(desk), renewed)
    return Graph(
        TITLE, ROWS, version("instagram"), token, meta.INSTAGRAM, proved=False, meter=desk.meter
    )


def by_facebook(token: str = "", desk: Desk | None = None) -> Graph:
    """The API on Facebook's host."""
    graph = Graph(TITLE, ROWS, version("instagram"), token)
    return graph if desk is None else Graph(
        TITLE, ROWS, version("instagram"), token, meter=desk.meter
    )  # fmt: skip


def account_name(desk: Desk) -> str:
    """The account's name across processes."""
    return f"instagram {desk.secret['user']}"


def renewed(secret: dict[str, Any]) -> dict[str, Any]:
    """The secret with its token renewed for sixty days more."""
    answer = unversioned().get(
        "refresh_access_token", grant_type="ig_refresh_token", access_token=secret["access"]
    )
    return {**secret, **lasting(answer)}


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an answer that gave a long-lived token."""
    now = time.time()
    return {
        "access": str(answer["access_token"]),
        "made": now,
        "ends": tokens.ends_at(answer.get("expires_in"), now),
    }


def unversioned() -> Graph:
    """Instagram's own host as the calls about tokens want it."""
    return Graph(TITLE, ROWS, "", host=meta.INSTAGRAM, proved=False)


def renew_at(secret: dict[str, Any]) -> float | None:
    """When to renew (Unix seconds); `None` for a token that does not expire."""
    ends, made = secret.get("ends"), secret.get("made")
    if ends is None or made is None:
        return None
    wished = min(made + RENEWED_AFTER_SECONDS, ends - RENEWED_AFTER_SECONDS)
    return float(max(wished, made + YOUNGEST_SECONDS + 3600))
