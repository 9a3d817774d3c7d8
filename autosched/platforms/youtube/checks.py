"""What YouTube takes: videos and Shorts with their limits and options, and its own rules."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from autosched.platforms import counting, limits
from autosched.platforms.base import Draft, Media, Problem
from autosched.platforms.limits import ImageRule, Limits, Option, Shape, VideoRule
from autosched.settings import settings

TITLE = "YouTube"
TITLE_MAX = 100
DESCRIPTION_BYTES_MAX = 5000
TAGS_MAX = 500
SHORT_SECONDS = 180.0
_HOURS_12, _MINUTES_15 = 12 * 3600.0, 15 * 60.0
_ANGLED = "<>"

_CATEGORIES = (
    ("22", "People and blogs"), ("27", "Education"), ("29", "Nonprofits and activism"),
    ("1", "Film and animation"), ("2", "Cars and vehicles"), ("10", "Music"),
    ("15", "Pets and animals"), ("17", "Sports"), ("19", "Travel and events"), ("20", "Gaming"),
    ("23", "Comedy"), ("24", "Entertainment"), ("25", "News and politics"),
    ("26", "How-to and style"), ("28", "Science and technology"),
)  # fmt: skip
"""As they stand in most countries."""

OPTIONS = (
    Option(
        "title", "Title", "text", text_max=TITLE_MAX, hint="Left empty, the first line of the text."
    ),
    Option("tags", "Tags", "tags", hint="500 characters in all."),
    Option(
        "privacy",
        "Who can see it",
        "choice",
        choices=(("public", "Everyone"), ("unlisted", "Who has the link"), ("private", "Only me")),
        default="public",
    ),
    Option(
        "made_for_kids",
        "Made for children",
        "choice",
        choices=(("no", "No"), ("yes", "Yes")),
        required=True,
        hint="The law in some countries wants an answer for every video.",
    ),
    Option(
        "ai_generated",
        "Altered or AI-made content that looks real",
        "toggle",
        default=False,
    ),
    Option("paid_promotion", "Contains paid promotion", "toggle", default=False),
    Option("category", "Category", "choice", choices=_CATEGORIES, default="22"),
    Option("notify_subscribers", "Notify subscribers", "toggle", default=True),
)

_COVER = ImageRule(mimes=("image/jpeg", "image/png"), bytes_max=2_000_000)
_MIMES = (
    "video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/mpeg",
    "video/x-msvideo", "video/x-flv", "video/3gpp", "video/x-ms-wmv", "video/mp2t",
)  # fmt: skip
_VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "prores", "mpeg4", "mpeg2video")
_AUDIO_CODECS = ("aac", "opus", "vorbis", "mp3", "flac", "ac3", "pcm_s16le", "pcm_s24le")


def audited() -> bool:
    """Whether Google has reviewed this installation's project (`AUTOSCHED_YOUTUBE_AUDITED`).

    What goes up through a project that was not (and is younger than July 2020) stays private for
    good. No call tells this beforehand, so unless it is said, a real project counts as new.
    """
    said = os.environ.get("AUTOSCHED_YOUTUBE_AUDITED", "").strip().lower()
    return said in ("1", "true", "yes") if said else bool(settings().sandbox)


def verified(account: Mapping[str, Any]) -> bool:
    """Whether the channel has confirmed a phone number: that allows long videos and own covers."""
    return bool(account.get("long_uploads", "allowed") == "allowed")


def shapes(account: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Videos and Shorts, each with a picture as its cover where the channel may have one."""
    longest = _HOURS_12 if verified(account) else _MINUTES_15
    return (
        _shape("video", "Video", _video_rule(longest)),
        _shape("short", "Short", _video_rule(SHORT_SECONDS, ratio_max=1.0)),
    )


def _shape(name: str, title: str, video: VideoRule) -> Shape:
    most = Limits(
        text_max=DESCRIPTION_BYTES_MAX,
        text_unit="bytes",
        images_max=1,
        image=_COVER,
        videos_max=1,
        video=video,
        mixed=True,
    )
    return Shape(name, title, most, OPTIONS)


def _video_rule(seconds: float, ratio_max: float = 0.0) -> VideoRule:
    return VideoRule(
        mimes=_MIMES,
        bytes_max=256_000_000_000,
        seconds_max=seconds,
        ratio_max=ratio_max,
        video_codecs=_VIDEO_CODECS,
        audio_codecs=_AUDIO_CODECS,
    )


def shape(draft: Draft) -> Shape:
    """The kind that was chosen, else a Short for what YouTube will make one of by itself."""
    video, short = shapes(draft.account)
    chosen = draft.options.get("shape")
    if chosen in ("video", "short"):
        return short if chosen == "short" else video
    return short if _is_short(film(draft)) else video


def film(draft: Draft) -> Media | None:
    """The draft's video."""
    return next((media for media in draft.media if media.kind == "video"), None)


def cover(draft: Draft) -> Media | None:
    """The picture that stands before the video, if there is one."""
    return next((media for media in draft.media if media.kind == "image"), None)


def _is_short(video: Media | None) -> bool:
    if video is None or video.duration is None or not video.width or not video.height:
        return False
    return video.duration <= SHORT_SECONDS and video.height >= video.width


def title_of(draft: Draft) -> str:
    """The title that was written, or the first line of the text."""
    written = str(draft.options.get("title") or "").strip()
    return written or next((line.strip() for line in draft.text.splitlines() if line.strip()), "")


def tags_of(draft: Draft) -> list[str]:
    """The tags, one by one; written as a list or with commas."""
    written = draft.options.get("tags") or ()
    each = written.split(",") if isinstance(written, str) else written
    return list(dict.fromkeys(tag for tag in (str(one).strip().lstrip("#") for one in each) if tag))


def tags_length(tags: list[str]) -> int:
    """How long tags are together by YouTube's rule: commas count, and quotes around a tag with a
    space."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def check(draft: Draft) -> list[Problem]:
    """All that stands against the draft, as far as is known without asking YouTube."""
    kind = shape(draft)
    found = [
        each
        # Bytes are told below, as what they are.
        for each in limits.problems(draft, kind, TITLE, counting.utf8_bytes)
        if each.code != "text_too_long"
    ]
    return [*found, *_of_film(draft, kind), *_of_words(draft), *_of_permission(draft)]


def _of_film(draft: Draft, kind: Shape) -> Iterator[Problem]:
    video = film(draft)
    if video is None:
        yield Problem("media_missing", "YouTube takes no post without a video.")
    elif kind.name == "video" and _is_short(video):
        yield Problem(
            "becomes_short",
            "YouTube will show this as a Short: it is upright or square, and not over 3 minutes.",
            blocking=False,
        )
    if cover(draft) is not None and not verified(draft.account):
        yield Problem(
            "cover_not_allowed",
            "YouTube takes a cover of one's own only from channels with a confirmed phone number: "
            "take the picture out, or confirm one at youtube.com/verify and connect again.",
        )


def _of_words(draft: Draft) -> Iterator[Problem]:
    title, tags = title_of(draft), tags_of(draft)
    if not title:
        yield Problem("title_missing", "YouTube needs a title: write one, or a text.")
    elif len(title) > TITLE_MAX and not str(draft.options.get("title") or "").strip():
        yield Problem(
            "title_too_long",
            f"The first line of the text is the title, and YouTube takes {TITLE_MAX} characters; "
            f"there are {len(title)}. Shorten it, or write a title.",
        )
    size = counting.utf8_bytes(draft.text)
    if size > DESCRIPTION_BYTES_MAX:
        yield Problem(
            "text_too_heavy",
            f"YouTube takes {DESCRIPTION_BYTES_MAX:,} bytes of description; these characters "
            f"need {size:,}.",
        )
    if any(sign in text for sign in _ANGLED for text in (title, draft.text, *tags)):
        yield Problem("angled", "YouTube takes no < or > in titles, descriptions and tags.")
    length = tags_length(tags)
    if length > TAGS_MAX:
        yield Problem(
            "tags_too_long",
            f"YouTube takes {TAGS_MAX} characters of tags, commas counted; there are {length}.",
        )


def _of_permission(draft: Draft) -> Iterator[Problem]:
    if not audited() and draft.options.get("privacy", "public") != "private":
        yield Problem(
            "by_hand",
            "Google has not reviewed this installation's project, so YouTube locks its uploads as "
            "private: choose “Only me”, or be reminded to post it yourself. (Once it is reviewed, "
            "set AUTOSCHED_YOUTUBE_AUDITED=1.)",
        )


def resource(draft: Draft) -> dict[str, Any]:
    """The video as YouTube is told of it, but for who can see it."""
    options = draft.options
    snippet: dict[str, Any] = {
        "title": title_of(draft),
        "description": draft.text,
        "categoryId": str(options.get("category") or "22"),
    }
    if tags := tags_of(draft):
        snippet["tags"] = tags
    told: dict[str, Any] = {"snippet": snippet}
    if options.get("paid_promotion"):
        told["paidProductPlacementDetails"] = {"hasPaidProductPlacement": True}
    return told


def status(draft: Draft, privacy: str) -> dict[str, Any]:
    """All of the video's status: what an update leaves out falls back to YouTube's own default."""
    return {
        "privacyStatus": privacy,
        "selfDeclaredMadeForKids": draft.options.get("made_for_kids") == "yes",
        "containsSyntheticMedia": bool(draft.options.get("ai_generated")),
        "embeddable": True,
        "license": "youtube",
        "publicStatsViewable": True,
    }


def privacy_of(draft: Draft) -> str:
    """Who shall see it in the end."""
    return str(draft.options.get("privacy") or "public")
