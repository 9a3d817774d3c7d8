"""Real files to test with, made on the spot by ffmpeg and Pillow."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from PIL import Image

# 64 × 64 tiles of one colour each (red, green, blue, yellow) in a grid of two by two that is to be
# turned clockwise, as phones store their pictures. Encoded by libheif, since nothing that the tests
# can use writes HEIC.
_GRID = (
    "AAAAGGZ0eXBtaWYxAAAAAG1pZjFtaWFmAAACUG1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAA"
    "AAAAAAAAEGlkYXQAAAEBAIAAgAAAAHRpbG9jAQAAAERAAAUAAQAAAAAAAAJwAAEAAAAAAAAAGgACAAAAAAAAAooA"
    "AQAAAAAAAAAZAAMAAAAAAAACowABAAAAAAAAABoABAAAAAAAAAK9AAEAAAAAAAAAGgAFAAEAAAAAAAAAAQAAAAAA"
    "AAAIAAAAd2lpbmYAAAAAAAUAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAEAAgAAaHZjMQAAAAAVaW5m"
    "ZQIAAAEAAwAAaHZjMQAAAAAVaW5mZQIAAAEABAAAaHZjMQAAAAAVaW5mZQIAAAAABQAAZ3JpZAAAAAAOcGl0bQAA"
    "AAAABQAAAPppcHJwAAAAwWlwY28AAAB4aHZjQwEDcAAAAJAAAAAAAB7wAPz9+PgAAA8DYAABABhAAQwB//8DcAAA"
    "AwCQAAADAAADAB66AkBhAAEAK0IBAQNwAAADAJAAAAMAAAMAHqAggQWW6kkprm4CGgwIAAADAMgAAAMACEBiAAEA"
    "B0QBwXKwIkAAAAAUaXNwZQAAAAAAAABAAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAUaXNwZQAAAAAA"
    "AACAAAAAgAAAADFpcG1hAAAAAAAAAAUAAQSBAgMCAAIEgQIDAgADBIECAwIABAOBAgMABQMFA4QAAAAgaXJlZgAA"
    "AAAAAAAUZGltZwAFAAQAAQACAAMABAAAAG9tZGF0AAAAFigBr1j5DpJf//K13/9R/kPk+6MbILAAAAAVKAGvWPkO"
    "kl8Wf3/+m8//3W0MbILAAAAAFigBr1j5DpJf//iAfI/Ken/0aAxsgsAAAAAWKAGvWPkOkl8X88lf/8p6ZDRoDGyC"
    "wA=="
)


def ffmpeg(*arguments: str | Path) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def video(
    out: Path,
    *options: str,
    seconds: float = 2,
    size: str = "320x180",
    source: str = "testsrc2",
    sound: bool = True,
) -> Path:
    """A test pattern with a tone; the codecs fit the container that the name asks for."""
    audio = ["-f", "lavfi", "-i", f"sine=440:d={seconds}"] if sound else []
    codecs = {
        ".webm": ["-c:v", "libvpx", "-b:v", "300k", "-c:a", "libopus"],
        ".avi": ["-c:v", "mpeg4", "-c:a", "libmp3lame"],
    }.get(out.suffix, ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"])
    shape = f"{source}{':' if '=' in source else '='}s={size}:r=25:d={seconds}"
    ffmpeg(*("-f", "lavfi", "-i", shape), *audio, *codecs, *("-pix_fmt", "yuv420p"), *options, out)
    return out


def sound(out: Path, *options: str, seconds: float = 2) -> Path:
    """A tone."""
    ffmpeg("-f", "lavfi", "-i", f"sine=440:d={seconds}", *options, out)
    return out


def image(width: int = 320, height: int = 200, seed: int = 1) -> Image.Image:
    """A picture with detail, so that its encoded form has some length."""
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def picture(
    out: Path, *, width: int = 320, height: int = 200, seed: int = 1, **how: object
) -> Path:
    """A picture in the format that the name asks for; `how` goes to Pillow."""
    image(width, height, seed).save(out, **how)
    return out


def heic(out: Path) -> Path:
    out.write_bytes(base64.b64decode(_GRID))
    return out


def cut(path: Path, out: Path, share: float) -> Path:
    """The first `share` of the file."""
    content = path.read_bytes()
    out.write_bytes(content[: int(len(content) * share)])
    return out
