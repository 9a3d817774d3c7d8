"""From 16 bit to 8: dither, so that soft gradients have no bands, and a breath of film grain."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art.colour import Picture16
from autosched.studio.art.stage import Stage

_ROOM = 192
_LEVEL = 256.0
_MEAN = 8.0 * _LEVEL


class Grain:
    """Noise made once and laid at another place on every frame.

    Triangular dither of one level in each channel, and grain of `strength` levels that all
    three share and that is a little coarser than a pixel, so that it outlives the encoder.
    """

    def __init__(self, stage: Stage, strength: float = 1.3) -> None:
        chance = stage.chance("grain")
        shape = (stage.height + _ROOM, stage.width + _ROOM)
        coarse = chance.standard_normal(shape, dtype=np.float32)
        coarse = cv2.GaussianBlur(coarse, (0, 0), max(0.5, 0.75 * stage.unit))
        coarse *= strength * _LEVEL / coarse.std()
        dither = chance.random((*shape, 3), dtype=np.float32)
        dither -= chance.random((*shape, 3), dtype=np.float32)
        noise = dither * _LEVEL + coarse[..., None] + _MEAN
        self._noise = np.clip(noise, 0.0, 2.0 * _MEAN).astype(np.uint16)
        self._stage = stage

    def finish(self, picture: Picture16, number: int) -> NDArray[np.uint8]:
        """The 8 bit frame; `number` counts frames from the start. `picture` is used up."""
        x, y = _offset(self._stage.seed, number)
        rows = slice(y, y + self._stage.height)
        noise = self._noise[rows, x : x + self._stage.width]
        cv2.add(picture, noise, dst=picture)
        frame: NDArray[np.uint8] = cv2.convertScaleAbs(
            picture, alpha=1.0 / _LEVEL, beta=-_MEAN / _LEVEL
        )
        return frame


def _offset(seed: int, number: int) -> tuple[int, int]:
    """A place for frame `number`, by the mixing step of SplitMix64."""
    mask = 2**64 - 1
    z = (seed * 0x9E3779B97F4A7C15 + (number + 1) * 0xD1342543DE82EF95) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    z ^= z >> 31
    return z % _ROOM, (z >> 32) % _ROOM
