"""Access by app password: a session is opened once, and its tokens are renewed from then on."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from autosched.platforms import tokens
from autosched.platforms.base import Desk
from autosched.platforms.bluesky import errors, rations
from autosched.platforms.bluesky.addresses import own_server
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Reply, Session

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
        if ends(self._desk.secret["access"]) < time.time() + _MARGIN_SECONDS:
            self.renew()
        return {"Authorization": f"Bearer {self._desk.secret['access']}"}

    def heard(self, url: str, reply: Reply) -> None:
        """What is left of the account's rations."""
        rations.told(self._desk, reply)

    def again(self, refusal: Refusal) -> bool:
        """After an expired token: renew it, but only once in the life of this object."""
        if refusal.name not in _STALE or self._renewed:
            return False
        self.renew()
        return True

    def renew(self) -> None:
        """Renew the tokens now, unless another worker has just done so."""
        tokens.renewed(self._desk, f"bluesky {self._desk.secret['did']}", self._fresh)

    def _fresh(self, stale: dict[str, Any]) -> dict[str, Any]:
        self._renewed = True
        session = Session(stale["pds"], _RefreshToken(stale["refresh"]))
        try:
            answer = session.procedure("com.atproto.server.refreshSession")
        except Refusal as refusal:
            raise errors.classify(refusal) from refusal
        except Unreached as failure:
            raise errors.unreached(failure) from failure
        return {**stale, **session_facts(answer, stale["pds"])}


class _RefreshToken:
    def __init__(self, token: str) -> None:
        self._token = token

    def sign(self, method: str, url: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def heard(self, url: str, reply: Reply) -> None:
        pass

    def again(self, refusal: Refusal) -> bool:
        return False


def end_session(secret: dict[str, Any]) -> None:
    """Log out: neither token is good any more. Raises `Refusal` or `Unreached`."""
    session = Session(secret["pds"], _RefreshToken(secret["refresh"]))
    session.procedure("com.atproto.server.deleteSession")


def session_facts(answer: dict[str, Any], server: str) -> dict[str, Any]:
    """What is kept of a session's answer: tokens, DID, handle and the account's own server."""
    return {
        "did": str(answer["did"]),
        "handle": str(answer["handle"]),
        "access": str(answer["accessJwt"]),
        "refresh": str(answer["refreshJwt"]),
        "pds": own_server(answer.get("didDoc"), server) or server,
    }


def ends(token: str) -> float:
    """When the token says that it ends, in Unix seconds; never, if it doesn't say."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return float("inf")
