"""Access by app password: a session is opened once, and its tokens are renewed from then on."""

from __future__ import annotations

import base64
import ipaddress
import json
import time
from typing import Any
from urllib.parse import urlsplit

from autosched.errors import InvalidError
from autosched.platforms.base import Desk
from autosched.platforms.bluesky import errors
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Session
from autosched.platforms.one_at_a_time import one_at_a_time

_STALE = frozenset({"ExpiredToken", "InvalidToken"})
# Renewed so long before its end that even a slow upload begins with a token that will last.
_MARGIN_SECONDS = 120


class AppPasswordTokens:
    """Signs with the desk's access token, and renews it when it is old.

    New tokens are kept (`desk.keep_secret`) before they are used: were they lost, the account
    would have to be connected again.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._renewed = False

    def sign(self, method: str, url: str) -> dict[str, str]:
        """The header with the access token."""
        if _ends(self._desk.secret["access"]) < time.time() + _MARGIN_SECONDS:
            self._renew()
        return {"Authorization": f"Bearer {self._desk.secret['access']}"}

    def again(self, refusal: Refusal) -> bool:
        """After an expired token: renew it, but only once in the life of this object."""
        if refusal.name not in _STALE or self._renewed:
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        stale = self._desk.secret
        with one_at_a_time(f"bluesky {stale['did']}"):
            if self._desk.stored_secret is not None:
                stored = self._desk.stored_secret()
                if stored["access"] != stale["access"]:
                    self._desk.secret = stored
                    return
            self._renewed = True
            fresh = {**stale, **session_facts(self._asked(stale), stale["pds"])}
            self._desk.keep_secret(fresh)
            self._desk.secret = fresh

    @staticmethod
    def _asked(stale: dict[str, Any]) -> dict[str, Any]:
        session = Session(stale["pds"], _RefreshToken(stale["refresh"]))
        try:
            return session.procedure("com.atproto.server.refreshSession")
        except Refusal as refusal:
            raise errors.classify(refusal) from refusal
        except Unreached as failure:
            raise errors.unreached(failure) from failure


class _RefreshToken:
    def __init__(self, token: str) -> None:
        self._token = token

    def sign(self, method: str, url: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def again(self, refusal: Refusal) -> bool:
        return False


def session_facts(answer: dict[str, Any], server: str) -> dict[str, Any]:
    """What is kept of a session's answer: tokens, DID, handle and the account's own server."""
    return {
        "did": str(answer["did"]),
        "handle": str(answer["handle"]),
        "access": str(answer["accessJwt"]),
        "refresh": str(answer["refreshJwt"]),
        "pds": _own_server(answer.get("didDoc"), server),
    }


def server_address(address: str) -> str:
    """The address of a server as a person may write it, made whole.

    `InvalidError` unless it is https, or on this very machine: tokens don't travel in the open.
    """
    text = address.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.username or parts.scheme not in ("http", "https"):
        raise InvalidError(
            "This is not the address of a server.",
            remedy="Leave it as https://bsky.social unless your account is on another server.",
        )
    if parts.scheme == "http" and not _is_this_machine(host):
        raise InvalidError(
            "The server's address must begin with https, so that nobody can read along.",
            remedy=f"Write https://{host}.",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")


def _own_server(document: Any, server: str) -> str:
    """The server that the account's identity names, where all later requests go."""
    services = document.get("service", []) if isinstance(document, dict) else []
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            try:
                own = server_address(_text(service.get("serviceEndpoint")))
            except InvalidError:
                return server
            # A server out in the world must not send us to a port of this machine.
            inside = _is_this_machine(urlsplit(own).hostname or "")
            return (
                own if not inside or _is_this_machine(urlsplit(server).hostname or "") else server
            )
    return server


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ends(token: str) -> float:
    """When the token says that it ends, in Unix seconds; never, if it doesn't say."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return float("inf")
