"""Calls of LinkedIn's versioned REST interface, in one account's name."""

from __future__ import annotations

import os
from typing import Any

from autosched.platforms import tokens, wire
from autosched.platforms.base import Desk
from autosched.platforms.linkedin import errors
from autosched.platforms.linkedin.connecting import refreshed
from autosched.platforms.linkedin.rest import REST, headers
from autosched.platforms.wire import FilePart, Reply, Unreached

CALLS_A_DAY = int(os.environ.get("AUTOSCHED_LINKEDIN_CALLS_A_DAY", "1000000"))
"""What the developer portal grants one member a day; it stands nowhere else."""

_EXPIRED = ("EXPIRED_ACCESS_TOKEN",)


def call(
    desk: Desk,
    method: str,
    path: str,
    *,
    query: str = "",
    json: dict[str, Any] | None = None,
    restli: str = "",
    committing: bool = False,
) -> Reply:
    """Call `path` and return its good answer; a `PlatformError` for any other.

    `query` as it stands in the address: Rest.li's own marks are not to be escaped, URNs are.
    `restli`: the method by Rest.li's name, where the HTTP method does not tell it.
    """
    bucket = bucket_of(desk)
    desk.meter.take(bucket, CALLS_A_DAY, 86_400)
    url = f"{REST}/{path}" + (f"?{query}" if query else "")
    try:
        reply = _authorised(desk, method, url, headers(restli), json)
    except Unreached as failure:
        raise errors.unreached(failure, committing=committing) from failure
    if reply.good:
        return reply
    if reply.status == 429:
        desk.meter.told(bucket, 0, errors.until_midnight())
    raise errors.classify(reply, committing=committing)


def put(desk: Desk, url: str, part: FilePart, *, mime: str, token: bool) -> Reply:
    """Send bytes to an upload address, whatever it answers. `token`: images and documents need
    the access token there, parts of videos must not have it.
    """
    try:
        kind = {"Content-Type": mime}
        if not token:
            return wire.call("PUT", url, content=part, headers=kind)
        return _authorised(desk, "PUT", url, kind, None, part)
    except Unreached as failure:
        raise errors.unreached(failure) from failure


def bucket_of(desk: Desk) -> str:
    """The member's daily ration: a page's calls are its administrator's."""
    return f"linkedin {desk.options.get('member') or desk.options['urn']}"


def account_of(desk: Desk) -> str:
    """The account's name among all whose tokens are renewed."""
    return f"linkedin {desk.options['urn']}"


def _authorised(
    desk: Desk,
    method: str,
    url: str,
    named: dict[str, str],
    json: dict[str, Any] | None,
    content: FilePart | None = None,
) -> Reply:
    account = account_of(desk)
    request: dict[str, Any] = {"content": content} if content is not None else {"json": json}

    def send(token: str) -> Reply:
        signed = {**named, "Authorization": f"Bearer {token}"}
        return wire.call(method, url, headers=signed, **request)

    reply = send(tokens.access(desk, account, refreshed))
    # A token that is refused has done nothing: the same call may be made with a fresh one.
    if reply.status == 401 and reply.get("code") in _EXPIRED and desk.secret.get("refresh"):
        return send(str(tokens.renewed(desk, account, refreshed)["access"]))
    return reply
