"""The geometry of fitting: which part of a picture is shown, how large, and on what canvas.

Pure arithmetic on sizes in pixels as shown. Nothing is decoded here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from autosched.errors import InvalidError
from autosched.platforms.limits import ImageRule, VideoRule

How = Literal["crop", "pad", "blur"]
HOWS: tuple[str, ...] = get_args(How)

Size = tuple[int, int]

# A shape that is wrong by less than this is cut straight: margins of a hair's breadth look broken.
_HAIR = 0.01
_SLACK = 1e-9
_SEARCH = 120
_ROUNDING, _ROUNDED = 3, 0.02  # pixels, or a share of them, that are no change of size
_SAID = {
    **{f"{wide}:{high}": wide / high for wide, high in ((1, 1), (4, 5), (5, 4), (9, 16), (16, 9))},
    **{f"{wide}:{high}": wide / high for wide, high in ((3, 4), (4, 3), (2, 3), (3, 2))},
    **{"1.91:1": 1.91, "1:3": 1 / 3, "3:1": 3.0},
}


@dataclass(frozen=True)
class Bounds:
    """What sizes are taken; 0 stands for no bound. `step`: sides are multiples of it."""

    width_min: int = 0
    height_min: int = 0
    width_max: int = 0
    height_max: int = 0
    pixels_max: int = 0
    ratio_min: float = 0.0
    ratio_max: float = 0.0
    step: int = 1

    @property
    def ratios(self) -> tuple[float, float]:
        """The least and the largest ratio, those that follow from the sides included."""
        low, high = self.ratio_min, self.ratio_max or math.inf
        if self.width_min and self.height_max:
            low = max(low, self.width_min / self.height_max)
        if self.height_min and self.width_max:
            high = min(high, self.width_max / self.height_min)
        return low, high

    def take(self, width: int, height: int) -> bool:
        """Whether the size is within the bounds (`step` aside)."""
        low, high = self.ratio_min, self.ratio_max or math.inf
        return (
            self.width_min <= width <= (self.width_max or width)
            and self.height_min <= height <= (self.height_max or height)
            and width * height <= (self.pixels_max or width * height)
            and low * (1 - _SLACK) <= width / height <= high * (1 + _SLACK)
        )


@dataclass(frozen=True)
class Layout:
    """`part` of the source (x, y, width, height) is scaled to `content`, amid `canvas`."""

    part: tuple[float, float, float, float]
    content: Size
    canvas: Size
    how: How

    @property
    def margins(self) -> bool:
        """Whether the canvas shows more than the content."""
        return self.how != "crop" and self.content != self.canvas

    @property
    def scale(self) -> float:
        """Pixels of the content for each of the source."""
        return max(self.content[0] / self.part[2], self.content[1] / self.part[3])


def bounds(rule: ImageRule | VideoRule, width: int, height: int) -> Bounds:
    """The rule's bounds for a picture of this size; what holds either way round is turned to it."""
    wide, high = rule.width_max, rule.height_max
    if rule.either_way and wide and high and (width < height) != (wide < high):
        wide, high = high, wide
    taken = Bounds(
        width_max=wide,
        height_max=high,
        pixels_max=rule.pixels_max,
        ratio_min=rule.ratio_min,
        ratio_max=rule.ratio_max,
    )
    if isinstance(rule, VideoRule):
        return replace(taken, width_min=rule.side_min, height_min=rule.side_min, step=2)
    return replace(taken, width_min=rule.width_min)


def layout(
    width: int, height: int, within: Bounds, how: How, focus: tuple[float, float] | None = None
) -> Layout:
    """How a picture of this size is brought within the bounds, changing as little as will do.

    `focus`: where the subject is (shares of width and height), for a crop. `InvalidError` for
    bounds that nothing can meet.
    """
    low, high = within.ratios
    if low > high * (1 + _SLACK):
        raise _impossible()
    ratio = width / height
    goal = min(max(ratio, low), high)
    if abs(goal / ratio - 1) < _HAIR:
        how = "crop"
    if how == "crop":
        wide, tall = (height * goal, height) if ratio > goal else (width, width / goal)
    else:
        wide, tall = (width, width / goal) if ratio > goal else (height * goal, height)
    canvas = _sized(wide, tall, within)
    if how != "crop":
        shrink = min(canvas[0] / width, canvas[1] / height)
        content = (
            min(canvas[0], _stepped(width * shrink, within.step)),
            min(canvas[1], _stepped(height * shrink, within.step)),
        )
        return Layout((0.0, 0.0, width, height), content, canvas, how)
    # What rounding did to the shape is cut off too, never stretched.
    shape = canvas[0] / canvas[1]
    wide, tall = (height * shape, height) if ratio > shape else (width, width / shape)
    x, y = focus or (0.5, 0.5)
    left = max(0.0, min(x * width - wide / 2, width - wide))
    top = max(0.0, min(y * height - tall / 2, height - tall))
    return Layout((left, top, wide, tall), canvas, canvas, "crop")


def spoken(made: Layout, width: int, height: int) -> Iterator[str]:
    """What was done to a picture of this size, a sentence each."""
    canvas = made.canvas
    before, after = width / height, canvas[0] / canvas[1]
    if made.margins and abs(after / before - 1) > 0.002:
        kind = "margins of its own picture, blurred," if made.how == "blur" else "margins"
        yield f"Given {kind} to be {shape(canvas)}"
    elif abs(after / before - 1) > 0.002:
        yield f"Cropped to {shape(canvas)}"
    grown = made.content[0] - made.part[2]
    if abs(grown) > max(_ROUNDING, _ROUNDED * made.part[2]):
        yield f"Made {'larger' if grown > 0 else 'smaller'}: {canvas[0]} × {canvas[1]}"


def shape(size: Size) -> str:
    """The ratio as a person says it, or the size where it has no name."""
    ratio = size[0] / size[1]
    for name, known in _SAID.items():
        if abs(ratio / known - 1) < 0.004:
            return name
    return f"{size[0]} × {size[1]}"


def _sized(width: float, height: float, within: Bounds) -> Size:
    """The size of this shape that is within the bounds, as near to this one as can be."""
    scale = min(
        1.0,
        (within.width_max or math.inf) / width,
        (within.height_max or math.inf) / height,
        math.sqrt((within.pixels_max or math.inf) / (width * height)),
    )
    scale = max(scale, within.width_min / width, within.height_min / height)
    ratio, step = width / height, within.step
    middle = _stepped(width * scale, step)
    for away in range(_SEARCH):
        for wide in (middle - away * step, middle + away * step):
            tall = _stepped(wide / ratio, step)
            for candidate in (tall, tall - step, tall + step):
                if wide > 0 and candidate > 0 and within.take(wide, candidate):
                    return wide, candidate
    raise _impossible()


def _stepped(value: float, step: int) -> int:
    return max(step, round(value / step) * step)


def _impossible() -> InvalidError:
    return InvalidError(
        "No size of this picture is taken here: it is far too narrow or far too small.",
        remedy="Choose a picture of another shape.",
        code="shape",
    )
