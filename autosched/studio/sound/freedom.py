"""Free of music: a recording in which instruments are heard is found, and the render stops.

It errs towards silence: what stops a render must be beyond doubt (several lines that no one voice
sings, or a beat that keeps coming round); where it is only likely, a warning is given.
"""

from __future__ import annotations

from pathlib import Path

from autosched.errors import InvalidError
from autosched.studio.sound import listening

_LONGEST_LIST = 4
_LEAST_SECONDS = 2.0


def checked(path: str, what: str) -> str | None:
    """Hold a recording against freedom from music; a sentence of warning where it is uncertain.

    `what`: what the recording is in the video. `InvalidError` with the code `music_found` names
    the file and the stretches where instruments are heard.
    """
    voices = listening.told(path).voices
    name = Path(path).name
    if _seconds(voices.surely) >= _LEAST_SECONDS:
        raise InvalidError(
            f"The {what} “{name}” has instruments in it ({_listed(voices.surely)}), "
            "and this video is to be free of music.",
            remedy='Use a recording of the voice alone, or say "music_free": false.',
            code="music_found",
        )
    if _seconds(voices.playing) >= _LEAST_SECONDS:
        return (
            f"Instruments may be heard in the {what} “{name}” ({_listed(voices.playing)}); "
            "listen to it, since this video is to be free of music."
        )
    return None


def _seconds(ranges: tuple[tuple[float, float], ...]) -> float:
    return sum(last - first for first, last in ranges)


def _listed(ranges: tuple[tuple[float, float], ...]) -> str:
    shown = ", ".join(
        f"{_clock(first)} to {_clock(last)}" for first, last in ranges[:_LONGEST_LIST]
    )
    return f"{shown} and later" if len(ranges) > _LONGEST_LIST else shown


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
