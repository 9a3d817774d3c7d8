"""What is heard: tempo and beats, key, loudness, voice, instruments, mood."""

from __future__ import annotations

from autosched.studio.analysis.report import Music
from autosched.studio.analysis.stream import Wave


class Listening:
    """Hears the sound piece by piece and keeps a few figures of each."""

    def __init__(self, rate: int) -> None:
        self._rate = rate

    def hear(self, piece: Wave) -> None:
        """Take the figures of a piece of mono sound."""

    def finish(self, cuts: tuple[float, ...]) -> Music | None:
        """What was heard; `None` when nothing was."""
        return None
