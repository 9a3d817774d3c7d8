"""What each refusal of Instagram's asks for, as a table. It tells them apart by subcodes."""

from __future__ import annotations

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.meta import errors
from autosched.platforms.refusals import Row
from autosched.platforms.wire import Reply

TITLE = "Instagram"
_AGAIN = "It will be tried again by itself."
_CHANGE = "Change the post, and schedule it again."


def _unfit(code: str, sentence: str, *subcodes: str, remedy: str = _CHANGE) -> Row:
    return Row(code, Action.FIX, sentence, remedy, subkeys=subcodes)


ROWS: tuple[Row, ...] = (
    Row("media_slow", Action.RETRY, "It took Instagram too long to fetch a file of this post.",
        _AGAIN, subkeys=("2207003",), wait=60.0),
    Row("container_expired", Action.RETRY,
        "Instagram has dropped what was prepared for this post: it keeps it for a day.",
        "It will be prepared again by itself.", subkeys=("2207020",)),
    Row("processing_fault", Action.RETRY, "Instagram had trouble with a file of this post.",
        _AGAIN, subkeys=("2207001", "2207032", "2207053"), wait=30.0),
    Row("container_gone", Action.RETRY,
        "Instagram no longer has what was prepared for this post.",
        "It will be prepared again by itself.", subkeys=("2207006",)),
    Row("builder_missing", Action.RETRY,
        "Instagram does not find what was prepared for this post at the moment.", _AGAIN,
        subkeys=("2207008",), wait=30.0),
    Row("not_ready", Action.RETRY, "Instagram is still processing what was prepared.", _AGAIN,
        subkeys=("2207027",), wait=10.0),
    Row("not_fetched", Action.RETRY, "Instagram could not fetch a file from this installation.",
        _AGAIN, subkeys=("2207052",), wait=30.0),
    Row("daily_cap", Action.RETRY,
        "This account has published as many posts today as Instagram lets programs publish.",
        "It goes out by itself when Instagram takes posts again.",
        subkeys=("2207042",), wait=3600.0),
    Row("spam_block", Action.FIX,
        "Instagram has held this post back to protect its community from unwanted posts.",
        "Wait a while, change the post, and schedule it again.", subkeys=("2207051",)),
    Row("restricted", Action.FIX, "Instagram has restricted this account.",
        "Look at the account's notices in the Instagram app, then schedule the post again.",
        subkeys=("2207050",)),
    _unfit("image_size", "Instagram does not take a picture of this size.", "2207004"),
    _unfit("image_format", "Instagram takes pictures as JPEG only.", "2207005"),
    _unfit("image_ratio", "Instagram does not take a picture of this shape.", "2207009"),
    _unfit("text_too_long", "Instagram says that the text is too long.", "2207010"),
    _unfit("video_format", "Instagram does not take a video of this format.", "2207026"),
    _unfit("media_type", "Instagram does not take a file of this kind in such a post.", "2207023"),
    _unfit("carousel_count", "Instagram takes 2 to 10 files in a carousel.", "2207028"),
    _unfit("too_many_tags", "Instagram says that there are too many tags in the post.", "2207040"),
    _unfit("cover_outside", "The moment of the cover is not within the video.", "2207057"),
    Row("by_hand", Action.FIX,
        "Instagram lets programs publish stories for business accounts only.",
        "Plan a reminder for it, and post it by hand.", keys=("10",), says="stories"),
    Row("too_few_viewers", Action.RETRY, "Too few people have seen this for figures to be shown.",
        _AGAIN, keys=("10",), says="not enough viewers"),
    *errors.shared(TITLE),
)  # fmt: skip


def classify(reply: Reply, *, committing: bool = False) -> PlatformError:
    """What an answer that is no success asks for."""
    return errors.classify(TITLE, ROWS, reply, committing=committing)
