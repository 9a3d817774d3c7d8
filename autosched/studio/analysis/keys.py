"""The key: how well the pitch classes that sound fit each of the 24 major and minor keys.

The tuning is found first, so that an instrument a quarter-tone flat is not heard a key away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.ear import Heard
from autosched.studio.analysis.partials import CHROMA_BINS

Classes = NDArray[np.float64]
Mode = Literal["major", "minor"]

NAMES = ("A", "A#", "B", "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#")
# How well each degree fits a key: Krumhansl and Kessler (1982).
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
# A minor key has the notes of its relative major, but another home: the tonic's triad sounds most,
# and music begins and ends on it more often than not. All notes, the bass; that triad in all, at
# the beginning and at the end, its root in the first bass (regression on a thousand made pieces).
_ALL, _DEEP, _TRIAD, _FIRST, _LAST, _FIRST_ROOT = 6.0, 1.5, 18.0, 7.0, 2.0, 0.9
_FIRST_FRAMES, _LAST_FRAMES = 6, 8
_HEARD = 0.2  # of the median
_WIDTH = CHROMA_BINS // 12


@dataclass(frozen=True)
class Key:
    """`name` is of the tonic; `fit`: the correlation with its profile. `confidence`: 0 to 1."""

    name: str
    mode: Mode
    confidence: float
    fit: float


def key(heard: Heard, where: NDArray[np.bool_] | None = None) -> Key | None:
    """The key of what is heard; `where` limits it to some of the chroma frames.

    `None` where no pitches stand out.
    """
    tones = heard.tones
    chosen = slice(None) if where is None else where
    all_, bass = tones.chroma[chosen], tones.bass[chosen]
    if not len(all_) or not float(all_.sum()) > 0:
        return None
    offset = tuning(np.asarray(all_.sum(axis=0), np.float64))
    pitches, deep = _classes(all_, offset), _classes(bass, offset)
    scores, fits = _scores(pitches, deep)
    best = int(np.argmax(scores))
    likely = np.exp(scores - scores.max())
    mode: Mode = "major" if best < 12 else "minor"
    fit = float(np.clip(fits[best], 0.0, 1.0))
    return Key(
        name=NAMES[best % 12],
        mode=mode,
        confidence=round(float(1 / likely.sum()) * fit, 2),
        fit=fit,
    )


def tuning(histogram: Classes) -> int:
    """By how many bins (of 20 cents) the pitches lie above A 440."""
    folded = histogram.reshape(12, _WIDTH).sum(axis=0)
    angle = np.angle((folded * np.exp(2j * np.pi * np.arange(_WIDTH) / _WIDTH)).sum())
    return int(np.round(angle / (2 * np.pi) * _WIDTH))


def _classes(histogram: NDArray[np.float32], offset: int) -> Classes:
    """Frames of twelve pitch classes, each frame counting by the root of its weight."""
    rolled = np.roll(histogram.astype(np.float64), -offset + _WIDTH // 2, axis=1)
    # Only the middle of a semitone counts: what lies between two is noise or a glide.
    window = np.array([0.2, 0.8, 1.0, 0.8, 0.2])
    classes = (rolled.reshape(len(rolled), 12, _WIDTH) * window).sum(axis=2)
    total = classes.sum(axis=1, keepdims=True)
    made: Classes = classes / np.maximum(total, 1e-9) ** 0.5
    return made


def _scores(pitches: Classes, deep: Classes) -> tuple[Classes, Classes]:
    """The scores of twelve major keys, then twelve minor ones, from A; and how well each fits."""
    weight = pitches.sum(axis=1)
    sounding = np.flatnonzero(weight > _HEARD * np.median(weight))
    begins, ends = sounding[:_FIRST_FRAMES], sounding[-_LAST_FRAMES:]
    all_, ground = _shares(pitches), _shares(deep)
    first, last = _shares(pitches[begins]), _shares(pitches[ends])
    first_root = _shares(deep[begins])
    scores, fits = [], []
    for profile, third in ((_MAJOR, 4), (_MINOR, 3)):
        for tonic in range(12):
            triad = [tonic, (tonic + third) % 12, (tonic + 7) % 12]
            shape = np.roll(profile, tonic)
            fits.append(_likeness(all_, shape))
            scores.append(
                _ALL * fits[-1]
                + _DEEP * _likeness(ground, shape)
                + _TRIAD * float(all_[triad].sum())
                + _FIRST * float(first[triad].sum())
                + _LAST * float(last[triad].sum())
                + _FIRST_ROOT * float(first_root[tonic])
            )
    return np.array(scores), np.array(fits)


def _shares(classes: Classes) -> Classes:
    total = classes.sum(axis=0)
    made: Classes = total / max(float(total.sum()), 1e-9)
    return made


def _likeness(shares: Classes, shape: Classes) -> float:
    return float(np.corrcoef(shares, shape)[0, 1]) if float(np.ptp(shares)) > 0 else 0.0
