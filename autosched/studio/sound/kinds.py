"""What can be asked of sound: the ambiences by name, and the plan of what is heard."""

from __future__ import annotations

from dataclasses import dataclass

AMBIENCES: dict[str, str] = {
    "wind": "Wind that rises and falls over open land.",
    "rain": "Steady rain, near drops over a far hiss.",
    "waves": "Slow waves that break on a beach and draw back.",
    "night": "A still night, crickets far away.",
    "stream": "A small stream over stones.",
    "room": "The breath of a quiet room.",
    "birds": "Birds at daybreak, near and far, over a little wind.",
    "fire": "A small fire that crackles.",
    "thunder": "Rain on leaves, thunder rolling far away.",
}


@dataclass(frozen=True)
class SoundPlan:
    """What is to be heard for `seconds`. Paths are of files with a sound in them."""

    ambience: str | None
    ambience_gain_db: float
    recitation: str | None
    music: str | None
    music_free: bool
    seconds: float
    seed: int
    scene_starts: tuple[float, ...] = ()
    music_gain_db: float = 0.0
    duck_db: float = -14.0


@dataclass(frozen=True)
class Loudness:
    """What was measured; minus infinity both where nothing is to be heard."""

    integrated_lufs: float
    true_peak_dbtp: float
