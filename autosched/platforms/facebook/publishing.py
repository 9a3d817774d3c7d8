"""The call that makes a post public, the question whether it did, and the first comment."""

from __future__ import annotations

import time
from typing import Any

from autosched.platforms import refusals
from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.facebook import checks, uploads
from autosched.platforms.facebook.errors import TITLE
from autosched.platforms.meta import attempts, comments
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import FACEBOOK_VIDEO, Graph
from autosched.platforms.meta.reading import moment, words

PATIENCE_SECONDS = 60.0
"""How long the list of posts may run behind: until then a no is none."""
PROCESSING_WAIT = 30.0
_LOOKS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the first looks at a video that is being processed."""
_LIST = (
    "id,message,created_time,permalink_url,"
    "attachments{unshimmed_url,target{id},subattachments{target{id}}}"
)


def commit(graph: Graph, desk: Desk, draft: Draft) -> Published:
    """Publish; what is out already (the post without its comment) is not sent again."""
    _stop_if_lost(desk)
    if "post" not in desk.handle:
        earlier = desk.handle.get("first_at") is not None
        attempts.begin(desk)
        if desk.handle["shape"] == "post":
            _publish_post(graph, desk, draft, earlier)
        else:
            _publish_video(graph, desk, draft)
    comments.write(graph, desk, desk.handle["post"], checks.comment_of(draft))
    return proof(graph, desk)


def settle(graph: Graph, desk: Desk, draft: Draft) -> Published | None:
    """The proof that it is out, with its comment; or a sure no to the part that is missing."""
    if "post" not in desk.handle:
        since = attempts.since(desk)
        if since is None:
            return None
        if desk.handle.get("shape") == "post":
            found = _find_post(graph, desk, draft, since)
        else:
            found = _find_video(graph, desk)
        if not found:
            return None
    post, text = desk.handle["post"], checks.comment_of(draft)
    if comments.missing(graph, desk, post, text, said_in="message", patience=PATIENCE_SECONDS):
        return None
    return proof(graph, desk)


def proof(graph: Graph, desk: Desk) -> Published:
    """Where the post stands. A video is named by its own identifier."""
    handle = desk.handle
    name, seen_at = str(handle.get("video") or handle["post"]), handle.get("permalink")
    if not seen_at:
        try:
            seen_at = graph.get(name, fields="permalink_url").get("permalink_url")
        except PlatformError:
            seen_at = None  # the post is out all the same
    return Published(name, _absolute(seen_at))


def _publish_post(graph: Graph, desk: Desk, draft: Draft, earlier: bool) -> None:
    ids = desk.handle["attached"]
    attached: dict[str, Any] = {
        f"attached_media[{n}]": {"media_fbid": id} for n, id in enumerate(ids)
    }
    try:
        answer = graph.post(
            f"{desk.secret['page']}/feed",
            committing=True,
            message=draft.text or None,
            link=checks.link_of(draft) or None,
            **attached,
        )
    except Refused as refusal:
        if earlier and refusal.code in ("duplicate", "photos_posted"):
            # An earlier try has come through, although the list did not show it.
            remember(desk, twin=True)
            raise refusals.unclear(TITLE) from refusal
        if refusal.gone and ids:
            raise uploads.lost(desk) from refusal
        raise
    if not answer.get("id"):
        raise refusals.unclear(TITLE)
    remember(desk, post=str(answer["id"]))


def _publish_video(graph: Graph, desk: Desk, draft: Draft) -> None:
    upload, page = desk.handle["upload"], desk.secret["page"]
    title = str(draft.options.get("title") or "").strip() or None
    said: dict[str, Any] = {
        "upload_phase": "finish",
        "description": draft.text or None,
        "title": title,
        "is_ai_generated": True if draft.options.get("ai_generated") else None,
    }
    try:
        if upload["kind"] == "reel":
            said |= {"video_id": upload["video"], "video_state": "PUBLISHED"}
            graph.post(f"{page}/video_reels", committing=True, **said)
        else:
            said |= {"upload_session_id": upload["session"], "published": True}
            graph.post(f"{page}/videos", host=FACEBOOK_VIDEO, committing=True, **said)
    except Refused as refusal:
        if refusal.gone or refusal.code == "session_gone":
            raise uploads.lost(desk) from refusal
        if refusal.key != "100" or not _taken(graph, desk):
            raise
    for pause in (*_LOOKS, None):
        try:
            if _stands(graph, desk) == "public":
                return
        except PlatformError:
            break  # it is settled, not sent again
        _stop_if_lost(desk)
        desk.progress(1.0)
        if pause is not None:
            time.sleep(pause)
    raise PlatformError(
        "Facebook is still processing the video; it goes out by itself when that is done.",
        action=Action.SETTLE,
        remedy="Facebook is being asked how it stands.",
        code="processing",
    )


def _stands(graph: Graph, desk: Desk) -> str:
    """`public`, `working`, `waiting` (nobody has asked for its publishing) or `broken`.

    What is learned thereby is remembered.
    """
    fields = "status,permalink_url,post_id"
    video = str(desk.handle["upload"]["video"])
    node = graph.get(video, fields=fields)
    status = node.get("status") or {}
    publishing = status.get("publishing_phase") or {}
    if publishing.get("status") == "complete":
        post, page = str(node.get("post_id") or video), str(desk.secret["page"])
        remember(
            desk,
            post=post if "_" in post or post == video else f"{page}_{post}",
            video=video,
            permalink=node.get("permalink_url"),
        )
        return "public"
    state = str(status.get("video_status") or "")
    if state == "error":
        said = (status.get("processing_phase") or {}).get("errors") or [{}]
        remember(desk, upload=None, broken=str(said[0].get("message") or "it gave no reason"))
        return "broken"
    if state == "expired":
        remember(desk, upload=None)
        return "broken"
    return "waiting" if state in ("uploading", "upload_complete") else "working"


def _taken(graph: Graph, desk: Desk) -> bool:
    """Whether a video that is refused now was taken before; an upload that is not whole goes on."""
    try:
        if _stands(graph, desk) in ("public", "working"):
            return True
    except Refused as refusal:
        if refusal.gone:
            raise uploads.lost(desk) from refusal
        raise
    upload = desk.handle.get("upload")
    if upload and uploads.arrived(graph, desk) < upload["size"]:
        raise PlatformError(
            "Facebook has not got all of the video yet.",
            action=Action.RETRY,
            remedy="The rest will be uploaded by itself.",
            code="upload_unfinished",
        )
    return False


def _find_video(graph: Graph, desk: Desk) -> bool:
    if not desk.handle.get("upload"):
        return False
    try:
        state = _stands(graph, desk)
    except Refused as refusal:
        if not refusal.gone:
            raise
        attempts.be_patient(desk, TITLE, PATIENCE_SECONDS)
        remember(desk, upload=None)
        return False
    if state == "working":
        raise PlatformError(
            "Facebook is still processing the video.",
            action=Action.RETRY,
            remedy="It is asked again by itself.",
            code="processing",
            retry_after=PROCESSING_WAIT,
        )
    if state == "waiting":
        attempts.be_patient(desk, TITLE, PATIENCE_SECONDS)
    return state == "public"


def _find_post(graph: Graph, desk: Desk, draft: Draft, since: float) -> bool:
    """Look for the post among the page's newest, and remember it."""
    for node in graph.listed(f"{desk.secret['page']}/published_posts", fields=_LIST, limit=25):
        made = moment(node.get("created_time"))
        if made is not None and made < since:
            break
        if _is_ours(node, set(desk.handle.get("attached") or []), draft):
            remember(desk, post=str(node["id"]), permalink=node.get("permalink_url"))
            return True
    attempts.be_patient(desk, TITLE, PATIENCE_SECONDS)
    if desk.handle.get("twin"):
        raise PlatformError(
            "Facebook says that the page has this very post already, yet does not show it in the "
            "list of its posts.",
            action=Action.ASK,
            remedy="Look at the page, and say whether the post is there.",
            code="unconfirmed",
        )
    return False


def _is_ours(node: dict[str, Any], photos: set[str], draft: Draft) -> bool:
    """By the photos that were uploaded for it; else by its words, or by its link if it has none."""
    shown = _attached(node)
    if photos:
        return bool(photos & {str((each.get("target") or {}).get("id")) for each in shown})
    if draft.text.strip():
        return words(node.get("message")) == words(draft.text)
    link = checks.link_of(draft).rstrip("/")
    return any(str(each.get("unshimmed_url") or "").rstrip("/") == link for each in shown)


def _attached(node: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in (node.get("attachments") or {}).get("data") or []:
        found += [each, *((each.get("subattachments") or {}).get("data") or [])]
    return found


def _stop_if_lost(desk: Desk) -> None:
    said = desk.handle.get("broken")
    if said:
        raise PlatformError(
            f"Facebook could not process the video: {str(said).rstrip('.')}.",
            action=Action.FIX,
            remedy="Put another video in its place, and schedule the post again.",
            code="video_refused",
        )
    kept = "attached" if desk.handle.get("shape") == "post" else "upload"
    if "post" not in desk.handle and desk.handle.get(kept) is None:
        raise uploads.lost(desk)


def _absolute(seen_at: Any) -> str | None:
    if not seen_at:
        return None
    return f"https://www.facebook.com{seen_at}" if str(seen_at).startswith("/") else str(seen_at)
