"""How words stand at one moment of coming or going: as figures, whatever draws them.

Every motion is told by a share from 0 (not there) to 1 (standing still). Going is coming backwards,
but that what slides goes on in its own direction.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from autosched.studio.template import Enter

# Those that are told frame by frame, by a pose.
POSED = frozenset(
    {
        *("rise", "blur", "slide", "settle", "slide_up", "slide_down", "slide_left"),
        *("slide_right", "pop", "zoom_out", "glow", "focus"),
    }
)
_SLIDES = {
    "slide_up": (0.0, -0.9),
    "slide_down": (0.0, 0.9),
    "slide_left": (-1.2, 0.0),
    "slide_right": (1.2, 0.0),
}
_OVERSHOOT = 1.3


@dataclass(frozen=True)
class Pose:
    """Shift in pixels, opacity, blur, scale in per cent, and the strength of a light around."""

    opacity: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    blur: float = 0.0
    scale: float = 100.0
    light: float = 0.0


def pose(kind: Enter, share: float, size: float, *, going: bool = False) -> Pose:
    """The pose of one of `POSED`, for letters of `size` pixels."""
    # An ease-out: quick at first, then settling.
    rest = (1 - share) ** 3
    shown = 1 - (1 - share) ** 2
    if kind in _SLIDES:
        x, y = _SLIDES[kind]
        way = rest * size if going else -rest * size
        return Pose(opacity=shown, dx=x * way, dy=y * way)
    if kind == "pop":
        back = 1 + (_OVERSHOOT + 1) * (share - 1) ** 3 + _OVERSHOOT * (share - 1) ** 2
        return Pose(opacity=min(1.0, 2.2 * share), scale=80 + 20 * back)
    return {
        "rise": Pose(opacity=shown, dy=rest * 0.55 * size),
        "slide": Pose(opacity=shown, dx=rest * 1.1 * size),
        "blur": Pose(opacity=shown, blur=rest * 0.22 * size),
        "settle": Pose(opacity=shown, scale=100 + 9 * rest),
        "zoom_out": Pose(opacity=shown, scale=100 + 16 * (1 - share) ** 2),
        "glow": Pose(opacity=shown, light=math.sin(math.pi * share) ** 1.5),
        "focus": Pose(opacity=shown, blur=(1 - share) ** 2 * 0.3 * size, scale=100 + 5 * rest),
    }[kind]


def poses(
    kind: Enter, start: float, seconds: float, size: float, fps: int, *, going: bool = False
) -> Iterator[tuple[float, float, Pose]]:
    """The poses of a motion that begins at `start`, or that has gone `seconds` after it.

    One a frame; each begins half a frame before it is shown.
    """
    count = max(1, round(seconds * fps))
    first = round((start + seconds) * fps) - count if going else round(start * fps)
    for number in range(count):
        share = (number + 1) / (count + 1)
        at = (first + number - 0.5) / fps
        shown = pose(kind, 1 - share if going else share, size, going=going)
        yield max(0.0, at), at + 1 / fps, shown


def whole_words(text: str) -> list[str]:
    """The words of a line, spaces and all: joined they are the line.

    What stands alone without a letter or a figure, such as a pause mark, goes with its word.
    """
    found: list[str] = []
    for piece in re.findall(r"\S+\s*|^\s+", text):
        bare = not any(unicodedata.category(each)[0] in "LN" for each in piece)
        if found and bare:
            found[-1] += piece
        else:
            found.append(piece)
    return found
