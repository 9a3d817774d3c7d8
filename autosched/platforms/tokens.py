"""Access tokens of one account: good ones for the asking, renewed one at a time, kept before use.

A secret holds `access`, and where the platform gives them `refresh`, `ends` and `refresh_ends`
(Unix seconds) and `scopes`. Every platform with tokens uses these names; what else it needs
stands beside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from autosched.platforms.base import Desk
from autosched.platforms.one_at_a_time import one_at_a_time

# Renewed so long before its end that even a slow upload begins with a token that will last.
MARGIN_SECONDS = 300.0


def access(desk: Desk, account: str, renew: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """The access token, renewed first if it ends soon. `account` names it across processes.

    `renew` asks the platform: it is given the secret as stored, and returns the whole new one.
    """
    ends = desk.secret.get("ends")
    if ends is not None and ends < time.time() + MARGIN_SECONDS:
        renewed(desk, account, renew)
    return str(desk.secret["access"])


def renewed(
    desk: Desk, account: str, renew: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Renew the tokens, unless another worker has done so since they were read.

    The new ones are stored before anybody uses them: a refresh token may be good but once.
    """
    stale = desk.secret
    with one_at_a_time(account):
        if desk.stored_secret is not None:
            stored = desk.stored_secret()
            if stored.get("access") != stale.get("access"):
                desk.secret = stored
                return stored
        fresh = renew(stale)
        desk.keep_secret(fresh)
        desk.secret = fresh
    return fresh


def ends_at(seconds: Any, now: float | None = None) -> float | None:
    """The moment (Unix seconds) at which something of that many seconds ends; `None` for never."""
    try:
        span = float(seconds)
    except (TypeError, ValueError):
        return None
    return (time.time() if now is None else now) + span if span > 0 else None
