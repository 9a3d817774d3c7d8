"""What TikTok finds out about a file once it has it: kind, size, duration, frame rate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image

CODECS = ("h264", "hevc", "vp8", "vp9", "libvpx", "libvpx-vp9")
CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2": "video/mp4", "matroska,webm": "video/webm"}
RATES = (23.0, 60.0)
SIDES = (360, 4096)
SECONDS_MOST = 600.0
TOLERANCE = 0.05
"""Seconds by which a video may be over, and frames a second: containers round."""
PHOTO_KINDS = {"JPEG": "image/jpeg", "WEBP": "image/webp"}
PHOTO_SHORT_MOST, PHOTO_LONG_MOST = 1080, 1920
"""1080p is all that is documented: read as 1080 by 1920 either way up."""


@dataclass(frozen=True)
class Found:
    """What a file turned out to be; `wrong` is the reason why it is refused, or nothing."""

    wrong: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0


def look_at_video(path: Path, creator_seconds: float) -> Found:
    """Measure a video against what is allowed everywhere, and to this creator."""
    try:
        with av.open(str(path)) as found:
            mime = CONTAINERS.get(found.format.name, "")
            if not mime or not found.streams.video:
                return Found("file_format_check_failed", mime)
            stream = found.streams.video[0]
            context = stream.codec_context
            width, height, codec = context.width, context.height, context.name
            rate = float(stream.average_rate or 0)
            seconds = (found.duration or 0) / av.time_base
    except (av.FFmpegError, OSError, ValueError):
        return Found("file_format_check_failed")
    wrong = ""
    if codec not in CODECS:
        wrong = "file_format_check_failed"
    elif not SIDES[0] <= min(width, height) <= max(width, height) <= SIDES[1]:
        wrong = "picture_size_check_failed"
    elif not RATES[0] - TOLERANCE <= rate <= RATES[1] + TOLERANCE:
        wrong = "frame_rate_check_failed"
    elif not 0 < seconds <= min(SECONDS_MOST, creator_seconds) + TOLERANCE:
        wrong = "duration_check_failed"
    return Found(wrong, mime, width, height, seconds)


def look_at_photo(path: Path) -> Found:
    """Measure a picture."""
    try:
        with Image.open(path) as picture:
            mime = PHOTO_KINDS.get(picture.format or "", "")
            width, height = picture.size
    except (OSError, ValueError):
        return Found("file_format_check_failed")
    wrong = "" if mime else "file_format_check_failed"
    if mime and (min(width, height) > PHOTO_SHORT_MOST or max(width, height) > PHOTO_LONG_MOST):
        wrong = "picture_size_check_failed"
    return Found(wrong, mime, width, height)
