"""Who this installation is to a Bluesky server: nobody registers, an address is enough.

On a loopback address it is a client under development, whose access ends after two weeks. Reached
by https, it shows its description and its key, signs its requests, and keeps its access.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from autosched.errors import UnavailableError
from autosched.platforms.bluesky.dpop import Key
from autosched.settings import settings

SCOPES = ("atproto", "transition:generic")
METADATA_PATH = "/oauth/bluesky/client-metadata.json"
RETURN_PATH = "/connect/bluesky/back"

_LOOPBACK = "http://localhost"
_ADDRESSES = ("127.0.0.1", "::1")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60


@dataclass(frozen=True)
class Client:
    """How a server knows us. `signs`: every request for tokens is signed with our own key."""

    id: str

    @property
    def signs(self) -> bool:
        """Whether it is more than a client on loopback."""
        return urlsplit(self.id).hostname != "localhost"

    def credentials(self, issuer: str) -> dict[str, str]:
        """What goes with every request for tokens at the server `issuer`."""
        if not self.signs:
            return {"client_id": self.id}
        key, now = _key(settings().data_dir / "bluesky-client.json"), int(time.time())
        claims: dict[str, Any] = {
            "iss": self.id,
            "sub": self.id,
            "aud": issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        return {
            "client_id": self.id,
            "client_assertion_type": _ASSERTION,
            "client_assertion": key.token({"typ": "JWT", "kid": key.name()}, claims),
        }


def client_for(redirect_uri: str) -> Client:
    """The client whose consents come back to `redirect_uri`; `UnavailableError` if Bluesky knows
    no client at such an address.
    """
    parts = urlsplit(redirect_uri)
    if parts.scheme == "http" and parts.hostname in _ADDRESSES:
        asked = f"redirect_uri={quote(redirect_uri, safe='')}&scope={quote(' '.join(SCOPES))}"
        return Client(f"{_LOOPBACK}?{asked}")
    if parts.scheme == "https" and parts.hostname not in ("localhost", *_ADDRESSES):
        return Client(f"{settings().public_url.rstrip('/')}{METADATA_PATH}")
    here = "http://127.0.0.1" + (f":{parts.port}" if parts.port else "")
    raise UnavailableError(
        f"Bluesky sends nobody back to {parts.scheme}://{parts.netloc}.",
        remedy="Connect with an app password, or let autosched be reached by https"
        + (f", or open it at {here}" if parts.hostname == "localhost" else "")
        + " and set AUTOSCHED_PUBLIC_URL to that address.",
        code="address_unfit",
    )


def client_metadata(public_url: str) -> dict[str, Any]:
    """The description that servers fetch, for an installation that is reached at `public_url`."""
    here = public_url.rstrip("/")
    key = _key(settings().data_dir / "bluesky-client.json")
    shown = {**key.public(), "kid": key.name(), "alg": "ES256", "use": "sig"}
    return {
        "client_id": f"{here}{METADATA_PATH}",
        "client_name": "autosched",
        "client_uri": here,
        "application_type": "web",
        "redirect_uris": [f"{here}{RETURN_PATH}"],
        "scope": " ".join(SCOPES),
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [shown]},
    }


@lru_cache(maxsize=4)
def _key(path: Path) -> Key:
    """This installation's key, made on the first question."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    # Whole or not at all, and readable by its owner only; of two that make one, one is kept.
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"d": Key.new().stored()}, file)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return Key.opened(json.loads(path.read_text())["d"])
