"""What each of X's refusals asks for, as a table.

The last word of the body's `type` is the key; the message decides where one type has many causes.
"""

from __future__ import annotations

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.refusals import Row

TITLE = "X"
RESET_HEADER = "x-rate-limit-reset"
_CHANGE = "Change the post, and schedule it again."
_AGAIN = "It will be tried again by itself."
_HOUR = 3600.0

ROWS: tuple[Row, ...] = (
    Row(
        "duplicate",
        Action.FIX,
        "X has a post of this account that says the same already.",
        "Say it in other words, or delete the earlier post on X.",
        statuses=(403,),
        says="duplicate content",
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "X no longer accepts this account's access.",
        "Connect the account again.",
        keys=("invalid_grant",),
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "X no longer accepts this account's access.",
        "Connect the account again.",
        statuses=(400,),
        keys=("invalid_request",),
        says="value passed for the token",
    ),
    Row(
        "consent_expired",
        Action.RECONNECT,
        "What was agreed to on X's page was not used in time.",
        "Connect the account again.",
        statuses=(400,),
        keys=("invalid_request",),
        says="authorization code",
    ),
    Row(
        "consent_mixed_up",
        Action.RECONNECT,
        "The answer from X's page belongs to another attempt to connect.",
        "Connect the account again, in one window.",
        statuses=(400,),
        keys=("invalid_request", "invalid_grant"),
        says="code verifier",
    ),
    Row(
        "app_refused",
        Action.RETRY,
        "X does not accept the keys of this installation's app.",
        "Check AUTOSCHED_X_CLIENT_ID and AUTOSCHED_X_CLIENT_SECRET.",
        keys=("unauthorized_client", "invalid_client"),
        wait=_HOUR,
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "X no longer accepts this account's access.",
        "Connect the account again.",
        statuses=(401,),
    ),
    # Which of the two an empty balance gives is not documented.
    Row(
        "no_credit",
        Action.RETRY,
        "The credit of this installation's app on X is used up.",
        "Add credit, or raise the spending limit, in X's developer portal; it will be tried again.",
        statuses=(402,),
        wait=_HOUR,
    ),
    Row(
        "no_credit",
        Action.RETRY,
        "The credit of this installation's app on X is used up.",
        "Add credit, or raise the spending limit, in X's developer portal; it will be tried again.",
        keys=("usage-capped",),
        wait=_HOUR,
    ),
    Row(
        "rate_limited",
        Action.RETRY,
        "X takes no more from this account for the moment.",
        "It will be tried again by itself when X's pause is over.",
        statuses=(429,),
        wait=60.0,
    ),
    Row(
        "upload_gone",
        Action.RETRY,
        "X no longer has what was uploaded for this post.",
        "It will be uploaded again by itself.",
        statuses=(400,),
        says="media ids are invalid",
    ),
    Row(
        "processing",
        Action.RETRY,
        "X has not finished working on the media.",
        _AGAIN,
        statuses=(400,),
        says="not processed",
        wait=5.0,
    ),
    Row(
        "answer_gone",
        Action.FIX,
        "The thread can't go on: the post that this part answers is no longer on X.",
        "Delete what is left of the thread on X, and schedule it again.",
        statuses=(403,),
        says="reply to a tweet that is deleted",
    ),
    Row(
        "reply_refused",
        Action.FIX,
        "X lets an app reply only where the author has called the account.",
        "Post the reply by hand.",
        statuses=(403,),
        says="reply only",
    ),
    Row(
        "app_not_allowed",
        Action.FIX,
        "X does not let this installation's app do this ({message}).",
        "Look at the app's permissions and plan in X's developer portal.",
        statuses=(403,),
        keys=("unsupported-authentication",),
    ),
    Row(
        "app_not_allowed",
        Action.FIX,
        "X does not let this installation's app do this ({message}).",
        "Look at the app's permissions and plan in X's developer portal.",
        statuses=(403,),
        keys=("client-forbidden",),
    ),
    Row(
        "not_allowed",
        Action.FIX,
        "X does not allow this: {message}.",
        _CHANGE,
        statuses=(403,),
    ),
    Row(
        "text_too_long",
        Action.FIX,
        "X finds the text too long.",
        "Shorten it, and schedule the post again.",
        statuses=(400,),
        says="too long",
    ),
    Row(
        "file_too_large",
        Action.FIX,
        "X takes no file of this size.",
        "Make the file smaller, and schedule the post again.",
        statuses=(413,),
    ),
    Row(
        "upload_gone",
        Action.RETRY,
        "X no longer has what was uploaded for this post.",
        "It will be uploaded again by itself.",
        statuses=(404,),
        says="could not find media",
    ),
    Row("not_found", Action.FIX, "X does not know this: {message}.", statuses=(404,)),
    Row("post_refused", Action.FIX, "X does not take this post: {message}.", _CHANGE),
)

# The ends of a file's processing, by what X says of it.
PROCESSING: tuple[Row, ...] = (
    Row(
        "processing_failed",
        Action.RETRY,
        "X broke off its work on the file ({message}).",
        "It will be uploaded again by itself.",
        says="internalerror",
    ),
    Row(
        "media_refused",
        Action.FIX,
        "X can't use this file: {message}.",
        "Choose another file, or make it anew, and schedule the post again.",
    ),
)


def classify(reply: wire.Reply, *, committing: bool = False) -> PlatformError:
    """What a refusal asks for. While `committing`, a fault of X leaves open whether it is out."""
    message = said(reply)
    pause = wire.pause(reply, RESET_HEADER)
    if reply.status >= 500 or reply.status < 400 or reply.status == 408:
        if committing:
            return refusals.unclear(TITLE)
        return refusals.trouble(TITLE, message, retry_after=wire.pause(reply))
    row = refusals.look_up(ROWS, reply.status, key(reply), "", message)
    assert row is not None  # the last row fits all
    return refusals.error(row, message, retry_after=pause if reply.status == 429 else None)


def key(reply: wire.Reply) -> str:
    """The last word of the problem's type, or the error of the token's endpoint."""
    kind = reply.get("type") or reply.get("errors", 0, "type") or ""
    word = str(kind).rpartition("/")[2]
    return str(reply.get("error") or "") or ("" if word == "about:blank" else word)


def said(reply: wire.Reply) -> str:
    """X's own sentence, the most exact of those in the body."""
    for path in (("errors", 0, "message"), ("detail",), ("errors", 0, "detail"), ("title",)):
        if text := reply.get(*path):
            return str(text)
    return str(reply.get("error_description") or "")
