"""YouTube's refusals as tables: of its calls, and of videos that it could not or would not take."""

from __future__ import annotations

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.refusals import Row

TITLE = "YouTube"
_AGAIN = "It will be tried again by itself."
_CHANGE = "Change the post, and schedule it again."
_CONNECT = "Connect the account again, and leave every box ticked."

ROWS: tuple[Row, ...] = (
    Row(
        "no_channel",
        Action.RECONNECT,
        "This Google account has no YouTube channel.",
        "Make a channel on YouTube, then connect the account again.",
        keys=("youtubeSignupRequired",),
    ),
    Row(
        "access_ended",
        Action.RECONNECT,
        "YouTube no longer accepts this account's access.",
        _CONNECT,
        keys=("authError", "expired", "invalid_grant"),
    ),
    Row(
        "app_refused",
        Action.RETRY,
        "Google does not know this installation's app by its keys.",
        "Check AUTOSCHED_YOUTUBE_CLIENT_ID and AUTOSCHED_YOUTUBE_CLIENT_SECRET.",
        keys=("invalid_client", "unauthorized_client"),
        wait=600.0,
    ),
    Row(
        "quota_spent",
        Action.RETRY,
        "This installation has used up what YouTube lets it do in a day.",
        "It goes out by itself after midnight in California; post it by hand if that is too late.",
        keys=("quotaExceeded", "dailyLimitExceeded"),
    ),
    Row(
        "rate_limited",
        Action.RETRY,
        "YouTube asks for a pause.",
        _AGAIN,
        keys=("rateLimitExceeded", "userRateLimitExceeded", "uploadRateLimitExceeded"),
    ),
    Row(
        "scope_missing",
        Action.RECONNECT,
        "The account has not allowed this on YouTube.",
        _CONNECT,
        keys=("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ),
    Row(
        "daily_uploads",
        Action.RETRY,
        "YouTube takes no more videos from this channel today.",
        "It goes out by itself a day later; post it by hand if that is too late.",
        keys=("uploadLimitExceeded",),
        wait=86_400.0,
    ),
    Row(
        "cover_not_allowed",
        Action.FIX,
        "YouTube takes no cover of its own from this channel.",
        "Confirm a phone number at youtube.com/verify, or take the picture out of the post.",
        keys=("forbidden",),
        says="thumbnail",
    ),
    Row(
        "forbidden",
        Action.FIX,
        "YouTube does not allow this: {message}.",
        "Look at the channel on YouTube.",
        keys=(
            "forbidden",
            "forbiddenPrivacySetting",
            "forbiddenLicenseSetting",
            "forbiddenEmbedSetting",
        ),
    ),
    Row(
        "title_refused",
        Action.FIX,
        "YouTube does not take this title.",
        "Write another one of at most 100 characters, without < and >.",
        keys=("invalidTitle",),
    ),
    Row(
        "description_refused",
        Action.FIX,
        "YouTube does not take this description.",
        "Shorten it, and leave out < and >.",
        keys=("invalidDescription",),
    ),
    Row(
        "tags_refused",
        Action.FIX,
        "YouTube does not take these tags.",
        "Take some of them out, and leave out < and >.",
        keys=("invalidTags",),
    ),
    Row(
        "category_refused",
        Action.FIX,
        "YouTube does not take this category from this channel.",
        "Choose another one.",
        keys=("invalidCategoryId",),
    ),
    Row(
        "cover_refused",
        Action.FIX,
        "YouTube does not take this picture as a cover.",
        "Choose another picture, or take it out of the post.",
        keys=("invalidImage",),
    ),
    Row(
        "video_gone",
        Action.FIX,
        "The video is no longer on YouTube: somebody has deleted it there.",
        "Try again if it should go out after all: it is uploaded anew.",
        keys=("videoNotFound",),
    ),
    Row(
        "post_refused",
        Action.FIX,
        "YouTube does not take this post: {message}.",
        _CHANGE,
        keys=(
            "invalidPublishAt",
            "invalidFilename",
            "invalidRecordingDetails",
            "mediaBodyRequired",
            "invalidVideoMetadata",
            "defaultLanguageNotSet",
        ),
    ),
    Row("rate_limited", Action.RETRY, "YouTube asks for a pause.", _AGAIN, statuses=(429,)),
    Row(
        "access_ended",
        Action.RECONNECT,
        "YouTube no longer accepts this account's access.",
        _CONNECT,
        statuses=(401,),
    ),
    Row(
        "session_lost",
        Action.RETRY,
        "YouTube no longer knows the upload that was begun.",
        "It will be uploaded again by itself.",
        statuses=(404, 410),
    ),
    # A reason that is not in the table yet, but a refusal on purpose.
    Row(
        "post_refused",
        Action.FIX,
        "YouTube does not take this post: {message}.",
        _CHANGE,
        statuses=(400, 403, 409, 411, 413, 415, 422),
    ),
)

FAILURES: tuple[Row, ...] = (
    Row(
        "upload_broken",
        Action.RETRY,
        "The upload to YouTube broke off.",
        "It will be uploaded again by itself.",
        keys=("uploadAborted",),
    ),
    Row(
        "file_refused",
        Action.FIX,
        "YouTube can't read the video.",
        "Choose another file, and schedule the post again.",
        keys=("conversion", "invalidFile", "emptyFile", "codec"),
    ),
    Row(
        "file_too_small",
        Action.FIX,
        "The video's picture is too small for YouTube.",
        "Choose another file, and schedule the post again.",
        keys=("tooSmall",),
    ),
    Row(
        "duplicate",
        Action.FIX,
        "YouTube does not take the video: the channel has it already.",
        "Look at the channel on YouTube.",
        keys=("duplicate",),
    ),
    Row(
        "too_long",
        Action.FIX,
        "YouTube does not take a video of this length from this channel.",
        "Confirm a phone number at youtube.com/verify, or cut the video.",
        keys=("length",),
    ),
    Row(
        "rights",
        Action.FIX,
        "YouTube does not take the video, because somebody else has rights in it ({message}).",
        "Look at the video in YouTube Studio.",
        keys=("copyright", "claim", "trademark"),
    ),
    Row(
        "suspended",
        Action.FIX,
        "YouTube has closed or suspended this channel.",
        "Look at the channel on YouTube.",
        keys=("uploaderAccountClosed", "uploaderAccountSuspended"),
    ),
    Row(
        "rules_broken",
        Action.FIX,
        "YouTube does not take the video, because it finds it against its rules ({message}).",
        "Look at the video in YouTube Studio.",
        keys=("inappropriate", "termsOfUse", "legal"),
    ),
    Row("video_refused", Action.FIX, "YouTube did not take the video: {message}.", _CHANGE),
)


def key_of(reply: wire.Reply) -> str:
    """The reason of an API's error, or the name of one of the log-in."""
    reason = reply.get("error", "errors", 0, "reason") or reply.get("error", "details", 0, "reason")
    flat = reply.get("error")
    return str(reason or (flat if isinstance(flat, str) else ""))


def classify(
    reply: wire.Reply, *, committing: bool = False, until_reset: float | None = None
) -> PlatformError:
    """What a refusal asks for, by its reason before its status. `until_reset`: seconds until the
    quota is fresh."""
    key = key_of(reply)
    message = str(reply.get("error", "message") or reply.get("error_description") or key)
    row = refusals.look_up(ROWS, reply.status, key, message=message)
    if reply.status < 400 or reply.status >= 500 or row is None:
        if committing:
            return refusals.unclear(TITLE)
        return refusals.trouble(TITLE, message, retry_after=wire.pause(reply))
    wait = until_reset if row.code == "quota_spent" else wire.pause(reply)
    return refusals.error(row, message, retry_after=wait)


def refused_video(reason: str) -> PlatformError:
    """What it asks for that YouTube failed at a video, or rejected it; nobody else sees it."""
    row = refusals.look_up(FAILURES, 200, reason)
    return refusals.error(row or FAILURES[-1], reason)


def locked() -> PlatformError:
    """YouTube has taken the video, and keeps it private whatever is asked."""
    return PlatformError(
        "YouTube has locked the video as private, since Google has not reviewed this "
        "installation's project.",
        action=Action.FIX,
        remedy="Upload it by hand, and delete the locked one in YouTube Studio. After the review, "
        "set AUTOSCHED_YOUTUBE_AUDITED=1 and try again: it is uploaded anew.",
        code="locked_private",
    )
