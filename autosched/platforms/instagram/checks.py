"""What Instagram takes, as data, and its own rules about words, people and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autosched.platforms.base import Draft, Problem
from autosched.platforms.instagram.accounts import COMMENT, INSTAGRAM
from autosched.platforms.limits import ImageRule, Limits, Option, Shape, VideoRule
from autosched.platforms.meta import files

TITLE = "Instagram"
TEXT_MAX = 2200
ALT_MAX = 1000
HASHTAGS_MAX, HASHTAGS_WISE = 30, 5
"""Its API takes 30; the app has announced that it shows no more than 5."""
MENTIONS_MAX = 20
COLLABORATORS_MAX = 3
COMMENT_MAX = 300

_HASHTAG = re.compile(r"(?<![\w&])[#＃]\w+")
_MENTION = re.compile(r"(?<!\w)[@＠][\w.]+")
_PROFESSIONAL = "BUSINESS"

_IMAGE = ImageRule(
    mimes=("image/jpeg",),
    bytes_max=8_000_000,
    width_min=320,
    width_max=1440,
    ratio_min=4 / 5,
    ratio_max=1.91,
    alt_max=ALT_MAX,
)
_STORY_IMAGE = ImageRule(mimes=("image/jpeg",), bytes_max=8_000_000, width_min=320, width_max=1440)


def _film(bytes_max: int, seconds_max: float) -> VideoRule:
    return VideoRule(
        mimes=("video/mp4", "video/quicktime"),
        bytes_max=bytes_max,
        seconds_min=3.0,
        seconds_max=seconds_max,
        width_max=1920,
        ratio_min=0.01,
        ratio_max=10.0,
        fps_min=23.0,
        fps_max=60.0,
        video_codecs=("h264", "hevc"),
        edit_lists=False,
        bits_max=25_000_000,
        channels_max=2,
        hertz_max=48_000,
    )


_LONG = _film(300_000_000, 900.0)
_COMMON = (
    Option(
        "first_comment",
        "First comment",
        "long_text",
        text_max=COMMENT_MAX,
        hint="Written by the account as soon as the post is out",
    ),
    Option(
        "collaborators",
        "Collaborators",
        "tags",
        hint=f"Up to {COLLABORATORS_MAX} accounts that are asked to share the post as theirs",
    ),
    Option(
        "ai_generated",
        "Made with AI",
        "toggle",
        default=False,
        hint="Instagram then labels the post",
    ),
    Option(
        "paid_partnership",
        "Paid partnership",
        "toggle",
        default=False,
        hint="Instagram then labels the post",
    ),
)

PICTURE = Shape(
    "picture",
    "Picture",
    Limits(
        text_max=TEXT_MAX, text_unit="characters", images_max=1, image=_IMAGE, media_min=1,
    ),
    _COMMON,
)  # fmt: skip
CAROUSEL = Shape(
    "carousel",
    "Carousel",
    Limits(
        text_max=TEXT_MAX,
        text_unit="characters",
        images_max=10,
        image=_IMAGE,
        videos_max=10,
        video=_LONG,
        media_min=2,
        media_max=10,
        mixed=True,
    ),
    _COMMON,
)
REEL = Shape(
    "reel",
    "Reel",
    Limits(text_max=TEXT_MAX, text_unit="characters", videos_max=1, video=_LONG, media_min=1),
    (
        Option("share_to_feed", "Show in the feed too", "toggle", default=True),
        Option(
            "cover_ms",
            "Cover frame",
            "number",
            hint="Milliseconds from the start of the video",
        ),
        *_COMMON,
    ),
)
STORY = Shape(
    "story",
    "Story",
    Limits(
        text_max=TEXT_MAX,
        text_unit="characters",
        images_max=1,
        image=_STORY_IMAGE,
        videos_max=1,
        video=_film(100_000_000, 60.0),
        media_min=1,
        media_max=1,
    ),
)
SHAPES = (PICTURE, CAROUSEL, REEL, STORY)


def shape_of(draft: Draft) -> Shape:
    """The kind that was chosen, or the one for its media; a video by itself is a reel."""
    chosen = draft.options.get("shape")
    for shape in SHAPES:
        if shape.name == chosen:
            return shape
    if len(draft.media) > 1:
        return CAROUSEL
    return REEL if any(media.kind == "video" for media in draft.media) else PICTURE


def problems(draft: Draft, shape: Shape) -> list[Problem]:
    """What Instagram's own rules say, beside the limits."""
    return [*_of_words(draft), *_of_options(draft, shape), *_of_story(draft, shape),
            *_of_address(draft)]  # fmt: skip


def _of_words(draft: Draft) -> Iterator[Problem]:
    hashtags = len(_HASHTAG.findall(draft.text))
    if hashtags > HASHTAGS_MAX:
        yield Problem(
            "too_many_hashtags",
            f"Instagram takes {HASHTAGS_MAX} hashtags; this text has {hashtags}.",
        )
    elif hashtags > HASHTAGS_WISE:
        yield Problem(
            "many_hashtags",
            f"Instagram has announced a limit of {HASHTAGS_WISE} hashtags in a post; this text "
            f"has {hashtags}.",
            blocking=False,
        )
    mentions = len(_MENTION.findall(draft.text))
    if mentions > MENTIONS_MAX:
        yield Problem(
            "too_many_mentions",
            f"Instagram takes {MENTIONS_MAX} mentions; this text has {mentions}.",
        )


def _of_options(draft: Draft, shape: Shape) -> Iterator[Problem]:
    if shape.name == STORY.name:
        return
    if len(collaborators(draft)) > COLLABORATORS_MAX:
        yield Problem(
            "option_collaborators",
            f"Instagram takes {COLLABORATORS_MAX} collaborators; there are "
            f"{len(collaborators(draft))}.",
        )
    right = COMMENT[login_of(draft.account)]
    if comment_of(draft) and right not in (draft.account.get("rights") or []):
        yield Problem(
            "comment_right",
            "This account was connected without the right to comment: connect it again with it, "
            "or take the first comment out.",
        )
    moment = cover_of(draft)
    if shape.name == REEL.name and moment is not None:
        length = next((media.duration for media in draft.media if media.duration), None)
        if moment < 0 or (length is not None and moment >= length * 1000):
            yield Problem("option_cover_ms", "The moment of the cover is not within the video.")


def _of_story(draft: Draft, shape: Shape) -> Iterator[Problem]:
    if shape.name != STORY.name:
        return
    if draft.account.get("account_type", _PROFESSIONAL) != _PROFESSIONAL:
        yield Problem(
            "by_hand",
            "Instagram lets programs publish stories for business accounts only: plan a reminder "
            "for it instead, and post it by hand with the package that comes with the reminder.",
        )
    if draft.text.strip():
        yield Problem(
            "story_text",
            "Instagram shows no text with a story: put the words into the picture.",
            blocking=False,
        )


def _of_address(draft: Draft) -> Iterator[Problem]:
    if any(is_fetched(media.kind, draft.account) for media in draft.media):
        problem = files.not_public(TITLE)
        if problem is not None:
            yield problem


def is_fetched(kind: str, account: Mapping[str, Any]) -> bool:
    """Whether Instagram fetches such a file itself; videos it takes as bytes by Facebook Login."""
    return kind == "image" or login_of(account) == INSTAGRAM


def login_of(account: Mapping[str, Any]) -> str:
    """By which log-in the account was connected."""
    return str(account.get("login") or INSTAGRAM)


def comment_of(draft: Draft) -> str:
    """The first comment, if there is to be one; a story has none."""
    if shape_of(draft).name == STORY.name:
        return ""
    return str(draft.options.get("first_comment") or "").strip()


def collaborators(draft: Draft) -> list[str]:
    """The accounts that are invited, by name."""
    said = draft.options.get("collaborators") or []
    names = re.split(r"[,\s]+", said) if isinstance(said, str) else [str(each) for each in said]
    return [name.strip().removeprefix("@") for name in names if name.strip()]


def cover_of(draft: Draft) -> int | None:
    """The moment of the cover frame in milliseconds, if one was chosen."""
    said = draft.options.get("cover_ms")
    try:
        return None if said in (None, "") else int(float(str(said)))
    except ValueError:
        return -1
