"""Listening to a sound file as a reference is listened to: its beats, and whether music is in it.

What was heard is remembered for as long as the file stays as it is; it is small.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from autosched.errors import InvalidError
from autosched.media import ffmpeg
from autosched.studio.analysis import tempo
from autosched.studio.analysis.loudness import RATE
from autosched.studio.analysis.music import Listening, Told

LONGEST = 900  # seconds that are listened to
_PIECE = RATE // 10  # a tenth of a second: at most that much of the end is not heard
_LEAST_CLARITY = 0.25


def told(path: str | Path) -> Told:
    """What is heard in the file's first sound track. `InvalidError` when there is none."""
    name = str(path)
    if not Path(name).is_file():
        raise InvalidError(f"The sound “{Path(name).name}” is not there.", code="missing_file")
    state = Path(name).stat()
    return _told(name, state.st_mtime_ns, state.st_size)


def beats_of(path: str | Path) -> tuple[float, ...]:
    """The times of the beats in seconds; none where nothing keeps time."""
    pulse = tempo.pulse(told(path).heard)
    return pulse.beats if pulse and pulse.clarity > _LEAST_CLARITY else ()


@lru_cache(maxsize=8)
def _told(name: str, changed: int, size: int) -> Told:
    listening = Listening()
    arguments = [
        *("-protocol_whitelist", "file", "-i", f"file:{name}", "-map", "0:a:0"),
        *("-t", str(LONGEST), "-ac", "2", "-ar", str(RATE), "-f", "f32le", "picture"),
    ]
    try:
        for piece in ffmpeg.decode(arguments, _PIECE * 8):
            listening.hear(np.frombuffer(bytes(piece), np.float32).reshape(-1, 2))
    except ffmpeg.FfmpegError as error:
        raise InvalidError(
            f"“{Path(name).name}” holds no sound that can be read.",
            remedy="Choose an audio file such as MP3, M4A or WAV.",
            code="no_sound",
        ) from error
    return listening.told()
