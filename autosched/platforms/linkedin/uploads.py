"""A post's media on their way to LinkedIn. Each step is remembered before the next is taken.

A target's handle holds them under `media`, by place and file: `urn`, `kind`, `ends` (of the
addresses, Unix seconds), `url` or for a video `parts` (`[first, last, url]`), `token`, the `etags`
of the parts that are there; `sent`, when the last byte had arrived; `ready`, once LinkedIn has
processed it; and under `failed` how often it could not.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError
from autosched.platforms.common import remember
from autosched.platforms.linkedin import api, errors
from autosched.platforms.linkedin.checks import TITLE
from autosched.platforms.linkedin.rest import escaped
from autosched.platforms.wire import FilePart, Reply

GRACE_SECONDS = {"image": 5.0, "document": 15.0}
"""A member's images and documents can't be asked after: so long they are given to be processed.
How long it really takes is told nowhere; a post that comes too early is not shown."""
PATIENCE_SECONDS = 120.0
"""So long a try waits for LinkedIn to process what can be asked after, and then tries later."""
FAILURES_MAX = 2
_PAUSES = (0.5, 1.0, 2.0, 3.0, 5.0)
_GONE = (403, 404, 410)
_READING = {"r_organization_social", "rw_organization_admin", "w_organization_social"}


def urns(desk: Desk, draft: Draft) -> list[str]:
    """The URNs of the draft's media, uploaded and processed, in their order."""
    keys = [_key(number, media) for number, media in enumerate(draft.media)]
    total = sum(_size(media) for media in draft.media) or 1
    before = 0
    for key, media in zip(keys, draft.media, strict=True):
        _upload(desk, key, media, before, total)
        before += _size(media)
    for key in keys:
        _await(desk, key)
    return [_entry(desk, key)["urn"] for key in keys]


def forget(desk: Desk, *, failed: bool = False) -> None:
    """Let the next try upload everything anew. `failed`: it is to be counted."""
    count = int(desk.handle.get("failed", 0)) + failed
    remember(desk, media={}, failed=count)


def _upload(desk: Desk, key: str, media: Media, before: int, total: int) -> None:
    entry = _entry(desk, key)
    if entry.get("sent"):
        return
    if entry and entry["ends"] < time.time() + 60:
        entry = {}
    known = bool(entry)
    if not entry:
        _note(desk, key, **_begun(desk, media))

    def progress(sent: int) -> None:
        desk.progress(min(1.0, (before + sent) / total))

    if media.kind == "video":
        _send_parts(desk, key, media, progress)
    elif not (known and _has_arrived(desk, key)):
        part = FilePart(media.path, progress=progress)
        _good(desk, api.put(desk, _entry(desk, key)["url"], part, mime=media.mime, token=True))
    _note(desk, key, sent=time.time())


def _begun(desk: Desk, media: Media) -> dict[str, Any]:
    """Ask for the addresses to upload to."""
    asked: dict[str, Any] = {"owner": desk.options["urn"]}
    if media.kind == "video":
        asked |= {
            "fileSizeBytes": _size(media),
            "uploadCaptions": False,
            "uploadThumbnail": False,
        }
    reply = api.call(
        desk,
        "POST",
        f"{media.kind}s",
        query="action=initializeUpload",
        json={"initializeUploadRequest": asked},
    )
    value = reply.get("value") or {}
    ends = value.get("uploadUrlExpiresAt") or value.get("uploadUrlsExpireAt")
    entry = {
        "urn": value[media.kind],
        "kind": media.kind,
        "ends": float(ends) / 1000 if ends else time.time() + 3_600,
    }
    if media.kind != "video":
        return {**entry, "url": value["uploadUrl"]}
    parts = [
        [int(each["firstByte"]), int(each["lastByte"]), each["uploadUrl"]]
        for each in value["uploadInstructions"]
    ]
    return {**entry, "parts": parts, "etags": [], "token": value.get("uploadToken", "")}


def _send_parts(desk: Desk, key: str, media: Media, progress: Any) -> None:
    """Send the parts that are not there yet, and have them put together."""
    entry = _entry(desk, key)
    for first, last, url in entry["parts"][len(entry["etags"]) :]:
        part = FilePart(media.path, first, last - first + 1, progress)
        reply = _good(desk, api.put(desk, url, part, mime="application/octet-stream", token=False))
        etag = reply.headers.get("etag", "").removeprefix("W/").strip('"')
        _note(desk, key, etags=[*_entry(desk, key)["etags"], etag])
    entry = _entry(desk, key)
    finalize = {
        "video": entry["urn"],
        "uploadToken": entry["token"],
        "uploadedPartIds": entry["etags"],
    }
    try:
        api.call(
            desk,
            "POST",
            "videos",
            query="action=finalizeUpload",
            json={"finalizeUploadRequest": finalize},
        )
    except PlatformError as error:
        # After a kill it may have been put together already, which a second time is refused.
        if error.action != Action.FIX or not _has_arrived(desk, key):
            raise _mended(desk, error) from error


def _await(desk: Desk, key: str) -> None:
    """Return once LinkedIn has processed it, or has been given the time to."""
    entry = _entry(desk, key)
    if entry.get("ready"):
        return
    if not _can_be_asked(desk, entry["kind"]):
        time.sleep(max(0.0, entry["sent"] + GRACE_SECONDS[entry["kind"]] - time.time()))
        _note(desk, key, ready=True)
        return
    began = time.monotonic()
    for number in range(10_000):
        reply = _status(desk, entry)
        status = reply.get("status")
        if status == "AVAILABLE":
            _note(desk, key, ready=True)
            return
        if status == "PROCESSING_FAILED":
            raise _failed(desk, entry["kind"], str(reply.get("processingFailureReason") or ""))
        pause = _PAUSES[min(number, len(_PAUSES) - 1)]
        if time.monotonic() - began + pause > PATIENCE_SECONDS:
            break
        desk.progress(1.0)
        time.sleep(pause)
    raise PlatformError(
        f"{TITLE} is still processing what was uploaded.",
        action=Action.RETRY,
        remedy="It will be tried again by itself.",
        code="processing",
        retry_after=30.0,
    )


def _status(desk: Desk, entry: dict[str, Any]) -> Reply:
    try:
        return api.call(desk, "GET", f"{entry['kind']}s/{escaped(entry['urn'])}")
    except PlatformError as error:
        raise _mended(desk, error) from error


def _has_arrived(desk: Desk, key: str) -> bool:
    """Whether LinkedIn has the whole file, where it tells."""
    entry = _entry(desk, key)
    if not _can_be_asked(desk, entry["kind"]):
        return False
    return _status(desk, entry).get("status") in ("PROCESSING", "AVAILABLE", "PROCESSING_FAILED")


def _can_be_asked(desk: Desk, kind: str) -> bool:
    """A member may ask after videos only, a page after everything."""
    if kind == "video":
        return True
    return desk.options["login"] == "page" and bool(_READING & set(desk.options["scopes"]))


def _good(desk: Desk, reply: Reply) -> Reply:
    """An upload address's answer, if it is a success."""
    if reply.good:
        return reply
    if reply.status in _GONE:
        forget(desk)
        raise _gone()
    raise _mended(desk, errors.classify(reply))


def _mended(desk: Desk, error: PlatformError) -> PlatformError:
    """The error, after which the next try uploads anew if the upload is not known any more."""
    if error.code in ("upload_gone", "gone"):
        forget(desk)
        return _gone()
    return error


def _gone() -> PlatformError:
    return PlatformError(
        f"{TITLE} has not, or no longer, what was uploaded for this post.",
        action=Action.RETRY,
        remedy="It will be uploaded again by itself.",
        code="upload_gone",
    )


def _failed(desk: Desk, kind: str, reason: str) -> PlatformError:
    forget(desk, failed=True)
    last = int(desk.handle["failed"]) >= FAILURES_MAX
    said = f": {reason.rstrip('.')}" if reason else ""
    return PlatformError(
        f"{TITLE} could not process the {kind}{said}.",
        action=Action.FIX if last else Action.RETRY,
        remedy="Put another file in its place, and schedule the post again."
        if last
        else "It will be uploaded once more by itself.",
        code="processing_failed",
    )


def _entry(desk: Desk, key: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.handle.get("media", {}).get(key, {})
    return found


def _note(desk: Desk, key: str, **facts: Any) -> None:
    held = desk.handle.get("media", {})
    remember(desk, media={**held, key: {**held.get(key, {}), **facts}})


def _key(number: int, media: Media) -> str:
    """The place and the file as it is now: what has been changed since is uploaded anew."""
    try:
        found = media.path.stat()
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
    said = f"{number} {media.path} {found.st_size} {found.st_mtime_ns}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _size(media: Media) -> int:
    return media.path.stat().st_size
