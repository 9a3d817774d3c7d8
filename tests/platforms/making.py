"""Small files to publish: pictures, moving pictures, videos, sound."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from autosched.media import ffmpeg
from autosched.platforms.base import Media


def picture(path: Path, colour: str = "teal", alt: str = "", side: int = 64) -> Media:
    """A picture of one colour; JPEG or PNG by the file's name."""
    Image.new("RGB", (side, side), colour).save(path)
    mime = "image/png" if path.suffix == ".png" else "image/jpeg"
    return Media(path, "image", mime, path.stat().st_size, side, side, None, alt, path.name)


def gif(path: Path, frames: int = 4) -> Media:
    """A picture that moves."""
    shown = [Image.new("RGB", (60, 40), (40 * n, 90, 90)) for n in range(frames)]
    shown[0].save(path, save_all=True, append_images=shown[1:], duration=100, loop=0)
    return Media(path, "image", "image/gif", path.stat().st_size, 60, 40, None, "", path.name)


def video(path: Path, seconds: float = 1.0, bits: str = "100k", sound: bool = False) -> Media:
    """A test picture as H.264 in MP4; `bits` a second, so that it can be made heavy."""
    heard = ["-f", "lavfi", "-i", "sine=duration=" + str(seconds)] if sound else []
    ffmpeg.run(
        [
            "-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={seconds}", *heard,
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-b:v", bits, "-minrate", bits, "-maxrate", bits, "-bufsize", bits,
            "-x264-params", "nal-hrd=cbr", *(["-c:a", "aac", "-shortest"] if sound else []),
            "-movflags", "+faststart", "-y", str(path),
        ]
    )  # fmt: skip
    size = path.stat().st_size
    return Media(path, "video", "video/mp4", size, 320, 240, seconds, "", path.name)


def tone(path: Path, seconds: float = 1.0) -> Media:
    """A sound."""
    ffmpeg.run(["-f", "lavfi", "-i", f"sine=duration={seconds}", "-y", str(path)])
    size = path.stat().st_size
    return Media(path, "audio", "audio/mpeg", size, None, None, seconds, "", path.name)
