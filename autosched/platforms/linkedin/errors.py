"""What each of LinkedIn's refusals asks for, as a table: by its `code`, its words, its status."""

from __future__ import annotations

import time
from typing import Any

import regex

from autosched.platforms import refusals
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.linkedin.checks import TITLE
from autosched.platforms.refusals import Row
from autosched.platforms.wire import Reply, Unreached

_AGAIN = "It will be tried again by itself."
_CHANGE = "Change the post, and schedule it again."

ROWS: tuple[Row, ...] = (
    Row(
        "access_ended",
        Action.RECONNECT,
        "LinkedIn no longer accepts this account's access.",
        "Connect the account again.",
        statuses=(401,),
    ),
    Row(
        "not_yet",
        Action.RETRY,
        "LinkedIn does not let the uploaded files be used yet.",
        _AGAIN,
        statuses=(403,),
        says="resource is forbidden",
        wait=15.0,
    ),
    Row(
        "no_permission",
        Action.RECONNECT,
        "LinkedIn does not let this account do this: {message}.",
        "Check that you still administer the page; then connect it again with every box ticked.",
        statuses=(403,),
    ),
    Row(
        "text_too_long",
        Action.FIX,
        "LinkedIn finds something in this post too long: {message}.",
        "Make it shorter, and schedule the post again.",
        statuses=(400,),
        keys=("FIELD_LENGTH_TOO_LONG",),
    ),
    Row(
        "upload_gone",
        Action.RETRY,
        "LinkedIn has not, or no longer, what was uploaded for this post.",
        "It will be uploaded again by itself.",
        statuses=(400,),
        keys=(
            "MEDIA_ASSET_WAITING_UPLOAD",
            "MEDIA_ASSET_PROCESSING_FAILED",
            "PROCESSING_FAILED",
            "EXPIRED_UPLOAD_URL",
        ),
    ),
    Row(
        "version_ended",
        Action.RETRY,
        "LinkedIn no longer speaks the version of its interface that is set here.",
        "Set AUTOSCHED_LINKEDIN_API_VERSION to a newer month, such as 202609, and restart.",
        statuses=(400, 426),
        keys=("VERSION_MISSING", "INVALID_VERSION", "NONEXISTENT_VERSION"),
        wait=3_600.0,
    ),
    Row(
        "version_ended",
        Action.RETRY,
        "LinkedIn no longer speaks the version of its interface that is set here.",
        "Set AUTOSCHED_LINKEDIN_API_VERSION to a newer month, such as 202609, and restart.",
        statuses=(426,),
        wait=3_600.0,
    ),
    Row(
        "unknown_urn",
        Action.FIX,
        "LinkedIn does not know something that this post names: {message}.",
        "Check its mentions, and schedule it again.",
        statuses=(400,),
        keys=("INVALID_URN_FORMAT", "INVALID_URN_TYPE", "INVALID_URN_ID"),
    ),
    Row(
        "gone",
        Action.FIX,
        "LinkedIn has not what this needs: {message}.",
        "Look on LinkedIn whether the post is still there.",
        statuses=(404, 410),
    ),
    Row(
        "conflict",
        Action.RETRY,
        "Something else changed at LinkedIn in the same moment.",
        _AGAIN,
        statuses=(409,),
        wait=2.0,
    ),
    Row(
        "duplicate",
        Action.FIX,
        "LinkedIn has this very post already, and takes the same again only after ten minutes.",
        "Change the words, or schedule it again for later.",
        statuses=(422,),
        says="duplicate",
    ),
    Row(
        "rate_limited",
        Action.RETRY,
        "LinkedIn takes no more from this account today.",
        "It will be tried again by itself after midnight (UTC), when LinkedIn counts anew.",
        statuses=(429,),
    ),
    Row(
        "post_refused",
        Action.FIX,
        "LinkedIn does not take this post: {message}.",
        _CHANGE,
        statuses=(400, 413, 415, 422),
    ),
    Row(
        "strange_answer",
        Action.RETRY,
        "LinkedIn answered in a way that is not known here ({message}).",
        _AGAIN,
    ),
)

_DUPLICATE_OF = regex.compile(r"duplicate of (urn:li:(?:share|ugcPost):\d+)", regex.IGNORECASE)


class Duplicate(PlatformError):
    """The same content is there already. `urn`: the post that it is a duplicate of."""

    def __init__(self, like: PlatformError, urn: str) -> None:
        super().__init__(like.sentence, action=like.action, remedy=like.remedy, code=like.code)
        self.urn = urn


def classify(reply: Reply, *, committing: bool = False) -> PlatformError:
    """What an answer that is no success asks for."""
    code, message = _code(reply), _message(reply)
    if reply.status >= 500 or (committing and reply.status < 400):
        if committing:
            return refusals.unclear(TITLE)
        return refusals.trouble(TITLE, message)
    row = refusals.look_up(ROWS, reply.status, code, "", message) or ROWS[-1]
    wait = until_midnight() if row.code == "rate_limited" else None
    error = refusals.error(row, message or f"HTTP {reply.status}", retry_after=wait)
    found = _DUPLICATE_OF.search(message)
    return Duplicate(error, found[1]) if row.code == "duplicate" and found else error


def refused_grant(reply: Reply) -> PlatformError:
    """What a refusal of the log-in's own endpoints asks for."""
    if reply.status >= 500 or reply.status == 429:
        return classify(reply)
    if reply.get("error") == "invalid_client":
        return PlatformError(
            "LinkedIn does not know this installation's app.",
            action=Action.RECONNECT,
            remedy="Check AUTOSCHED_LINKEDIN_CLIENT_ID and AUTOSCHED_LINKEDIN_CLIENT_SECRET, then "
            "connect the account again.",
            code="app_unknown",
        )
    return access_ended()


def access_ended() -> PlatformError:
    """Nothing but a person's consent helps."""
    return refusals.error(ROWS[0])


def unreached(failure: Unreached, *, committing: bool = False) -> PlatformError:
    """What a missing answer asks for."""
    return refusals.unreached(TITLE, sent=failure.sent, committing=committing)


def until_midnight(now: float | None = None) -> float:
    """Seconds until midnight UTC, when LinkedIn's daily counts begin anew."""
    at = time.time() if now is None else now
    return 86_400 - at % 86_400


def _code(reply: Reply) -> str:
    return str(reply.get("code") or "")


def _message(reply: Reply) -> str:
    said: Any = reply.get("message") or reply.get("error_description") or ""
    return " ".join(str(said).split())[:300]
