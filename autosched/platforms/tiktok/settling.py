"""Asking TikTok whether a post is out: by its attempt, or where that is lost by its own list."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.tiktok import attempts, calls, errors, uploads

PATIENCE_SECONDS = 20.0
"""How long a chunk whose answer was lost may still be on its way."""
LIST_PATIENCE_SECONDS = 90.0
"""How long a public post may usually take until it shows in lists."""
_CLOCKS_APART_SECONDS = 30.0
_PAGE, _PAGES = 20, 5


def video(desk: Desk, draft: Draft) -> Published | None:
    """Ask for a video (or a draft of one) by its attempt."""
    upload = desk.handle.get("upload")
    if not upload:
        return None
    found = attempts.standing(desk, upload["publish_id"])
    if found is None:
        if "last_at" in upload:
            raise errors.lost_for_good()
        return None
    if found.failed:
        remember(desk, upload=None, failed=found.reason)
        return None
    if not found.working:
        return attempts.published(desk, draft, upload["publish_id"], found)
    if uploads.arrived(desk, found.received):
        raise _not_yet("TikTok has the whole video and is still working on it.")
    if upload.get("last_at", 0.0) + PATIENCE_SECONDS > time.time():
        raise _not_yet("The last part of the video may still be on its way to TikTok.")
    return None


def photos(desk: Desk, draft: Draft) -> Published | None:
    """Ask for a photo post by its attempt, or look for it in the account's own list."""
    publish_id = desk.handle.get("publish_id")
    if publish_id is None:
        return _listed(desk, draft) if "committing_at" in desk.handle else None
    found = attempts.standing(desk, publish_id)
    if found is None:
        raise errors.lost_for_good()
    if found.failed:
        remember(desk, publish_id=None, failed=found.reason)
        return None
    if found.working:
        raise _not_yet("TikTok is still working on the pictures.")
    return attempts.published(desk, draft, publish_id, found)


def _listed(desk: Desk, draft: Draft) -> Published | None:
    """The answer that names the attempt was lost: only a public post can be found without it.

    It is never surely absent, since TikTok may look at a post for hours before it shows it.
    """
    began = float(desk.handle["committing_at"])
    public = attempts.public(desk, draft)
    if public and not calls.missing(desk.secret, "video.list"):
        for post in _newest(desk, began - _CLOCKS_APART_SECONDS):
            if _says(post, draft):
                number = str(post["id"])
                link = attempts.permalink(desk, draft, number)
                return Published(number, link or post.get("share_url"))
        if began + LIST_PATIENCE_SECONDS > time.time():
            raise _not_yet("TikTok does not list the post yet.")
    raise PlatformError(
        "TikTok's answer was lost, and it lists no such post by now."
        if public
        else "TikTok's answer was lost, and posts that are not public can't be looked up.",
        action=Action.ASK,
        remedy="Look at the profile and the inbox in the app, and say whether the post is there.",
        code="unlisted",
    )


def _newest(desk: Desk, since: float) -> Iterator[dict[str, Any]]:
    """The account's public posts from `since` (Unix seconds) on, the newest first."""
    cursor: int | None = None
    for _ in range(_PAGES):
        data = calls.ask(
            desk,
            "read",
            "video/list/",
            {"max_count": _PAGE, **({} if cursor is None else {"cursor": cursor})},
            fields="id,create_time,title,video_description,share_url",
        )
        for post in data.get("videos") or []:
            if int(post.get("create_time") or 0) < since:
                return
            yield post
        if not data.get("has_more"):
            return
        cursor = int(data["cursor"])


def _says(post: dict[str, Any], draft: Draft) -> bool:
    """Whether a listed post has the draft's words. Without words none can be told from others."""
    text = _plain(draft.text)
    return bool(text) and text in {
        _plain(str(post.get(name) or "")) for name in ("title", "video_description")
    }


def _plain(text: str) -> str:
    return " ".join(text.split())


def _not_yet(sentence: str) -> PlatformError:
    return PlatformError(
        sentence, action=Action.RETRY, remedy="TikTok is asked again.", code="not_yet"
    )
