"""A post's media on their way to a Mastodon server, which takes each file in one request.

What is uploaded stands in the handle under `media`, by the file's name: `id`, when (`at`, Unix
seconds), whether the server is done with it (`ready`) and what was said of it (`alt`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import IO, Any

import httpx

from autosched.platforms import digests, refusals
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.mastodon import calls, errors

_KEPT_SECONDS = 20 * 3600.0
"""Servers throw away after a day what is in no post; so old an upload is made anew."""
_WAIT_SECONDS = 90.0
_PAUSE_SECONDS = 1.0
_TIMEOUT = httpx.Timeout(180.0, connect=10.0)
_LOST = ("upload_gone", "not_found", "processing_failed")


def attach(desk: Desk, draft: Draft) -> list[str]:
    """The identifiers of the post's media, uploaded and ready."""
    named = list(zip(digests.names(draft.media), draft.media, strict=True))
    made = []
    for number, (name, media) in enumerate(named):

        def progress(share: float, before: int = number) -> None:
            desk.progress((before + share) / len(named))

        made.append(_Upload(desk, name, media, progress).ready())
    return made


def forget(desk: Desk) -> None:
    """The server has lost what was uploaded: the next try begins anew."""
    remember(desk, media={}, attached=None)


class _Upload:
    """One file, and how far it is."""

    def __init__(
        self, desk: Desk, name: str, media: Media, progress: Callable[[float], None]
    ) -> None:
        self.desk, self.name, self.media, self.progress = desk, name, media, progress

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = (self.desk.handle.get("media") or {}).get(self.name, {})
        return found

    def ready(self) -> str:
        """Do what is left to do until a post can have it; its identifier."""
        if self.state and self.state["at"] < time.time() - _KEPT_SECONDS:
            self._keep({})
        try:
            if not self.state:
                self._send()
            if not self.state["ready"]:
                self._wait()
            self._describe()
        except PlatformError as error:
            if error.code in _LOST:
                self._keep({})
            if error.code == "not_found":
                raise refusals.error(errors.UPLOAD_GONE) from error
            raise
        self.progress(1.0)
        return str(self.state["id"])

    def _send(self) -> None:
        alt = self.media.alt.strip()
        name = f"file{self.media.path.suffix}"
        with self.media.path.open("rb") as file:
            told = _Told(file, self.media.size, lambda share: self.progress(share * 0.9))
            reply = calls.call(
                self.desk,
                "POST",
                "api/v2/media",
                "media",
                files={"file": (name, told, self.media.mime)},
                data={"description": alt} if alt else {},
                timeout=_TIMEOUT,
            )
        if not reply.get("id"):
            raise refusals.trouble(errors.TITLE, "it gave the upload no name")
        ready = reply.status != 202 and bool(reply.get("url"))
        facts = {"id": str(reply.get("id")), "at": time.time(), "alt": digests.of_text(alt)}
        self._keep({**facts, "ready": ready})

    def _wait(self) -> None:
        """Return when the server has worked through the file."""
        until = time.monotonic() + _WAIT_SECONDS
        while calls.call(self.desk, "GET", f"api/v1/media/{self.state['id']}").status == 206:
            if time.monotonic() + _PAUSE_SECONDS > until:
                raise PlatformError(
                    "The Mastodon server has not finished working on the media.",
                    action=Action.RETRY,
                    remedy="It will be tried again by itself.",
                    code="processing",
                    retry_after=10.0,
                )
            time.sleep(_PAUSE_SECONDS)
            self.progress(0.95)
        self._keep({**self.state, "ready": True})

    def _describe(self) -> None:
        """Say another description than was said with the file."""
        alt = self.media.alt.strip()
        if self.state["alt"] == digests.of_text(alt):
            return
        path = f"api/v1/media/{self.state['id']}"
        calls.call(self.desk, "PUT", path, json={"description": alt})
        self._keep({**self.state, "alt": digests.of_text(alt)})

    def _keep(self, state: dict[str, Any]) -> None:
        others = {**(self.desk.handle.get("media") or {})}
        others.pop(self.name, None)
        remember(self.desk, media={**others, **({self.name: state} if state else {})})


class _Told:
    """A file that tells how far it has been read; it is never in memory as a whole."""

    def __init__(self, file: IO[bytes], size: int, progress: Callable[[float], None]) -> None:
        self._file, self._size, self._progress = file, max(size, 1), progress

    def read(self, most: int = -1) -> bytes:
        """The next piece."""
        piece = self._file.read(most)
        self._progress(min(1.0, self._file.tell() / self._size))
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def fileno(self) -> int:
        """The descriptor, by which the size is known."""
        return self._file.fileno()
