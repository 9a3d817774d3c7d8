"""What every kind of art stands on: the frame's size, seeded chance, soft fields and small lights.

Fields are drawn at a fraction of the frame's size where nothing in them is sharp, and enlarged.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art.colour import Floats, Palette, Picture16

Generator = np.random.Generator


class Scene(Protocol):
    """A moving picture: built once, then asked for any moment in any order."""

    def frame(self, t: float) -> Picture16:
        """The picture `t` seconds in: (height, width, 3) of sRGB values in 16 bit."""


@dataclass(frozen=True)
class Stage:
    """The frame a scene is made for. `unit` is 1 where the short side has 1080 pixels.

    `chosen`: what a person has chosen of the kind's options; the seed draws the others.
    `recoloured`: the palette is another than the kind's own.
    """

    width: int
    height: int
    seed: int
    palette: Palette
    chosen: Mapping[str, str] = field(default_factory=dict)
    recoloured: bool = False

    @property
    def unit(self) -> float:
        return min(self.width, self.height) / 1080.0

    def chance(self, name: str) -> Generator:
        """A source of chance of its own for each `name`, the same for the same seed."""
        return np.random.default_rng([self.seed % 2**63, zlib.crc32(name.encode())])

    def option(self, name: str, drawn: str) -> str:
        """What was chosen for the option `name`, or what was drawn for it."""
        return self.chosen.get(name, drawn)

    def soft(self, divisor: int) -> tuple[int, int]:
        """(width, height) of a canvas `divisor` times smaller, never less than 8."""
        return max(8, -(-self.width // divisor)), max(8, -(-self.height // divisor))

    def places(self, divisor: int = 1) -> tuple[Floats, Floats]:
        """x and y of the canvas's pixels in the frame's own pixels, as 2-D arrays."""
        width, height = self.soft(divisor) if divisor > 1 else (self.width, self.height)
        x = (np.arange(width, dtype=np.float32) + 0.5) * (self.width / width)
        y = (np.arange(height, dtype=np.float32) + 0.5) * (self.height / height)
        across, down = np.meshgrid(x, y)
        return across, down

    def enlarge(self, picture: Picture16, *, smooth: bool = True) -> Picture16:
        """A soft canvas at the frame's size."""
        how = cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR
        large: Picture16 = cv2.resize(picture, (self.width, self.height), interpolation=how)
        return large


def fractal(
    chance: Generator,
    height: int,
    width: int,
    *,
    slope: float = 1.7,
    stretch: float = 1.0,
    finest: float = 0.0,
    coarsest: float = 0.0,
) -> Floats:
    """Tiling fractal noise, mean 0 and deviation 1.

    Amplitude falls as frequency^-slope. `stretch` over 1 draws it out sideways. Waves shorter
    than `finest` or longer than `coarsest` pixels are left out (0: kept).
    """
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None, :] * stretch
    frequency = np.sqrt(fy * fy + fx * fx)
    frequency[0, 0] = 1.0
    gain = frequency**-slope
    gain[0, 0] = 0.0
    if finest:
        gain *= np.exp(-((frequency * finest) ** 2))
    if coarsest:
        gain *= 1.0 - np.exp(-((frequency * coarsest) ** 2))
    wave = np.fft.rfft2(chance.standard_normal((height, width))) * gain
    field = np.fft.irfft2(wave, s=(height, width))
    made: Floats = (field / (field.std() + 1e-9)).astype(np.float32)
    return made


def scrolled(tile: Floats, size: tuple[int, int], x: float, y: float) -> Floats:
    """A window of `size` (width, height) on an endless tiling of `tile`, at any fraction."""
    shift = np.array([[1.0, 0.0, x % tile.shape[1]], [0.0, 1.0, y % tile.shape[0]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    window: Floats = cv2.warpAffine(tile, shift, size, flags=flags, borderMode=cv2.BORDER_WRAP)
    return window


def sample(field: Floats, x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]]) -> Floats:
    """`field` at fractional places (in its own pixels), its edge carried on outside."""
    shape = x.shape
    flat: Floats = cv2.remap(
        field,
        np.ascontiguousarray(x.reshape(-1, 1), np.float32),
        np.ascontiguousarray(y.reshape(-1, 1), np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    square: Floats = flat.reshape(*shape, *field.shape[2:])
    return square


def smooth(low: float, high: float, value: NDArray[np.floating[Any]]) -> Floats:
    """0 under `low`, 1 over `high`, an S-curve between them; falling if `low` is over `high`."""
    at = np.clip((value - low) / (high - low), 0.0, 1.0)
    curve: Floats = (at * at * (3.0 - 2.0 * at)).astype(np.float32, copy=False)
    return curve


def splat(picture: Picture16, x: Floats, y: Floats, light: Floats, sigma: Floats) -> None:
    """Add small round lights to `picture` in place; `light` (n, 3) is their peak, 0 to 1.

    Peaks over 0.45 are cut, so that a few that overlap can't run over; larger lights are sprites.
    """
    height, width = picture.shape[:2]
    reach = int(np.ceil(3.0 * float(sigma.max(initial=0.3))))
    inside = (x > -reach) & (y > -reach) & (x < width + reach) & (y < height + reach)
    inside &= light.max(axis=1) > 0.002
    x, y, light, sigma = x[inside], y[inside], light[inside], sigma[inside]
    steps = np.arange(-reach, reach + 1)
    columns = np.floor(x).astype(np.int64)[:, None] + steps
    rows = np.floor(y).astype(np.int64)[:, None] + steps
    spread = (-0.5 / (sigma * sigma))[:, None]
    across = np.exp((columns + 0.5 - x[:, None]) ** 2 * spread)
    down = np.exp((rows + 0.5 - y[:, None]) ** 2 * spread)
    across[(columns < 0) | (columns >= width)] = 0.0
    down[(rows < 0) | (rows >= height)] = 0.0
    weight = (down[:, :, None] * across[:, None, :]).astype(np.float32)
    place = np.clip(rows, 0, height - 1)[:, :, None] * width
    place = (place + np.clip(columns, 0, width - 1)[:, None, :]).ravel() * 3
    peaks = np.minimum(light, 0.45).astype(np.float32) * np.float32(65535.0)
    plane = np.zeros_like(picture)
    flat = plane.reshape(-1)
    for channel in range(3):
        value = (weight * peaks[:, channel, None, None]).astype(np.uint16).ravel()
        np.add.at(flat, place + channel, value)
    cv2.add(picture, plane, dst=picture)


def stamp(picture: Picture16, sprite: Picture16, x: int, y: int) -> None:
    """Add `sprite` to `picture` with its corner at (x, y), cut at the edges, in place."""
    height, width = picture.shape[:2]
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + sprite.shape[1]), min(height, y + sprite.shape[0])
    if left >= right or top >= bottom:
        return
    under = picture[top:bottom, left:right]
    cv2.add(under, sprite[top - y : bottom - y, left - x : right - x], dst=under)
