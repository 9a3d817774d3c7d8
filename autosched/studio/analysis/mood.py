"""Energy and mood of music: two axes after Russell (1980) and Thayer (1989), and a word for them.

Fast, loud, busy and bright music arouses; the major mode, a quick tempo and brightness please
(the cues and their order after Eerola, Friberg and Bresin, Emotional expression in music, 2013).
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from autosched.studio.analysis.ear import Heard
from autosched.studio.analysis.keys import Mode
from autosched.studio.analysis.report import Mood

_QUIET, _LOUD = -36.0, -10.0  # LUFS
_BUSY = 6.0  # onsets a second
_DARK, _BRIGHT = 400.0, 4000.0  # Hz
_LEAST_RISE = 0.12
_CALM, _PLEASANT = 0.2, 0.15


def energy(heard: Heard, lufs: float) -> float:
    """From 0 to 1: 0.45 of how loud, 0.35 of how busy, 0.2 of how bright."""
    loud = _share(lufs, _QUIET, _LOUD)
    busy = min(1.0, onsets_a_second(heard) / _BUSY)
    return 0.45 * loud + 0.35 * busy + 0.2 * brightness(heard)


def onsets_a_second(heard: Heard) -> float:
    """How many onsets there are a second."""
    rises = ndimage.gaussian_filter1d(heard.onsets.sum(axis=1), 1.5)
    peak = rises == ndimage.maximum_filter1d(rises, 9)
    least = max(_LEAST_RISE, 0.2 * float(np.quantile(rises, 0.99)) if len(rises) else 0.0)
    return int((peak & (rises > least)).sum()) / max(heard.seconds, 1.0)


def brightness(heard: Heard) -> float:
    """From 0 (dark) to 1: the centre of the spectrum between 400 and 4,000 Hz, in octaves."""
    power = heard.levels.sum(axis=1)[: len(heard.brightness)]
    if not power.sum() > 0:
        return 0.0
    centre = float(np.average(heard.brightness, weights=np.sqrt(power)))
    return _share(np.log2(max(centre, 1.0)), np.log2(_DARK), np.log2(_BRIGHT))


def mood(power: float, tempo: float | None, mode: Mode | None, bright: float) -> Mood | None:
    """The mood; `None` without a mode, by which pleasant and sad are told apart.

    arousal = 0.55 (2 energy - 1) + 0.45 (tempo - 100) / 60; valence = 0.6 mode (major 1, minor -1)
    + 0.3 (tempo - 90) / 70 + 0.1 (2 brightness - 1); each part held between -1 and 1.
    """
    if mode is None:
        return None
    arousal = 2 * power - 1
    pace = 0.0
    if tempo is not None:
        arousal = 0.55 * arousal + 0.45 * float(np.clip((tempo - 100) / 60, -1, 1))
        pace = float(np.clip((tempo - 90) / 70, -1, 1))
    valence = 0.6 * (1 if mode == "major" else -1) + 0.3 * pace + 0.1 * (2 * bright - 1)
    valence, arousal = round(float(np.clip(valence, -1, 1)), 2), round(float(arousal), 2)
    return Mood(label=label(valence, arousal), valence=valence, arousal=arousal)


def label(valence: float, arousal: float) -> str:
    """A word for a place on the circumplex."""
    row = 0 if arousal > _CALM else 2 if arousal < -_CALM else 1
    column = 0 if valence < -_PLEASANT else 2 if valence > _PLEASANT else 1
    words = (
        ("tense", "energetic", "joyful"),
        ("solemn", "neutral", "hopeful"),
        ("melancholic", "still", "calm"),
    )
    return words[row][column]


def _share(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
