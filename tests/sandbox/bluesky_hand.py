"""Clients of the stand-in for Bluesky: by session, and by OAuth with keys of PyPI `joserfc`."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
import time
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from PIL import Image

PDS = "bsky.social"
POST = "app.bsky.feed.post"
REDIRECT = "http://127.0.0.1:3000/oauth/callback"
SCOPE = "atproto transition:generic"
CLIENT = f"http://localhost?redirect_uri={quote(REDIRECT, safe='')}&scope={quote(SCOPE)}"
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


def tid() -> str:
    """A key for a record."""
    number = int(time.time() * 1_000_000) << 10 | secrets.randbelow(1024)
    return "".join(SORTABLE[number >> shift & 31] for shift in range(60, -5, -5))


def post(text: str = "Light upon light", **more: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": "2026-11-01T10:00:00.000Z", **more}


def png(side: int = 16, colour: int | None = None) -> bytes:
    file = io.BytesIO()
    shade = secrets.randbelow(256) if colour is None else colour
    Image.new("RGB", (side, side), (shade, 30, secrets.randbelow(256))).save(file, "PNG")
    return file.getvalue()


class Session:
    """A client with a password."""

    def __init__(self, stand: Any, person: int = 0) -> None:
        people = stand.client.get(f"{stand.url}/_sandbox/people").json()
        found = [each for each in people if each["platform"] == "bluesky"][person]
        self._begin(stand, found["id"], found["username"], found["password"])

    def _begin(self, stand: Any, did: str, handle: str, password: str) -> None:
        self.stand, self.http = stand, stand.client
        self.did, self.handle, self.password = did, handle, password
        self.tokens = self.log_in().json()

    @classmethod
    def of(cls, stand: Any, did: str, handle: str, password: str) -> Session:
        """A client of any server."""
        made = cls.__new__(cls)
        made._begin(stand, did, handle, password)
        return made

    def log_in(self, password: str = "") -> httpx.Response:
        said = {"identifier": self.handle, "password": password or self.password}
        return self.ask("POST", "com.atproto.server.createSession", said, token="")

    def forward(self, seconds: float) -> None:
        """Put the stand-in's clock forward, and log in anew."""
        self.stand.forward(seconds)
        self.tokens = self.log_in().json()

    def ask(
        self, method: str, name: str, body: Any = None, token: str | None = None, **query: Any
    ) -> httpx.Response:
        token = self.tokens["accessJwt"] if token is None else token
        answer: httpx.Response = self.http.request(
            method,
            self.stand.at(PDS, f"xrpc/{name}"),
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        return answer

    def create(self, record: dict[str, Any], **more: Any) -> httpx.Response:
        return self._write("createRecord", record=record, **more)

    def put(self, record: dict[str, Any], rkey: str, **more: Any) -> httpx.Response:
        return self._write("putRecord", record=record, rkey=rkey, **more)

    def delete(self, rkey: str, **more: Any) -> httpx.Response:
        return self._write("deleteRecord", rkey=rkey, **more)

    def _write(self, name: str, **said: Any) -> httpx.Response:
        body = {"repo": self.did, "collection": POST, **said}
        return self.ask("POST", f"com.atproto.repo.{name}", body)

    def get(self, rkey: str) -> httpx.Response:
        return self.ask(
            "GET", "com.atproto.repo.getRecord", repo=self.did, collection=POST, rkey=rkey
        )

    def upload(self, content: bytes, mime: str = "image/png") -> httpx.Response:
        answer: httpx.Response = self.http.post(
            self.stand.at(PDS, "xrpc/com.atproto.repo.uploadBlob"),
            content=content,
            headers={"Authorization": f"Bearer {self.tokens['accessJwt']}", "Content-Type": mime},
        )
        return answer

    def blob(self, content: bytes | None = None, mime: str = "image/png") -> dict[str, Any]:
        found: dict[str, Any] = self.upload(content or png(), mime).json()["blob"]
        return found


class Prover:
    """A client by OAuth: one key, the nonces it was told, and the tokens it was given."""

    def __init__(self, stand: Any, client_id: str = CLIENT) -> None:
        self.stand, self.http, self.client_id = stand, stand.client, client_id
        self.key = ECKey.generate_key("P-256")
        self.nonces: dict[str, str] = {}
        self.tokens: dict[str, Any] = {}
        self.issuer = stand.at(PDS).rstrip("/")
        self.verifier = secrets.token_urlsafe(48)

    def proof(self, method: str, url: str, token: str = "", **more: Any) -> str:
        kind = "resource" if "/xrpc/" in url else "issuer"
        claims = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            **({"nonce": self.nonces[kind]} if kind in self.nonces else {}),
            **({"ath": digest(token)} if token else {}),
            **more,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        return str(jwt.encode(header, claims, self.key))

    def send(self, method: str, url: str, **how: Any) -> httpx.Response:
        """Send once; the nonce of the answer is remembered."""
        token, extra = how.pop("token", ""), how.pop("claims", {})
        headers = {"DPoP": how.pop("proof", "") or self.proof(method, url, token, **extra)}
        if token:
            headers["Authorization"] = f"DPoP {token}"
        answer: httpx.Response = self.http.request(method, url, headers=headers, **how)
        if nonce := answer.headers.get("dpop-nonce"):
            self.nonces["resource" if "/xrpc/" in url else "issuer"] = nonce
        return answer

    def sure(self, method: str, url: str, **how: Any) -> httpx.Response:
        """Send, and once more when a nonce was asked for."""
        answer = self.send(method, url, **how)
        if answer.status_code in (400, 401) and answer.json().get("error") == "use_dpop_nonce":
            answer = self.send(method, url, **how)
        return answer

    def form(self, **changes: str | None) -> dict[str, str]:
        form: dict[str, str | None] = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
            "state": "s1",
            "code_challenge": digest(self.verifier),
            "code_challenge_method": "S256",
        } | changes
        return {name: value for name, value in form.items() if value is not None}

    def push(self, **changes: str | None) -> httpx.Response:
        return self.sure("POST", f"{self.issuer}/oauth/par", data=self.form(**changes))

    def authorize_url(self, request_uri: str) -> str:
        asked = {"client_id": self.client_id, "request_uri": request_uri}
        return f"{self.issuer}/oauth/authorize?{urlencode(asked)}"

    def consent(self, person: int = 0, decision: str = "allow", **changes: str) -> dict[str, str]:
        pushed = self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        url = self.authorize_url(pushed.json()["request_uri"])
        came: dict[str, str] = self.stand.consent(url, person, decision)
        return came

    def redeem(self, code: str, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
        } | changes
        return self.sure("POST", f"{self.issuer}/oauth/token", data=form)

    def refresh(self, token: str = "", **changes: str) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "refresh_token": token or self.tokens["refresh_token"],
        } | changes
        return self.sure("POST", f"{self.issuer}/oauth/token", data=form)

    def log_in(self, person: int = 0, **changes: str) -> dict[str, Any]:
        answer = self.redeem(self.consent(person, **changes)["code"])
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()
        return self.tokens

    def xrpc(self, name: str) -> str:
        return f"{self.issuer}/xrpc/{name}"

    def create(self, text: str, **how: Any) -> httpx.Response:
        body = {"repo": self.tokens["sub"], "collection": POST, "record": post(text)}
        how.setdefault("token", self.tokens["access_token"])
        return self.sure("POST", self.xrpc("com.atproto.repo.createRecord"), json=body, **how)


def digest(said: str) -> str:
    """SHA-256 in base64url, as PKCE and DPoP want it."""
    raw = hashlib.sha256(said.encode()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
