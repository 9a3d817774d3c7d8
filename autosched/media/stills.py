"""Pictures: their size is judged before they are decoded, then they are decoded whole."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from autosched.errors import InvalidError
from autosched.media import ffmpeg, pictures, structure
from autosched.media.containers import AVIF, HEIC, Container
from autosched.media.probe import Probe
from autosched.media.refusals import check_size, cut_off, damaged, hostile

SIDE, PIXELS = 20_000, 120_000_000
_HEIF_PIXELS = 64_000_000


def examine_picture(
    path: Path, file: BinaryIO, size: int, container: Container, poster: Path | None
) -> Probe:
    """Decode the whole picture; a small upright copy goes to `poster`."""
    for width, height in structure.pixel_claims(file, size) if container in (HEIC, AVIF) else ():
        check_size(width, height, SIDE, _HEIF_PIXELS)
    picture = through_ffmpeg(path) if container is HEIC else _through_pillow(path, container)
    turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    width, height = picture.size[::-1] if turned else picture.size
    if poster is not None:
        pictures.save_poster(picture, poster)
    return Probe(
        kind="image",
        container=container.name,
        mime=container.mime,
        suffix=container.suffix,
        size=size,
        codec="hevc" if container is HEIC else container.name.lower(),
        width=width,
        height=height,
    )


def _through_pillow(path: Path, container: Container) -> Image.Image:
    # Phones write JPEGs with further pictures behind the first, which Pillow calls MPO.
    readers = ("JPEG", "MPO") if container.reader == "JPEG" else (container.reader,)
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        picture = Image.open(path, formats=readers)
        check_size(*picture.size, SIDE, PIXELS)
        if picture.format != "MPO" and getattr(picture, "is_animated", False):
            raise InvalidError(
                "This is a moving picture, which platforms would show as a still.",
                remedy="Export it as MP4, then upload that.",
                code="moving_picture",
            )
        picture.load()
    except Image.DecompressionBombError:
        raise hostile("This picture claims to have far too many pixels.") from None
    except UnidentifiedImageError:
        raise damaged() from None
    except OSError as error:
        raise (cut_off() if "truncated" in str(error) else damaged()) from None
    return picture


def through_ffmpeg(path: Path) -> Image.Image:
    """HEIC: Pillow has no reader for it, and a phone's picture is a grid of many small ones."""
    done = subprocess.run(
        [
            *(str(ffmpeg.binary()), "-nostdin", "-v", "error", "-threads", "1"),
            *("-filter_complex_threads", "1"),
            *("-protocol_whitelist", "file,pipe", "-f", "mov", "-i", f"file:{path}"),
            *("-frames:v", "1", "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "-"),
        ],
        capture_output=True,
        check=False,
    )
    fields = done.stdout[:64].split(b"\n", 3)
    if len(fields) < 4 or fields[0] != b"P6" or fields[2] != b"255":
        raise damaged()
    width, height = (int(number) for number in fields[1].split())
    start = sum(len(field) + 1 for field in fields[:3])
    if len(done.stdout) - start < width * height * 3:
        raise cut_off()
    return Image.frombuffer("RGB", (width, height), done.stdout[start:], "raw", "RGB", 0, 1)
