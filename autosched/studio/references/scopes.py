"""The waveform and the vectorscope of a whole reference, gathered while its frames go by.

Both as a colourist reads them: brightness over the width of the picture, and the colours by their
hue and strength; what occurs more often is brighter (on a logarithmic scale).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.stream import Frame

_EVERY_SECONDS = 0.4
_WIDTH, _HEIGHT, _SIDE = 480, 240, 320
_BLACK, _WHITE = 16, 235
# The line on which skin of every shade lies: 123 degrees, Cb to the right and Cr upwards.
_SKIN = np.deg2rad(123)
_LINES = (48, 42, 42)
_PAPER = (12, 8, 8)  # B, G, R

Counts = NDArray[np.float32]


class Scopes:
    """Sees every frame, counts some."""

    def __init__(self) -> None:
        self._next = 0.0
        self._levels: Counts = np.zeros((256, 1), np.float32)
        self._colours: Counts = np.zeros((256, 256), np.float32)
        self._seen = False

    def see(self, frame: Frame) -> None:
        """Count the frame's levels and colours, if it is time for it."""
        if frame.time < self._next:
            return
        self._next = frame.time + _EVERY_SECONDS
        grey = frame.grey
        if not self._seen:
            self._levels, self._seen = np.zeros((256, grey.shape[1]), np.float32), True
        columns = np.broadcast_to(np.arange(grey.shape[1]), grey.shape)
        places = grey.astype(np.int32) * grey.shape[1] + columns
        counted = np.bincount(places.ravel(), minlength=self._levels.size)
        self._levels += counted[: self._levels.size].reshape(self._levels.shape)
        u, v = frame.u[::2, ::2].astype(np.int32), frame.v[::2, ::2].astype(np.int32)
        counted = np.bincount(((255 - v) * 256 + u).ravel(), minlength=65536)
        self._colours += counted.reshape(256, 256)

    def pictures(self) -> dict[str, bytes]:
        """`luma` (waveform) and `hues` (vectorscope) as PNG; nothing if no frame was seen."""
        if not self._seen:
            return {}
        return {"luma": _png(self._waveform()), "hues": _png(self._vectors())}

    def _waveform(self) -> NDArray[np.uint8]:
        levels = np.flipud(self._levels[_BLACK : _WHITE + 1])
        glow = cv2.resize(_glow(levels), (_WIDTH, _HEIGHT), interpolation=cv2.INTER_LINEAR)
        drawn = _paper(_HEIGHT, _WIDTH)
        for share in (0, 0.25, 0.5, 0.75, 1):
            y = round(share * (_HEIGHT - 1))
            cv2.line(drawn, (0, y), (_WIDTH, y), _LINES, 1)
        return _lit(drawn, glow, np.array([190, 235, 205], np.float32))

    def _vectors(self) -> NDArray[np.uint8]:
        glow = cv2.resize(_glow(self._colours), (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR)
        drawn, middle = _paper(_SIDE, _SIDE), _SIDE // 2
        for share in (0.25, 0.5, 0.75, 1):
            cv2.circle(drawn, (middle, middle), round(share * middle) - 1, _LINES, 1, cv2.LINE_AA)
        reach = middle * np.array([np.cos(_SKIN), -np.sin(_SKIN)])
        end = (round(middle + reach[0]), round(middle + reach[1]))
        cv2.line(drawn, (middle, middle), end, (70, 110, 170), 1, cv2.LINE_AA)
        return _lit(drawn, glow, _hues(_SIDE))


def _paper(height: int, width: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), _PAPER, np.uint8)


def _glow(counts: Counts) -> Counts:
    """From 0 to 1, so that the rare is seen beside the frequent."""
    most = float(counts.max())
    if most <= 0:
        return counts
    return np.asarray((np.log1p(counts) / np.log1p(most)) ** 1.4, np.float32)


def _hues(side: int) -> NDArray[np.float32]:
    """The colour of every place of a vectorscope at an even brightness, as (B, G, R)."""
    line = np.linspace(0, 255, side).astype(np.uint8)
    u, v = np.meshgrid(line, line[::-1])
    flat = cv2.merge([np.full_like(u, 150), v, u])
    bgr = cv2.cvtColor(flat, cv2.COLOR_YCrCb2BGR)
    return np.asarray(80 + 0.69 * bgr.astype(np.float32), np.float32)


def _lit(drawn: NDArray[np.uint8], glow: Counts, colour: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = glow[:, :, None]
    return np.asarray(drawn * (1 - share) + colour * share, np.uint8)


def _png(picture: NDArray[np.uint8]) -> bytes:
    _, content = cv2.imencode(".png", picture)
    return content.tobytes()
