"""Requests to platforms: one client for the process, and one place where their hosts are named.

With the setting `sandbox` every `https://HOST/PATH` becomes `SANDBOX/HOST/PATH`, so that the same
code speaks to the stand-in. Redirects are never followed: they could lead a token elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

from autosched.settings import settings

_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_UPLOAD_TIMEOUT = httpx.Timeout(120.0, connect=10.0)
_CHUNK = 256 * 1024


class Unreached(Exception):
    """No answer came. `sent`: the request may have reached the server all the same."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


@dataclass(frozen=True)
class Reply:
    """An answer, whatever its status. `body`: what its JSON holds, or `None` if it is none."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: Any
    text: str = field(repr=False)

    @property
    def good(self) -> bool:
        """Whether the status is a success (2xx)."""
        return 200 <= self.status < 300

    def get(self, *path: str | int) -> Any:
        """What stands at `path` in the body, or `None`."""
        at = self.body
        for step in path:
            if isinstance(at, dict) and isinstance(step, str):
                at = at.get(step)
            elif isinstance(at, list) and isinstance(step, int) and -len(at) <= step < len(at):
                at = at[step]
            else:
                return None
        return at


class FilePart:
    """A stretch of a file as a request's body: read in pieces, from its start each time."""

    def __init__(
        self,
        path: Path,
        first: int = 0,
        size: int | None = None,
        progress: Callable[[int], None] = lambda sent: None,
    ) -> None:
        self.path, self.first = path, first
        self.size = path.stat().st_size - first if size is None else size
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        left = self.size
        with self.path.open("rb") as file:
            file.seek(self.first)
            while left > 0 and (piece := file.read(min(_CHUNK, left))):
                left -= len(piece)
                yield piece
                self._progress(self.first + self.size - left)

    def read(self) -> bytes:
        """The stretch as a whole; for the small ones."""
        with self.path.open("rb") as file:
            file.seek(self.first)
            return file.read(self.size)


def address(url: str) -> str:
    """Where `url` is reached: itself, or its place in the stand-in."""
    sandbox = settings().sandbox.rstrip("/")
    if not sandbox or not url.startswith("https://"):
        return url
    return f"{sandbox}/{url.removeprefix('https://')}"


def named(url: str) -> str:
    """The inverse of `address`: the platform's own name of what stands in the stand-in."""
    sandbox = settings().sandbox.rstrip("/")
    if not sandbox or not url.startswith(f"{sandbox}/"):
        return url
    return f"https://{url.removeprefix(f'{sandbox}/')}"


def call(
    method: str,
    url: str,
    *,
    content: bytes | FilePart | None = None,
    headers: dict[str, str] | None = None,
    timeout: httpx.Timeout | None = None,
    **request: Any,
) -> Reply:
    """Send a request and return its answer; `Unreached` if none came.

    `request`: `params`, `json`, `data`, `files` as httpx takes them. A `FilePart` is streamed.
    """
    named = dict(headers or {})
    if isinstance(content, FilePart):
        named.setdefault("Content-Length", str(content.size))
        timeout = timeout or _UPLOAD_TIMEOUT
    try:
        response = _client().request(
            method,
            address(url),
            # A FilePart's `read` gives all at once; as a mere iterator it is sent piece by piece.
            content=iter(content) if isinstance(content, FilePart) else content,
            headers=named,
            timeout=timeout or _TIMEOUT,
            **request,
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreached(type(error).__name__, sent=False) from error
    except httpx.HTTPError as error:
        raise Unreached(type(error).__name__, sent=True) from error
    except OSError as error:  # the file could not be read
        raise Unreached(type(error).__name__, sent=True) from error
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = None
    return Reply(response.status_code, response.headers, body, response.text[:2000])


def pause(reply: Reply, *names: str) -> float | None:
    """Seconds to wait, by `Retry-After` or the first of the headers `names` that says when.

    Such a header holds Unix seconds or an ISO time. Servers that add a word to it are forgiven.
    """
    for name in ("retry-after", *names):
        said = reply.headers.get(name, "").split(",")[0].strip()
        if not said:
            continue
        value = _number(said)
        if value is None:
            continue
        ahead = value - time.time() if value > 1_000_000_000 else value
        return max(1.0, ahead)
    return None


def _number(said: str) -> float | None:
    """Seconds, or a moment (ISO 8601 or as mails are dated) in Unix seconds."""
    for read in (
        float,
        lambda text: datetime.fromisoformat(text).timestamp(),
        lambda text: parsedate_to_datetime(text).timestamp(),
    ):
        try:
            return read(said)
        except (ValueError, TypeError):
            continue
    return None


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    # One for the process: it keeps connections open, and is safe to share between threads.
    return httpx.Client(headers={"User-Agent": "autosched"}, follow_redirects=False)
