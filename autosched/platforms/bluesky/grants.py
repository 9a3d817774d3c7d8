"""Access by consent: tokens bound to a key, refreshed one at a time, each refresh token used once.

A secret of this kind holds, beside `access`, `refresh`, `ends`, `refresh_ends` and `scopes`:
`login` ("oauth"), `did`, `handle`, `pds`, `key` (the private number), `client` (our identifier),
`issuer`, `token_url`, `revoke_url`, `began`, when a person agreed, and `renews`, when to renew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from autosched.platforms import tokens, wire
from autosched.platforms.base import Desk
from autosched.platforms.bluesky import dpop, errors, rations
from autosched.platforms.bluesky.client import Client
from autosched.platforms.bluesky.dpop import Key
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Reply, read

DAY = 86_400
# For how long a refresh token is good, and how long a consent lasts at all: what Bluesky's server
# grants to a client that shows a key of its own, and to one on loopback. It tells neither.
SIGNING_DAYS, SIGNING_SESSION_DAYS = 90, 730
LOOPBACK_DAYS, LOOPBACK_SESSION_DAYS = 14, 14

_STALE = frozenset({"invalid_token", "ExpiredToken", "InvalidToken"})
_REPEATS_MAX = 3


class GrantTokens:
    """Signs every request with a proof of the account's key, and renews the tokens when old."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._key = Key.opened(desk.secret["key"])
        self._renewed = False
        self._repeats = 0

    def sign(self, method: str, url: str) -> dict[str, str]:
        """The token and its proof."""
        if url.endswith("/com.atproto.repo.uploadBlob") and not dpop.nonces.fresh(url):
            self._greet()
        token = tokens.access(self._desk, _account(self._desk), self._fresh)
        return self._proven(method, url, token)

    def heard(self, url: str, reply: Reply) -> None:
        """The next nonce, and what is left of the account's rations."""
        dpop.nonces.heard(url, reply)
        rations.told(self._desk, reply)
        if reply.good:
            self._repeats = 0

    def again(self, refusal: Refusal) -> bool:
        """After an old nonce: the new one is known now. After an old token: renew it, once."""
        if refusal.name == "use_dpop_nonce" and self._repeats < _REPEATS_MAX:
            self._repeats += 1
            return True
        if refusal.name not in _STALE or self._renewed:
            return False
        self._renewed = True
        self.renew()
        return True

    def renew(self) -> None:
        """Renew the tokens now, unless another worker has just done so."""
        tokens.renewed(self._desk, _account(self._desk), self._fresh)

    def _proven(self, method: str, url: str, token: str) -> dict[str, str]:
        proof = dpop.proof(self._key, method, url, token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    def _greet(self) -> None:
        """Hear the server's nonce with a small question, or a whole film might be sent in vain."""
        url = f"{self._desk.secret['pds']}/xrpc/com.atproto.server.getSession"
        token = str(self._desk.secret["access"])
        self.heard(url, wire.call("GET", url, headers=self._proven("GET", url, token)))

    def _fresh(self, stale: dict[str, Any]) -> dict[str, Any]:
        self._renewed = True
        form = {"grant_type": "refresh_token", "refresh_token": stale["refresh"]}
        try:
            answer = ask(stale["token_url"], self._key, stale, form)
        except Refusal as refusal:
            raise errors.classify(refusal) from refusal
        except Unreached as failure:
            raise errors.unreached(failure) from failure
        return {**stale, **facts(answer, stale)}


def ask(url: str, key: Key, about: Mapping[str, Any], form: dict[str, str]) -> dict[str, Any]:
    """Ask the authorisation server, and once more if it wants a newer nonce: a request that it
    refuses for its nonce has done nothing. `about`: `client` and `issuer`.

    Raises `Refusal` or `Unreached`.
    """
    for last in (False, False, True):
        sent = {**form, **Client(about["client"]).credentials(about["issuer"])}
        reply = wire.call("POST", url, data=sent, headers={"DPoP": dpop.proof(key, "POST", url)})
        dpop.nonces.heard(url, reply)
        if last or reply.get("error") != "use_dpop_nonce":
            break
    return read(reply)


def facts(answer: dict[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a token answer."""
    now = time.time()
    signs = Client(about["client"]).signs
    days = SIGNING_DAYS if signs else LOOPBACK_DAYS
    session_days = SIGNING_SESSION_DAYS if signs else LOOPBACK_SESSION_DAYS
    ends = float(about["began"]) + session_days * DAY
    return {
        "access": str(answer["access_token"]),
        "refresh": str(answer.get("refresh_token", "")),
        "ends": tokens.ends_at(answer.get("expires_in"), now),
        "refresh_ends": min(now + days * DAY, ends),
        # Once a renewal gives no more time, only a person can.
        "renews": now + days / 2 * DAY if now + days * DAY < ends else None,
        "scopes": str(answer.get("scope", "")),
    }


def give_back(secret: dict[str, Any]) -> None:
    """End the consent. Raises `Refusal` or `Unreached`."""
    if secret.get("revoke_url"):
        key, form = Key.opened(secret["key"]), {"token": secret["refresh"] or secret["access"]}
        ask(secret["revoke_url"], key, secret, form)


def _account(desk: Desk) -> str:
    return f"bluesky {desk.secret['did']}"
