"""A look as figures, and as a table that carries it over to other footage.

What is compared is the reference with ordinary footage: how its light is distributed, which casts
its dark, middle and bright parts have where they are nearly grey, how strong its colours are. What
a picture shows (a green wood) is not its look; so only nearly grey colours, and only in part, tell
the casts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autosched.studio import lut, oklab
from autosched.studio.lut import Table

Colours = NDArray[np.floating[Any]]

# Lightness (Oklab's L) of ordinary footage at these shares of its pixels, and its mean chroma in
# the dark, the middle and the bright: measured on ungraded clips of streets, people and animation.
SHARES = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)
ORDINARY_LIGHT = (0.16, 0.22, 0.3, 0.39, 0.505, 0.64, 0.76, 0.89, 0.97)
ORDINARY_CHROMA = (0.024, 0.038, 0.044)
_TONES = (0.25, 0.55, 0.85)
_WIDTH = 0.2
# How much of a measured difference is put down to the look, and not to what is shown.
_TRUST_LIGHT, _TRUST_ENDS, _TRUST_CAST, _TRUST_CHROMA = 0.26, 0.3, 0.9, 0.6
_NEARLY_GREY = 0.07
_STEEPEST, _FLATTEST = 2.0, 0.4


@dataclass(frozen=True)
class Look:
    """The statistics of a look: lightness at `SHARES`, casts (a, b) and chroma by tone."""

    light: tuple[float, ...]
    casts: tuple[tuple[float, float], ...]
    chroma: tuple[float, ...]


def measured(lab: Colours) -> Look:
    """The look of a sample of pixels, Oklab (n, 3)."""
    light = tuple(float(each) for each in np.quantile(lab[:, 0], SHARES))
    casts, chroma = [], []
    strength = np.hypot(lab[:, 1], lab[:, 2])
    for tone in _TONES:
        near = np.exp(-(((lab[:, 0] - tone) / _WIDTH) ** 2))
        casts.append(_cast(lab, near))
        chroma.append(float((near * strength).sum() / (near.sum() + 1e-6)))
    return Look(light, tuple(casts), tuple(chroma))


def _cast(lab: Colours, near: Colours) -> tuple[float, float]:
    """The cast of a tone: the middle of its nearly grey colours, found by going nearer to it."""
    centre = np.zeros(2)
    spread = 2.2 * _NEARLY_GREY
    for _ in range(8):
        off = np.hypot(lab[:, 1] - centre[0], lab[:, 2] - centre[1])
        weight = near * np.exp(-((off / spread) ** 2))
        total = weight.sum()
        if total < 0.002 * len(lab):
            break
        centre = (weight[:, None] * lab[:, 1:]).sum(axis=0) / total
        spread = max(_NEARLY_GREY, spread * 0.8)
    return float(centre[0]), float(centre[1])


def table(reference: Look, *, side: int = lut.SIDE) -> Table:
    """The table that takes ordinary footage to the reference's look; smooth, and never steep.

    The footage's own statistics are not asked for: they would tell more of what it shows than of
    how it was graded, and the result is further off (measured on known looks).
    """
    lab = oklab.from_srgb(lut.identity(side).astype(np.float64))
    light = _curve(reference)(lab[..., 0])
    nearness = [np.exp(-(((lab[..., 0] - tone) / 0.22) ** 2)) for tone in _TONES]
    total = sum(nearness) + 1e-9
    shift, scale = np.zeros((*lab.shape[:-1], 2)), np.zeros(lab.shape[:-1])
    gains = _gains(reference)
    for tone, near in enumerate(nearness):
        cast = np.array(reference.casts[tone])
        shift += (near / total)[..., None] * cast * _TRUST_CAST
        scale += near / total * gains[tone]
    # Black and white hold little colour, and take little.
    hold = np.clip(np.minimum(lab[..., 0] / 0.12, (1.02 - lab[..., 0]) / 0.1), 0, 1)[..., None]
    colour = lab[..., 1:] * scale[..., None] + shift * (0.35 + 0.65 * hold)
    made = oklab.to_srgb(np.concatenate([light[..., None], colour], axis=-1))
    return np.asarray(_smooth(made), np.float32)


def _curve(reference: Look) -> Any:
    """The tone curve, monotone and of moderate slope."""
    given, wanted = np.array(ORDINARY_LIGHT), np.array(reference.light)
    ends = np.abs(np.array(SHARES) - 0.5) * 2
    trust = _TRUST_LIGHT + (_TRUST_ENDS - _TRUST_LIGHT) * ends**3
    wanted = given + trust * (wanted - given)
    x = np.concatenate([[0.0], given, [1.0]])
    # Beyond what is seen the curve goes on to where black and white would be.
    low = max(0.0, wanted[0] - given[0] * 0.8)
    high = min(1.0, wanted[-1] + (1 - given[-1]) * 0.8)
    y = np.concatenate([[min(low, wanted[0])], wanted, [max(high, wanted[-1])]])
    grid = np.linspace(0, 1, 65)
    line = np.interp(grid, x, y)
    slope = np.clip(np.diff(line) * 64, _FLATTEST, _STEEPEST)
    bent = np.concatenate([[0.0], np.cumsum(slope) / 64])
    middle = np.interp(0.5, grid, line) - np.interp(0.5, grid, bent)
    kernel = np.hanning(11)[1:-1]
    padded = np.pad(bent + middle, 4, mode="reflect", reflect_type="odd")
    smooth = np.clip(np.convolve(padded, kernel / kernel.sum(), mode="valid"), 0, 1)
    return lambda value: np.interp(value, grid, smooth)


def _gains(reference: Look) -> list[float]:
    trust = _TRUST_CHROMA
    ratios = [
        (theirs + 0.008) / (ours + 0.008)
        for ours, theirs in zip(ORDINARY_CHROMA, reference.chroma, strict=True)
    ]
    whole = float(np.exp(np.mean(np.log(ratios))))
    return [float(np.clip((0.5 * each + 0.5 * whole) ** trust, 0.15, 1.8)) for each in ratios]


def _smooth(table: Colours) -> Colours:
    """The table with its bends evened out a little, its corners kept."""
    made = table
    for axis in range(3):
        padded = np.pad(
            made, [(1, 1) if each == axis else (0, 0) for each in range(4)], mode="edge"
        )
        before = np.take(padded, range(made.shape[axis]), axis=axis)
        after = np.take(padded, range(2, made.shape[axis] + 2), axis=axis)
        evened = 0.25 * before + 0.5 * made + 0.25 * after
        inner = np.zeros(made.shape[axis], bool)
        inner[1:-1] = True
        shape = [1] * 4
        shape[axis] = made.shape[axis]
        made = np.where(inner.reshape(shape), evened, made)
    return np.clip(made, 0, 1)
