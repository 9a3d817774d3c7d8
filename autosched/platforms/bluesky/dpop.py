"""Proofs of possession (RFC 9449): a key of the account's own signs every single request.

Bluesky takes ES256 only, and wants in each proof a nonce that the server has told shortly before;
every server tells its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from autosched.platforms.wire import Reply, address

_SIZE = 32
_NONCES_KEPT = 1000
# Servers change their nonce every few minutes, and take the last one or two.
_FRESH_SECONDS = 60.0


class Key:
    """A P-256 key: signs tokens, and shows its public half."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @classmethod
    def new(cls) -> Key:
        """A fresh one."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def opened(cls, stored: str) -> Key:
        """The key that `stored` gave."""
        return cls(ec.derive_private_key(int.from_bytes(_bytes(stored), "big"), ec.SECP256R1()))

    def stored(self) -> str:
        """The private number in base64url; it goes into a sealed secret and nowhere else."""
        return b64(self._private.private_numbers().private_value.to_bytes(_SIZE, "big"))

    def public(self) -> dict[str, str]:
        """The public half as a JSON Web Key."""
        point = self._private.public_key().public_numbers()
        x, y = (b64(each.to_bytes(_SIZE, "big")) for each in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def name(self) -> str:
        """The key's thumbprint (RFC 7638)."""
        said = json.dumps(self.public(), sort_keys=True, separators=(",", ":"))
        return b64(hashlib.sha256(said.encode()).digest())

    def token(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """A JSON Web Token, signed with ES256."""
        parts = ({"alg": "ES256", **header}, claims)
        body = ".".join(b64(json.dumps(part).encode()) for part in parts)
        mark = self._private.sign(body.encode(), ec.ECDSA(hashes.SHA256()))
        pair = (each.to_bytes(_SIZE, "big") for each in decode_dss_signature(mark))
        return f"{body}.{b64(b''.join(pair))}"


def proof(key: Key, method: str, url: str, token: str = "") -> str:
    """The proof for one request, with `token` where one is shown, and the last nonce heard."""
    place = address(url).partition("?")[0].partition("#")[0]
    claims: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": place,
        "iat": int(time.time()),
    }
    if nonce := nonces.last(url):
        claims["nonce"] = nonce
    if token:
        claims["ath"] = b64(hashlib.sha256(token.encode()).digest())
    return key.token({"typ": "dpop+jwt", "jwk": key.public()}, claims)


class Nonces:
    """The last nonce of each server; one that is too old is refused with a new one beside it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[tuple[str, str], tuple[str, float]] = {}

    def last(self, url: str) -> str | None:
        """What the server of `url` has told last."""
        with self._lock:
            return self._held.get(_server(url), (None, 0.0))[0]

    def fresh(self, url: str) -> bool:
        """Whether the server of `url` has told one a moment ago."""
        with self._lock:
            return time.monotonic() - self._held.get(_server(url), ("", -1e9))[1] < _FRESH_SECONDS

    def heard(self, url: str, reply: Reply) -> None:
        """Note what an answer told."""
        if told := reply.headers.get("dpop-nonce"):
            with self._lock:
                if len(self._held) > _NONCES_KEPT:
                    self._held.clear()
                self._held[_server(url)] = (told, time.monotonic())


nonces = Nonces()


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(said: str) -> bytes:
    return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))


def _server(url: str) -> tuple[str, str]:
    """One host may be both: what guards the accounts, and what keeps them, each with its own."""
    return urlsplit(url).netloc, "resource" if "/xrpc/" in url else "issuer"
