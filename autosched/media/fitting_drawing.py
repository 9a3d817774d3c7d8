"""Drawing a picture anew: decoded no larger than needed, in plain colours, on its canvas, encoded.

Of files from outside only those come here that were examined when they were uploaded (`probe`).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageCms, ImageFilter, ImageOps, ImageStat

from autosched.media import pictures, stills
from autosched.media.fitting_layout import Layout, Size
from autosched.media.refusals import cut_off, damaged, hostile

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP"}

_BEST, _BETWEEN, _LEAST = 92, (86, 80, 74), 68
_PLAIN = 14.0  # how far an edge's colours may lie apart to pass for one
_BLURRED_SIDE = 96
_WHITE = (255, 255, 255)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the decoders throw into an `InvalidError` that says it plainly."""
    try:
        yield
    except Image.DecompressionBombError:
        raise hostile("This picture claims to have far too many pixels.") from None
    except OSError as error:
        if error.errno is not None:  # the system's complaint, not the decoder's
            raise
        raise (cut_off() if "truncated" in str(error) else damaged()) from None
    except (SyntaxError, ValueError, EOFError, ArithmeticError):
        raise damaged() from None


def opened(path: Path, *, heic: bool, scale: float) -> Image.Image:
    """The picture upright, in one of the modes L, RGB, RGBA and CMYK; of a moving one the start.

    `scale`: how large it is going to be drawn. A JPEG is decoded at a half or a quarter where
    that is enough.
    """
    with refusals():
        if heic:
            return stills.through_ffmpeg(path)
        with Image.open(path) as image:
            room = 2 * min(1.0, scale)
            image.draft(None, (math.ceil(image.width * room), math.ceil(image.height * room)))
            image.load()
            profile = image.info.get("icc_profile", b"")
            picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith(("I", "F")):
        picture = pictures.eight_bits(picture)
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("RGB")
    picture.info = {"icc_profile": profile}
    return picture


def drawn(source: Image.Image, size: Size, made: Layout, *, opaque: bool) -> Image.Image:
    """The picture as laid out, in sRGB; `size` is that by which `made` was laid out."""
    across, down = source.width / size[0], source.height / size[1]
    x, y, wide, tall = made.part
    box = (
        x * across,
        y * down,
        min(source.width, (x + wide) * across),
        min(source.height, (y + tall) * down),
    )
    picture = source.resize(made.content, Image.Resampling.LANCZOS, box, reducing_gap=3.0)
    picture = _for_screens(picture, source.info.get("icc_profile", b""))
    if picture.mode == "RGBA" and (opaque or made.margins):
        white = Image.new("RGBA", picture.size, (*_WHITE, 255))
        picture = Image.alpha_composite(white, picture).convert("RGB")
    if not made.margins:
        return picture
    ground = _blurred(picture, made.canvas) if made.how == "blur" else _plain(picture, made.canvas)
    ground.paste(picture, _middle(made.canvas, made.content))
    return ground


def written(picture: Image.Image, mime: str, most: int) -> tuple[bytes, int]:
    """The encoded picture in the best quality of which `most` bytes (0: any) are enough.

    Where none is, the least quality, which is too large. With it the quality, up to 100.
    """
    if mime == "image/png":
        return _encoded(picture, mime, 100), 100
    body = _encoded(picture, mime, _BEST)
    if not most or len(body) <= most:
        return body, _BEST
    least = _encoded(picture, mime, _LEAST)
    if len(least) > most:
        return least, _LEAST
    for quality in _BETWEEN:
        body = _encoded(picture, mime, quality)
        if len(body) <= most:
            return body, quality
    return least, _LEAST


def _encoded(picture: Image.Image, mime: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    if mime == "image/jpeg":
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    elif mime == "image/webp":
        picture.save(buffer, "WEBP", quality=quality)
    else:
        picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _for_screens(picture: Image.Image, profile: bytes) -> Image.Image:
    """In RGB or RGBA, with the colours that the profile means brought to sRGB."""
    seen_through = picture.getchannel("A") if picture.mode == "RGBA" else None
    plain = picture.convert("RGB") if seen_through is not None else picture
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                plain,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):  # a broken profile: the plain colours are the best
            converted = None
        plain = converted or plain
    plain = plain.convert("RGB")
    plain.info = {}
    if seen_through is not None:
        plain.putalpha(seen_through)
    return plain


def _plain(picture: Image.Image, canvas: Size) -> Image.Image:
    """A ground of the colour of the edges that will touch it, if they have one; else white."""
    width, height = picture.size
    beside = canvas[0] - width > canvas[1] - height
    if beside:
        edges = [(0, 0, 1, height), (width - 1, 0, width, height)]
    else:
        edges = [(0, 0, width, 1), (0, height - 1, width, height)]
    both = Image.new("RGB", (height if beside else width, 2))
    for row, edge in enumerate(edges):
        strip = picture.crop(edge)
        both.paste(strip.rotate(90, expand=True) if beside else strip, (0, row))
    seen = ImageStat.Stat(both)
    plain = max(seen.stddev) < _PLAIN
    return Image.new("RGB", canvas, tuple(round(m) for m in seen.mean) if plain else _WHITE)


def _blurred(picture: Image.Image, canvas: Size) -> Image.Image:
    """The picture itself, over the whole canvas, blurred and a little darker."""
    small = _BLURRED_SIDE / max(canvas)
    size = max(2, round(canvas[0] * small)), max(2, round(canvas[1] * small))
    ground = ImageOps.fit(picture, size, Image.Resampling.BOX)
    ground = ground.filter(ImageFilter.GaussianBlur(_BLURRED_SIDE / 16))
    return ground.point([round(level * 0.8) for level in range(256)] * 3).resize(
        canvas, Image.Resampling.BICUBIC
    )


def _middle(canvas: Size, content: Size) -> Size:
    return (canvas[0] - content[0]) // 2, (canvas[1] - content[1]) // 2
