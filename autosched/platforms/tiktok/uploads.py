"""A video on its way to TikTok: in chunks, one after the other, and the last one publishes it.

So all but the last are sent while nothing is public. The handle holds `upload`: `key` (which file
with which words), `publish_id`, `url`, `at` (when it was begun), `size`, `sent`, and once the last
chunk was tried `last_at`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.tiktok import attempts, errors
from autosched.platforms.tiktok.errors import TITLE

CHUNK_BYTES = 5_242_880
"""The smallest that is 5 MB however a megabyte is counted, so that a break costs the least."""
CHUNKS_MOST = 1000
URL_SECONDS = 3600.0
_PAUSES = (0.5, 1.0, 2.0)
"""Before a broken chunk is tried again; with progress they begin anew."""


@dataclass(frozen=True)
class Plan:
    """How a file is cut: `count` chunks of `chunk` bytes, and the last takes what is over."""

    size: int
    chunk: int
    count: int

    @property
    def last(self) -> int:
        """Where the last chunk begins."""
        return self.chunk * (self.count - 1)

    def stretch(self, first: int) -> int:
        """The length of the chunk that begins at `first`."""
        return self.size - first if first >= self.last else self.chunk

    def begun(self, received: int) -> int:
        """Where to go on after so many bytes: a chunk that came in part is sent as a whole."""
        if received >= self.size:
            return self.size
        return min(received // self.chunk * self.chunk, self.last)


def plan(size: int) -> Plan:
    """Cut a file of `size` bytes; one of less than two chunks goes as a whole."""
    chunk = max(CHUNK_BYTES, -(-size // CHUNKS_MOST))
    if size < 2 * chunk:
        return Plan(size, size, 1)
    return Plan(size, chunk, size // chunk)


def bring(desk: Desk, draft: Draft, shape: str) -> None:
    """Send all but the last chunk, going on where an earlier try has stopped."""
    key = attempts.identity(draft, shape)
    if not _continued(desk, key):
        size = draft.media[0].path.stat().st_size
        cut = plan(size)
        source = {"video_size": size, "chunk_size": cut.chunk, "total_chunk_count": cut.count}
        publish_id, url = attempts.begin_video(desk, draft, shape, source)
        upload = {"key": key, "publish_id": publish_id, "url": url, "at": time.time()}
        remember(desk, upload={**upload, "size": size, "sent": 0})
    _send(desk, draft)


def finish(desk: Desk, draft: Draft) -> str:
    """Send the last chunk, which publishes; the `publish_id`. What is there already is not sent."""
    upload = desk.handle["upload"]
    cut = plan(upload["size"])
    if upload["sent"] < upload["size"]:
        _send(desk, draft)
        _note(desk, last_at=time.time())
        try:
            reply = _put(desk, draft, cut.last)
        except wire.Unreached as failure:
            raise refusals.unreached(TITLE, sent=failure.sent, committing=True) from failure
        if not reply.good:
            error = errors.upload_refused(reply, committing=True)
            if error.code == "upload_expired":
                _note(desk, expired=True)
            raise error
        _note(desk, sent=upload["size"])
    return str(upload["publish_id"])


def arrived(desk: Desk, received: int | None) -> bool:
    """Note what TikTok says it has; whether that is all."""
    upload = desk.handle["upload"]
    if received is None:
        return bool(upload["sent"] >= upload["size"])
    _note(desk, sent=plan(upload["size"]).begun(received))
    return received >= int(upload["size"])


def _continued(desk: Desk, key: str) -> bool:
    """Whether there is an upload to go on with. One whose last chunk may have been sent is never
    left without having asked TikTok for it; what is in doubt was settled before this."""
    upload: dict[str, Any] | None = desk.handle.get("upload")
    if not upload or (upload["key"] != key and "last_at" not in upload):
        return False
    found = attempts.standing(desk, upload["publish_id"])
    if found is None:
        return False
    if found.failed:
        remember(desk, upload=None)
        error = errors.failed(found.reason)
        if error.action != Action.RETRY:
            raise error
        return False
    if not found.working or arrived(desk, found.received):
        _note(desk, sent=upload["size"])
        return True
    # Not all is there, and no more can come: this attempt has no end.
    over = upload.get("expired") or upload["at"] + URL_SECONDS < time.time()
    return not over and upload["key"] == key


def _send(desk: Desk, draft: Draft) -> None:
    """Send chunks up to the last. A break is asked after, and the chunk sent once more."""
    cut = plan(desk.handle["upload"]["size"])
    broken = 0
    while (first := desk.handle["upload"]["sent"]) < cut.last:
        try:
            reply: wire.Reply | None = _put(desk, draft, first)
        except wire.Unreached:
            reply = None
        if reply is not None and reply.good:
            _note(desk, sent=first + cut.stretch(first))
            broken = 0
            continue
        if reply is not None and reply.status < 500 and reply.status != 416:
            error = errors.upload_refused(reply)
            if error.code == "upload_expired":
                remember(desk, upload=None)
            raise error
        if broken == len(_PAUSES):
            raise refusals.out_of_reach(TITLE) if reply is None else errors.upload_refused(reply)
        time.sleep(_PAUSES[broken])
        broken += 1
        _ask_how_far(desk)


def _ask_how_far(desk: Desk) -> None:
    found = attempts.standing(desk, desk.handle["upload"]["publish_id"])
    if found is None or found.failed:
        remember(desk, upload=None)
        if found is not None:
            raise errors.failed(found.reason)
        raise PlatformError(
            "TikTok no longer knows what was uploaded for this post.",
            action=Action.RETRY,
            remedy="It will be uploaded again by itself.",
            code="attempt_unknown",
        )
    arrived(desk, found.received)


def _put(desk: Desk, draft: Draft, first: int) -> wire.Reply:
    upload, media = desk.handle["upload"], draft.media[0]
    size = int(upload["size"])
    length = plan(size).stretch(first)
    return wire.call(
        "PUT",
        upload["url"],
        content=wire.FilePart(
            media.path, first, length, lambda sent: desk.progress(min(1.0, sent / size))
        ),
        headers={
            "Content-Type": media.mime,
            "Content-Range": f"bytes {first}-{first + length - 1}/{size}",
        },
    )


def _note(desk: Desk, **facts: Any) -> None:
    remember(desk, upload={**desk.handle["upload"], **facts})
