"""Star patterns of a chosen fold, from five to sixteen, by polygons in contact.

Regular polygons of `fold` sides touch along their edges: the even ones in a lattice, the odd ones
each with its image upside down. From the middle of every edge two rays leave at the contact angle
and end where they meet another's, in the polygons and in the gaps between (Hankin, 1925; Kaplan,
"Islamic star patterns from polygons in contact", 2005). The cells are tiles, the rays the joints.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art.colour import Picture16, to16
from autosched.studio.art.contact import Pattern
from autosched.studio.art.stage import Stage, fractal, smooth

PALETTE = ("#06121f", "#0d2f46", "#1c5f68", "#b98a43", "#f7e6bd")
FOLDS = tuple(range(5, 17))

_SHIFT = 4
_SUB = 1 << _SHIFT
_SOFT = 4
# Tones of the cells, on the palette from dark to light.
_GROUND, _STAR, _GAP, _JOINT = 60, 112, 36, 226


class Scene:
    """The tiling turns about the middle; the contact angle breathes; a light passes over it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("star pattern")
        fold = int(chance.choice(FOLDS))
        self._pattern = Pattern(int(stage.option("fold", str(fold))))
        self._start = float(chance.uniform(0, 2 * math.pi))
        self._turn = float(chance.choice([-1.0, 1.0])) * 0.006
        self._lean = float(chance.uniform(0, 2 * math.pi))
        self._size = (300.0 if self._pattern.fold < 9 else 360.0) * stage.unit
        self._centres = self._lattice()
        self._table = self._colours()
        self._wear = self._glaze()

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        swing = 4.0 * math.sin(0.11 * t + self._start)
        star, gap = self._pattern.at(math.radians(self._pattern.angle + swing))
        turned = self._lean + self._turn * t
        tones = np.full((stage.height, stage.width), _GROUND, np.uint8)
        joints: list[NDArray[np.int32]] = []
        for outline, tone, part in ((gap, _GAP, 1), (star, _STAR, 0)):
            for shape in outline:
                placed = self._placed(shape, turned)
                for polygon in placed:
                    cv2.fillPoly(tones, [polygon], tone, cv2.LINE_AA, _SHIFT)
                if part == 0:
                    joints += self._placed(_inner(shape, 0.42), turned)
                joints += placed
        thin = max(1, round(4.2 * stage.unit))
        cv2.polylines(tones, joints, True, _JOINT, thin, cv2.LINE_AA, _SHIFT)
        picture: Picture16 = cv2.LUT(cv2.merge([tones] * 3), self._table)
        light = cv2.resize(self._light(t), (stage.width, stage.height))
        lit: Picture16 = cv2.multiply(picture, cv2.merge([light] * 3), dtype=cv2.CV_16U)
        return lit

    def _lattice(self) -> NDArray[np.float64]:
        """Where the cells stand that the frame can show, in the pattern's own length."""
        stage = self._stage
        reach = math.hypot(stage.width, stage.height) / 2 / self._size + 2.5
        first, second = self._pattern.steps
        most = math.ceil(reach / min(np.hypot(*first), np.hypot(*second)) * 2) + 2
        i, j = np.meshgrid(np.arange(-most, most + 1), np.arange(-most, most + 1))
        centres = i.reshape(-1, 1) * first + j.reshape(-1, 1) * second
        near: NDArray[np.float64] = centres[np.hypot(*centres.T) < reach]
        return near

    def _placed(self, shape: NDArray[np.float64], turned: float) -> list[NDArray[np.int32]]:
        """`shape` in every cell that shows, in sixteenths of a pixel."""
        stage = self._stage
        cos, sin = math.cos(turned), math.sin(turned)
        turn = np.array([[cos, sin], [-sin, cos]]) * self._size
        middle = np.array([stage.width / 2, stage.height / 2])
        placed = (self._centres[:, None, :] + shape[None, :, :]) @ turn + middle
        low, high = placed.min(axis=1), placed.max(axis=1)
        seen = (high > 0).all(axis=1) & (low < [stage.width, stage.height]).all(axis=1)
        return list(np.round(placed[seen] * _SUB).astype(np.int32)[:, :, None, :])

    def _colours(self) -> NDArray[np.uint16]:
        """The palette as a table over tones, for three channels."""
        tones = np.arange(256) / 255.0
        table: NDArray[np.uint16] = to16(self._stage.palette.encoded(tones))[None, :, :]
        return table

    def _glaze(self) -> NDArray[np.float32]:
        """How tiles differ a little, as glazes do, and where the words stand, where it is calm."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        u, v = x / stage.width - 0.5, y / stage.height - 0.5
        calm = 1.0 - 0.50 * np.exp(-((u / 0.52) ** 4) - (v / 0.30) ** 4)
        cloud = fractal(stage.chance("glaze"), *x.shape, slope=1.4, finest=2.0)
        glaze: NDArray[np.float32] = (calm * (1.0 + 0.06 * cloud)).astype(np.float32)
        return glaze

    def _light(self, t: float) -> NDArray[np.float32]:
        stage = self._stage
        x, y = stage.places(_SOFT)
        side = float(max(stage.width, stage.height))
        along = (0.62 * x + y) / side
        at = 0.6 + 0.7 * math.sin(0.10 * t + self._start)
        band = np.exp(-(((along - at) / 0.26) ** 2))
        far = np.hypot(x / stage.width - 0.5, y / stage.height - 0.5)
        lit = (0.66 + 0.34 * band) * self._wear * smooth(1.05, 0.15, far)
        made: NDArray[np.float32] = np.minimum(lit + 0.05, 0.98).astype(np.float32)
        return made


def _inner(shape: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """The same outline, smaller about its middle: the star within the star."""
    middle = shape.mean(axis=0)
    made: NDArray[np.float64] = middle + (shape - middle) * share
    return made
