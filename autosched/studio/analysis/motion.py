"""How the picture moves from one frame to the next, and how much of it is new.

Dense optical flow (DIS, Kroeger et al. 2016) between two small frames, both made independent of
brightness, so that neither flicker nor a flash looks like movement. A similarity fitted to the flow
is the camera's; what no movement explains is new.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.stream import Frame, Source

Map = NDArray[np.float32]

# Pixels of the window in which brightness is evened out, and the contrast below which there is
# nothing but noise to even out.
_WINDOW, _NOISE = 15, 6.0
_BLOCKS = 10
"""Pixels of the blocks in which old and new are compared."""
_STEP = 8
"""Every so many pixels the flow is taken for the fit."""
_NEAR = 0.7
"""Pixels by which a flow may be off the fit and still count as explained."""


@dataclass(frozen=True)
class Move:
    """From the frame before to this one: `dx`, `dy` in shares of the frame's size (to the right
    and down, of the picture), `zoom` its factor, `turn` in radians.

    `fit`: the share of the picture that moves so. `novelty`: the share, from 0 to about 1, that is
    not in the frame before, wherever it may have moved. `texture`: how much there is to go by.
    """

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    turn: float = 0.0
    fit: float = 0.0
    novelty: float = 0.0
    texture: float = 0.0


class Moves:
    """Follows the picture, frame by frame."""

    def __init__(self, source: Source) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._grid: Map | None = None

    def see(self, frame: Frame) -> Move:
        """The movement that leads to this frame; none for the first."""
        even = _evened(frame.grey)
        before, self._before = self._before, even
        if before is None:
            return Move()
        return self._between(before, even)

    def _between(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Move:
        height, width = before.shape
        if min(height, width) < 24:
            return Move()
        flow: Map = self._flow.calc(before, after, None)
        if self._grid is None or self._grid.shape != flow.shape:
            y, x = np.mgrid[0:height, 0:width].astype(np.float32)
            self._grid = np.dstack([x, y])
        came = cv2.remap(after, self._grid + flow, None, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT)
        novelty, texture = _new(before, came)
        dx, dy, zoom, turn, fit = _similarity(flow[_STEP // 2 :: _STEP, _STEP // 2 :: _STEP])
        return Move(dx / width, dy / height, zoom, turn, fit, novelty, texture)


def novelty(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How much of the picture `other` is nowhere in `one`; both grey and of one size."""
    before, after = _evened(one, 9), _evened(other, 9)
    height, width = before.shape
    flow: Map = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST).calc(before, after, None)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    came = cv2.remap(
        after, np.dstack([x, y]) + flow, None, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT
    )
    return _new(before, came)[0]


def _evened(grey: NDArray[np.uint8], side: int = _WINDOW) -> NDArray[np.uint8]:
    """The picture with the same brightness and contrast everywhere; 128 where it is flat."""
    value = grey.astype(np.float32)
    window = (side, side)
    mean = cv2.boxFilter(value, cv2.CV_32F, window)
    square = cv2.boxFilter(value * value, cv2.CV_32F, window)
    spread = np.sqrt(np.maximum(square - mean * mean, 0.0)) + _NOISE
    return np.asarray(np.clip((value - mean) / spread * 48.0 + 128.0, 0, 255), np.uint8)


def _new(before: NDArray[np.uint8], came: NDArray[np.uint8]) -> tuple[float, float]:
    """How much of a picture is not in the other, by the correlation of their blocks."""
    one, other = before.astype(np.float32) - 128, came.astype(np.float32) - 128
    height, width = before.shape
    size = (max(2, width // _BLOCKS), max(2, height // _BLOCKS))

    def pooled(value: Map) -> Map:
        return np.asarray(cv2.resize(value, size, interpolation=cv2.INTER_AREA), np.float32)

    both, ours, theirs = pooled(one * other), pooled(one * one), pooled(other * other)
    alike = both / (np.sqrt(ours * theirs) + 60.0)
    weight = np.minimum(np.maximum(ours, theirs), 900.0)
    texture = float(weight.mean()) / 900.0
    return float((weight * (1 - np.clip(alike, 0, 1))).sum() / (weight.sum() + 1e-3)), texture


def _similarity(flow: Map) -> tuple[float, float, float, float, float]:
    """The similarity that most of the flow follows: shift, zoom, turn, and the share that does."""
    rows, columns = flow.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    x, y = ((x - (columns - 1) / 2) * _STEP).ravel(), ((y - (rows - 1) / 2) * _STEP).ravel()
    u, v = flow[..., 0].ravel().astype(np.float64), flow[..., 1].ravel().astype(np.float64)
    weight = np.ones_like(u)
    a = d = b = c = 0.0
    for _ in range(3):
        total = weight.sum() + 1e-9
        mean_x, mean_y = (weight * x).sum() / total, (weight * y).sum() / total
        mean_u, mean_v = (weight * u).sum() / total, (weight * v).sum() / total
        px, py, pu, pv = x - mean_x, y - mean_y, u - mean_u, v - mean_v
        square = (weight * (px * px + py * py)).sum() + 1e-9
        b = (weight * (px * pu + py * pv)).sum() / square
        c = (weight * (px * pv - py * pu)).sum() / square
        a, d = mean_u - b * mean_x + c * mean_y, mean_v - c * mean_x - b * mean_y
        off = np.hypot(u - (a + b * x - c * y), v - (d + c * x + b * y))
        slack = _NEAR + 0.12 * np.hypot(a, d)
        weight = 1.0 / (1.0 + (off / slack) ** 2)
    return float(a), float(d), float(1 + b), float(c), float((off < slack).mean())
