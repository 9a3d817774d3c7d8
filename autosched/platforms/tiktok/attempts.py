"""An attempt at a post on TikTok: what it says, how it is begun, how it stands and how it ends.

TikTok knows each attempt by its `publish_id`; asking for it is the proof.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autosched.platforms import wire
from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.tiktok import calls, checks, errors
from autosched.platforms.tiktok.creator import PRIVACY, Creator, against

POLL_SECONDS = (0.4, 0.6, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0)
"""Pauses between the questions how a post is coming along, while somebody waits for it."""

_WORKING = ("PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD")


@dataclass(frozen=True)
class Standing:
    """How an attempt stands. `received`: bytes that have arrived; `post`: its identifier."""

    status: str
    reason: str = ""
    received: int | None = None
    post: str | None = None

    @property
    def working(self) -> bool:
        """Whether its end is not yet known."""
        return self.status in _WORKING

    @property
    def failed(self) -> bool:
        """Whether it has ended, and nothing of it is public."""
        return self.status == "FAILED"


def standing(desk: Desk, publish_id: str) -> Standing | None:
    """How the attempt stands; `None` if TikTok does not know it."""
    try:
        data = calls.ask(desk, "status", "post/publish/status/fetch/", {"publish_id": publish_id})
    except PlatformError as error:
        if error.code == "attempt_unknown":
            return None
        raise
    # The first is how TikTok writes it.
    posts = data.get("publicaly_available_post_id") or data.get("publicly_available_post_id") or []
    received = data.get("uploaded_bytes")
    return Standing(
        status=str(data.get("status")),
        reason=str(data.get("fail_reason") or ""),
        received=int(received) if received is not None else None,
        post=str(posts[0]) if posts else None,
    )


def creator(desk: Desk) -> Creator:
    """What the creator may do, as TikTok says it now."""
    return Creator.told(calls.ask(desk, "creator_info", "post/publish/creator_info/query/", {}))


def allowed(desk: Desk, draft: Draft, shape: str) -> None:
    """Ask TikTok whether the creator may post this so; `PlatformError` (fix) if not."""
    now = creator(desk)
    for problem in against(draft, shape, now):
        raise PlatformError(
            problem.sentence,
            action=Action.FIX,
            remedy="Change the post, and schedule it again.",
            code=problem.code,
        )
    if desk.handle.get("username") != now.username:
        remember(desk, username=now.username)


def post_info(draft: Draft, shape: str) -> dict[str, Any]:
    """What TikTok is told of the post, in its own terms."""
    options = draft.options
    if shape == "draft":
        pictures = all(media.kind == "image" for media in draft.media)
        return _worded(draft) if pictures else {}
    disclosed = bool(options.get("disclose"))
    info: dict[str, Any] = {
        "privacy_level": PRIVACY[str(options.get("privacy"))][0],
        "disable_comment": not options.get("allow_comments"),
        "brand_content_toggle": disclosed and bool(options.get("paid_partnership")),
        "brand_organic_toggle": disclosed and bool(options.get("your_brand")),
    }
    if shape == "photos":
        return {**info, **_worded(draft), "auto_add_music": bool(options.get("auto_music"))}
    info |= {
        "title": draft.text,
        "disable_duet": not options.get("allow_duet"),
        "disable_stitch": not options.get("allow_stitch"),
        "is_aigc": bool(options.get("ai_generated")),
    }
    at = checks.number(options.get("cover_at"))
    return info if at is None else {**info, "video_cover_timestamp_ms": round(at * 1000)}


def _worded(draft: Draft) -> dict[str, Any]:
    title = str(draft.options.get("title") or "")
    return {**({"title": title} if title else {}), "description": draft.text}


def begin_video(desk: Desk, draft: Draft, shape: str, source: Mapping[str, int]) -> tuple[str, str]:
    """Begin a video; its `publish_id` and the address for its bytes. Nothing is public by this."""
    body: dict[str, Any] = {"source_info": {"source": "FILE_UPLOAD", **source}}
    path = "post/publish/inbox/video/init/"
    if shape != "draft":
        body["post_info"] = post_info(draft, shape)
        path = "post/publish/video/init/"
    data = calls.ask(desk, "init", path, body)
    return str(data["publish_id"]), str(data["upload_url"])


def begin_photos(desk: Desk, draft: Draft, shape: str) -> str:
    """Begin a photo post; its `publish_id`. TikTok goes on by itself: this is what publishes."""
    cover = checks.number(draft.options.get("cover_picture"))
    body = {
        "post_info": post_info(draft, shape),
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": [desk.public_url(media) for media in draft.media],
            "photo_cover_index": 0 if cover is None else int(cover) - 1,
        },
        "post_mode": "MEDIA_UPLOAD" if shape == "draft" else "DIRECT_POST",
        "media_type": "PHOTO",
    }
    data = calls.ask(desk, "init", "post/publish/content/init/", body, committing=True)
    return str(data["publish_id"])


def identity(draft: Draft, shape: str) -> str:
    """What an upload belongs to: this file with these words. Another edit is another upload."""
    said = json.dumps([shape, post_info(draft, shape)], sort_keys=True)
    digest = hashlib.sha256(said.encode())
    try:
        with draft.media[0].path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
    return digest.hexdigest()


def outcome(desk: Desk, draft: Draft, publish_id: str) -> Published:
    """Wait a short while for the end of an attempt whose files are all with TikTok.

    The last byte is gone, so whatever is no clear end leaves the post in doubt.
    """
    for pause in (*POLL_SECONDS, None):
        try:
            found = standing(desk, publish_id)
        except PlatformError as error:
            raise errors.processing() from error
        if found is None:
            raise errors.processing()
        if found.failed:
            remember(desk, upload=None, publish_id=None)
            raise errors.failed(found.reason)
        # The identifier of a public post comes a little after the post.
        awaited = found.working or (found.post is None and public(desk, draft))
        if not awaited or (pause is None and not found.working):
            return published(desk, draft, publish_id, found)
        if pause is not None:
            time.sleep(pause)
    raise errors.processing()


def published(desk: Desk, draft: Draft, publish_id: str, found: Standing) -> Published:
    """The proof. A post that is not for everyone has no identifier but its attempt's."""
    if found.status == "SEND_TO_USER_INBOX":
        remember(desk, handed_over=True)
    return Published(found.post or publish_id, permalink(desk, draft, found.post))


def permalink(desk: Desk, draft: Draft, post: str | None) -> str | None:
    """Where a public post stands."""
    username = (
        desk.handle.get("username")
        or draft.account.get("username")
        or Creator.of(draft.account).username
    )
    if post is None or not username:
        return None
    kind = "video" if desk.handle.get("upload") else "photo"
    return wire.address(f"https://www.tiktok.com/@{username}/{kind}/{post}")


def public(desk: Desk, draft: Draft) -> bool:
    """Whether the post is for everyone, and so gets an identifier and shows in lists."""
    return desk.handle.get("shape") != "draft" and draft.options.get("privacy") == "public"
