"""Finding the transitions of a video: cuts, dissolves, fades, wipes, slides, zooms, flashes."""

from __future__ import annotations

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Transition
from autosched.studio.analysis.stream import Frame, Source


class Transitions:
    """Sees every frame, keeps a few figures of each, and tells the transitions at the end."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame, move: Move) -> None:
        """Take the figures of a frame."""

    def finish(self) -> tuple[Transition, ...]:
        """All transitions in order of time."""
        return ()
