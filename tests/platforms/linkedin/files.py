"""Files to publish: pictures, films of a wanted size, documents."""

from __future__ import annotations

import struct
import subprocess
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from autosched.platforms.base import Media


def picture(folder: Path, name: str = "a", colour: str = "navy", alt: str = "A lamp") -> Media:
    path = folder / f"{name}.png"
    Image.new("RGB", (120, 80), colour).save(path)
    return Media(path, "image", "image/png", path.stat().st_size, 120, 80, alt=alt)


def film(folder: Path, size: int = 200_000, name: str = "film") -> Media:
    """A film of three seconds and exactly `size` bytes: what lacks is an empty box at its end."""
    path = folder / f"{name}.mp4"
    seconds = _seconds()
    lacking = size - len(seconds)
    path.write_bytes(seconds + struct.pack(">I4s", lacking, b"free") + bytes(lacking - 8))
    return Media(path, "video", "video/mp4", size, 320, 240, 3.0, alt="Stars")


def document(folder: Path) -> Media:
    path = folder / "plan.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF")
    return Media(path, "document", "application/pdf", path.stat().st_size, name="plan.pdf")


@lru_cache
def _seconds() -> bytes:
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i",
         "testsrc=size=320x240:rate=10:duration=3.2", "-pix_fmt", "yuv420p",
         "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "-"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return done.stdout
