"""What LinkedIn's processing looks at in a file, and why it may turn it down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

IMAGE_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
IMAGE_PIXELS = 36_152_320
GIF_FRAMES = 250
VIDEO_SECONDS = (3.0, 30 * 60.0)
VIDEO_BYTES = (75_000, 500_000_000)
DOCUMENT_BYTES = 100_000_000
DOCUMENT_PAGES = 300


@dataclass(frozen=True)
class Found:
    """The kind of the file as it is, and why it fails (empty when it does not)."""

    reason: str = ""
    mime: str = ""


def failure(kind: str, path: Path, size: int) -> Found:
    """Look at a file; this blocks for some milliseconds."""
    return {"image": _image, "video": _video, "document": _document}[kind](path, size)


def _image(path: Path, _size: int) -> Found:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            mime = IMAGE_FORMATS.get(picture.format or "")
            if mime is None:
                return Found("The image must be a JPG, PNG or GIF")
            if picture.width * picture.height >= IMAGE_PIXELS:
                return Found(f"The image has more than {IMAGE_PIXELS} pixels", mime)
            if getattr(picture, "n_frames", 1) > GIF_FRAMES:
                return Found(f"The image has more than {GIF_FRAMES} frames", mime)
            return Found("", mime)
    except (OSError, ValueError, Image.DecompressionBombError):
        return Found("The image cannot be read")


def _video(path: Path, size: int) -> Found:
    import av

    if not VIDEO_BYTES[0] <= size <= VIDEO_BYTES[1]:
        return Found("The video's size is outside of 75 KB to 500 MB")
    try:
        with av.open(str(path)) as video:
            if "mp4" not in video.format.name:
                return Found("The video must be an MP4")
            if not video.streams.video:
                return Found("The file has no video track")
            seconds = (video.duration or 0) / av.time_base
    except (av.FFmpegError, OSError, ValueError):
        return Found("The video cannot be read")
    if not VIDEO_SECONDS[0] <= seconds <= VIDEO_SECONDS[1]:
        return Found("The video's duration is outside of 3 seconds to 30 minutes")
    return Found("", "video/mp4")


def _document(path: Path, size: int) -> Found:
    if size > DOCUMENT_BYTES:
        return Found("The document is larger than 100 MB")
    content = path.read_bytes()
    if not content.startswith(b"%PDF-"):
        return Found("The document cannot be read")
    pages = [int(count) for count in re.findall(rb"/Count\s+(\d+)", content)]
    pages.append(len(re.findall(rb"/Type\s*/Page(?![\w])", content)))
    if max(pages) > DOCUMENT_PAGES:
        return Found(f"The document has more than {DOCUMENT_PAGES} pages")
    return Found("", "application/pdf")
