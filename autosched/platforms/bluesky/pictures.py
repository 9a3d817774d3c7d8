"""Pictures made fit for Bluesky: small enough, upright, and without where they were taken."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from autosched.platforms.base import Action, PlatformError

# Servers of the older rules take 1,000,000 bytes.
BYTES_MAX = 976_000
_AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SIDES = (2000, 1600, 1280, 960, 640)
_QUALITIES = (92, 85, 77, 68)


@dataclass(frozen=True)
class Picture:
    """A picture ready for upload. `width` and `height` in pixels, as shown."""

    body: bytes
    mime: str
    width: int
    height: int


def fitted(path: Path, most: int = BYTES_MAX) -> Picture:
    """The picture in at most `most` bytes: as it is if that will do, else as a JPEG.

    A picture that carries EXIF or XMP is made anew: these tell the place and turn the picture,
    and the server would publish them. Of a moving picture the first frame is taken. Raises
    `PlatformError` (fix) for a file that is no picture.
    """
    raw = path.read_bytes()
    try:
        with Image.open(io.BytesIO(raw)) as image:
            mime = _AS_THEY_ARE.get(image.format or "")
            if mime and len(raw) <= most and not _tells_more(image):
                image.load()  # all of it: a picture that is cut off is no picture
                return Picture(raw, mime, image.width, image.height)
            image.draft("RGB", (_SIDES[0] * 2, _SIDES[0] * 2))
            return _shrunk(_opaque(ImageOps.exif_transpose(image)), most)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PlatformError(
            "One of the pictures can't be read.",
            action=Action.FIX,
            remedy="Put another picture in its place, and schedule the post again.",
            code="picture_unreadable",
        ) from error


def _tells_more(image: Image.Image) -> bool:
    moving = getattr(image, "is_animated", False)
    return bool(
        moving or image.getexif() or "xmp" in image.info or "XML:com.adobe.xmp" in image.info
    )


def _opaque(image: Image.Image) -> Image.Image:
    """In plain RGB (sRGB), with white behind what can be seen through."""
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except ImageCms.PyCMSError:  # a broken profile: the plain colours are the best guess
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _shrunk(image: Image.Image, most: int) -> Picture:
    body = b""
    for side in _SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            body = buffer.getvalue()
            if len(body) <= most:
                return Picture(body, "image/jpeg", image.width, image.height)
    raise ValueError(f"the picture keeps {len(body)} bytes")
