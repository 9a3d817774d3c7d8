"""Colour grading as a lookup table: for footage as a Hald picture, for pictures directly."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from autosched.studio import lut
from autosched.studio.template import Grade

_SIDE = 33
_LEVEL = 11
# The weights of Rec. 709 for the brightness of red, green and blue.
_LUMA = np.array([0.2126, 0.7152, 0.0722])


def neutral(grade: Grade) -> bool:
    """Whether the grade leaves colours as they are."""
    return grade == Grade()


def table(grade: Grade) -> NDArray[np.float32]:
    """The graded colour for each of 33³ colours: shape (blue, green, red, 3), from 0 to 1."""
    axis = np.linspace(0.0, 1.0, _SIDE)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    rgb = np.stack([red, green, blue], axis=-1)
    if grade.exposure:
        # Exposure is a matter of light, so it is done on linear values; the top rolls off.
        light = rgb**2.2 * 2.0**grade.exposure
        rgb = np.where(light > 0.8, 0.8 + 0.2 * np.tanh((light - 0.8) / 0.2), light) ** (1 / 2.2)
    warm, green_shift = 0.09 * grade.temperature, 0.06 * grade.tint
    rgb = rgb * (1 + np.array([warm, -green_shift, -warm]))
    # An S-curve about middle grey, which never clips: contrast in the logit of the value.
    safe = np.clip(rgb, 1e-4, 1 - 1e-4)
    logit = np.log(safe / (1 - safe)) * grade.contrast
    rgb = 1 / (1 + np.exp(-logit))
    luma = (rgb @ _LUMA)[..., None]
    rgb = luma + (rgb - luma) * grade.saturation
    if grade.split:
        dark = (1 - luma) ** 2 * grade.split
        bright = luma**2 * grade.split
        rgb = rgb + dark * (_rgb(grade.shadows) - 0.25) * 0.35
        rgb = rgb + bright * (_rgb(grade.highlights) - 0.85) * 0.5
    rgb = grade.fade + rgb * (1 - grade.fade)
    if grade.lut and grade.strength:
        looked = lut.applied(lut.unpacked(grade.lut), np.clip(rgb, 0.0, 1.0))
        rgb = rgb + (looked - rgb) * grade.strength
    return np.asarray(np.clip(rgb, 0.0, 1.0), np.float32)


@lru_cache(maxsize=8)
def hald(grade: Grade) -> NDArray[np.uint8]:
    """The grade as a Hald picture of level 11: 121 steps a colour, red running fastest."""
    axis = np.linspace(0, 255, _LEVEL**2).round().astype(np.uint8)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    side = _LEVEL**3
    identity = np.stack([red, green, blue], axis=-1).reshape(side, side, 3)
    return np.asarray(apply(grade, Image.fromarray(identity)))


def apply(grade: Grade, image: Image.Image) -> Image.Image:
    """The graded picture (RGB)."""
    if neutral(grade):
        return image
    return image.filter(ImageFilter.Color3DLUT(_SIDE, table(grade).ravel().tolist()))


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
