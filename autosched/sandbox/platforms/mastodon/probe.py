"""What an instance looks at in a file before it takes it."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

from autosched.sandbox.platforms.mastodon.limits import Limits

_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_VIDEOS = {"matroska": "video/webm", "mov": "video/mp4"}
_SOUNDS = {
    "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac",
    "mov": "audio/mp4",
}  # fmt: skip


def look(path: Path, limits: Limits) -> tuple[str, str, str]:
    """The kind of a file (`image`, `gifv`, `video`, `audio`), its type, and what is wrong."""
    try:
        with Image.open(path) as image:
            mime = _PICTURES.get(image.format or "", "")
            width, height = image.size
            moves = mime == "image/gif" and getattr(image, "n_frames", 1) > 1
            image.verify()
    except Image.DecompressionBombError:
        return "image", "", "the picture has too many pixels"
    except (OSError, ValueError, SyntaxError):
        return _film(path, limits)
    if not mime:
        return "image", "", "File content type is invalid"
    if width * height > limits.image_pixels:
        return "image", mime, f"{width}x{height} images are not supported"
    if path.stat().st_size > limits.image_bytes:
        return "image", mime, f"File file size must be less than {limits.image_bytes} Bytes"
    return "gifv" if moves else "image", mime, ""


def _film(path: Path, limits: Limits) -> tuple[str, str, str]:
    unknown = "", "", "File content type is invalid"
    if path.stat().st_size > limits.video_bytes:
        return "video", "", f"File file size must be less than {limits.video_bytes} Bytes"
    try:
        with av.open(str(path)) as file:
            container = file.format.name.split(",")[0]
            if not file.streams.video:
                mime = _SOUNDS.get(container, "")
                return ("audio", mime, "") if mime and file.streams.audio else unknown
            stream = file.streams.video[0]
            width, height = stream.codec_context.width, stream.codec_context.height
            rate = float(stream.average_rate or 0)
    except (av.FFmpegError, ValueError):
        return unknown
    mime = _VIDEOS.get(container, "")
    if not mime:
        return unknown
    if width * height > limits.video_pixels:
        return "video", mime, f"{width}x{height} videos are not supported"
    if rate > limits.video_rate:
        return "video", mime, f"{rate:.0f}fps videos are not supported"
    return "video", mime, ""
