"""A video on its way to YouTube: one resumable session, whose address is the handle of all.

The handle holds `session` (the address), `session_at`, `key` (which file with which words),
`received`, `last_at` once the last byte may have been sent, and `video_id` and `uploaded_at` when
YouTube has the video.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.youtube import calls, checks, errors
from autosched.platforms.youtube.errors import TITLE

CHUNK_BYTES = 8 * 1024 * 1024
"""A multiple of 256 KiB, as YouTube wants; only the last one of a file may be shorter."""
LIST_PATIENCE_SECONDS = 60.0
"""How long a new video may take until the channel's list shows it."""
_CLOCKS_APART_SECONDS = 60.0
_LISTED = 50
_PAUSES = (0.5, 1.0, 2.0)
"""Before the session is asked how far it is; with progress they begin anew."""
_PAUSE_MOST = 5.0
"""A longer pause that YouTube asks for is left to the schedule."""


def bring(desk: Desk, draft: Draft, video: Media) -> str:
    """Upload the video in private, going on where an earlier try has stopped; its identifier."""
    key = identity(draft, video.path)
    known = desk.handle if desk.handle.get("key") == key else {}
    if known.get("video_id"):
        return str(known["video_id"])
    resource = _resumed(desk, draft, video) if known.get("session") else None
    if resource is None:
        _begin(desk, draft, video, key)
        resource = _sent(desk, video, 0)
    remember(desk, video_id=resource["id"], uploaded_at=time.time(), session=None)
    return str(resource["id"])


def identity(draft: Draft, path: Path) -> str:
    """What an upload belongs to: this file with these words. Another edit is another upload."""
    said = json.dumps([checks.resource(draft), checks.status(draft, "private")], sort_keys=True)
    digest = hashlib.sha256(said.encode())
    try:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
    return digest.hexdigest()


def _begin(desk: Desk, draft: Draft, video: Media, key: str) -> None:
    """Open a session. If its answer is lost nothing has come to be, so it is simply asked again."""
    told = checks.resource(draft)
    notify = "true" if draft.options.get("notify_subscribers", True) else "false"
    reply = calls.ask(
        desk,
        "insert",
        "POST",
        f"{calls.UPLOADS}/videos",
        params={
            "uploadType": "resumable",
            "part": ",".join((*told, "status")),
            "notifySubscribers": notify,
        },
        headers={
            "Content-Type": "application/json; charset=UTF-8",
            "X-Upload-Content-Length": str(video.path.stat().st_size),
            "X-Upload-Content-Type": video.mime,
        },
        json={**told, "status": checks.status(draft, "private")},
    )
    session = reply.headers.get("location")
    if not session:
        raise refusals.trouble(TITLE, "it opened no upload")
    began = time.time()
    remember(desk, key=key, session=session, session_at=began, last_at=None, video_id=None)


def _resumed(desk: Desk, draft: Draft, video: Media) -> dict[str, Any] | None:
    """Go on with the session of an earlier try. If YouTube knows it no more, the video may be
    there all the same; `None` if it surely is not."""
    try:
        reply = _asked(desk, video.path.stat().st_size)
        return _sent(desk, video, _kept(reply)) if reply.status == 308 else _final(reply)
    except PlatformError as error:
        if error.code != "session_lost":
            raise
    if desk.handle.get("last_at") is None:
        remember(desk, session=None)
        return None
    found = _listed(desk, draft, video)
    if found is None:
        if desk.handle["last_at"] + LIST_PATIENCE_SECONDS > time.time():
            raise lost()
        remember(desk, session=None)
    return found


def _sent(desk: Desk, video: Media, first: int) -> dict[str, Any]:
    """Send chunk after chunk from byte `first` on; the video as YouTube then describes it."""
    size = video.path.stat().st_size
    broken = 0
    while True:
        length = min(CHUNK_BYTES, size - first)
        tried_before = desk.handle.get("last_at") is not None
        if first + length == size and not tried_before:
            remember(desk, last_at=time.time())
        try:
            reply = _put(desk, video, first, length, size)
        except wire.Unreached:
            reply = None
        if reply is not None and reply.status < 500 and reply.status != 308:
            return _end(desk, reply, tried_before)
        if reply is None or reply.status != 308 or _kept(reply) <= first:
            _pause(reply, broken)
            broken += 1
            reply = _asked(desk, size)
            if reply.status != 308:
                return _final(reply)
        if (went := _kept(reply)) > first:
            broken = 0
            desk.progress(went / size)
            remember(desk, received=went)
        first = went


def _end(desk: Desk, reply: wire.Reply, tried_before: bool) -> dict[str, Any]:
    """An answer that is not “go on”: the video, or a refusal of this very request."""
    try:
        return _final(reply)
    except PlatformError as error:
        if error.code == "session_lost" and not tried_before:
            # No last byte had been taken before, so there is no video.
            remember(desk, session=None, last_at=None)
        raise


def _put(desk: Desk, video: Media, first: int, length: int, size: int) -> wire.Reply:
    return wire.call(
        "PUT",
        desk.handle["session"],
        content=wire.FilePart(
            video.path, first, length, lambda sent: desk.progress(min(1.0, sent / size))
        ),
        headers={
            "Content-Type": video.mime,
            "Content-Range": f"bytes {first}-{first + length - 1}/{size}",
        },
    )


def _asked(desk: Desk, size: int) -> wire.Reply:
    """The session's own word on how far it is: 308, or its last answer once more."""
    try:
        reply = wire.call(
            "PUT",
            desk.handle["session"],
            content=b"",
            headers={"Content-Range": f"bytes */{size}", "Content-Length": "0"},
        )
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if reply.status != 308:
        _final(reply)
    return reply


def _final(reply: wire.Reply) -> dict[str, Any]:
    if reply.good and isinstance(reply.body, dict) and reply.get("id"):
        return reply.body
    raise errors.classify(reply)


def _kept(reply: wire.Reply) -> int:
    """How many bytes YouTube has; without a word on it, none."""
    last = reply.headers.get("range", "").rpartition("-")[2]
    return int(last) + 1 if last.isdecimal() else 0


def _pause(reply: wire.Reply | None, broken: int) -> None:
    wait = wire.pause(reply) if reply is not None else None
    if broken == len(_PAUSES) or (wait or 0.0) > _PAUSE_MOST:
        if reply is None:
            raise refusals.out_of_reach(TITLE)
        raise errors.classify(reply)
    time.sleep(max(_PAUSES[broken], wait or 0.0))


def _listed(desk: Desk, draft: Draft, video: Media) -> dict[str, Any] | None:
    """The video among the channel's newest uploads: with this title, from this attempt, as large
    as this file."""
    items = calls.ask(
        desk,
        "read",
        "GET",
        f"{calls.API}/playlistItems",
        params={
            "part": "snippet",
            "playlistId": str(desk.secret["uploads"]),
            "maxResults": str(_LISTED),
        },
    ).get("items")
    since = float(desk.handle["session_at"]) - _CLOCKS_APART_SECONDS
    title = checks.title_of(draft)
    numbers = [
        item["snippet"]["resourceId"]["videoId"]
        for item in items or []
        if item["snippet"]["title"] == title
        and datetime.fromisoformat(item["snippet"]["publishedAt"]).timestamp() >= since
    ]
    if not numbers:
        return None
    found = calls.ask(
        desk,
        "read",
        "GET",
        f"{calls.API}/videos",
        params={"part": "fileDetails", "id": ",".join(numbers)},
    ).get("items")
    size = str(video.path.stat().st_size)
    return next(
        (each for each in found or [] if (each.get("fileDetails") or {}).get("fileSize") == size),
        None,
    )


def lost() -> PlatformError:
    """YouTube does not know the session, and does not list the video (yet)."""
    return PlatformError(
        "YouTube no longer knows the upload, and does not list the video yet.",
        action=Action.RETRY,
        remedy="YouTube is asked again before anything is uploaded anew.",
        code="session_lost",
        retry_after=15.0,
    )
