"""A video that YouTube has: waiting until it is looked at, its cover, and who can see it."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from autosched.platforms import wire
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.youtube import calls, checks, errors

POLL_SECONDS = (0.4, 0.8, 1.5, 3.0, 5.0, 5.0)
"""Pauses between the questions whether YouTube can read the video. One that it is still at work on
goes out all the same: its finer pictures follow."""
GONE_SECONDS = 600.0
"""After so long a video that YouTube does not show was deleted, and is not only new."""
PATIENCE_SECONDS = 10.0
"""How long a change whose answer was lost may still be on its way."""


def looked_at(desk: Desk, video_id: str) -> None:
    """Wait a while for YouTube to read the video; `PlatformError` if it can't, or won't take it."""
    status = None
    for pause in (*POLL_SECONDS, 0.0):
        status = standing(desk, video_id)
        if status is not None:
            refuse(desk, status)
            if status.get("uploadStatus") == "processed":
                return
        time.sleep(pause)
    if status is None:
        if desk.handle.get("uploaded_at", 0.0) + GONE_SECONDS < time.time():
            remember(desk, video_id=None, cover=None)
        raise _gone()


def refuse(desk: Desk, status: dict[str, Any]) -> None:
    """Raise for a video that failed or was rejected; the next try uploads it anew."""
    if status.get("uploadStatus") in ("failed", "rejected", "deleted"):
        reason = status.get("failureReason") or status.get("rejectionReason") or "deleted"
        remember(desk, video_id=None, cover=None)
        raise errors.refused_video(str(reason))


def standing(desk: Desk, video_id: str) -> dict[str, Any] | None:
    """The video's status; `None` if YouTube has no such video."""
    params = {"part": "status", "id": video_id}
    items = calls.ask(desk, "read", "GET", f"{calls.API}/videos", params=params).get("items")
    if not items:
        return None
    found: dict[str, Any] = items[0]["status"]
    return found


def hang_cover(desk: Desk, video_id: str, picture: Media) -> None:
    """Set the picture that stands before the video, unless this one was set already."""
    content = picture.path.read_bytes()
    digest = f"{video_id} {hashlib.sha256(content).hexdigest()}"
    if desk.handle.get("cover") == digest:
        return
    calls.ask(
        desk,
        "change",
        "POST",
        f"{calls.UPLOADS}/thumbnails/set",
        params={"videoId": video_id},
        content=content,
        headers={"Content-Type": picture.mime},
    )
    remember(desk, cover=digest)


def show(desk: Desk, draft: Draft, video_id: str) -> Published:
    """Let those see it who shall. To say it twice changes nothing."""
    wanted = checks.privacy_of(draft)
    if wanted == "private":
        return published(video_id)
    remember(desk, committing_at=time.time())
    try:
        reply = calls.ask(
            desk,
            "change",
            "PUT",
            f"{calls.API}/videos",
            params={"part": "status"},
            json={"id": video_id, "status": checks.status(draft, wanted)},
            committing=True,
        )
    except PlatformError as error:
        if error.code == "video_gone":
            remember(desk, video_id=None, cover=None)
        raise
    status = reply.get("status") or {}
    refuse(desk, status)
    if status.get("privacyStatus") != wanted:
        # It can never be shown, so a later try uploads it anew.
        remember(desk, video_id=None, cover=None, locked=video_id)
        raise errors.locked()
    return published(video_id)


def shown(desk: Desk, draft: Draft, video_id: str) -> Published | None:
    """Whether those can see it who shall; a no counts only after some patience."""
    status = standing(desk, video_id)
    if status is not None and status.get("privacyStatus") == checks.privacy_of(draft):
        return published(video_id)
    if desk.handle.get("committing_at", 0.0) + PATIENCE_SECONDS > time.time():
        raise PlatformError(
            "YouTube does not show the video yet.",
            action=Action.RETRY,
            remedy="YouTube is asked again.",
            code="not_yet",
        )
    return None


def published(video_id: str) -> Published:
    """The proof."""
    return Published(video_id, wire.address(f"https://www.youtube.com/watch?v={video_id}"))


def delete(desk: Desk, video_id: str) -> None:
    """Take the video off YouTube; that it is gone already is no error."""
    try:
        calls.ask(desk, "change", "DELETE", f"{calls.API}/videos", params={"id": video_id})
    except PlatformError as error:
        if error.code != "video_gone":
            raise


def _gone() -> PlatformError:
    return PlatformError(
        "YouTube does not show the video that was uploaded.",
        action=Action.RETRY,
        remedy="It is asked again; after a while the video is uploaded anew.",
        code="video_unseen",
    )
