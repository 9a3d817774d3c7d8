"""What Facebook takes from a page, as data, and what it does not."""

from __future__ import annotations

from autosched.platforms.base import Draft, Problem
from autosched.platforms.limits import ImageRule, Limits, Option, Shape, VideoRule

TEXT_MAX = 63_206
PHOTOS_MAX = 10
"""Facebook names no number for photos in a post."""
PHOTO_BYTES = 4_000_000
"""Its reference says 10 MB, its refusals say 4."""
PHOTO_PIXELS = 2048
"""Larger photos are shown in this size."""
ALT_MAX = 1000
COMMENT_MAX = 8000
TITLE_MAX = 254
REEL_SECONDS = (3.0, 90.0)

_COMMENT = Option(
    "first_comment",
    "First comment",
    "long_text",
    text_max=COMMENT_MAX,
    hint="Written by the page as soon as the post is out",
)
_TITLE = Option("title", "Title", "text", text_max=TITLE_MAX)
_AI = Option(
    "ai_generated",
    "Made with AI",
    "toggle",
    default=False,
    hint="Facebook then labels the video",
)

SHAPES = (
    Shape(
        "post",
        "Post",
        Limits(
            text_max=TEXT_MAX,
            text_unit="characters",
            images_max=PHOTOS_MAX,
            image=ImageRule(
                mimes=("image/jpeg", "image/png"),
                bytes_max=PHOTO_BYTES,
                width_max=PHOTO_PIXELS,
                height_max=PHOTO_PIXELS,
                alt_max=ALT_MAX,
            ),
        ),
        (
            Option("link", "Link", "text", text_max=2000, hint="Shown as a card under the text"),
            _COMMENT,
        ),
    ),
    Shape(
        "video",
        "Video",
        Limits(
            text_max=TEXT_MAX,
            text_unit="characters",
            videos_max=1,
            media_min=1,
            video=VideoRule(
                mimes=("video/mp4", "video/quicktime"),
                bytes_max=10_000_000_000,
                seconds_min=1.0,
                seconds_max=4 * 3600.0,
            ),
        ),
        (_TITLE, _AI, _COMMENT),
    ),
    Shape(
        "reel",
        "Reel",
        Limits(
            text_max=TEXT_MAX,
            text_unit="characters",
            videos_max=1,
            media_min=1,
            video=VideoRule(
                mimes=("video/mp4",),
                bytes_max=1_000_000_000,
                seconds_min=REEL_SECONDS[0],
                seconds_max=REEL_SECONDS[1],
                width_max=1080,
                height_max=1920,
                side_min=540,
                ratio_min=9 / 16 - 0.004,
                ratio_max=9 / 16 + 0.004,
                fps_min=24.0,
                fps_max=60.0,
            ),
        ),
        (_TITLE, _AI, _COMMENT),
    ),
)


def shape_of(draft: Draft) -> Shape:
    """The kind that was chosen, or a video for a video and a post for all else."""
    chosen = draft.options.get("shape")
    if chosen is None:
        chosen = "video" if any(media.kind == "video" for media in draft.media) else "post"
    return next((shape for shape in SHAPES if shape.name == chosen), SHAPES[0])


def problems(draft: Draft, shape: Shape) -> list[Problem]:
    """What Facebook's own rules say, beside the limits."""
    found: list[Problem] = []
    link = link_of(draft)
    if shape.name == "post" and link:
        if not link.startswith(("https://", "http://")):
            found.append(
                Problem("link", "A link begins with https:// or http://: write all of it.")
            )
        if draft.media:
            found.append(
                Problem(
                    "link_and_photos",
                    "Facebook shows photos or the card of a link, not both: write the link into "
                    "the text, or take the photos out.",
                )
            )
    if comment_of(draft) and "pages_manage_engagement" not in rights(draft):
        found.append(
            Problem(
                "comment_right",
                "This page was connected without the right to comment: connect it again with it, "
                "or take the first comment out.",
            )
        )
    if shape.name == "video" and any(
        media.kind == "video" and reel_like(media.width, media.height, media.duration)
        for media in draft.media
    ):
        found.append(
            Problem(
                "better_as_reel",
                "This upright video could go out as a reel as well.",
                blocking=False,
            )
        )
    return found


def comment_of(draft: Draft) -> str:
    """The first comment, if there is to be one."""
    return str(draft.options.get("first_comment") or "").strip()


def link_of(draft: Draft) -> str:
    """The link that is shown as a card, if there is to be one."""
    return str(draft.options.get("link") or "").strip()


def rights(draft: Draft) -> list[str]:
    """What the page was connected with."""
    return list(draft.account.get("rights") or [])


def reel_like(width: int | None, height: int | None, seconds: float | None) -> bool:
    """Whether a video could be a reel as it is."""
    if not width or not height or seconds is None:
        return False
    low, high = REEL_SECONDS
    return abs(width / height - 9 / 16) < 0.01 and low <= seconds <= high
