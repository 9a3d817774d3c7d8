"""How the whole picture moves from one frame to the next."""

from __future__ import annotations

from dataclasses import dataclass

from autosched.studio.analysis.stream import Frame, Source


@dataclass(frozen=True)
class Move:
    """From the frame before to this one: `dx`, `dy` in shares of the frame's size, `zoom` 1 for
    none; `fit` from 0 to 1 says how much of the picture is explained by it.
    """

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    fit: float = 0.0


class Moves:
    """Follows the picture, frame by frame."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def see(self, frame: Frame) -> Move:
        """The movement that leads to this frame."""
        return Move()
