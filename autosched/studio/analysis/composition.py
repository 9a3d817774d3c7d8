"""How each shot is composed: scale, thirds, symmetry, calm areas, horizon, room for text."""

from __future__ import annotations

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame, Source


class Composing:
    """Looks at a few frames a second and describes shots by those that fall into them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame, move: Move) -> None:
        """Look at a frame, if it is one of those."""

    def described(self, shot: Shot) -> Shot:
        """The shot with its scale and composition."""
        return shot
