"""Colours as the eye weighs them: Oklab (Ottosson, 2020), from and to sRGB.

Arrays have the three values last: red, green, blue from 0 to 1; or L from 0 to 1, a (green to
red) and b (blue to yellow) about 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.floating[Any]]

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_CONES = np.linalg.inv(_TO_CONES)


def from_srgb(rgb: Colours) -> Colours:
    """Oklab of sRGB."""
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(light @ _TO_CONES.T) @ _TO_LAB.T)


def to_srgb(lab: Colours) -> Colours:
    """sRGB of Oklab, held between 0 and 1."""
    light = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_CONES.T, 0.0, 1.0)
    return np.asarray(
        np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    )


def hex_of(lab: Colours) -> str:
    """One colour as `#rrggbb`."""
    red, green, blue = (round(float(each) * 255) for each in to_srgb(np.asarray(lab)))
    return f"#{red:02x}{green:02x}{blue:02x}"
