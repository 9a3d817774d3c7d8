"""Calls of the Graph API: versions, tokens with their proof, and answers read into errors."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from autosched.errors import UnavailableError
from autosched.platforms import apps, refusals, wire
from autosched.platforms.base import Meter, PlatformError, Unmetered
from autosched.platforms.meta import errors, usage
from autosched.platforms.refusals import Row
from autosched.platforms.wire import Reply

FACEBOOK = "graph.facebook.com"
FACEBOOK_VIDEO = "graph-video.facebook.com"
INSTAGRAM = "graph.instagram.com"
UPLOADS = "rupload.facebook.com"

_NEWEST = "v26.0"
_PAGES_MOST = 20
"""Pages of a list that are read at most: a bound against lists that never end."""


def version(platform: str) -> str:
    """The API version in use, from `AUTOSCHED_FACEBOOK_API_VERSION` and the like."""
    return os.environ.get(f"AUTOSCHED_{platform.upper()}_API_VERSION", "") or _NEWEST


@dataclass(frozen=True)
class Graph:
    """One platform's API as one account calls it. `rows`: its table of refusals.

    `version` may be empty: the calls that give tokens have none on some hosts. `proved`: the token
    is of Facebook Login, and goes with `appsecret_proof`.
    """

    title: str
    rows: tuple[Row, ...]
    version: str
    token: str = field(default="", repr=False)
    host: str = FACEBOOK
    proved: bool = True
    meter: Meter = field(default_factory=Unmetered)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask for something; what is `None` is left out."""
        return self._ask("GET", path, params=plain(params))

    def post(
        self,
        path: str,
        *,
        committing: bool = False,
        host: str | None = None,
        files: Any = None,
        **data: Any,
    ) -> dict[str, Any]:
        """Do something. `committing`: it publishes, so a lost answer leaves doubt."""
        return self._ask(
            "POST", path, committing=committing, host=host, data=plain(data), files=files
        )

    def delete(self, path: str) -> dict[str, Any]:
        """Take something away."""
        return self._ask("DELETE", path)

    def listed(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """What a list holds, page by page."""
        after: str | None = None
        for _ in range(_PAGES_MOST):
            answer = self.get(path, **params, after=after)
            yield from (each for each in answer.get("data") or [] if isinstance(each, dict))
            paging = answer.get("paging") or {}
            after = paging.get("cursors", {}).get("after")
            if not after or "next" not in paging:
                return

    def _ask(
        self, method: str, path: str, *, committing: bool = False, host: str | None = None,
        params: dict[str, str] | None = None, **request: Any,
    ) -> dict[str, Any]:  # fmt: skip
        params = dict(params or {})
        if self.proved and self.token and (secret := _app_secret()):
            params["appsecret_proof"] = proof(self.token, secret)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        reply = self.send(
            partial(
                wire.call,
                method,
                "https://" + "/".join(filter(None, (host or self.host, self.version, path))),
                params=params,
                headers=headers,
                **request,
            ),
            committing=committing,
        )
        if not isinstance(reply.body, dict):
            raise self.refusal(reply, committing=committing)
        return reply.body

    def send(self, call: partial[Reply], *, committing: bool = False) -> Reply:
        """Make a call within the limits, and raise what its answer asks for if it is no success."""
        usage.before(self.meter)
        try:
            reply = call()
        except wire.Unreached as failure:
            raise refusals.unreached(
                self.title, sent=failure.sent, committing=committing
            ) from failure
        usage.after(self.meter, reply.headers)
        if not reply.good or errors.read(reply).key:
            raise self.refusal(reply, committing=committing)
        return reply

    def refusal(self, reply: Reply, *, committing: bool = False) -> PlatformError:
        """What an answer that won't do asks for."""
        return errors.classify(self.title, self.rows, reply, committing=committing)


def plain(values: dict[str, Any]) -> dict[str, str]:
    """Values as the Graph API takes them in a form: lists and objects as JSON, `None` not."""
    return {name: _written(value) for name, value in values.items() if value is not None}


def proof(token: str, secret: str) -> str:
    """`appsecret_proof`: that who holds the token holds the app's secret too."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def _app_secret() -> str:
    """Nothing if this installation has no app (any more): its tokens may do without a proof."""
    try:
        return apps.keys("facebook", "Facebook").client_secret
    except UnavailableError:
        return ""
