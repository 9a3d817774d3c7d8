"""What Instagram accepts: captions, pictures and films, each by its own numbers."""

from __future__ import annotations

import re
from typing import Any

from autosched.sandbox.platforms.meta import listed
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import Film, Picture

CAPTION_MAX, MENTIONS_MAX, HASHTAGS_MAX = 2_200, 20, 30
ALT_TEXT_MAX = 1_000
COLLABORATORS_MAX = 3
IMAGE_BYTES = 8 << 20
IMAGE_WIDTHS = (320, 1_440)
IMAGE_RATIOS = (4 / 5, 1.91)
VIDEO_BYTES = {"REELS": 300 << 20, "STORIES": 100 << 20, "VIDEO": 300 << 20}
VIDEO_SECONDS = {"REELS": (3.0, 900.0), "STORIES": (3.0, 60.0), "VIDEO": (3.0, 900.0)}
SECONDS_SLACK = 0.1
"""A container's clock rounds: this much is let pass."""
RATES = (23.0, 60.0)
WIDEST = 1_920
RATIOS = (0.01, 10.0)
FASTEST = 25_000_000
SOUND_FASTEST = 48_000
EDIT_LISTS_REFUSED = True
"""The documentation wants none; how strictly that is held is not known."""


def check_caption(caption: str) -> None:
    """Refuse a caption that is too long, or has too many tags."""
    if len(caption) > CAPTION_MAX:
        raise fail(2207010)
    hashtags = re.findall(r"(?<![\w&])#\w+", caption)
    mentions = re.findall(r"(?<!\w)@[\w.]+", caption)
    if len(hashtags) > HASHTAGS_MAX or len(mentions) > MENTIONS_MAX:
        raise fail(2207040)


def check_people(said: dict[str, Any]) -> None:
    """Refuse lists of people that are none, or too long."""
    collaborators = listed(said, "collaborators") or []
    if len(collaborators) > COLLABORATORS_MAX:
        raise fail(100, f"(#100) No more than {COLLABORATORS_MAX} collaborators can be invited")
    tags = listed(said, "user_tags") or []
    if any(not isinstance(tag, dict) or "username" not in tag for tag in tags):
        raise fail(100, "(#100) Param user_tags must be a list of objects with a username")
    if len(tags) > MENTIONS_MAX:
        raise fail(2207040)


def check_picture(picture: Picture | None, *, story: bool) -> None:
    """Refuse what is no JPEG, or not of a possible size and ratio. Stories may be taller."""
    if picture is None or picture.format not in ("JPEG", "MPO"):
        raise fail(2207005)
    if not IMAGE_WIDTHS[0] <= picture.width <= IMAGE_WIDTHS[1]:
        raise fail(2207004)
    low, high = IMAGE_RATIOS
    # A side is a whole number of pixels: one of them either way is no other ratio.
    narrow = picture.width + 1 < low * picture.height
    wide = picture.width - 1 > high * picture.height
    if not story and (narrow or wide):
        raise fail(2207009)


def unfit(film: Film | None, kind: str, size: int) -> int:
    """The subcode for which a video is refused; 0 if it is not."""
    if film is None or size > VIDEO_BYTES[kind]:
        return 2207026
    low, high = VIDEO_SECONDS[kind]
    fits = (
        "mp4" in film.container
        and film.head_first
        and not (EDIT_LISTS_REFUSED and film.edited)
        and film.codec in ("h264", "hevc")
        and film.pixels in ("yuv420p", "yuvj420p", "yuv420p10le")
        and RATES[0] - 0.1 <= film.rate <= RATES[1] + 0.1
        and film.width <= WIDEST
        and RATIOS[0] <= film.width / film.height <= RATIOS[1]
        and film.bitrate <= FASTEST
        and low - SECONDS_SLACK <= film.seconds <= high + SECONDS_SLACK
        and (not film.sound or film.sound == "aac")
        and film.sound_rate <= SOUND_FASTEST
        and film.channels <= 2
    )
    return 0 if fits else 2207026
