"""Pictures made fit: what a rule has against one, and the picture that it takes instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from autosched.errors import CancelledError, InvalidError
from autosched.media import fitting_drawing, fitting_layout, fitting_subject, stills
from autosched.media.containers import HEIC, sniff
from autosched.media.fitting_cache import Made
from autosched.media.fitting_drawing import NAMES, SUFFIXES
from autosched.media.fitting_layout import Bounds, How, Size
from autosched.media.refusals import check_size, not_media
from autosched.platforms.limits import ImageRule

_TELLING = 80  # a quality under this may be seen
_TRIES = 12


@dataclass(frozen=True)
class Head:
    """What a picture is, by its first bytes; `size` in bytes, `width` and `height` as shown.

    `turned`: it is stored otherwise than it is shown. `moving`: it has several frames. `printed`:
    its colours are those of print.
    """

    mime: str
    size: int
    width: int
    height: int
    turned: bool = False
    moving: bool = False
    printed: bool = False


def head(path: Path) -> Head:
    """Read the first bytes; `InvalidError` if it is no picture."""
    size = path.stat().st_size
    with path.open("rb") as file:
        container = sniff(file)
    if container is None or container.family != "picture":
        raise not_media()
    if container is HEIC:
        picture = fitting_drawing.opened(path, heic=True, scale=1.0)
        return Head(container.mime, size, *picture.size)
    with fitting_drawing.refusals(), Image.open(path) as image:
        check_size(image.width, image.height, stills.SIDE, stills.PIXELS)
        turn = image.getexif().get(0x0112, 1)
        width, height = image.size[::-1] if turn in (5, 6, 7, 8) else image.size
        # Phones put further pictures behind the first of a JPEG, which Pillow calls MPO.
        moving = image.format != "MPO" and bool(getattr(image, "is_animated", False))
        printed = image.mode == "CMYK"
        return Head(container.mime, size, width, height, turn in range(2, 9), moving, printed)


def against(rule: ImageRule, seen: Head, how: How) -> tuple[str, ...]:
    """What would be changed for the rule, a sentence each; nothing if it is taken as it is."""
    within = fitting_layout.bounds(rule, seen.width, seen.height)
    large = 0 < rule.bytes_max < seen.size
    shaped = not within.take(seen.width, seen.height)
    if seen.mime in rule.mimes and not (large or shaped or seen.turned or seen.printed):
        return ()
    mime = _target(rule, seen.mime)
    said = list(_of_format(seen, mime))
    if shaped:
        made = fitting_layout.layout(seen.width, seen.height, within, how)
        said += fitting_layout.spoken(made, seen.width, seen.height)
    if large and not said:
        said.append(f"Compressed to at most {megabytes(rule.bytes_max)}")
    return tuple(said)


def fit(
    path: Path,
    rule: ImageRule,
    seen: Head,
    how: How,
    focus: tuple[float, float] | None,
    scratch: Path,
    cancelled: Callable[[], bool],
) -> Made:
    """Write a picture that the rule takes to the empty folder `scratch`."""
    size = seen.width, seen.height
    within = fitting_layout.bounds(rule, *size)
    made = fitting_layout.layout(*size, within, how)
    source = fitting_drawing.opened(path, heic=seen.mime == HEIC.mime, scale=made.scale)
    if focus is None and made.how == "crop":
        shown = made.part[2] / seen.width, made.part[3] / seen.height
        focus = fitting_subject.focus([source], shown)
    mime = _target(rule, seen.mime)
    heavy = any(line.startswith("Compressed") for line in against(rule, seen, how))
    for _ in range(_TRIES):
        if cancelled():
            raise CancelledError("The conversion was cancelled.")
        made = fitting_layout.layout(*size, within, how, focus)
        picture = fitting_drawing.drawn(source, size, made, opaque=mime == "image/jpeg")
        body, quality = fitting_drawing.written(picture, mime, rule.bytes_max)
        if not rule.bytes_max or len(body) <= rule.bytes_max:
            out = scratch / f"made{SUFFIXES[mime]}"
            out.write_bytes(body)
            said = [*_of_format(seen, mime), *fitting_layout.spoken(made, *size)]
            if quality < _TELLING or heavy:
                said.append(f"Compressed to {megabytes(len(body))}")
            return Made(out, mime, len(body), *made.canvas, None, tuple(said))
        lossy = _lossy(rule) if mime == "image/png" else mime
        if lossy == mime:
            smaller = _smaller(within, made.canvas, rule.bytes_max / len(body))
            if smaller is None:
                break
            within = smaller
        mime = lossy
    raise InvalidError(
        f"This picture can't be made to fit in {megabytes(rule.bytes_max)}.",
        remedy="Choose another picture, or a part of it.",
        code="picture_too_large",
    )


def megabytes(size: float) -> str:
    """A size as a person says it."""
    if size < 1_000_000:
        return f"{max(1, math.floor(size / 1000))} kB"
    return f"{math.floor(size / 100_000) / 10:.1f} MB".replace(".0 ", " ")


def _of_format(seen: Head, mime: str) -> Iterator[str]:
    if seen.moving:
        yield "Shown as a still: its first moment"
    if seen.mime != mime:
        yield f"Turned into {NAMES[mime]}"
    if seen.turned:
        yield "Turned upright"
    if seen.printed:
        yield "Given the colours of screens"


def _target(rule: ImageRule, mime: str) -> str:
    """What it is written as: its own format if that is taken and can be written."""
    if mime in rule.mimes and mime in NAMES:
        return mime
    return next((taken for taken in rule.mimes if taken in NAMES), "image/jpeg")


def _lossy(rule: ImageRule) -> str:
    taken = (mime for mime in rule.mimes if mime in NAMES and mime != "image/png")
    return next(taken, "image/png")


def _smaller(within: Bounds, canvas: Size, share: float) -> Bounds | None:
    """Bounds for a picture of that share of bytes; `None` if it can't be any smaller."""
    least = max(within.width_min / canvas[0], within.height_min / canvas[1])
    scale = max(0.3, math.sqrt(share) * 0.92, least)
    if scale > 0.99 or max(canvas) < 16:
        return None
    wide, tall = (max(1, math.ceil(side * scale)) for side in canvas)
    return replace(within, width_max=wide, height_max=tall)
