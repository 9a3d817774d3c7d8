"""Calls of Google's APIs: authorised, counted against the project's quota of the day."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from autosched import clock
from autosched.platforms import apps, oauth, refusals, tokens, wire
from autosched.platforms.base import Desk
from autosched.platforms.youtube import errors
from autosched.platforms.youtube.errors import TITLE
from autosched.settings import settings

VERSION = os.environ.get("AUTOSCHED_YOUTUBE_API_VERSION", "v3")
API = f"https://www.googleapis.com/youtube/{VERSION}"
UPLOADS = f"https://www.googleapis.com/upload/youtube/{VERSION}"
REPORTS = "https://youtubeanalytics.googleapis.com/v2/reports"
_OAUTH = "https://oauth2.googleapis.com"

_SCOPE = "https://www.googleapis.com/auth/"
UPLOAD = f"{_SCOPE}youtube.upload"
READ = f"{_SCOPE}youtube.readonly"
CHANGE = f"{_SCOPE}youtube.force-ssl"
FIGURES = f"{_SCOPE}yt-analytics.readonly"

_INSERTS_A_DAY = int(os.environ.get("AUTOSCHED_YOUTUBE_UPLOADS_A_DAY", "100"))
_UNITS_A_DAY = int(os.environ.get("AUTOSCHED_YOUTUBE_UNITS_A_DAY", "10000"))
_CHANGE_UNITS = 50
# Of the units three quarters are for what publishes, so that reading can't use them up.
DAY_LIMITS = {
    "insert": _INSERTS_A_DAY,
    "change": _UNITS_A_DAY * 3 // 4 // _CHANGE_UNITS,
    "read": _UNITS_A_DAY // 4,
}
"""Calls of the whole project in a day, which ends at midnight in California."""
_PACIFIC = ZoneInfo("America/Los_Angeles")


def account(desk: Desk) -> str:
    """What names the account across processes."""
    return f"youtube {desk.secret['channel']}"


def until_reset(now: datetime | None = None) -> float:
    """Seconds until the quota is fresh, and a little more."""
    here = (now or clock.now()).astimezone(_PACIFIC)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - here.timestamp() + 60.0


def ask(
    desk: Desk,
    bucket: str,
    method: str,
    url: str,
    *,
    committing: bool = False,
    headers: dict[str, str] | None = None,
    **request: Any,
) -> wire.Reply:
    """Call as the account of the desk; the answer, which is a success.

    `bucket` is one of `DAY_LIMITS`, or empty for what costs nothing. An access token that has
    ended is renewed and the call repeated: the refusal proves that nothing was done.
    """
    _count(desk, bucket)
    access = tokens.access(desk, account(desk), renewed)
    try:
        reply = _send(access, method, url, headers, request)
        if reply.status == 401 and errors.key_of(reply) != "youtubeSignupRequired":
            fresh = tokens.renewed(desk, account(desk), renewed)
            reply = _send(str(fresh["access"]), method, url, headers, request)
    except wire.Unreached as failure:
        raise refusals.unreached(TITLE, sent=failure.sent, committing=committing) from failure
    if not reply.good:
        error = errors.classify(reply, committing=committing, until_reset=until_reset())
        if error.code == "quota_spent" and bucket:
            desk.meter.told(_bucket(bucket), 0, until_reset())
        raise error
    return reply


def _send(
    access: str, method: str, url: str, headers: dict[str, str] | None, request: dict[str, Any]
) -> wire.Reply:
    named = {"Authorization": f"Bearer {access}", **(headers or {})}
    return wire.call(method, url, headers=named, **request)


def _count(desk: Desk, bucket: str) -> None:
    # A stand-in's quota is not the project's.
    if bucket and not settings().sandbox:
        desk.meter.take(_bucket(bucket), DAY_LIMITS[bucket], until_reset())


def _bucket(bucket: str) -> str:
    """One for each of Google's days: a count of a sliding day would outlast midnight."""
    return f"youtube {bucket} {clock.now().astimezone(_PACIFIC).date().isoformat()}"


def read(access: str, url: str, **params: str) -> wire.Reply:
    """A question without a desk, while an account is being connected."""
    try:
        reply = _send(access, "GET", url, None, {"params": params})
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if not reply.good:
        raise errors.classify(reply, until_reset=until_reset())
    return reply


def token(**form: str) -> dict[str, Any]:
    """Tokens, as a secret holds them; a refresh token only where Google gives one."""
    keys = apps.keys("youtube", TITLE)
    try:
        reply = wire.call(
            "POST",
            f"{_OAUTH}/token",
            data={"client_id": keys.client_id, "client_secret": keys.client_secret, **form},
        )
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if not reply.good or not reply.get("access_token"):
        raise errors.classify(reply)
    found: dict[str, Any] = {
        "access": reply.get("access_token"),
        "ends": tokens.ends_at(reply.get("expires_in")),
        "scopes": str(reply.get("scope") or "").split(),
        "renewed": clock.now().timestamp(),
    }
    if reply.get("refresh_token"):
        found["refresh"] = reply.get("refresh_token")
        # Only told of projects whose consent page is in “Testing”: a week.
        found["refresh_ends"] = tokens.ends_at(reply.get("refresh_token_expires_in"))
    return found


def renewed(secret: dict[str, Any]) -> dict[str, Any]:
    """A new access token; the refresh token stays."""
    fresh = token(grant_type="refresh_token", refresh_token=str(secret["refresh"]))
    return {**secret, **{name: value for name, value in fresh.items() if value}}


def revoke(desk: Desk) -> None:
    """Give the access back; that it has ended already is no error."""
    try:
        reply = wire.call("POST", f"{_OAUTH}/revoke", data={"token": desk.secret["refresh"]})
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if reply.status >= 500:
        raise errors.classify(reply)


def granted(secret: dict[str, Any], scope: str) -> bool:
    """Whether the account has allowed `scope`."""
    return not oauth.missing((scope,), secret.get("scopes"))
