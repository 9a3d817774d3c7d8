"""Connecting an account of X: OAuth 2 with PKCE, tokens of two hours, renewed by another token.

A refresh token is taken to be good but once, and to have no end of its own: X says neither.
"""

from __future__ import annotations

import time
from typing import Any

from autosched.platforms import apps, oauth, refusals, tokens, wire
from autosched.platforms.base import Begun, Connection, Desk, PlatformError
from autosched.platforms.x import errors

SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
_AUTHORIZE = "https://x.com/i/oauth2/authorize"
_API = "https://api.x.com/2"
RENEW_EVERY_SECONDS = 86_400.0
"""Posting renews by need; once a day shows early that access was taken back, and keeps it used."""


def account(secret: dict[str, Any]) -> str:
    """The account's name across processes."""
    return f"x {secret['id']}"


def begin(redirect_uri: str, state: str) -> Begun:
    """Where the browser goes; the verifier is kept for its return."""
    verifier = oauth.verifier()
    url = oauth.consent(
        _AUTHORIZE,
        response_type="code",
        client_id=apps.keys("x", errors.TITLE).client_id,
        redirect_uri=redirect_uri,
        scope=" ".join(SCOPES),
        state=state,
        code_challenge=oauth.challenge(verifier),
        code_challenge_method="S256",
    )
    return Begun(url, {"verifier": verifier})


def finish(keep: dict[str, Any], answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """Exchange the code (it lasts 30 seconds), and ask who it is."""
    said = _of_app(
        "token",
        grant_type="authorization_code",
        code=oauth.agreed(answer, errors.TITLE),
        redirect_uri=redirect_uri,
        code_verifier=str(keep["verifier"]),
    )
    oauth.require(SCOPES, said.get("scope"), errors.TITLE)
    person = _who(said["access_token"])
    id, username = str(person["id"]), str(person["username"])
    return [
        Connection(
            remote_id=id,
            handle=username,
            name=str(person.get("name") or username),
            secret={**_facts(said), "id": id, "username": username},
            options={"username": username},
            avatar=person.get("profile_image_url"),
        )
    ]


def renew(secret: dict[str, Any]) -> dict[str, Any]:
    """The secret with new tokens."""
    said = _of_app("token", grant_type="refresh_token", refresh_token=str(secret["refresh"]))
    return {**secret, **_facts(said, secret["refresh"])}


def renew_at(secret: dict[str, Any]) -> float | None:
    """When to renew ahead of time, in Unix seconds."""
    return float(secret["made"]) + RENEW_EVERY_SECONDS if secret.get("refresh") else None


def revoke(desk: Desk) -> None:
    """Give the access back; a refresh token takes the access token along."""
    for name in ("access", "refresh"):
        if token := desk.secret.get(name):
            try:
                _of_app("revoke", token=str(token))
            except PlatformError as error:
                if error.code not in ("access_ended", "post_refused"):
                    raise  # those two say that it is over already


def _facts(said: dict[str, Any], refresh: str | None = None) -> dict[str, Any]:
    return {
        "access": str(said["access_token"]),
        "refresh": said.get("refresh_token") or refresh,
        "ends": tokens.ends_at(said.get("expires_in")),
        "scopes": str(said.get("scope", "")).split(),
        "made": time.time(),
    }


def _of_app(what: str, **form: str) -> dict[str, Any]:
    """Ask in the app's name: one with a secret shows it by HTTP Basic, another says its name."""
    keys = apps.keys("x", errors.TITLE)
    signed: dict[str, Any] = {"auth": (keys.client_id, keys.client_secret)}
    if not keys.client_secret:
        signed, form = {}, {**form, "client_id": keys.client_id}
    reply = _asked("POST", f"oauth2/{what}", data=form, **signed)
    body: dict[str, Any] = reply.body if isinstance(reply.body, dict) else {}
    if what == "token" and "access_token" not in body:
        raise refusals.trouble(errors.TITLE, "its answer had no token in it")
    return body


def _who(token: str) -> dict[str, Any]:
    reply = _asked(
        "GET",
        "users/me",
        params={"user.fields": "profile_image_url"},
        headers={"Authorization": f"Bearer {token}"},
    )
    person = reply.get("data")
    if not isinstance(person, dict) or not {"id", "username"} <= person.keys():
        raise refusals.trouble(errors.TITLE, "it did not say whose account this is")
    return person


def _asked(method: str, path: str, **request: Any) -> wire.Reply:
    try:
        reply = wire.call(method, f"{_API}/{path}", **request)
    except wire.Unreached as failure:
        raise refusals.out_of_reach(errors.TITLE) from failure
    if not reply.good:
        raise errors.classify(reply)
    return reply
