"""The look of a reference: palette, temperature, contrast, split toning, and a LUT."""

from __future__ import annotations

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Grade, Transition
from autosched.studio.analysis.stream import Frame, Source


class Grading:
    """Gathers the colours of a few frames a second."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame, move: Move) -> None:
        """Gather a frame's colours, if it is one of those."""

    def finish(self, transitions: tuple[Transition, ...]) -> Grade:
        """The look of all frames that are in no transition."""
        return Grade(palette=())
