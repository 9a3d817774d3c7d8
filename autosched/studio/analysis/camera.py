"""What the camera does in each shot."""

from __future__ import annotations

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame, Source


class Camera:
    """Keeps the movements and says of a shot what they add up to."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame, move: Move) -> None:
        """Keep the movement that leads to this frame."""

    def described(self, shot: Shot) -> Shot:
        """The shot with its camera."""
        return shot
