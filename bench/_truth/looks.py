"""Looks that are known, and how far two colours are apart to the eye."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.floating[Any]]
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def random_look(rng: random.Random) -> Callable[[Colours], Colours]:
    """A plausible grade: lift, gamma, gain, an S-curve, saturation, split toning."""
    lift = rng.uniform(0, 0.08) + np.array([rng.uniform(0, 0.03) for _ in range(3)])
    gamma = rng.uniform(0.8, 1.25) * np.array([rng.uniform(0.92, 1.08) for _ in range(3)])
    gain = np.array([rng.uniform(0.88, 1.05) for _ in range(3)])
    contrast, saturation = rng.uniform(0.85, 1.5), rng.uniform(0.3, 1.35)
    shadows = np.array([rng.uniform(-0.06, 0.06) for _ in range(3)])
    highlights = np.array([rng.uniform(-0.06, 0.06) for _ in range(3)])

    def look(rgb: Colours) -> Colours:
        value = np.clip(rgb, 1e-3, 0.999) ** gamma
        value = 1 / (1 + (1 / value - 1) ** contrast)
        luma = (value @ _LUMA)[..., None]
        value = luma + (value - luma) * saturation
        value = value + (1 - luma) ** 2 * shadows + luma**2 * highlights
        return np.clip(lift + value * (gain - lift), 0, 1)

    return look


def through(cube: str, rgb: Colours) -> Colours:
    """Colours taken through the text of a `.cube` file, trilinearly."""
    rows = [line.split() for line in cube.splitlines() if line[:1].isdigit() or line[:1] == "-"]
    values = np.array(rows, np.float64)
    side = round(len(values) ** (1 / 3))
    table = values.reshape(side, side, side, 3)
    place = np.clip(rgb, 0, 1) * (side - 1)
    low = np.minimum(place.astype(int), side - 2)
    part = place - low
    found = np.zeros_like(place)
    for corner in range(8):
        up = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
        weight = np.prod(np.where(up, part, 1 - part), axis=-1)
        at = low + up
        found += weight[..., None] * table[at[..., 2], at[..., 1], at[..., 0]]
    return found


def lab(rgb: Colours) -> Colours:
    """CIE L*a*b* (D65) of sRGB from 0 to 1."""
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = light @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1
    )


def difference(one: Colours, other: Colours) -> Colours:
    """CIEDE2000 of two arrays of L*a*b* (Sharma, Wu, Dalal 2005)."""
    light1, a1, b1 = np.moveaxis(one, -1, 0)
    light2, a2, b2 = np.moveaxis(other, -1, 0)
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    more = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    a1, a2 = a1 * more, a2 * more
    chroma1, chroma2 = np.hypot(a1, b1), np.hypot(a2, b2)
    hue1, hue2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = chroma1 * chroma2 == 0
    turn = hue2 - hue1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    turn = np.where(grey, 0, turn)
    light, chroma = (light1 + light2) / 2, (chroma1 + chroma2) / 2
    both = hue1 + hue2
    far = np.abs(hue1 - hue2) > 180
    hue = np.where(far, np.where(both < 360, both + 360, both - 360), both) / 2
    hue = np.where(grey, both, hue)
    angle = np.radians(hue)
    t = (
        1
        - 0.17 * np.cos(angle - np.radians(30))
        + 0.24 * np.cos(2 * angle)
        + 0.32 * np.cos(3 * angle + np.radians(6))
        - 0.20 * np.cos(4 * angle - np.radians(63))
    )
    bend = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    spin = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(bend)
    off = (light - 50) ** 2
    by_light = (light2 - light1) / (1 + 0.015 * off / np.sqrt(20 + off))
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    by_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn) / 2)
    by_hue = by_hue / (1 + 0.015 * chroma * t)
    return np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + spin * by_chroma * by_hue)
