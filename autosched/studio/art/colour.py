"""Colours of the procedural art: hex palettes, blending in OKLab, linear light and film tone.

OKLab as published by Björn Ottosson (2020); the sRGB curve is IEC 61966-2-1's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autosched.errors import InvalidError

Floats = NDArray[np.float32]
Picture16 = NDArray[np.uint16]

FULL = 65535.0
_HEX = re.compile(r"#?([0-9a-fA-F]{6})\Z")
_TO_LMS = np.array(
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
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class Palette:
    """Colours from dark to light, as rows of OKLab; any number of them, evenly spaced."""

    rows: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, colours: tuple[str, ...]) -> Palette:
        """From hex colours, dark to light. A single colour becomes its own shades.

        Raises `InvalidError` for what is not a hex colour.
        """
        lab = [_to_oklab(_rgb(colour)) for colour in colours]
        if len(lab) == 1:
            lightness, a, b = lab[0]
            lab = [(0.12, a * 0.4, b * 0.4), (lightness, a, b), (0.95, a * 0.3, b * 0.3)]
        return cls(tuple(lab))

    def linear(self, place: ArrayLike) -> Floats:
        """The colours at `place` (0 dark to 1 light) in linear light, (…, 3)."""
        rows = np.array(self.rows)
        at = np.clip(np.asarray(place, float), 0.0, 1.0)
        stops = np.linspace(0.0, 1.0, len(rows))
        lab = np.stack([np.interp(at, stops, rows[:, i]) for i in range(3)], axis=-1)
        lms = (lab @ np.linalg.inv(_TO_LAB).T) ** 3
        light: Floats = np.clip(lms @ np.linalg.inv(_TO_LMS).T, 0.0, None).astype(np.float32)
        return light

    def encoded(self, place: ArrayLike) -> Floats:
        """The colours at `place` as sRGB values from 0 to 1."""
        return encode(self.linear(place))


def encode(light: Floats) -> Floats:
    """Linear light to sRGB values; above 1 is cut."""
    value = np.clip(light, 0.0, 1.0)
    curve = 1.055 * np.power(value, 1 / 2.4, dtype=np.float32) - 0.055
    return np.where(value <= 0.0031308, value * 12.92, curve).astype(np.float32)


def decode(value: ArrayLike) -> Floats:
    """sRGB values from 0 to 1 to linear light."""
    at = np.asarray(value, np.float32)
    return np.where(at <= 0.04045, at / 12.92, ((at + 0.055) / 1.055) ** 2.4).astype(np.float32)


def film(light: Floats, exposure: float = 1.0) -> Picture16:
    """Linear light of any strength as a 16 bit picture: highlights roll off, never clip hard.

    The shoulder is 1 - exp(-x) and the gamma 2.2 is taken by two square roots (x^0.5 and
    x^0.25 blended), which costs a tenth of a true power at no visible difference.
    """
    value = light * np.float32(-exposure)
    np.exp(value, out=value)
    np.subtract(np.float32(1.0), value, out=value)
    np.maximum(value, np.float32(0.0), out=value)  # light taken away twice is none, not less
    root = np.sqrt(value)
    np.sqrt(root, out=value)
    value *= np.float32(0.15)
    root *= np.float32(0.85)
    root += value
    root *= np.float32(FULL)
    picture: Picture16 = root.astype(np.uint16)
    return picture


def to16(value: Floats) -> Picture16:
    """sRGB values from 0 to 1 as 16 bit."""
    clipped: Picture16 = (np.clip(value, 0.0, 1.0) * FULL).astype(np.uint16)
    return clipped


def luma(value: Floats) -> Floats:
    """Rec. 709 weights over the last axis."""
    weighted: Floats = value @ _LUMA
    return weighted


def blackbody(kelvin: ArrayLike) -> Floats:
    """The linear RGB of a glowing body, its brightest channel 1.

    Planck's law at 610, 549 and 464 nm, balanced so that 6600 K is white.
    """
    metres = np.array([610e-9, 549e-9, 464e-9])

    def radiance(temperature: NDArray[np.float64]) -> NDArray[np.float64]:
        exponent = 0.014387769 / (metres * temperature[..., None])
        power: NDArray[np.float64] = metres**-5 / np.expm1(exponent)
        return power

    rgb = radiance(np.asarray(kelvin, float)) / radiance(np.asarray(6600.0))
    made: Floats = (rgb / rgb.max(axis=-1, keepdims=True)).astype(np.float32)
    return made


def _rgb(colour: str) -> NDArray[np.float64]:
    match = _HEX.match(colour.strip())
    if match is None:
        raise InvalidError(
            f"“{colour}” is not a colour.",
            remedy="Write colours as six hex digits, for example #0b1d3a.",
            code="bad_colour",
        )
    number = int(match.group(1), 16)
    return np.array([number >> 16, number >> 8 & 255, number & 255]) / 255.0


def _to_oklab(rgb: NDArray[np.float64]) -> tuple[float, float, float]:
    lms = np.cbrt(_TO_LMS @ decode(rgb).astype(float))
    lightness, a, b = (float(x) for x in _TO_LAB @ lms)
    return lightness, a, b
