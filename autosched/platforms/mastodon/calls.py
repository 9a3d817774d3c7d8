"""Calls to an account's server: only where one may call, signed, and counted."""

from __future__ import annotations

from typing import Any

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, Desk, PlatformError
from autosched.platforms.mastodon import addresses, errors

# Calls, and the seconds in which so many are taken from one account.
BUDGETS: dict[str, tuple[int, float]] = {
    "calls": (300, 300.0),
    "media": (30, 1800.0),
    "deletions": (30, 1800.0),
}


def call(
    desk: Desk,
    method: str,
    path: str,
    bucket: str = "calls",
    *,
    committing: bool = False,
    fine: tuple[int, ...] = (),
    headers: dict[str, str] | None = None,
    **request: Any,
) -> wire.Reply:
    """Ask the account's server, and return its good answer, or one with a status in `fine`.

    Raises `PlatformError`.
    """
    for each in dict.fromkeys(("calls", bucket)):
        desk.meter.take(each, *BUDGETS[each])
    signed = {**(headers or {}), "Authorization": f"Bearer {desk.secret['access']}"}
    server = str(desk.secret["server"])
    reply = send(server, method, path, committing=committing, headers=signed, **request)
    _listen(desk, bucket, reply)
    if reply.good or reply.status in fine:
        return reply
    raise errors.classify(reply, committing=committing)


def send(
    server: str, method: str, path: str, *, committing: bool = False, **request: Any
) -> wire.Reply:
    """Ask a server; its answer, whatever it is. `PlatformError` if none came."""
    try:
        addresses.allow(server)
        return wire.call(method, f"{server}/{path}", **request)
    except addresses.Unknown as error:
        raise refusals.out_of_reach(errors.TITLE) from error
    except addresses.Unsafe as error:
        raise PlatformError(
            error.sentence, action=Action.RECONNECT, remedy=error.remedy, code=error.code
        ) from error
    except wire.Unreached as failure:
        raise refusals.unreached(
            errors.TITLE, sent=failure.sent, committing=committing
        ) from failure


def _listen(desk: Desk, bucket: str, reply: wire.Reply) -> None:
    """Pass on what the server says is left of the limit."""
    left = reply.headers.get("x-ratelimit-remaining", "")
    reset = wire.pause(reply, errors.RESET_HEADER)
    if left.isdecimal() and reset is not None:
        desk.meter.told(bucket, int(left), reset)
