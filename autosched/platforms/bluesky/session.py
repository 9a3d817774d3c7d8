"""Requests to a Bluesky server (XRPC), signed by whatever authoriser the session is given."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import httpx

from autosched.platforms.bluesky.errors import Refusal, Unreached

_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
# After the last byte of a video the server still looks at it before it answers.
_UPLOAD_TIMEOUT = httpx.Timeout(120.0, connect=10.0)
_CHUNK = 256 * 1024


class Authoriser(Protocol):
    """What signs requests: tokens of an app password today, any other kind in the same place."""

    def sign(self, method: str, url: str) -> dict[str, str]:
        """The headers that prove who asks; old tokens are renewed first."""
        ...

    def again(self, refusal: Refusal) -> bool:
        """Learn from a refusal; whether the same request should be signed and sent once more."""
        ...


class FileBody:
    """A file as a request's body: read in chunks, from its start each time it is sent."""

    def __init__(self, path: Path, size: int, progress: Callable[[float], None]) -> None:
        self._path = path
        self._size = max(size, 1)
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
                sent += len(chunk)
                self._progress(min(1.0, sent / self._size))


class Session:
    """A server and who asks it. Raises `Refusal` or `Unreached`, or what the authoriser raises."""

    def __init__(self, server: str, authoriser: Authoriser | None = None) -> None:
        self._server = server.rstrip("/")
        self._authoriser = authoriser

    def query(self, method: str, **params: str) -> dict[str, Any]:
        """Ask a question that changes nothing."""
        return self._call("GET", method, params=params)

    def procedure(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Have something done."""
        return self._call("POST", method, json=body)

    def upload(self, body: bytes | FileBody, mime: str, size: int) -> dict[str, Any]:
        """Upload a file; the blob by which a record refers to it."""
        answer = self._call(
            "POST",
            "com.atproto.repo.uploadBlob",
            content=body,
            headers={"Content-Type": mime, "Content-Length": str(size)},
            timeout=_UPLOAD_TIMEOUT,
        )
        blob: dict[str, Any] = answer["blob"]
        return blob

    def _call(self, verb: str, method: str, **request: Any) -> dict[str, Any]:
        url = f"{self._server}/xrpc/{method}"
        try:
            return self._send(verb, url, **request)
        except Refusal as refusal:
            if self._authoriser is None or not self._authoriser.again(refusal):
                raise
        return self._send(verb, url, **request)

    def _send(
        self, verb: str, url: str, headers: dict[str, str] | None = None, **request: Any
    ) -> dict[str, Any]:
        signed = {**(headers or {})}
        if self._authoriser is not None:
            signed |= self._authoriser.sign(verb, url)
        try:
            response = _client().request(verb, url, headers=signed, **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreached(type(error).__name__, sent=False) from error
        except httpx.HTTPError as error:
            raise Unreached(type(error).__name__, sent=True) from error
        return _read(response)


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json() if response.content else {}
    except ValueError:
        body = None
    if response.is_success and isinstance(body, dict):
        return body
    said = body if isinstance(body, dict) else {}
    raise Refusal(
        response.status_code,
        str(said.get("error", "")),
        str(said.get("message", "")),
        _pause(response),
    )


def _pause(response: httpx.Response) -> float | None:
    """Seconds to wait before the next try, as the server's headers say."""
    if response.status_code not in (429, 503):
        return None
    for name, since in (("retry-after", 0.0), ("ratelimit-reset", time.time())):
        try:
            return max(1.0, float(response.headers[name]) - since)
        except (KeyError, ValueError):
            continue
    return None


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    # One for the process: it keeps connections open, and is safe to share between threads.
    # Redirects are not followed: they could lead a token to another host.
    return httpx.Client(timeout=_TIMEOUT, headers={"User-Agent": "autosched"})
