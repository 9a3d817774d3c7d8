"""Signed tokens by hand: reading JWS, proving ES256 signatures, signing with a secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


@dataclass(frozen=True)
class Signed:
    """A token taken apart; nothing about it is proven yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def unb64(said: str) -> bytes:
    """Base64url without padding."""
    return base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(token: str) -> Signed:
    """Take a compact token apart; `ValueError` if it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("a token has three parts")
    header, claims = (json.loads(unb64(part)) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("a token holds two objects")
    return Signed(header, claims, f"{parts[0]}.{parts[1]}".encode(), unb64(parts[2]))


def proven(token: Signed, jwk: dict[str, Any]) -> bool:
    """Whether it was signed by ES256 with that public key."""
    if token.header.get("alg") != "ES256" or len(token.signature) != 64:
        return False
    half = (token.signature[:32], token.signature[32:])
    der = encode_dss_signature(*(int.from_bytes(each, "big") for each in half))
    try:
        _public(jwk).verify(der, token.signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def thumbprint(jwk: dict[str, Any]) -> str:
    """The key's name by RFC 7638."""
    said = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    packed = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return b64(hashlib.sha256(packed).digest())


def secret_token(claims: dict[str, Any], typ: str, secret: bytes) -> str:
    """A token signed with a secret (HS256), as a server hands it to its own clients."""
    header = {"typ": typ, "alg": "HS256"}
    said = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
    return f"{said}.{b64(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


def _public(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    if jwk["kty"] != "EC" or jwk["crv"] != "P-256":
        raise ValueError("an EC key on P-256 is expected")
    x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
