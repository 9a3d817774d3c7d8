"""What stands against a draft on Bluesky, said before it is scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from autosched.platforms import counting
from autosched.platforms.base import Draft, Limits, Media, Problem

_VIDEO_ALT_MAX = 1000


def problems(draft: Draft, limits: Limits) -> list[Problem]:
    """Every problem of the draft, without asking the server."""
    return [*_of_text(draft, limits), *_of_media(draft, limits)]


def _of_text(draft: Draft, limits: Limits) -> Iterator[Problem]:
    if not draft.text.strip() and not draft.media:
        yield Problem("empty", "There is nothing to post yet: write something or add media.")
    length = counting.UNITS[limits.text_unit](draft.text)
    if length > limits.text_max:
        yield Problem(
            "text_too_long",
            f"Bluesky takes {limits.text_max} characters; this text has {length}.",
        )
    size = counting.utf8_bytes(draft.text)
    if limits.text_bytes_max is not None and size > limits.text_bytes_max:
        yield Problem(
            "text_too_heavy",
            f"Bluesky takes {limits.text_bytes_max:,} bytes of text; these characters need "
            f"{size:,}.",
        )


def _of_media(draft: Draft, limits: Limits) -> Iterator[Problem]:
    kinds = [media.kind for media in draft.media]
    if "audio" in kinds:
        yield Problem("audio", "Bluesky takes no sound by itself: make a video of it.")
    if kinds.count("image") > limits.images_max:
        yield Problem("too_many_images", f"Bluesky takes {limits.images_max} pictures in a post.")
    if kinds.count("video") > limits.videos_max:
        yield Problem("too_many_videos", "Bluesky takes one video in a post.")
    if not limits.mixed and "video" in kinds and "image" in kinds:
        yield Problem("mixed", "Bluesky takes pictures or a video in a post, not both.")
    for media in draft.media:
        if media.kind == "video":
            yield from _of_video(media, limits)
        if media.kind in ("image", "video") and not media.alt.strip():
            yield Problem(
                "alt_missing",
                "Describe the picture or video, so that people who can't see it know it too.",
                blocking=False,
            )


def _of_video(media: Media, limits: Limits) -> Iterator[Problem]:
    if media.mime not in limits.video_mimes:
        yield Problem("video_kind", "Bluesky takes videos as MP4 only.")
    if media.size > limits.video_bytes_max:
        most, have = limits.video_bytes_max // 1_000_000, media.size / 1_000_000
        yield Problem(
            "video_too_large", f"Bluesky takes videos of {most} MB; this one has {have:.0f} MB."
        )
    if media.duration is not None and media.duration > limits.video_seconds_max:
        yield Problem(
            "video_too_long",
            f"Bluesky takes videos of {limits.video_seconds_max:.0f} seconds; this one has "
            f"{media.duration:.0f}.",
        )
    if counting.graphemes(media.alt) > _VIDEO_ALT_MAX:
        yield Problem("alt_too_long", f"Bluesky takes {_VIDEO_ALT_MAX} characters of description.")
