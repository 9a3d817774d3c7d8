"""A post's media on their way to X: small pictures at once, a GIF or a video in segments.

Every step is remembered before the next, in the handle under `media`, by the file's name: its
`id`, `key` and end (`ends`), the segments that were taken (`sent`, of `segment` bytes each),
whether X was told that it is whole (`finishing`, `whole`), and what was said of it (`alt`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import httpx

from autosched.platforms import digests, refusals, wire
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.x import calls, errors

SEGMENT_BYTES = int(os.environ.get("AUTOSCHED_X_SEGMENT_BYTES", 4 * 2**20))
"""Bytes in a segment. X does not say how many it takes; an earlier version took 5 MB."""
_SEGMENTS_MAX = 1000
_SPARE_SECONDS = 600.0
"""An upload that ends sooner than this is made anew."""
_WAIT_SECONDS = 90.0
_TIMEOUT = httpx.Timeout(120.0, connect=10.0)
_LOST = ("upload_gone", "not_found", *(row.code for row in errors.PROCESSING))
_GIF = "image/gif"


def attach(desk: Desk, draft: Draft, *, gif: bool) -> dict[str, list[str]]:
    """The media of the post, uploaded: their `ids`, and their `keys` by which posts name them."""
    named = list(zip(digests.names(draft.media), draft.media, strict=True))
    made = []
    for number, (name, media) in enumerate(named):

        def progress(share: float, before: int = number) -> None:
            desk.progress((before + share) / len(named))

        upload = _Upload(desk, name, media, progress)
        made.append(upload.ready("tweet_gif" if gif else _category(media)))
    return {"ids": [each["id"] for each in made], "keys": [each["key"] for each in made]}


def forget(desk: Desk) -> None:
    """X has lost what was uploaded: the next try begins anew."""
    remember(desk, media={}, attached=None)


def _category(media: Media) -> str:
    return "tweet_video" if media.kind == "video" else "tweet_image"


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

    def ready(self, category: str) -> dict[str, Any]:
        """Do what is left to do until a post can have it."""
        if self.state and self.state["ends"] < time.time() + _SPARE_SECONDS:
            self._keep({})
        try:
            if category == "tweet_image":
                self._at_once()
            else:
                self._in_segments(category)
            self._describe()
        except PlatformError as error:
            if error.code in _LOST:
                self._keep({})
            if error.code == "not_found":
                raise gone() from error
            raise
        self.progress(1.0)
        return self.state

    def _at_once(self) -> None:
        if self.state.get("whole"):
            return
        reply = self._call(
            "POST",
            "media/upload",
            "pictures",
            data={"media_category": "tweet_image"},
            files={"media": ("picture", self.media.path.read_bytes(), self.media.mime)},
            timeout=_TIMEOUT,
        )
        self._keep({**_told(reply), "whole": True})

    def _in_segments(self, category: str) -> None:
        if not self.state:
            self._begin(category)
        if not self.state.get("whole"):
            self._send()
            info = self._finish()
        elif not self.state.get("ready"):
            info = self._processing()
        else:
            return
        self._wait(info)
        self._note(ready=True)

    def _begin(self, category: str) -> None:
        size = self.media.path.stat().st_size
        mime = self.media.mime
        reply = self._call(
            "POST",
            "media/upload/initialize",
            "uploads",
            json={"media_type": mime, "total_bytes": size, "media_category": category},
        )
        segment = max(SEGMENT_BYTES, -(-size // _SEGMENTS_MAX))
        self._keep({**_told(reply), "segment": segment, "size": size, "sent": 0})

    def _send(self) -> None:
        """Append what is left; a segment whose answer was lost is sent again under its number."""
        state = self.state
        segment, size = state["segment"], state["size"]
        for number in range(state["sent"], -(-size // segment)):
            first = number * segment
            part = wire.FilePart(self.media.path, first, min(segment, size - first))
            self._call(
                "POST",
                f"media/upload/{state['id']}/append",
                "uploads",
                data={"segment_index": str(number)},
                files={"media": ("segment", part.read(), "application/octet-stream")},
                timeout=_TIMEOUT,
            )
            self._note(sent=number + 1)
            self.progress((first + part.size) / size * 0.95)

    def _finish(self) -> dict[str, Any] | None:
        """Say that it is whole. If that was said before a crash, it is asked first."""
        if self.state.get("finishing"):
            reply = self._ask(fine=(400, 404))
            if reply.good:
                self._note(whole=True)
                return _info(reply)
        self._note(finishing=True)
        path = f"media/upload/{self.state['id']}/finalize"
        reply = self._call("POST", path, "uploads", timeout=_TIMEOUT)
        self._note(whole=True, ends=_told(reply)["ends"])
        return _info(reply)

    def _processing(self) -> dict[str, Any] | None:
        return _info(self._ask())

    def _wait(self, info: dict[str, Any] | None) -> None:
        """Return when X has worked through the file. No word of it means that there is no work."""
        until = time.monotonic() + _WAIT_SECONDS
        while info is not None and info.get("state") != "succeeded":
            if info.get("state") == "failed":
                raise _failed(info)
            pause = min(max(float(info.get("check_after_secs") or 1), 0.5), 15.0)
            if time.monotonic() + pause > until:
                raise _slow(pause)
            time.sleep(pause)
            self.progress(0.95)
            info = self._processing()

    def _describe(self) -> None:
        alt = self.media.alt.strip()
        if self.media.kind != "image" or not alt or self.state.get("alt") == digests.of_text(alt):
            return
        self._call(
            "POST",
            "media/metadata",
            "alt_texts",
            json={"id": self.state["id"], "metadata": {"alt_text": {"text": alt}}},
        )
        self._note(alt=digests.of_text(alt))

    def _ask(self, fine: tuple[int, ...] = ()) -> wire.Reply:
        asked = {"command": "STATUS", "media_id": self.state["id"]}
        return self._call("GET", "media/upload", "upload_states", params=asked, fine=fine)

    def _call(self, method: str, path: str, bucket: str, **request: Any) -> wire.Reply:
        return calls.call(self.desk, method, path, bucket, **request)

    def _note(self, **facts: Any) -> None:
        self._keep({**self.state, **facts})

    def _keep(self, state: dict[str, Any]) -> None:
        others = {**(self.desk.handle.get("media") or {})}
        others.pop(self.name, None)
        remember(self.desk, media={**others, **({self.name: state} if state else {})})


def _told(reply: wire.Reply) -> dict[str, Any]:
    """The identifier, key and end of an upload, as X gives them."""
    id = reply.get("data", "id")
    if not id:
        raise refusals.trouble(errors.TITLE, "it gave the upload no name")
    lasts = float(reply.get("data", "expires_after_secs") or 3600)
    key = str(reply.get("data", "media_key") or "")
    return {"id": str(id), "key": key, "ends": time.time() + lasts}


def _info(reply: wire.Reply) -> dict[str, Any] | None:
    info = reply.get("data", "processing_info")
    return info if isinstance(info, dict) else None


def _failed(info: dict[str, Any]) -> PlatformError:
    told = info.get("error") or {}
    message = str(told.get("message") or told.get("name") or "") if isinstance(told, dict) else ""
    row = refusals.look_up(errors.PROCESSING, 200, message=message)
    assert row is not None  # the last row fits all
    return refusals.error(row, message)


def gone() -> PlatformError:
    """X does not have the media of this post (any more)."""
    return refusals.error(next(row for row in errors.ROWS if row.code == "upload_gone"))


def _slow(pause: float) -> PlatformError:
    return PlatformError(
        "X has not finished working on the media.",
        action=Action.RETRY,
        remedy="It will be tried again by itself.",
        code="processing",
        retry_after=max(5.0, pause),
    )
