"""TikTok's refusals as tables: of its calls, of its upload host, and the ends of attempts."""

from __future__ import annotations

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.refusals import Row

TITLE = "TikTok"
_DAY = 86_400.0
_AGAIN = "It will be tried again by itself."
_CHANGE = "Change the post, and schedule it again."
_CONNECT = "Connect the account again, and leave every box ticked."

ROWS: tuple[Row, ...] = (
    Row(
        "access_ended",
        Action.RECONNECT,
        "TikTok no longer accepts this account's access.",
        _CONNECT,
        keys=("access_token_invalid", "invalid_grant"),
    ),
    Row(
        "scope_missing",
        Action.RECONNECT,
        "The account has not allowed this on TikTok.",
        _CONNECT,
        keys=("scope_not_authorized",),
    ),
    Row(
        "app_refused",
        Action.RETRY,
        "TikTok does not know this installation's app by its keys.",
        "Check AUTOSCHED_TIKTOK_CLIENT_ID and AUTOSCHED_TIKTOK_CLIENT_SECRET.",
        keys=("invalid_client",),
        wait=600.0,
    ),
    Row(
        "daily_posts",
        Action.RETRY,
        "TikTok takes no more posts from this account today.",
        "It goes out by itself a day later; post it by hand if that is too late.",
        keys=("spam_risk_too_many_posts",),
        wait=_DAY,
    ),
    Row(
        "daily_users",
        Action.RETRY,
        "TikTok lets this installation's app post for no more accounts today.",
        "It goes out by itself a day later; post it by hand if that is too late.",
        keys=("reached_active_user_cap",),
        wait=_DAY,
    ),
    Row(
        "drafts_pending",
        Action.FIX,
        "The TikTok inbox holds as many drafts as TikTok allows in a day.",
        "Post or delete some of them in the app, then try again.",
        keys=("spam_risk_too_many_pending_share",),
    ),
    Row(
        "banned",
        Action.FIX,
        "TikTok has banned this account from posting.",
        "Look at the account in TikTok.",
        keys=("spam_risk_user_banned_from_posting",),
    ),
    Row(
        "app_unaudited",
        Action.FIX,
        "TikTok has not reviewed this installation's app, so it posts only for “Only me”, and "
        "only to accounts that are set to private.",
        "Choose “Only me” and make the account private, choose a draft, or post it by hand.",
        keys=("unaudited_client_can_only_post_to_private_accounts",),
    ),
    Row(
        "address_unverified",
        Action.FIX,
        "TikTok fetches pictures only from an address that it has verified.",
        "Have this installation's public address verified in TikTok's developer portal.",
        keys=("url_ownership_unverified",),
    ),
    Row(
        "privacy_not_offered",
        Action.FIX,
        "TikTok does not offer this choice of who can see the post to this account.",
        "Choose another one, and schedule the post again.",
        keys=("privacy_level_option_mismatch",),
    ),
    Row(
        "rate_limited",
        Action.RETRY,
        "TikTok takes no more from this account for the moment.",
        _AGAIN,
        keys=("rate_limit_exceeded",),
        wait=60.0,
    ),
    Row(
        "attempt_unknown",
        Action.RETRY,
        "TikTok no longer knows what was uploaded for this post.",
        "It will be uploaded again by itself.",
        keys=("invalid_publish_id",),
    ),
    Row(
        "attempt_foreign",
        Action.ASK,
        "TikTok does not let this connection ask how the post stands.",
        "Look at the profile, and say whether the post is there.",
        keys=("token_not_authorized_for_specified_publish_id",),
    ),
    Row(
        "post_refused",
        Action.FIX,
        "TikTok does not take this post: {message}.",
        _CHANGE,
        keys=("invalid_param",),
    ),
    Row("rate_limited", Action.RETRY, "TikTok asks for a pause.", _AGAIN, statuses=(429,), wait=60),
    Row(
        "access_ended",
        Action.RECONNECT,
        "TikTok no longer accepts this account's access.",
        _CONNECT,
        statuses=(401,),
    ),
    # A code that is not in the table yet, but a refusal on purpose.
    Row(
        "post_refused",
        Action.FIX,
        "TikTok does not take this post: {message}.",
        _CHANGE,
        statuses=(400, 403, 404, 409, 413, 422),
    ),
)

UPLOAD_ROWS: tuple[Row, ...] = (
    Row(
        "upload_expired",
        Action.RETRY,
        "TikTok's address for the upload has expired.",
        "It will be uploaded again by itself.",
        statuses=(403, 404, 410),
    ),
    Row(
        "upload_refused",
        Action.RETRY,
        "TikTok did not take a part of the video: {message}.",
        "It will be uploaded again by itself.",
        statuses=(400, 408, 411, 413, 415, 416, 429),
    ),
)

FAILURES: tuple[Row, ...] = (
    Row(
        "format_refused",
        Action.FIX,
        "TikTok can't read the file.",
        "Choose another file, and schedule the post again.",
        keys=("file_format_check_failed",),
    ),
    Row(
        "duration_refused",
        Action.FIX,
        "TikTok does not take a video of this length from this account.",
        "Cut the video, and schedule the post again.",
        keys=("duration_check_failed",),
    ),
    Row(
        "frame_rate_refused",
        Action.FIX,
        "TikTok takes videos of 23 to 60 frames a second.",
        "Choose another file, and schedule the post again.",
        keys=("frame_rate_check_failed",),
    ),
    Row(
        "size_refused",
        Action.FIX,
        "TikTok does not take pictures of this width and height.",
        "Choose another file, and schedule the post again.",
        keys=("picture_size_check_failed",),
    ),
    Row(
        "spam_risk",
        Action.FIX,
        "TikTok takes this post for spam.",
        "Change the post or wait a while; post it by hand if it matters.",
        keys=("spam_risk",),
    ),
    Row(
        "spam_risk_text",
        Action.FIX,
        "TikTok takes this text for spam.",
        "Write the text anew, and schedule the post again.",
        keys=("spam_risk_text",),
    ),
    Row(
        "fetch_failed",
        Action.RETRY,
        "TikTok could not fetch the files of this post.",
        "Check that this installation's public address can be reached; it is tried again.",
        keys=("video_pull_failed", "photo_pull_failed"),
    ),
    Row(
        "processing_failed",
        Action.RETRY,
        "TikTok failed while it was working on the post.",
        _AGAIN,
        keys=("internal",),
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "The account's access was taken away while TikTok was working on the post.",
        _CONNECT,
        keys=("auth_removed",),
    ),
    Row(
        "cancelled_there",
        Action.FIX,
        "The post was cancelled on TikTok.",
        "Try again if it should go out after all.",
        keys=("publish_cancelled",),
    ),
    Row("attempt_failed", Action.FIX, "TikTok did not publish the post: {message}.", _CHANGE),
)


def key_of(reply: wire.Reply) -> str:
    """The code of an answer, as calls (`error.code`) and the token address (`error`) give it."""
    code = reply.get("error", "code")
    return str(code if code is not None else reply.get("error") or "")


def classify(reply: wire.Reply, *, committing: bool = False) -> PlatformError:
    """What a refusal asks for. TikTok's code decides; a refusal may come with HTTP 200."""
    key = key_of(reply)
    message = str(reply.get("error", "message") or reply.get("error_description") or key)
    if reply.status >= 500 or key == "internal_error":
        if committing:
            return refusals.unclear(TITLE)
        return refusals.trouble(TITLE, message, retry_after=wire.pause(reply))
    row = refusals.look_up(ROWS, reply.status, key, message=message)
    if row is not None:
        return refusals.error(row, message, retry_after=wire.pause(reply))
    if committing:
        return refusals.unclear(TITLE)
    return refusals.trouble(TITLE, message)


def upload_refused(reply: wire.Reply, *, committing: bool = False) -> PlatformError:
    """What a refusal of the upload host asks for.

    With the last chunk only an expired address says for sure that this chunk was not taken: a
    range that is not wanted may be one that came the first time.
    """
    message = str(reply.get("error", "message") or f"HTTP {reply.status}")
    row = refusals.look_up(UPLOAD_ROWS, reply.status)
    if committing and (row is None or reply.status in (408, 416)):
        return refusals.unclear(TITLE)
    return refusals.error(row, message) if row else refusals.trouble(TITLE, message)


def failed(reason: str) -> PlatformError:
    """What the end of an attempt in failure asks for; nothing of it is public."""
    row = refusals.look_up(FAILURES, 200, reason)
    return refusals.error(row or FAILURES[-1], reason.replace("_", " "))


def lost_for_good() -> PlatformError:
    """The last byte may have been sent, and TikTok knows the attempt no more."""
    return PlatformError(
        "TikTok no longer knows this upload, whose last part may have arrived.",
        action=Action.ASK,
        remedy="Look at the profile, and say whether the post is there.",
        code="attempt_lost",
    )


def processing() -> PlatformError:
    """All is with TikTok, and not yet public."""
    return PlatformError(
        "TikTok has the post and is still working on it.",
        action=Action.SETTLE,
        remedy="TikTok is asked again until it is done.",
        code="processing",
    )
