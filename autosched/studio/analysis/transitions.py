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
        self._colour: list[np.ndarray] = []
        self._grey: list[np.ndarray] = []
        self._novelty: list[float] = []
        self._zoom: list[float] = []
        self._still = source.still

    def see(self, frame: Frame, move: Move) -> None:
        """Keep what is needed of a frame."""
        if self._still:
            return
        rgb = frame.rgb
        shape = (rgb.shape[1], rgb.shape[0])
        colour = cv2.resize(rgb, size_of(shape, SIDE), interpolation=cv2.INTER_AREA)
        grey = cv2.resize(frame.grey, size_of(shape, TRACED), interpolation=cv2.INTER_AREA)
        self._colour.append(np.asarray(colour, np.uint8))
        self._grey.append(np.asarray(grey, np.uint8))
        self._zoom.append(move.zoom)
        self._novelty.append(move.novelty if move.texture > 0.02 else 0.0)

    def finish(self) -> tuple[Transition, ...]:
        """All transitions in order of time."""
        if len(self._colour) < 3:
            return ()
        zoom = np.array(self._zoom, np.float32)
        seen = Thumbnails(self._fps, np.stack(self._colour), np.stack(self._grey), zoom)
        sudden = cuts.sudden(seen, np.array(self._novelty, np.float32))
        found = gradual.gradual(seen, sudden)
        return tuple(sorted(found, key=lambda each: each.time))
