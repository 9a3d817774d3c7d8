"""Calls to X in an account's name: signed, counted, and repeated once with renewed tokens."""

from __future__ import annotations

import time
from typing import Any

from autosched.platforms import refusals, tokens, wire
from autosched.platforms.base import Desk
from autosched.platforms.x import connecting, errors

API = "https://api.x.com/2"
_QUARTER = 900.0

# Calls in 15 minutes that X takes for one account; a day's calls of the whole app are apart.
BUDGETS = {
    "posts": 100,
    "deletions": 50,
    "pictures": 500,
    "uploads": 1875,
    "upload_states": 1000,
    "alt_texts": 500,  # not documented: taken to be as the pictures'
    "timeline": 900,
    "figures": 300,  # not documented
}
APP_POSTS_A_DAY = 10_000


def call(
    desk: Desk,
    method: str,
    path: str,
    bucket: str,
    *,
    committing: bool = False,
    fine: tuple[int, ...] = (),
    **request: Any,
) -> wire.Reply:
    """Send a request to X and return its good answer, or one with a status in `fine`.

    Raises `PlatformError`. A 401 renews the tokens and sends the request once more: nothing was
    done by the first.
    """
    token = tokens.access(desk, connecting.account(desk.secret), connecting.renew)
    reply = _send(desk, method, path, bucket, token, committing, request)
    if reply.status == 401 and desk.secret.get("refresh"):
        fresh = tokens.renewed(desk, connecting.account(desk.secret), connecting.renew)
        reply = _send(desk, method, path, bucket, fresh["access"], committing, request)
    if reply.good or reply.status in fine:
        return reply
    raise errors.classify(reply, committing=committing)


def _send(
    desk: Desk,
    method: str,
    path: str,
    bucket: str,
    token: str,
    committing: bool,
    request: dict[str, Any],
) -> wire.Reply:
    desk.meter.take(bucket, BUDGETS[bucket], _QUARTER)
    if bucket == "posts":
        desk.meter.take("app:posts", APP_POSTS_A_DAY, 86_400)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        reply = wire.call(method, f"{API}/{path}", headers=headers, **request)
    except wire.Unreached as failure:
        raise refusals.unreached(
            errors.TITLE, sent=failure.sent, committing=committing
        ) from failure
    _listen(desk, bucket, reply)
    return reply


def _listen(desk: Desk, bucket: str, reply: wire.Reply) -> None:
    """Pass on what X says is left of the limit."""
    try:
        left = int(reply.headers["x-rate-limit-remaining"])
        reset = float(reply.headers[errors.RESET_HEADER])
    except (KeyError, ValueError):
        return
    desk.meter.told(bucket, left, reset - time.time())
