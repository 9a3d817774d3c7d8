"""The post itself: what is sent, the one call that publishes, and the proof that it did.

A target's handle holds `post`, the body as it is sent; `since` and `attempted`, when it was first
and last sent without a clear answer; `urn`, once it is out; `commenting_at` and `comment` likewise.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from autosched.platforms import refusals
from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.linkedin import api, littletext, uploads
from autosched.platforms.linkedin.checks import TITLE
from autosched.platforms.linkedin.errors import Duplicate
from autosched.platforms.linkedin.rest import escaped

PATIENCE_SECONDS = 20.0
"""A post may show in lists so long after it was made."""
PROBE_SECONDS = 480.0
"""LinkedIn knows the same post again for about ten minutes; so long it is asked by that."""
_SKEW_SECONDS = 120.0
_COUNT = 20


def body(draft: Draft, shape: str, author: str, media: list[str]) -> dict[str, Any]:
    """What is sent, the same every time for the same draft."""
    options = draft.options
    found: dict[str, Any] = {
        "author": author,
        "commentary": littletext.escape(draft.text),
        "visibility": options.get("visibility") or "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": not options.get("allow_reshare", True),
    }
    content = _content(draft, shape, media)
    return {**found, "content": content} if content else found


def _content(draft: Draft, shape: str, media: list[str]) -> dict[str, Any]:
    if shape == "article":
        return {"article": _article(draft, media)}
    if len(media) > 1:
        images = zip(media, draft.media, strict=True)
        return {"multiImage": {"images": [_alt({"id": id}, each.alt) for id, each in images]}}
    if not media:
        return {}
    (only,) = draft.media
    shown: dict[str, Any] = {"id": media[0]}
    if only.kind in ("video", "document") and draft.options.get("title"):
        shown["title"] = str(draft.options["title"])
    return {"media": shown if only.kind == "document" else _alt(shown, only.alt)}


def _article(draft: Draft, media: list[str]) -> dict[str, Any]:
    options = draft.options
    shown = {"source": str(options["link"]), "title": str(options.get("title") or options["link"])}
    if options.get("description"):
        shown["description"] = str(options["description"])
    if media:
        shown["thumbnail"] = media[0]
        if draft.media[0].alt:
            shown["thumbnailAltText"] = draft.media[0].alt
    return shown


def _alt(shown: dict[str, Any], alt: str) -> dict[str, Any]:
    return {**shown, "altText": alt} if alt else shown


def publish(desk: Desk, draft: Draft) -> Published:
    """Send the post, and its first comment after it; what is out already is not sent again."""
    if "urn" not in desk.handle:
        remember(desk, urn=_sent(desk), since=None)
    if _comment_is_due(desk, draft):
        _comment(desk, draft)
    return proof(desk)


def proof(desk: Desk) -> Published:
    """Where the post stands."""
    urn = str(desk.handle["urn"])
    return Published(urn, f"https://www.linkedin.com/feed/update/{urn}/")


def settled(desk: Desk, draft: Draft) -> Published | None:
    """Whether the post, and then its comment, is out."""
    if "urn" not in desk.handle:
        if not desk.handle.get("since"):
            return None
        _wait(desk, desk.handle["attempted"])
        urn = _found(desk) if _reads_posts(desk) else _probed(desk)
        if urn is None:
            return None
        remember(desk, urn=urn, since=None)
    if not _comment_is_due(desk, draft):
        return proof(desk)
    if desk.handle.get("commenting_at"):
        _wait(desk, desk.handle["commenting_at"])
        comment = _found_comment(desk, draft)
        if comment is not None:
            remember(desk, comment=comment)
            return proof(desk)
    return None


def _sent(desk: Desk) -> str:
    """The one call that publishes; the URN of the post.

    Refused as a duplicate, the post is out by an earlier call of ours whose answer was lost: only
    then is the duplicate ours. Without such a call it is somebody's own earlier post.
    """
    doubt = desk.handle.get("since")
    now = time.time()
    remember(desk, since=doubt or now, attempted=now)
    try:
        reply = api.call(desk, "POST", "posts", json=desk.handle["post"], committing=True)
    except PlatformError as error:
        if isinstance(error, Duplicate) and doubt:
            return error.urn
        if error.action != Action.SETTLE:
            _cleared(desk, doubt, error)
        raise
    urn = str(reply.headers.get("x-restli-id", ""))
    if reply.status != 201 or not urn.startswith("urn:li:"):
        raise refusals.unclear(TITLE)
    return urn


def _cleared(desk: Desk, doubt: float | None, error: PlatformError) -> None:
    """A clear refusal: this call has published nothing, but an earlier one may have."""
    remember(desk, since=doubt)
    if error.code == "upload_gone" or (error.code == "unknown_urn" and _names_ours(desk, error)):
        uploads.forget(desk, failed=True)
        if int(desk.handle["failed"]) < uploads.FAILURES_MAX:
            error.action = Action.RETRY
            error.remedy = "It will be uploaded again by itself."


def _names_ours(desk: Desk, error: PlatformError) -> bool:
    return any(each["urn"] in error.sentence for each in desk.handle.get("media", {}).values())


def _wait(desk: Desk, attempted: float) -> None:
    """Patience: what was sent a moment ago may not show yet."""
    left = attempted + PATIENCE_SECONDS - time.time()
    if left > 0:
        raise PlatformError(
            f"{TITLE} may not show the post yet.",
            action=Action.RETRY,
            remedy="It is being asked again by itself.",
            code="too_early",
            retry_after=left,
        )


def _reads_posts(desk: Desk) -> bool:
    return desk.options["login"] == "page" and "r_organization_social" in desk.options["scopes"]


def _found(desk: Desk) -> str | None:
    """The page's own post with what we sent, or `None`."""
    query = f"q=author&author={escaped(desk.options['urn'])}&count={_COUNT}&sortBy=CREATED"
    reply = api.call(desk, "GET", "posts", query=query, restli="FINDER")
    for element in reply.get("elements") or []:
        if _is_ours(element, desk.handle["post"], desk.handle["since"]):
            return str(element["id"])
    return None


def _is_ours(element: dict[str, Any], post: dict[str, Any], since: float) -> bool:
    ours, theirs = _media_of(post), _media_of(element)
    if ours or theirs:
        return ours == theirs  # an upload of ours is in no other post
    made = float(element.get("createdAt") or element.get("publishedAt") or 0) / 1000
    return made >= since - _SKEW_SECONDS and _read(element) == _read(post)


def _media_of(post: dict[str, Any]) -> list[str]:
    content = post.get("content") or {}
    images = (content.get("multiImage") or {}).get("images") or []
    single = [content.get("media") or {}, {"id": (content.get("article") or {}).get("thumbnail")}]
    return [each["id"] for each in (*images, *single) if each.get("id")]


def _read(post: dict[str, Any]) -> tuple[str, str]:
    content = post.get("content") or {}
    text = " ".join(littletext.plain(str(post.get("commentary") or "")).split())
    return text, str((content.get("article") or {}).get("source", ""))


def _probed(desk: Desk) -> str:
    """A member's posts can't be read. Sent again within ten minutes, the same post is either
    refused with the name of the first, or it was not out and is now: sure both ways.
    """
    if time.time() - desk.handle["since"] > PROBE_SECONDS:
        said = datetime.fromtimestamp(desk.handle["since"], UTC)
        start = littletext.plain(desk.handle["post"]["commentary"]).strip()[:60]
        raise PlatformError(
            f"{TITLE} shows no program a member's posts, and its answer to this one, sent on "
            f"{said:%d %B %Y at %H:%M} UTC, was lost.",
            action=Action.ASK,
            remedy="Look at https://www.linkedin.com/in/me/recent-activity/all/ and say whether "
            + (f"the post that begins with “{start}” is there." if start else "it is there."),
            code="cannot_ask",
        )
    return _sent(desk)


def _comment_is_due(desk: Desk, draft: Draft) -> bool:
    return bool(str(draft.options.get("first_comment") or "").strip()) and (
        "comment" not in desk.handle
    )


def _comment(desk: Desk, draft: Draft) -> None:
    """Write the first comment. The post is out: what goes wrong now says so."""
    urn = str(desk.handle["urn"])
    text = str(draft.options["first_comment"]).strip()
    said = {"actor": desk.options["urn"], "object": urn, "message": {"text": text}}
    remember(desk, commenting_at=time.time())
    try:
        where = f"socialActions/{escaped(urn)}/comments"
        reply = api.call(desk, "POST", where, json=said, committing=True)
    except PlatformError as error:
        if error.action != Action.SETTLE:
            remember(desk, commenting_at=None)
            error.sentence = f"The post is out, but its first comment is not. {error.sentence}"
        raise
    remember(desk, comment=str(reply.headers.get("x-restli-id") or reply.get("id") or "made"))


def _found_comment(desk: Desk, draft: Draft) -> str | None:
    """The comment as a page may read it; a member is asked."""
    text = str(draft.options["first_comment"]).strip()
    if not _reads_posts(desk):
        raise PlatformError(
            f"The post is out, but {TITLE}'s answer to its first comment was lost, and it shows no "
            "program a member's comments.",
            action=Action.ASK,
            remedy=f"Look at {proof(desk).permalink} and say whether the comment is there.",
            code="cannot_ask",
        )
    where = f"socialActions/{escaped(str(desk.handle['urn']))}/comments"
    for each in api.call(desk, "GET", where).get("elements") or []:
        message = (each.get("message") or {}).get("text", "")
        if each.get("actor") == desk.options["urn"] and message.strip() == text:
            return str(each.get("id"))
    return None
