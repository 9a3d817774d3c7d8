"""What each refusal of Facebook's asks for, as a table."""

from __future__ import annotations

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.meta import errors
from autosched.platforms.refusals import Row
from autosched.platforms.wire import Reply

TITLE = "Facebook"
_CHANGE = "Change the post, and schedule it again."
_AGAIN = "It will be tried again by itself."

ROWS: tuple[Row, ...] = (
    Row(
        "page_authorization",
        Action.RECONNECT,
        "Facebook wants this page's Page Publishing Authorization to be completed first.",
        "Complete it in the page's settings on Facebook, then connect the page again.",
        subkeys=("1404078",),
    ),
    Row(
        "link_unreadable",
        Action.FIX,
        "Facebook can't read the page behind the link.",
        "Check that the link opens for everybody, or take it out.",
        subkeys=("1609005",),
    ),
    Row(
        "photo_too_large",
        Action.FIX,
        "A photo is too large for Facebook: it takes 4 MB.",
        "Make the photo smaller, and schedule the post again.",
        subkeys=("1366046",),
    ),
    Row(
        "photos_posted",
        Action.FIX,
        "Facebook says that these photos were posted already.",
        "Look at the page; if the post is not there, add the photos anew.",
        subkeys=("1366051",),
    ),
    Row(
        "format_refused",
        Action.FIX,
        "Facebook does not take a file of this format.",
        "Put a JPEG, a PNG or an MP4 in its place, and schedule the post again.",
        subkeys=("1349125",),
    ),
    Row(
        "policy",
        Action.FIX,
        "Facebook says that this goes against its community standards.",
        _CHANGE,
        subkeys=("1404102", "1346003"),
    ),
    Row(
        "too_fast",
        Action.RETRY,
        "Facebook says that this page is posting too fast.",
        _AGAIN,
        subkeys=("1390008",),
        wait=900.0,
    ),
    Row(
        "upload_troubled",
        Action.RETRY,
        "Facebook had trouble with what was uploaded.",
        _AGAIN,
        subkeys=("1363047", "1363037"),
        wait=60.0,
    ),
    Row(
        "not_now",
        Action.RETRY,
        "Facebook could not make this post at the moment.",
        _AGAIN,
        subkeys=("1609010",),
        wait=300.0,
    ),
    Row(
        "session_gone",
        Action.RETRY,
        "Facebook no longer knows this upload.",
        "It will be uploaded again by itself.",
        keys=("100",),
        says="upload session",
    ),
    Row(
        "blocked",
        Action.RECONNECT,
        "Facebook has blocked this page from posting for now: {message}.",
        "Look at the page's notices on Facebook; when the block is over, connect the page again.",
        keys=("368",),
    ),
    Row(
        "duplicate",
        Action.FIX,
        "Facebook has this very post on the page already, and takes none that is the same.",
        "Change the words, and schedule it again.",
        keys=("506",),
    ),
    *errors.shared(TITLE),
)


def classify(reply: Reply, *, committing: bool = False) -> PlatformError:
    """What an answer that is no success asks for."""
    return errors.classify(TITLE, ROWS, reply, committing=committing)
