"""Connecting an account on any server: this installation makes itself known to it first.

The keys that the server gives for that are the account's own and kept with its token, which has
no end.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from autosched.errors import InvalidError
from autosched.platforms import oauth, refusals, wire
from autosched.platforms.base import Begun, Connection, Desk
from autosched.platforms.mastodon import addresses, calls, errors, instance

SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")
_NAME = "autosched"
_MOVES_MAX = 3


def begin(form: dict[str, str], redirect_uri: str, state: str) -> Begun:
    """Register with the server, and name its page of consent."""
    if not form.get("server", "").strip():
        raise InvalidError(
            "The server of the account is needed.",
            remedy="It stands behind the second @ of the account, such as mastodon.social.",
            code="no_server",
        )
    server, app = _registered(addresses.server(form["server"]), redirect_uri)
    verifier = oauth.verifier()
    url = oauth.consent(
        f"{server}/oauth/authorize",
        response_type="code",
        client_id=app["client_id"],
        redirect_uri=redirect_uri,
        scope=" ".join(SCOPES),
        state=state,
        # Servers that are older than 4.3 pass over these two.
        code_challenge=oauth.challenge(verifier),
        code_challenge_method="S256",
    )
    return Begun(url, {"server": server, "verifier": verifier, **app})


def finish(keep: dict[str, Any], answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """Exchange the code; ask who it is, and what the server takes."""
    server = str(keep["server"])
    app = {name: str(keep[name]) for name in ("client_id", "client_secret")}
    granted = _asked(
        server,
        "POST",
        "oauth/token",
        data={
            **app,
            "grant_type": "authorization_code",
            "code": oauth.agreed(answer, errors.TITLE),
            "redirect_uri": redirect_uri,
            "code_verifier": str(keep["verifier"]),
            "scope": " ".join(SCOPES),
        },
    )
    scopes = str(granted.get("scope") or "").split()
    oauth.require(SCOPES, _spelled_out(scopes), errors.TITLE)
    access = str(granted["access_token"])
    signed = {"Authorization": f"Bearer {access}"}
    person = _asked(server, "GET", "api/v1/accounts/verify_credentials", headers=signed)
    host = urlsplit(server).netloc
    username = str(person["username"])
    return [
        Connection(
            remote_id=f"{person['id']}@{host}",
            handle=f"{username}@{host}",
            name=str(person.get("display_name") or username),
            secret={
                **app,
                "access": access,
                "scopes": scopes,
                "server": server,
                "id": str(person["id"]),
                "username": username,
            },
            options={
                "server": server,
                "instance": _instance(server, signed).told(),
                "visibility": str((person.get("source") or {}).get("privacy") or "public"),
            },
            avatar=person.get("avatar") or None,
        )
    ]


def revoke(desk: Desk) -> None:
    """Give the access back; that it is over already is no error."""
    form = {name: str(desk.secret[name]) for name in ("client_id", "client_secret")}
    form["token"] = str(desk.secret["access"])
    reply = calls.send(str(desk.secret["server"]), "POST", "oauth/revoke", data=form)
    if not reply.good and reply.status not in (400, 401, 403, 404):
        raise errors.classify(reply)


def _registered(server: str, redirect_uri: str) -> tuple[str, dict[str, str]]:
    """The server, where it has moved to, and the keys that it gave to this installation."""
    form = {"client_name": _NAME, "redirect_uris": redirect_uri, "scopes": " ".join(SCOPES)}
    for _ in range(_MOVES_MAX):
        addresses.allow(server)
        reply = calls.send(server, "POST", "api/v1/apps", data=form)
        if reply.good and reply.get("client_id") and reply.get("client_secret"):
            return server, {name: str(reply.get(name)) for name in ("client_id", "client_secret")}
        moved = urlsplit(reply.headers.get("location", ""))
        if not 300 <= reply.status < 400 or not moved.netloc:
            break
        server = addresses.server(f"{moved.scheme}://{moved.netloc}")
    if reply.status == 429 or reply.status >= 500:
        raise errors.classify(reply)
    said = errors.said(reply)
    raise InvalidError(
        f"{urlsplit(server).netloc} did not let this installation in"
        + (f": {said.rstrip('.')}." if said else ": there is no Mastodon server."),
        remedy="Check the server's name: it stands behind the second @ of the account.",
        code="no_server",
    )


def _spelled_out(scopes: list[str]) -> list[str]:
    """A server may grant the whole of `read` for a part of it."""
    whole = [scope for scope in SCOPES if scope.partition(":")[0] in scopes]
    return [*scopes, *whole]


def _instance(server: str, signed: dict[str, str]) -> instance.Instance:
    """What the server takes; as Mastodon has it if it doesn't say."""
    for version in ("v2", "v1"):
        reply = calls.send(server, "GET", f"api/{version}/instance", headers=signed)
        if reply.good:
            return instance.read(reply.body)
    return instance.Instance()


def _asked(server: str, method: str, path: str, **request: Any) -> dict[str, Any]:
    reply: wire.Reply = calls.send(server, method, path, **request)
    if not reply.good:
        raise errors.classify(reply)
    if not isinstance(reply.body, dict):
        raise refusals.trouble(errors.TITLE, "its answer can't be read")
    return reply.body
