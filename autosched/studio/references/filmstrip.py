"""A small picture of every shot, on one sheet: kept while the frames go by, chosen in the end.

Where the shots begin is only known when the last frame has been seen; so a frame is kept every
half second, and whenever the picture has become another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame

_EVERY_SECONDS = 0.5
_ANOTHER = 14.0  # mean difference of brightness, of 219
_MOST_KEPT = 2400
_MOST_TILES = 600
_COLUMNS = 20
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 82]


class Sheet(BaseModel):
    """Tiles of `width` x `height` pixels, row by row in `columns`; shot n has tile n x share."""

    model_config = ConfigDict(frozen=True)

    width: int
    height: int
    columns: int
    tiles: int

    def tile(self, shot: int, shots: int) -> tuple[int, int]:
        """Column and row of a shot's picture: where shots are very many, some share one."""
        number = shot if shots <= self.tiles else shot * self.tiles // shots
        return number % self.columns, number // self.columns


@dataclass(frozen=True)
class _Kept:
    time: float
    picture: NDArray[np.uint8]  # a JPEG


class Filmstrip:
    """Sees every frame, keeps few."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []
        self._every = _EVERY_SECONDS
        self._last: NDArray[np.uint8] | None = None
        self._size = (0, 0)

    def see(self, frame: Frame) -> None:
        """Look at a frame; keep it if it adds something."""
        due = not self._kept or frame.time - self._kept[-1].time >= self._every
        # Four times smaller still: what counts is whether it is another picture.
        tiny = frame.grey[::4, ::4]
        if not due and self._last is not None:
            due = cv2.norm(tiny, self._last, cv2.NORM_L1) > _ANOTHER * tiny.size
        if not due:
            return
        self._last = tiny.copy()
        rgb = frame.rgb
        self._size = (rgb.shape[1], rgb.shape[0])
        _, picture = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), _QUALITY)
        self._kept.append(_Kept(frame.time, np.asarray(picture, np.uint8)))
        if len(self._kept) > _MOST_KEPT:
            self._kept, self._every = self._kept[::2], self._every * 2

    def sheet(self, shots: Sequence[Shot]) -> tuple[Sheet, bytes] | None:
        """The sheet of all shots and its JPEG; `None` when no frame was seen."""
        if not self._kept or not shots:
            return None
        count = min(len(shots), _MOST_TILES)
        width, height = self._size
        columns = min(count, _COLUMNS)
        made = Sheet(width=width, height=height, columns=columns, tiles=count)
        rows = -(-count // columns)
        drawn = np.zeros((rows * height, columns * width, 3), np.uint8)
        for number in range(count):
            shot = shots[number if len(shots) <= count else -(-number * len(shots) // count)]
            tile = cv2.imdecode(self._nearest(shot).picture, cv2.IMREAD_COLOR)
            if tile is None:
                continue
            top, left = number // columns * height, number % columns * width
            drawn[top : top + height, left : left + width] = tile
        _, picture = cv2.imencode(".jpg", drawn, _QUALITY)
        return made, picture.tobytes()

    def _nearest(self, shot: Shot) -> _Kept:
        """The kept frame that is nearest to the shot's middle, from within it if there is one."""
        middle = (shot.start + shot.end) / 2
        inside = [each for each in self._kept if shot.start <= each.time < shot.end]
        return min(inside or self._kept, key=lambda each: abs(each.time - middle))
