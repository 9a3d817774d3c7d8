"""Arabesque: vines in spirals, mirrored and turned into a tiling, that pass over and under."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art.colour import Floats, Picture16, to16
from autosched.studio.art.stage import Generator, Stage, fractal, smooth

PALETTE = ("#071a17", "#0f3a33", "#1f6152", "#c4a05a", "#f7edcf")

_CELL = 512
_SOFT = 4
_STEM, _LEAF, _BUD = 205, 150, 235
_EDGE = 26


class Scene:
    """The tile is drawn once; it drifts and turns, and a light runs out along its stems."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("arabesque")
        self._tones, self._when = _tile(chance)
        self._start = float(chance.uniform(0, 2 * math.pi))
        self._way = float(chance.choice([-1.0, 1.0]))
        self._scale = _CELL / (760.0 * stage.unit)
        tones = np.arange(256) / 255.0
        self._table = to16(stage.palette.encoded(tones))[None, :, :]
        x, y = stage.places(_SOFT)
        u, v = x / stage.width - 0.5, y / stage.height - 0.5
        calm = 1.0 - 0.50 * np.exp(-((u / 0.52) ** 4) - (v / 0.30) ** 4)
        cloud = fractal(stage.chance("wear"), *x.shape, slope=1.6, finest=2.0)
        self._calm = (calm * (1.0 + 0.05 * cloud) * smooth(1.1, 0.2, np.hypot(u, v))).astype(
            np.float32
        )
        self._along = ((x * 0.6 + y) / max(stage.width, stage.height)).astype(np.float32)

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        size = (stage.width, stage.height)
        angle = self._start + self._way * 0.006 * t
        cos, sin = math.cos(angle) * self._scale, math.sin(angle) * self._scale
        middle = (_CELL + 6.0 * t * self._way, _CELL + 4.0 * t)
        x0 = middle[0] - cos * size[0] / 2 + sin * size[1] / 2
        y0 = middle[1] - sin * size[0] / 2 - cos * size[1] / 2
        move = np.array([[cos, -sin, x0], [sin, cos, y0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        tones = cv2.warpAffine(self._tones, move, size, flags=flags, borderMode=cv2.BORDER_WRAP)
        soft = stage.soft(_SOFT)
        wide = np.array([size[0] / soft[0], size[1] / soft[1], 1.0])
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        when = cv2.warpAffine(
            self._when, move * wide, soft, flags=flags, borderMode=cv2.BORDER_WRAP
        )
        pulse = cv2.blur(cv2.LUT(when, self._pulse(t)), (3, 3))
        picture: Picture16 = cv2.LUT(cv2.merge([tones] * 3), self._table)
        at = 0.6 + 0.7 * math.sin(0.09 * t + self._start)
        band = np.exp(-(((self._along - np.float32(at)) / np.float32(0.3)) ** 2))
        light = np.minimum((0.80 + 0.30 * band) * self._calm * pulse, np.float32(0.99))
        light = cv2.resize(light, size)
        lit: Picture16 = cv2.multiply(picture, cv2.merge([light] * 3), dtype=cv2.CV_16U)
        return lit

    def _pulse(self, t: float) -> Floats:
        """How bright each moment of a stem is: 0 is off the stems; a wave runs through 1 to 255."""
        phase = np.arange(256) / 255.0
        wave = np.exp(-((((phase - 0.07 * t + 0.5) % 1.0 - 0.5) / 0.16) ** 2))
        table = (0.86 + 0.42 * wave).astype(np.float32)
        table[0] = 0.92
        return table


def _tile(chance: Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The tile's tones and, along the stems, when the light comes; both wrap at their edges."""
    large = _CELL * 2
    tones = np.full((large, large), 52, np.uint8)
    when = np.zeros((large, large), np.uint8)
    _tiles_ground(tones)
    turns = float(chance.uniform(1.30, 1.60))
    vines = []
    for i in (0.25, 0.75):
        for j in (0.25, 0.75):
            # Neighbours turn against each other, as gears do: their stems run on as an S.
            hand = 1.0 if i == j else -1.0
            for arm in range(4):
                lean = math.pi / 2 * arm
                vines.append(_vine(i * large, j * large, lean, hand, turns, arm % 2 == 0))
    for part in (0, 1):
        for number, (points, hand) in enumerate(vines):
            # Half a vine at a time: each passes over some and under others.
            half = len(points) // 2
            piece = points[: half + 2] if (number + part) % 2 else points[half:]
            begun = 0 if (number + part) % 2 else half
            _stem(tones, when, piece, begun, len(points))
            if part:
                _leaves(tones, points, hand)
    for cx, cy in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        _rosette(tones, cx * large, cy * large)
    small = cv2.resize(tones, (_CELL, _CELL), interpolation=cv2.INTER_AREA)
    return small, cv2.resize(when, (_CELL, _CELL), interpolation=cv2.INTER_NEAREST)


def _vine(
    cx: float, cy: float, lean: float, hand: float, turns: float, long: bool
) -> tuple[NDArray[np.float64], float]:
    """A stem that comes in where two spirals touch and rolls itself up; every second is short."""
    along = np.linspace(0.0, 1.0, 140)
    bend = lean + hand * 2 * math.pi * (turns if long else 0.42) * along
    far = _CELL * 0.5 * (1.0 - (0.80 if long else 0.34) * along**0.9)
    points = np.stack([cx + far * np.cos(bend), cy + far * np.sin(bend)], axis=1)
    return points, hand


def _wrapped(points: NDArray[np.float64]) -> list[NDArray[np.int32]]:
    """The points in the tile and its eight neighbours, in sixteenths of a pixel."""
    large = _CELL * 2
    low, high = points.min(axis=0), points.max(axis=0)
    made = []
    for i in (-large, 0, large):
        for j in (-large, 0, large):
            move = np.array([i, j])
            if (high + move > -40).all() and (low + move < large + 40).all():
                made.append(np.round((points + move) * 16).astype(np.int32))
    return made


def _stem(
    tones: NDArray[np.uint8],
    when: NDArray[np.uint8],
    piece: NDArray[np.float64],
    begun: int,
    whole: int,
) -> None:
    for line in _wrapped(piece):
        cv2.polylines(tones, [line], False, _EDGE, 26, cv2.LINE_AA, 4)
        cv2.polylines(tones, [line], False, _STEM, 12, cv2.LINE_AA, 4)
        for first in range(0, len(line) - 1, 2):
            moment = 1 + int(254 * min(1.0, (begun + first) / whole))
            cv2.polylines(when, [line[first : first + 3]], False, moment, 14, cv2.LINE_8, 4)


def _leaves(tones: NDArray[np.uint8], points: NDArray[np.float64], hand: float) -> None:
    """Half-palmettes along the outer side of the vine, and a bud at its end."""
    for at, long in ((26, 92.0), (50, 82.0), (74, 64.0), (98, 48.0)):
        way = points[at + 1] - points[at]
        heading = math.atan2(way[1], way[0])
        for side, share in ((-hand, 1.0), (hand, 0.62)):
            leaf = points[at] + _leaf(heading + side * 0.75, long * share, side)
            for shape in _wrapped(leaf):
                cv2.fillPoly(tones, [shape], _LEAF, cv2.LINE_AA, 4)
                cv2.polylines(tones, [shape], True, _EDGE, 5, cv2.LINE_AA, 4)
    ring = np.linspace(0, 2 * math.pi, 28, endpoint=False)
    bud = points[-1] + 20.0 * np.stack([np.cos(ring), np.sin(ring)], axis=1)
    for shape in _wrapped(bud):
        cv2.fillPoly(tones, [shape], _BUD, cv2.LINE_AA, 4)
        cv2.polylines(tones, [shape], True, _EDGE, 6, cv2.LINE_AA, 4)


def _leaf(way: float, long: float, side: float) -> NDArray[np.float64]:
    """A leaf that curls at its tip, about its foot."""
    s = np.linspace(0.0, 1.0, 20)
    curl = way + side * 1.1 * s**1.6
    spine = np.stack([np.cumsum(np.cos(curl)), np.cumsum(np.sin(curl))], axis=1) * (long / 20)
    across = np.stack([-np.sin(curl), np.cos(curl)], axis=1)
    wide = (long * 0.26 * np.sin(math.pi * s**0.75) ** 0.9)[:, None]
    made: NDArray[np.float64] = np.concatenate(
        [spine + across * wide, (spine - across * wide * 0.7)[::-1]]
    )
    return made


def _rosette(tones: NDArray[np.uint8], cx: float, cy: float) -> None:
    """The flower from which the vines grow: eight petals about a gold heart."""
    ring = np.linspace(0, 2 * math.pi, 160, endpoint=False)
    for far, tone in ((104.0, _LEAF), (62.0, _BUD), (28.0, 60)):
        reach = far * (0.80 + 0.20 * np.abs(np.cos(4 * ring)))
        flower = np.stack([cx + reach * np.cos(ring), cy + reach * np.sin(ring)], axis=1)
        for shape in _wrapped(flower):
            cv2.fillPoly(tones, [shape], tone, cv2.LINE_AA, 4)
            cv2.polylines(tones, [shape], True, _EDGE, 8, cv2.LINE_AA, 4)


def _tiles_ground(tones: NDArray[np.uint8]) -> None:
    """Under the vines: an eight-pointed star of a deeper tone about every centre."""
    large = _CELL * 2
    for cx, cy in ((0.0, 0.0), (0.5, 0.5)):
        for lean in (0.0, math.pi / 4):
            ring = lean + np.linspace(0, 2 * math.pi, 4, endpoint=False)
            square = np.stack([np.cos(ring), np.sin(ring)], axis=1) * large * 0.30
            for shape in _wrapped(square + np.array([cx, cy]) * large):
                cv2.fillPoly(tones, [shape], 78, cv2.LINE_AA, 4)
