"""Finding the transitions of a video: cuts, dissolves, fades, wipes, slides, zooms, flashes.

Every frame leaves a thumbnail and two figures behind. A cut is a frame most of which was nowhere
in the one before. For what takes longer the two pictures at its ends are known, and a transition
is where the frames between can be made from these two (`mixtures`); movement can not.
"""

from __future__ import annotations

import cv2
import numpy as np

from autosched.studio.analysis import cuts, gradual
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Transition
from autosched.studio.analysis.stream import Frame, Source
from autosched.studio.analysis.thumbnails import SIDE, TRACED, Thumbnails, size_of


class Transitions:
    """Sees every frame, keeps a thumbnail of each, and tells the transitions at the end."""

    def __init__(self, source: Source) -> None:
        self._fps = source.fps
        # Bytes that grow in place: a list of pictures would be held twice when it is stacked.
        self._colour, self._grey = bytearray(), bytearray()
        self._sizes: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
        self._novelty: list[float] = []
        self._zoom: list[float] = []
        self._still = source.still

    def see(self, frame: Frame, move: Move) -> None:
        """Keep what is needed of a frame."""
        if self._still:
            return
        rgb = frame.rgb
        shape = (rgb.shape[1], rgb.shape[0])
        self._sizes = size_of(shape, SIDE), size_of(shape, TRACED)
        colour = cv2.resize(rgb, self._sizes[0], interpolation=cv2.INTER_AREA)
        grey = cv2.resize(frame.grey, self._sizes[1], interpolation=cv2.INTER_AREA)
        self._colour += np.asarray(colour, np.uint8).tobytes()
        self._grey += np.asarray(grey, np.uint8).tobytes()
        self._zoom.append(move.zoom)
        self._novelty.append(move.novelty if move.texture > 0.02 else 0.0)

    def finish(self) -> tuple[Transition, ...]:
        """All transitions in order of time."""
        if len(self._novelty) < 3:
            return ()
        (wide, high), (width, height) = self._sizes
        colour = np.frombuffer(self._colour, np.uint8).reshape(-1, high, wide, 3)
        grey = np.frombuffer(self._grey, np.uint8).reshape(-1, height, width)
        zoom = np.array(self._zoom, np.float32)
        seen = Thumbnails(self._fps, colour, grey, zoom)
        sudden = cuts.sudden(seen, np.array(self._novelty, np.float32))
        found = gradual.gradual(seen, sudden)
        return tuple(sorted(found, key=lambda each: each.time))
