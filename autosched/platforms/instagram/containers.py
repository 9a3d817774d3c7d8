"""Containers: what is to be posted, made on Instagram and processed there before it is public.

A target's handle keeps `containers` by what went into them (`{"id", "made"}`), and `container`, the
one that publishing takes. Instagram keeps a container for a day.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any

from autosched.platforms import refusals
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError, Shape
from autosched.platforms.common import remember
from autosched.platforms.instagram import checks
from autosched.platforms.instagram.errors import ROWS
from autosched.platforms.meta import files, rupload
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import UPLOADS, Graph

PER_DAY = int(os.environ.get("AUTOSCHED_INSTAGRAM_CONTAINERS_PER_DAY", "400"))
LIFE_SECONDS = 23 * 3600.0
FETCHES_MOST = 2
"""Times that a file which could not be fetched is offered again."""
BUILDER_SECONDS = 120.0
"""For how long a container that is "temporarily not found" is waited for."""
_LOOKS = (0.4, 0.6, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between looks at a container; after them the worker turns to something else."""
_LATER = 30.0
_WHOLE = ("FINISHED", "ERROR", "PUBLISHED")
"""States of a container whose bytes are all there."""
_SUBCODE = re.compile(r"\b(2207\d{3})\b")
_RENEWED = ("media_slow", "container_expired", "container_gone", "processing_fault", "gone")
"""Refusals after which containers are made anew."""


def build(graph: Graph, desk: Desk, draft: Draft, shape: Shape) -> str:
    """The container that publishing takes, ready."""
    try:
        return _built(graph, desk, draft, shape)
    except PlatformError as error:
        if error.code in _RENEWED:
            forget(desk)
        if error.code == "not_fetched":
            raise _unfetched(desk, error) from error
        raise


def forget(desk: Desk) -> None:
    """Have every container made anew."""
    remember(desk, containers={}, container=None, missing_since=None)


def status(graph: Graph, container: str) -> tuple[str, str]:
    """How it stands (`FINISHED`, `IN_PROGRESS`, `ERROR`, `EXPIRED`, `PUBLISHED`, or `GONE`), and
    what Instagram says to that."""
    try:
        node = graph.get(container, fields="status_code,status")
    except Refused as refusal:
        if refusal.gone or refusal.code == "container_gone":
            return "GONE", refusal.sentence
        raise
    return str(node.get("status_code") or "IN_PROGRESS"), str(node.get("status") or "")


def failed(said: str) -> PlatformError:
    """Why processing has failed, from the words that go with `ERROR`."""
    found = _SUBCODE.search(said)
    row = refusals.look_up(ROWS, 400, subkey=found[1]) if found else None
    if row is None or row.keys:  # no row of that subcode
        row = refusals.look_up(ROWS, 400, subkey="2207053")
    assert row is not None
    return refusals.error(row, said)


def builder_missing(desk: Desk) -> None:
    """Note that Instagram does not find the container just now; forget it when that lasts."""
    since = desk.handle.get("missing_since")
    if since is None:
        remember(desk, missing_since=time.time())
    elif time.time() - since > BUILDER_SECONDS:
        forget(desk)


def _built(graph: Graph, desk: Desk, draft: Draft, shape: Shape) -> str:
    total = len(draft.media)
    if shape.name != "carousel":
        media = draft.media[0]
        made = _of_file(graph, desk, draft, media, _post(draft, shape, media), 0, 1)
        return _waited_for(graph, desk, made)
    children = [
        _of_file(graph, desk, draft, media, _child(media), number, total)
        for number, media in enumerate(draft.media)
    ]
    for child in children:
        _waited_for(graph, desk, child)
    said = {"media_type": "CAROUSEL", "children": ",".join(children), **_words(draft)}
    return _waited_for(graph, desk, _made(graph, desk, files.of(said), said))


def _of_file(
    graph: Graph,
    desk: Desk,
    draft: Draft,
    media: Media,
    said: dict[str, Any],
    number: int,
    total: int,
) -> str:
    """A container of one file: fetched by Instagram, or brought there."""
    name = files.identity(media, said)

    def progress(share: float) -> None:
        desk.progress((number + share) / total)

    if checks.is_fetched(media.kind, draft.account):
        url = {"image_url" if media.kind == "image" else "video_url": desk.public_url(media)}
        made = _made(graph, desk, name, {**said, **url})
    else:
        made = _made(graph, desk, name, {**said, "upload_type": "resumable"})
        place = f"https://{UPLOADS}/ig-api-upload/{graph.version}/{made}"
        rupload.send(
            graph, place, media.path, lambda: _arrived(graph, made, media.size), progress
        )  # fmt: skip
    progress(1.0)
    return made


def _made(graph: Graph, desk: Desk, name: str, said: dict[str, Any]) -> str:
    """The container of that name: remembered, or made now and remembered."""
    kept: dict[str, Any] = desk.handle.get("containers") or {}
    known = kept.get(name)
    if known is not None and time.time() - known["made"] < LIFE_SECONDS:
        return str(known["id"])
    desk.meter.take("containers", PER_DAY, 86_400.0)
    answer = graph.post(f"{desk.secret['user']}/media", **said)
    made = str(answer["id"])
    remember(desk, containers={**kept, name: {"id": made, "made": time.time()}})
    return made


def _waited_for(graph: Graph, desk: Desk, container: str) -> str:
    """The container when it is processed; it is looked at for half a minute, then later again."""
    for pause in (*_LOOKS, None):
        state, said = status(graph, container)
        if state in ("FINISHED", "PUBLISHED"):
            return container
        if state in ("EXPIRED", "GONE"):
            raise _lost(desk)
        if state == "ERROR":
            kept = desk.handle.get("containers") or {}
            left = {name: each for name, each in kept.items() if each["id"] != container}
            remember(desk, containers=left)
            raise failed(said)
        desk.progress(1.0)
        if pause is not None:
            time.sleep(pause)
    raise PlatformError(
        "Instagram is still processing the files of this post.",
        action=Action.RETRY,
        remedy="It goes out by itself when that is done.",
        code="not_ready",
        retry_after=_LATER,
    )


def _lost(desk: Desk) -> PlatformError:
    row = refusals.look_up(ROWS, 400, subkey="2207006")
    assert row is not None
    return refusals.error(row)


def _unfetched(desk: Desk, error: PlatformError) -> PlatformError:
    """Offer the file again, at a new address, but not for ever."""
    times = int(desk.handle.get("unfetched") or 0) + 1
    remember(desk, unfetched=0 if times > FETCHES_MOST else times)
    if times <= FETCHES_MOST:
        return error
    return PlatformError(
        error.sentence,
        action=Action.FIX,
        remedy="Check that AUTOSCHED_PUBLIC_URL opens from the internet, then try again.",
        code=error.code,
    )


def _arrived(graph: Graph, container: str, size: int) -> int:
    """How many bytes of a video Instagram has; all of them where it has begun to process it."""
    node = graph.get(container, fields="status_code,video_status")
    phase = (node.get("video_status") or {}).get("uploading_phase") or {}
    done = phase.get("status") == "complete" or node.get("status_code") in _WHOLE
    said = phase.get("bytes_transferred") or phase.get("bytes_transfered") or 0
    return size if done else int(said)


def _post(draft: Draft, shape: Shape, media: Media) -> dict[str, Any]:
    """What is said of a post that is one file."""
    if shape.name == "story":
        return {"media_type": "STORIES"}
    said = _words(draft)
    if shape.name == "reel":
        said |= {
            "media_type": "REELS",
            "share_to_feed": bool(draft.options.get("share_to_feed", True)),
        }
        moment = checks.cover_of(draft)
        return said if moment is None else {**said, "thumb_offset": moment}
    return said | _described(media)


def _child(media: Media) -> dict[str, Any]:
    """What is said of a carousel's file; its words go with the whole."""
    said: dict[str, Any] = {"is_carousel_item": True}
    return said | ({"media_type": "VIDEO"} if media.kind == "video" else _described(media))


def _words(draft: Draft) -> dict[str, Any]:
    invited = checks.collaborators(draft)
    said = {
        "caption": draft.text or None,
        "collaborators": invited or None,
        "is_ai_generated": True if draft.options.get("ai_generated") else None,
        "is_paid_partnership": True if draft.options.get("paid_partnership") else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _described(media: Media) -> dict[str, Any]:
    alt = media.alt.strip()
    return {"alt_text": alt} if alt else {}
