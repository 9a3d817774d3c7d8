"""What a post needs on Facebook before it is public: photos, and the bytes of videos and reels.

A target's handle keeps `photos`, the unpublished photos by file and description, and `upload`: its
`kind`, `file` and `size`, `video` (its identifier there, by which it is asked after later) and for
a video the upload's `session`.
"""

from __future__ import annotations

import os
from typing import Any

from autosched.platforms import wire
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.facebook.errors import TITLE
from autosched.platforms.meta import files, rupload
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import FACEBOOK_VIDEO, UPLOADS, Graph

PIECE_BYTES = 4 << 20
"""A video goes up in pieces of this size, or smaller ones where Facebook asks for less."""
REELS_PER_DAY = int(os.environ.get("AUTOSCHED_FACEBOOK_REELS_PER_DAY", "30"))
_STUCK_MOST = 3


def photos(graph: Graph, desk: Desk, draft: Draft) -> list[str]:
    """Upload the photos that are not there yet; nobody sees them before a post takes them.

    Their identifiers, in the order of the post.
    """
    ids: list[str] = []
    for number, media in enumerate(draft.media):
        known: dict[str, str] = desk.handle.get("photos") or {}
        name = files.identity(media, media.alt)
        if name not in known:
            with media.path.open("rb") as file:
                answer = graph.post(
                    f"{desk.secret['page']}/photos",
                    files={"source": (media.path.name, file, media.mime)},
                    published=False,
                    alt_text_custom=media.alt.strip() or None,
                )
            known = {**known, name: str(answer["id"])}
            remember(desk, photos=known)
        ids.append(known[name])
        desk.progress((number + 1) / len(draft.media))
    return ids


def video(graph: Graph, desk: Desk, media: Media) -> None:
    """Bring a video there; it is not processed before it is published."""
    file = files.identity(media)
    upload, size = _begun(desk, file, "video"), media.path.stat().st_size
    page, stuck = f"{desk.secret['page']}/videos", 0
    if upload is None:
        answer = graph.post(page, host=FACEBOOK_VIDEO, upload_phase="start", file_size=size)
        upload = {
            "kind": "video",
            "file": file,
            "size": size,
            "video": str(answer["video_id"]),
            "session": str(answer["upload_session_id"]),
        }
        remember(desk, upload=upload)
        start, end = _offsets(answer, size)
    else:
        start, end = arrived(graph, desk), size
    while start < size:
        piece = wire.FilePart(media.path, start, min(PIECE_BYTES, end - start)).read()
        try:
            answer = graph.post(
                page,
                host=FACEBOOK_VIDEO,
                files={"video_file_chunk": (media.path.name, piece, "application/octet-stream")},
                upload_phase="transfer",
                upload_session_id=upload["session"],
                start_offset=start,
            )
            reached, end, stuck = *_offsets(answer, size), 0
        except PlatformError as error:
            reached, end = _after(error, graph, desk, size)
            stuck = 0 if reached > start else stuck + 1
            if stuck >= _STUCK_MOST:
                raise
        start = reached
        desk.progress(start / size)


def reel(graph: Graph, desk: Desk, media: Media) -> None:
    """Bring a reel there; it is not public before it is finished."""
    file = files.identity(media)
    upload = _begun(desk, file, "reel")
    if upload is None:
        desk.meter.take("reels", REELS_PER_DAY, 86_400.0)
        answer = graph.post(f"{desk.secret['page']}/video_reels", upload_phase="start")
        upload = {
            "kind": "reel",
            "file": file,
            "size": media.path.stat().st_size,
            "video": str(answer["video_id"]),
        }
        remember(desk, upload=upload)
    url = f"https://{UPLOADS}/video-upload/{graph.version}/{upload['video']}"
    try:
        rupload.send(graph, url, media.path, lambda: arrived(graph, desk), desk.progress)
    except Refused as refusal:
        if refusal.gone:
            raise lost(desk) from refusal
        raise


def arrived(graph: Graph, desk: Desk) -> int:
    """How many bytes of the video Facebook has."""
    phase = status(graph, desk).get("uploading_phase") or {}
    # Its own documents write this name in two ways.
    return int(phase.get("bytes_transferred") or phase.get("bytes_transfered") or 0)


def status(graph: Graph, desk: Desk) -> dict[str, Any]:
    """How it stands with the video; an upload that Facebook has lost is begun anew."""
    try:
        node = graph.get(str(desk.handle["upload"]["video"]), fields="status")
    except Refused as refusal:
        if refusal.gone:
            raise lost(desk) from refusal
        raise
    found: dict[str, Any] = node.get("status") or {}
    return found


def lost(desk: Desk) -> PlatformError:
    """Forget what was uploaded; the error then asks for it anew."""
    remember(desk, upload=None, photos={}, attached=None)
    return PlatformError(
        f"{TITLE} no longer has what was uploaded for this post.",
        action=Action.RETRY,
        remedy="It will be uploaded again by itself.",
        code="upload_gone",
    )


def _begun(desk: Desk, file: str, kind: str) -> dict[str, Any] | None:
    """The upload that was begun for this very file, if there is one."""
    upload = desk.handle.get("upload")
    if not upload or (upload["kind"], upload["file"]) != (kind, file):
        return None
    found: dict[str, Any] = upload
    return found


def _after(error: PlatformError, graph: Graph, desk: Desk, size: int) -> tuple[int, int]:
    """Where to go on after a piece was not taken."""
    told = error.data if isinstance(error, Refused) else None
    if isinstance(told, dict) and "start_offset" in told:
        return _offsets(told, size)
    if isinstance(error, Refused) and error.key == "100":
        raise lost(desk) from error
    if error.code not in ("unreachable", "server_fault", "upload_troubled"):
        raise error
    return arrived(graph, desk), size


def _offsets(answer: dict[str, Any], size: int) -> tuple[int, int]:
    start = int(answer.get("start_offset") or 0)
    end = int(answer.get("end_offset") or 0)
    return start, end if end > start else size
