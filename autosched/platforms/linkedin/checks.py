"""What LinkedIn takes, and what a person may choose for a post there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from autosched.platforms.base import Draft, Problem
from autosched.platforms.limits import ImageRule, Limits, Option, Shape, VideoRule

TITLE = "LinkedIn"
COMMENT_MAX = 1_250
IMAGES_MAX = 20
VIDEO_BYTES_MIN = 75_000
_TEXT_MAX = 3_000
_ALT_MAX = 4_086
_TITLE_MAX = 400
_DESCRIPTION_MAX = 4_000

IMAGE = ImageRule(
    mimes=("image/jpeg", "image/png", "image/gif"),
    bytes_max=8_000_000,
    pixels_max=36_152_319,
    alt_max=_ALT_MAX,
)
VIDEO = VideoRule(
    mimes=("video/mp4",),
    bytes_max=500_000_000,
    seconds_min=3.0,
    seconds_max=1_800.0,
    alt_max=_ALT_MAX,
)

_PUBLIC = ("PUBLIC", "Anyone")
_LOGGED_IN = ("LOGGED_IN", "Anyone on LinkedIn")
_CONNECTIONS = ("CONNECTIONS", "My connections only")


def shapes(account: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The kinds of post; a page has followers and no connections."""
    page = account.get("login") == "page"
    seen_by = (_PUBLIC, _LOGGED_IN) if page else (_PUBLIC, _CONNECTIONS, _LOGGED_IN)
    common = (
        Option("visibility", "Who sees it", "choice", seen_by, default="PUBLIC"),
        Option("allow_reshare", "Others may repost it", "toggle", default=True),
        Option("first_comment", "First comment", "long_text", text_max=COMMENT_MAX),
    )
    return (
        Shape(
            "post",
            "Post",
            Limits(
                text_max=_TEXT_MAX,
                text_unit="utf16",
                images_max=IMAGES_MAX,
                image=IMAGE,
                videos_max=1,
                video=VIDEO,
                media_max=IMAGES_MAX,
            ),
            (*common, Option("title", "Title of the video", "text", text_max=_TITLE_MAX)),
        ),
        Shape(
            "document",
            "Document",
            Limits(
                text_max=_TEXT_MAX,
                text_unit="utf16",
                documents_max=1,
                document_bytes_max=100_000_000,
                media_max=1,
            ),
            (
                Option(
                    "title", "Title of the document", "text", required=True, text_max=_TITLE_MAX
                ),
                *common,
            ),
        ),
        Shape(
            "article",
            "Link",
            Limits(
                text_max=_TEXT_MAX,
                text_unit="utf16",
                images_max=1,
                image=IMAGE,
                media_max=1,
            ),
            (
                Option("link", "Address", "text", required=True, hint="https://…"),
                Option(
                    "title",
                    "Title of the page",
                    "text",
                    required=True,
                    text_max=_TITLE_MAX,
                    hint="LinkedIn does not read the page: what is shown stands here",
                ),
                Option("description", "Description", "long_text", text_max=_DESCRIPTION_MAX),
                *common,
            ),
        ),
    )


def shape_of(draft: Draft) -> Shape:
    """The one that was chosen, or the one that fits what there is."""
    known = {shape.name: shape for shape in shapes(draft.account)}
    chosen = known.get(str(draft.options.get("shape", "")))
    if chosen is not None:
        return chosen
    if any(media.kind == "document" for media in draft.media):
        return known["document"]
    return known["article" if draft.options.get("link") else "post"]


def own_rules(draft: Draft, shape: Shape) -> Iterator[Problem]:
    """What no table of limits says."""
    if shape.name == "document" and not any(each.kind == "document" for each in draft.media):
        yield Problem("document_missing", f"{TITLE} takes no such post without a document.")
    for media in draft.media:
        if media.kind == "document" and media.mime != "application/pdf":
            yield Problem("document_format", f"{TITLE} takes documents as PDF.")
        if media.kind == "video" and media.mime in VIDEO.mimes and media.size < VIDEO_BYTES_MIN:
            yield Problem("video_too_small", f"{TITLE} takes no video of less than 75 KB.")
    link = str(draft.options.get("link") or "")
    if shape.name == "article" and link:
        parts = urlsplit(link)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            yield Problem("link", "The link must be a whole address, such as https://example.org.")
    if shape.name != "article" and link:
        yield Problem(
            "link_unused",
            f"{TITLE} shows either media or a link's card: the link will not be shown as one.",
            blocking=False,
        )
