"""What each refusal of a Mastodon server asks for, as a table.

Servers give a sentence and no code, and other makes answer 400 where Mastodon answers 422; so the
sentence decides.
"""

from __future__ import annotations

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.refusals import Row

TITLE = "Mastodon"
RESET_HEADER = "x-ratelimit-reset"
_CHANGE = "Change the post, and schedule it again."
_AGAIN = "It will be tried again by itself."
_CONNECT = "Connect the account again."
_WRONG = (400, 422)

ROWS: tuple[Row, ...] = (
    Row(
        "processing_failed",
        Action.RETRY,
        "The Mastodon server broke off its work on the file ({message}).",
        "It will be uploaded again by itself.",
        says="error processing thumbnail",
    ),
    Row(
        "consent_expired",
        Action.RECONNECT,
        "What was agreed to on the server's page was not used in time.",
        _CONNECT,
        statuses=(400, 401),
        keys=("invalid_grant",),
    ),
    Row(
        "app_unknown",
        Action.RECONNECT,
        "The Mastodon server no longer knows this installation.",
        _CONNECT,
        keys=("invalid_client", "unauthorized_client"),
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "The Mastodon server no longer accepts this account's access.",
        _CONNECT,
        statuses=(401,),
    ),
    Row(
        "scope_missing",
        Action.RECONNECT,
        "The account was connected without the right to do this.",
        "Connect the account again, and agree to everything on the server's page.",
        statuses=(403,),
        says="authorized scopes",
    ),
    Row(
        "account_closed",
        Action.RECONNECT,
        "The account is suspended or closed on its server: {message}.",
        "Look at the account there; when it is open again, connect it anew.",
        statuses=(403,),
        says="login is",
    ),
    Row(
        "not_allowed",
        Action.FIX,
        "The Mastodon server does not allow this: {message}.",
        _CHANGE,
        statuses=(403,),
    ),
    Row(
        "processing",
        Action.RETRY,
        "The Mastodon server has not finished working on the media.",
        _AGAIN,
        statuses=_WRONG,
        says="not finished processing",
        wait=5.0,
    ),
    # Whether it is lost or in another post the server does not say.
    Row(
        "upload_gone",
        Action.RETRY,
        "The Mastodon server no longer has what was uploaded for this post.",
        "It will be uploaded again by itself.",
        statuses=_WRONG,
        says="already attached",
    ),
    Row(
        "file_too_large",
        Action.FIX,
        "This Mastodon server takes no file of this size.",
        "Make the file smaller, and schedule the post again.",
        statuses=(413,),
    ),
    Row(
        "not_found",
        Action.FIX,
        "The Mastodon server does not know this: {message}.",
        "Look at the account on its server.",
        statuses=(404, 410),
    ),
    Row(
        "rate_limited",
        Action.RETRY,
        "The Mastodon server takes no more from this account for the moment.",
        "It will be tried again by itself when the server's pause is over.",
        statuses=(429,),
        wait=60.0,
    ),
    Row(
        "post_refused",
        Action.FIX,
        "The Mastodon server does not take this post: {message}.",
        _CHANGE,
        statuses=_WRONG,
    ),
    Row(
        "strange_answer",
        Action.RETRY,
        "The server answered as no Mastodon server does.",
        "Check that it is still there; it will be tried again by itself.",
    ),
)
UPLOAD_GONE = next(row for row in ROWS if row.code == "upload_gone")
ANSWER_GONE = Row(
    "answer_gone",
    Action.FIX,
    "The thread can't go on: the post that this part answers is no longer there.",
    "Delete what is left of the thread, and schedule it again.",
)


def classify(reply: wire.Reply, *, committing: bool = False) -> PlatformError:
    """What a refusal asks for. While `committing`, a fault of the server leaves open whether the
    post is out."""
    message = said(reply)
    unsure = reply.status >= 500 or reply.status < 400 or reply.status == 408
    if unsure and committing:
        return refusals.unclear(TITLE)
    row = refusals.look_up(ROWS, reply.status, str(reply.get("error") or ""), "", message)
    assert row is not None  # the last row fits all
    if reply.status >= 500 and row.code == "strange_answer":
        return refusals.trouble(TITLE, message, retry_after=wire.pause(reply))
    pause = wire.pause(reply, RESET_HEADER) if reply.status == 429 else None
    return refusals.error(row, message, retry_after=pause)


def said(reply: wire.Reply) -> str:
    """The server's own sentence."""
    return str(reply.get("error_description") or reply.get("error") or "")
