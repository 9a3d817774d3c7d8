"""Where texts stand on the picture, and how they come and go."""

from __future__ import annotations

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Text, Transition
from autosched.studio.analysis.stream import Frame, Source


class Texts:
    """Follows what looks like text from frame to frame."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame, move: Move) -> None:
        """Look for text in a frame."""

    def finish(self, transitions: tuple[Transition, ...]) -> tuple[Text, ...]:
        """All texts in the order in which they come."""
        return ()
