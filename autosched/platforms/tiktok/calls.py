"""Calls of TikTok's API: authorised, counted against its limits, and read by its own codes."""

from __future__ import annotations

import os
from typing import Any

from autosched.platforms import apps, oauth, refusals, tokens, wire
from autosched.platforms.base import Desk
from autosched.platforms.tiktok import errors
from autosched.platforms.tiktok.errors import TITLE

VERSION = os.environ.get("AUTOSCHED_TIKTOK_API_VERSION", "v2")
API = "https://open.tiktokapis.com"

MINUTE_LIMITS = {"init": 6, "creator_info": 20, "status": 30, "read": 600}
"""Calls of one account in a sliding minute."""

_JSON = {"Content-Type": "application/json; charset=UTF-8"}


def account(desk: Desk) -> str:
    """What names the account across processes."""
    return f"tiktok {desk.secret['open_id']}"


def ask(
    desk: Desk,
    bucket: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    fields: str = "",
    committing: bool = False,
) -> dict[str, Any]:
    """Call as the account of the desk; the answer's `data`. `bucket` is one of `MINUTE_LIMITS`.

    An access token that has ended is renewed and the call repeated: the refusal proves that
    nothing was done.
    """
    desk.meter.take(f"{account(desk)} {bucket}", MINUTE_LIMITS[bucket], 60.0)
    access = tokens.access(desk, account(desk), renewed)
    try:
        reply = send(access, path, body, fields=fields)
        if errors.key_of(reply) == "access_token_invalid":
            fresh = tokens.renewed(desk, account(desk), renewed)
            reply = send(str(fresh["access"]), path, body, fields=fields)
    except wire.Unreached as failure:
        raise refusals.unreached(TITLE, sent=failure.sent, committing=committing) from failure
    if reply.status == 429:
        desk.meter.told(f"{account(desk)} {bucket}", 0, wire.pause(reply) or 60.0)
    return data(reply, committing=committing)


def send(
    access: str, path: str, body: dict[str, Any] | None = None, *, fields: str = ""
) -> wire.Reply:
    """One request; a question without a body is a GET."""
    request: dict[str, Any] = {"params": {"fields": fields}} if fields else {}
    headers = {"Authorization": f"Bearer {access}"}
    url = f"{API}/{VERSION}/{path}"
    if body is None:
        return wire.call("GET", url, headers=headers, **request)
    return wire.call("POST", url, headers=headers | _JSON, json=body, **request)


def data(reply: wire.Reply, *, committing: bool = False) -> dict[str, Any]:
    """What an answer holds; `PlatformError` if it is a refusal, whatever its HTTP status."""
    found = reply.get("data")
    if reply.good and errors.key_of(reply) == "ok" and isinstance(found, dict):
        return found
    raise errors.classify(reply, committing=committing)


def token(**form: str) -> dict[str, Any]:
    """Tokens of the token address, as a secret holds them."""
    keys = apps.keys("tiktok", TITLE)
    try:
        reply = wire.call(
            "POST",
            f"{API}/{VERSION}/oauth/token/",
            data={"client_key": keys.client_id, "client_secret": keys.client_secret, **form},
        )
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if not reply.good or not reply.get("access_token"):
        raise errors.classify(reply)
    return {
        "access": reply.get("access_token"),
        "refresh": reply.get("refresh_token"),
        "ends": tokens.ends_at(reply.get("expires_in")),
        "refresh_ends": tokens.ends_at(reply.get("refresh_expires_in")),
        "scopes": str(reply.get("scope") or "").replace(",", " ").split(),
        "open_id": reply.get("open_id"),
    }


def renewed(secret: dict[str, Any]) -> dict[str, Any]:
    """New tokens for the old. The refresh token may change, and the old one is then spent."""
    fresh = token(grant_type="refresh_token", refresh_token=str(secret["refresh"]))
    return {**secret, **{name: value for name, value in fresh.items() if value}}


def revoke(desk: Desk) -> None:
    """Give the access back; that it has ended already is no error."""
    keys = apps.keys("tiktok", TITLE)
    access = tokens.access(desk, account(desk), renewed)
    try:
        reply = wire.call(
            "POST",
            f"{API}/{VERSION}/oauth/revoke/",
            data={
                "client_key": keys.client_id,
                "client_secret": keys.client_secret,
                "token": access,
            },
        )
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if reply.status >= 500:
        raise errors.classify(reply)


def missing(secret: dict[str, Any], scope: str) -> bool:
    """Whether the account has not granted `scope`."""
    return bool(oauth.missing((scope,), secret.get("scopes")))
