"""OAuth clients of the AT Protocol: nobody registers, the identifier is where the metadata is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx

from autosched.sandbox.platforms.bluesky_jose import proven, read
from autosched.sandbox.wire import Refusal, answer

LOOPBACK = "http://localhost"
LOOPBACK_REDIRECTS = ("http://127.0.0.1/", "http://[::1]/")
ADDRESSES = ("127.0.0.1", "::1")
REACHED = (*ADDRESSES, "localhost")
"""Hosts whose metadata are fetched: the stand-in asks nothing of the world outside."""
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60.0
SKEW_SECONDS = 15.0


@dataclass(frozen=True)
class Client:
    """An app: where it may be sent back to, what it may ask for, how it proves to be itself."""

    id: str
    redirects: tuple[str, ...]
    scopes: tuple[str, ...]
    method: str = "none"
    keys: tuple[dict[str, Any], ...] = ()
    grants: tuple[str, ...] = ("authorization_code", "refresh_token")

    def may_return_to(self, uri: str) -> bool:
        """Whether the address is one of its own; a loopback one without a port takes any."""
        return uri in self.redirects or _portless(uri) in self.redirects


@dataclass
class Clients:
    """The clients seen so far, and the assertions they have used."""

    issuer: str
    known: dict[str, Client] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    async def find(self, id: str) -> Client:
        """The client by its identifier, fetched if it is new."""
        if not id:
            raise wrong("invalid_request", "client_id is missing")
        parts = urlsplit(id)
        if parts.scheme == "http" and parts.hostname == "localhost" and not parts.path.strip("/"):
            return _loopback(id)
        if id not in self.known:
            self.known[id] = await _fetched(id)
        return self.known[id]

    def prove(self, client: Client, form: dict[str, str]) -> None:
        """Check the client's own signature, if it is one that signs."""
        if client.method == "none":
            return
        if form.get("client_assertion_type") != ASSERTION:
            raise wrong("invalid_client", "client authentication required", 401)
        try:
            token = read(form.get("client_assertion", ""))
        except ValueError:
            raise wrong("invalid_client", "client_assertion is no token", 401) from None
        claims, kid = token.claims, token.header.get("kid")
        if not any(key.get("kid") == kid and proven(token, key) for key in client.keys):
            raise wrong("invalid_client", "client_assertion is not signed by a known key", 401)
        made, name, meant = claims.get("iat"), claims.get("jti"), claims.get("aud")
        now = time.time()
        if (
            claims.get("iss") != client.id
            or claims.get("sub") != client.id
            or self.issuer not in (meant if isinstance(meant, list) else [meant])
            or not isinstance(made, int | float)
            or not -SKEW_SECONDS <= now - made <= ASSERTION_SECONDS + SKEW_SECONDS
            or claims.get("exp", now + 1) <= now
            or not isinstance(name, str)
        ):
            raise wrong("invalid_client", "client_assertion does not hold", 401)
        if name in self.used:
            raise wrong("invalid_grant", "private_key_jwt jti reused")
        self.used.add(name)


def wrong(error: str, description: str, status: int = 400) -> Refusal:
    """An OAuth error, to be raised."""
    return Refusal(answer(status, {"error": error, "error_description": description}))


def _loopback(id: str) -> Client:
    """A client under development, whose metadata stand in its identifier."""
    asked = parse_qs(urlsplit(id).query)
    redirects = tuple(asked.get("redirect_uri", LOOPBACK_REDIRECTS))
    for uri in redirects:
        if urlsplit(uri).scheme != "http" or urlsplit(uri).hostname not in ADDRESSES:
            raise wrong(
                "invalid_client_metadata", f"Invalid loopback redirect_uri: {uri} is no loopback IP"
            )
    scopes = tuple(asked.get("scope", ["atproto"])[0].split())
    if "atproto" not in scopes:
        raise wrong("invalid_client_metadata", 'Missing "atproto" scope')
    return Client(id, redirects, scopes)


async def _fetched(id: str) -> Client:
    parts = urlsplit(id)
    said: Any = None
    if parts.scheme in ("http", "https") and parts.hostname in REACHED and parts.path.strip("/"):
        try:
            async with httpx.AsyncClient(timeout=5) as http:
                said = (await http.get(id)).raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            said = None
    if not isinstance(said, dict):
        raise wrong("invalid_client_metadata", f"Unable to obtain client metadata for {id}")
    keys = said.get("jwks", {}).get("keys", []) if isinstance(said.get("jwks"), dict) else []
    client = Client(
        id,
        tuple(said.get("redirect_uris", ())),
        tuple(str(said.get("scope", "")).split()),
        str(said.get("token_endpoint_auth_method", "none")),
        tuple(keys),
        tuple(said.get("grant_types", ("authorization_code",))),
    )
    for good, reason in (
        (said.get("client_id") == id, "client_id must be the address of the metadata"),
        (said.get("dpop_bound_access_tokens") is True, "dpop_bound_access_tokens must be true"),
        ("atproto" in client.scopes, 'Missing "atproto" scope'),
        (client.redirects != (), "redirect_uris is missing"),
        ("authorization_code" in client.grants, "grant_types must have authorization_code"),
        (client.method in ("none", "private_key_jwt"), "unknown token_endpoint_auth_method"),
        (client.method == "none" or client.keys, "jwks is missing"),
        (not any("d" in key for key in client.keys), "jwks must not hold private keys"),
    ):
        if not good:
            raise wrong("invalid_client_metadata", reason)
    return client


def _portless(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in ADDRESSES:
        return uri
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
