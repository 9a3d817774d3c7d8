"""Where the eye goes in a picture: the part that a crop should keep.

What differs from its surroundings draws the eye, and more so where it is full of detail; what
matters is seldom at the very edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_SIDE = 64
_EDGE = 0.35  # how much of what lies at the rim of a window counts


def focus(looks: Iterable[Image.Image], part: tuple[float, float]) -> tuple[float, float]:
    """The middle of the best window over `looks`, as shares of width and height.

    `part`: how much of the width and of the height the window shows.
    """
    heat = sum((_heat(look) for look in looks), np.full((_SIDE, _SIDE), 1e-6))
    return _best(heat.sum(0), part[0]), _best(heat.sum(1), part[1])


def _heat(look: Image.Image) -> NDArray[Any]:
    """How much draws the eye at each place; it sums up to 1."""
    small = look.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    pixels = np.asarray(small, np.float32)
    around = np.asarray(small.filter(ImageFilter.GaussianBlur(_SIDE / 6)), np.float32)
    detail = np.asarray(small.filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    stands_out = np.abs(detail - around).sum(2)
    busy = np.abs(pixels - detail).sum(2)
    heat = stands_out * (1 + busy / (float(busy.mean()) + 1.0))
    return np.asarray(heat / (float(heat.sum()) or 1.0))


def _best(line: NDArray[Any], share: float) -> float:
    """The middle of the window over `share` of the line that sees most."""
    fine = np.repeat(line, 4)
    size = max(1, round(min(share, 1.0) * len(fine)))
    weights = _EDGE + np.hanning(size + 2)[1:-1]
    seen = np.convolve(fine, weights[::-1], mode="valid")
    places = np.linspace(-1.0, 1.0, len(seen)) if len(seen) > 1 else np.zeros(1)
    seen = seen * (1 - 0.1 * places**2)
    return float((np.argmax(seen) + size / 2) / len(fine))
