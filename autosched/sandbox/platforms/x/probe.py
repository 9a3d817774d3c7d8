"""What X looks at in a picture or a video before it takes it."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

MEGABYTE = 1_048_576
LARGEST = {
    "tweet_image": 5 * MEGABYTE,
    "tweet_gif": 15 * MEGABYTE,
    "tweet_video": 512 * MEGABYTE,
    "amplify_video": 512 * MEGABYTE,
    "subtitles": MEGABYTE,
}
TYPES = {
    "tweet_image": ("image/jpeg", "image/png", "image/gif", "image/webp"),
    "tweet_gif": ("image/gif",),
    "tweet_video": ("video/mp4", "video/quicktime"),
    "amplify_video": ("video/mp4", "video/quicktime"),
    "subtitles": ("text/srt", "text/vtt"),
}
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
GIF_LONG, GIF_SHORT, GIF_FRAMES, GIF_PIXELS = 1280, 1080, 350, 300_000_000
VIDEO_LONG, VIDEO_SHORT, VIDEO_SMALLEST = 1280, 1024, 32
VIDEO_RATIO = 3.0
VIDEO_RATE = 60.0
VIDEO_SECONDS = (0.5, 140.0)
_SLACK = 0.05  # seconds and frames a second by which files say a little too much


def picture(path: Path, category: str) -> tuple[str, str]:
    """The real type of a picture, and what is wrong with it (empty: nothing)."""
    try:
        with Image.open(path) as image:
            mime = _PICTURES.get(image.format or "", "")
            width, height = image.size
            frames = getattr(image, "n_frames", 1)
            image.load()
    except (OSError, ValueError, Image.DecompressionBombError):
        return "", "The file is no picture."
    if mime not in TYPES[category]:
        return mime, f"A picture of this kind can't be a {category}."
    if category == "tweet_gif":
        return mime, _gif(width, height, frames)
    return mime, ""


def _gif(width: int, height: int, frames: int) -> str:
    if max(width, height) > GIF_LONG or min(width, height) > GIF_SHORT:
        return "The GIF is too large."
    if frames > GIF_FRAMES or frames * width * height > GIF_PIXELS:
        return "The GIF has too many frames."
    return ""


def video(path: Path) -> str:
    """What is wrong with a video; empty: nothing."""
    try:
        with av.open(str(path)) as file:
            return _streams(file)
    except (av.FFmpegError, ValueError):
        return "Unsupported video format"


def _streams(file: av.container.InputContainer) -> str:
    if not file.streams.video:
        return "The file has no picture"
    stream = file.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    seconds = (file.duration or 0) / 1_000_000
    rate = float(stream.average_rate or 0)
    if stream.codec_context.name != "h264" or stream.codec_context.pix_fmt != "yuv420p":
        return "Unsupported video codec"
    if min(width, height) < VIDEO_SMALLEST or max(width, height) > VIDEO_LONG:
        return "Unsupported video dimensions"
    if min(width, height) > VIDEO_SHORT or max(width, height) > VIDEO_RATIO * min(width, height):
        return "Unsupported video dimensions"
    if rate > VIDEO_RATE + _SLACK:
        return "Unsupported frame rate"
    if not VIDEO_SECONDS[0] <= seconds <= VIDEO_SECONDS[1] + _SLACK:
        return "Unsupported video duration"
    for sound in file.streams.audio:
        if sound.codec_context.name != "aac" or sound.codec_context.channels > 2:
            return "Unsupported audio codec"
    return ""
