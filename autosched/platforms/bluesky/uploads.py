"""A post's media on their way to Bluesky: each is uploaded once, and that is remembered."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autosched.errors import InvalidError
from autosched.media.slim import slim
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.bluesky import rations, record
from autosched.platforms.bluesky.errors import Refusal
from autosched.platforms.bluesky.pictures import fitted
from autosched.platforms.bluesky.session import Session
from autosched.platforms.common import remember
from autosched.platforms.wire import FilePart

SMALL_SERVER_BYTES = 5 * 2**20
"""What a PDS takes in one upload unless its keeper has raised it (`PDS_BLOB_UPLOAD_LIMIT`)."""


def embed(session: Session, desk: Desk, draft: Draft) -> dict[str, Any] | None:
    """The record's embed of the draft's media, which are uploaded if they aren't yet."""
    uploaded = [
        _uploaded(session, desk, media, number, len(draft.media))
        for number, media in enumerate(draft.media)
    ]
    if not uploaded:
        return None
    first = draft.media[0]
    if first.kind == "video":
        return record.video(uploaded[0]["blob"], first.alt, first.width, first.height)
    return record.images(
        [
            (each["blob"], media.alt, each["width"], each["height"])
            for each, media in zip(uploaded, draft.media, strict=True)
        ]
    )


def _uploaded(
    session: Session, desk: Desk, media: Media, number: int, count: int
) -> dict[str, Any]:
    """The blob of a medium: remembered from an earlier try, or uploaded now and remembered."""
    digest = _digest(media.path)
    blobs: dict[str, Any] = desk.handle.get("blobs", {})
    if digest in blobs:
        known: dict[str, Any] = blobs[digest]
        return known

    def progress(share: float) -> None:
        desk.progress((number + share) / count)

    rations.take(desk, rations.BLOBS)
    made: dict[str, Any]
    if media.kind == "video":
        blob = _video(session, media, progress)
        made = {"blob": blob, "width": media.width, "height": media.height}
    else:
        picture = fitted(media.path)
        blob = session.upload(picture.body, picture.mime)
        made = {"blob": blob, "width": picture.width, "height": picture.height}
        progress(1.0)
    remember(desk, blobs={**blobs, digest: made})
    return made


def _video(session: Session, media: Media, progress: Callable[[float], None]) -> dict[str, Any]:
    """The video's blob. A server of somebody's own often takes less than the public one: then a
    smaller copy goes up."""
    size = media.path.stat().st_size
    try:
        return session.upload(_streamed(media.path, size, progress), media.mime)
    except Refusal as refusal:
        if refusal.status != 413 or size <= SMALL_SERVER_BYTES:
            raise
        if media.width is None or media.height is None or media.duration is None:
            raise
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "smaller.mp4"
        try:
            size = slim(
                media.path,
                SMALL_SERVER_BYTES,
                copy,
                width=media.width,
                height=media.height,
                seconds=media.duration,
            )
        except InvalidError as error:
            raise PlatformError(
                error.sentence, action=Action.FIX, remedy=error.remedy, code=error.code
            ) from error
        return session.upload(_streamed(copy, size, progress), "video/mp4")


def _streamed(path: Path, size: int, progress: Callable[[float], None]) -> FilePart:
    return FilePart(path, progress=lambda sent: progress(min(1.0, sent / max(size, 1))))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
