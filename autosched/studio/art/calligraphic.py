"""Strokes of a broad pen, written in light: they swell and thin as a reed's; they spell nothing."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Stage, fractal

PALETTE = ("#05060d", "#11142a", "#3a2f55", "#d09a55", "#fff0cf")

_SOFT = 4
_STEPS = 220
_HAIRS = 9
_STROKES = 5


class Scene:
    """Each stroke is a nib held at one angle, drawn along a slow curve; its tail fades."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("calligraphic")
        self._nib = math.radians(float(chance.uniform(35, 60)))
        self._wide = 78.0 * stage.unit
        self._start = chance.uniform(0, 2 * math.pi, (_STROKES, 6))
        self._pace = chance.choice([-1.0, 1.0], _STROKES) * chance.uniform(0.16, 0.22, _STROKES)
        self._size = chance.uniform(0.55, 1.0, (_STROKES, 4))
        self._share = np.linspace(1.0, 0.45, _STROKES)
        self._gold = stage.palette.linear(0.80)
        self._pale = stage.palette.linear(1.0)
        self._ground = self._night()

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        ink = np.zeros((stage.height, stage.width), np.uint8)
        for number in range(_STROKES):
            layer = np.zeros_like(ink)
            self._write(layer, number, t)
            cv2.add(ink, layer, dst=ink)
        small = cv2.resize(ink, stage.soft(_SOFT), interpolation=cv2.INTER_AREA).astype(np.float32)
        glow = cv2.GaussianBlur(small, (0, 0), 5.0 + 16.0 * stage.unit) * np.float32(0.75 / 255)
        glow += cv2.GaussianBlur(small, (0, 0), 2.0 + 2.0 * stage.unit) * np.float32(0.45 / 255)
        soft = self._ground + glow[..., None] * self._gold
        back = stage.enlarge(colour.film(soft, 1.2), smooth=False)
        lines: Picture16 = cv2.LUT(cv2.merge([ink] * 3), self._table())
        made: Picture16 = cv2.add(back, lines)
        return made

    def _table(self) -> NDArray[np.uint16]:
        """What each strength of ink adds, for three channels."""
        strength = np.linspace(0.0, 1.0, 256, dtype=np.float32)[:, None]
        light = strength * self._gold * np.float32(0.55) + strength**3 * self._pale * np.float32(
            0.6
        )
        table: NDArray[np.uint16] = colour.to16(colour.encode(light) * np.float32(0.8))[None]
        table[0, 0] = 0
        return table

    def _write(self, layer: NDArray[np.uint8], number: int, t: float) -> None:
        """One stroke: hairs side by side along the nib, brighter at the head."""
        stage = self._stage
        start, size = self._start[number], self._size[number]
        along = np.linspace(0.0, 1.0, _STEPS)
        at = self._pace[number] * t + start[0] + 2.8 * along
        x = 0.34 * size[0] * np.sin(1.0 * at + start[1]) + 0.16 * size[1] * np.sin(
            2.0 * at + start[2]
        )
        y = 0.36 * size[2] * np.sin(0.7 * at + start[3]) + 0.13 * size[3] * np.sin(
            2.3 * at + start[4]
        )
        middle = np.stack([(0.5 + x) * stage.width, (0.5 + y) * stage.height], axis=1)
        # Pressure: a stroke begins and ends as a hairline.
        press = np.sin(np.pi * along) ** 0.6 * self._share[number]
        nib = np.array([math.cos(self._nib), -math.sin(self._nib)]) * self._wide
        fade = np.sin(np.pi * along) ** 1.2 * self._share[number]
        for hair in np.linspace(-0.5, 0.5, _HAIRS):
            points = middle + nib * (hair * press)[:, None]
            fixed = np.round(points * 16).astype(np.int32)
            strength = 0.45 + 0.55 * abs(2 * hair) ** 2
            thin = max(1, round(1.4 * stage.unit))
            for first in range(0, _STEPS - 1, 11):
                last = min(first + 12, _STEPS)
                tone = int(230 * strength * fade[(first + last) // 2])
                if tone > 2:
                    cv2.polylines(layer, [fixed[first:last]], False, tone, thin, cv2.LINE_AA, 4)
        body = np.concatenate(
            [middle + nib * (0.5 * press)[:, None], (middle - nib * (0.5 * press)[:, None])[::-1]]
        )
        veil = np.zeros_like(layer)
        cv2.fillPoly(veil, [np.round(body * 16).astype(np.int32)], 46, cv2.LINE_AA, 4)
        cv2.max(layer, veil, dst=layer)

    def _night(self) -> Floats:
        """The ground: nearly dark, a breath lighter in the middle."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        far = np.hypot(x / stage.width - 0.5, y / stage.height - 0.5)
        cloud = fractal(stage.chance("paper"), *x.shape, slope=2.0)
        return stage.palette.linear(0.24 - 0.26 * far + 0.014 * cloud) * np.float32(0.7)
