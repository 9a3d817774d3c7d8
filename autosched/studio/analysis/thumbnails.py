"""What is kept of every frame to find transitions by: small pictures, in colour and in grey."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis import motion

SIDE, TRACED = 32, 64
"""Pixels of the longer side of the pictures in colour, and of those in grey."""


@dataclass
class Thumbnails:
    """All frames: `colour` uint8 (frame, height, width, 3), `grey` uint8 (frame, height, width),
    and by which factor each is nearer than the one before.
    """

    fps: float
    colour: NDArray[np.uint8]
    grey: NDArray[np.uint8]
    zoom: NDArray[np.float32]
    _known: dict[tuple[int, int], float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.colour)

    def novelty(self, one: int, other: int) -> float:
        """How much of frame `other` is nowhere in frame `one`, from 0 to about 1."""
        key = (one, other)
        if key not in self._known:
            self._known[key] = motion.novelty(self.grey[one], self.grey[other])
        return self._known[key]

    def apart(self, one: int, other: int) -> float:
        """How far the colours of two frames are apart, place by place, of 255."""
        difference = cv2.absdiff(self.colour[one], self.colour[other])
        return float(difference.mean())

    def palettes(self, one: int, other: int) -> float:
        """How different the colours of two frames are, wherever they stand: from 0 to 1.

        The distance of Bhattacharyya between their histograms.
        """
        first, last = (
            cv2.calcHist([self.colour[at]], [0, 1, 2], None, [6, 6, 6], [0, 256] * 3)
            for at in (one, other)
        )
        return float(cv2.compareHist(first, last, cv2.HISTCMP_BHATTACHARYYA))

    def moved(self, one: int, other: int) -> float:
        """How far the middle of frame `one` is from what is most like it in frame `other`.

        Of 255; little when the camera has only moved, since then the middle is still to be seen.
        """
        first, last = self.colour[one], self.colour[other]
        height, width = first.shape[:2]
        top, left = height // 4, width // 4
        middle = first[top : height - top, left : width - left]
        found = cv2.matchTemplate(last, middle, cv2.TM_SQDIFF).min()
        return float(np.sqrt(max(0.0, float(found)) / middle.size))


def size_of(shape: tuple[int, int], side: int) -> tuple[int, int]:
    """A width and height with `side` as the longer one."""
    share = side / max(shape)
    return max(4, round(shape[0] * share)), max(4, round(shape[1] * share))
