"""Tempo and beats, from how strong the onsets are.

The tempo is where the autocorrelation of the onsets stands out, at its double and fourfold too,
weighed by how people tap; the beats are the path through the onsets that keeps that pace best
(Ellis, Beat tracking by dynamic programming, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from autosched.studio.analysis import metre
from autosched.studio.analysis.ear import ONSETS_A_SECOND, Heard

Curve = NDArray[np.float64]

SLOWEST, FASTEST = 50.0, 200.0
_USUAL, _SPREAD = 108.0, 0.85  # beats a minute, octaves
_TIGHTNESS = 400.0
_SMOOTH = 2.0  # onset frames
# How much each band says about where the beat is: drums and bass more than hiss.
_WEIGHTS = np.array([1.0, 0.8, 0.8, 0.6])
_LEAST_SECONDS = 4.0
# A window sees an onset before its middle has come to it.
_EARLY = 0.012


@dataclass(frozen=True)
class Pulse:
    """A steady beat: `tempo` in beats a minute, `beats` in seconds.

    `clarity`, from 0 to 1: how much of the onsets comes round with a pulse; `likely`: how likely
    the beat is that pulse, and not its half or double.
    """

    tempo: float
    beats: tuple[float, ...]
    clarity: float
    likely: float


def onset_curve(heard: Heard) -> Curve:
    """One curve of onsets, evened out over time, its mean 0 and its deviation 1."""
    rises = heard.onsets.astype(np.float64)
    level = rises.std(axis=0)
    loud = level > 0.08 * max(float(level.max(initial=0.0)), 1e-9)
    scaled = rises / np.maximum(level, 1e-9) * (_WEIGHTS * np.where(loud, 1.0, 0.0))
    curve = ndimage.gaussian_filter1d(scaled.sum(axis=1), _SMOOTH)
    curve -= ndimage.uniform_filter1d(curve, round(1.5 * ONSETS_A_SECOND))
    spread = np.sqrt(ndimage.uniform_filter1d(curve**2, round(8 * ONSETS_A_SECOND)))
    curve = np.maximum(curve, 0.0) / np.maximum(spread, 0.25 * spread.max(initial=1e-9))
    made: Curve = (curve - curve.mean()) / max(float(curve.std()), 1e-9)
    return made


def pulse(heard: Heard) -> Pulse | None:
    """The beat, or `None` where the sound is too short or holds no onsets."""
    if heard.seconds < _LEAST_SECONDS or not len(heard.onsets):
        return None
    curve = onset_curve(heard)
    again = metre.autocorrelation(curve, round(8 * 60 / SLOWEST * ONSETS_A_SECOND))
    period, clarity = _period(again)
    period, likely = metre.beat(heard.onsets.astype(np.float64), curve, period)
    frames = _beats(curve, period)
    if len(frames) < 4:
        return None
    period = _refined(frames, period)
    times = frames / ONSETS_A_SECOND + _EARLY
    return Pulse(
        tempo=60 * ONSETS_A_SECOND / period,
        beats=tuple(float(round(each, 3)) for each in times if 0 <= each <= heard.seconds),
        clarity=clarity,
        likely=likely,
    )


def _period(again: Curve) -> tuple[float, float]:
    """The beat's length in frames, and how clear it is."""
    low, high = 60 * ONSETS_A_SECOND / FASTEST, 60 * ONSETS_A_SECOND / SLOWEST
    periods = np.geomspace(low, high, 600)
    value = ndimage.gaussian_filter1d(again, 1.0)

    def at(multiple: float) -> Curve:
        places = periods * multiple
        inside = places < len(value) - 1
        return np.where(inside, np.interp(places, np.arange(len(value)), value), 0.0)

    score = at(1) + 0.5 * at(2) + 0.4 * at(4) + 0.2 * at(3)
    usual = np.exp(-0.5 * (np.log2(60 * ONSETS_A_SECOND / periods / _USUAL) / _SPREAD) ** 2)
    best = int(np.argmax(np.maximum(score, 0.0) * usual))
    clarity = float(np.clip(max(at(1)[best], 0.8 * at(2)[best], 0.8 * at(4)[best]), 0.0, 1.0))
    return float(periods[best]), clarity


def _beats(curve: Curve, period: float) -> NDArray[np.intp]:
    """The frames of the beats: the path of most onsets that keeps to the period."""
    local = ndimage.gaussian_filter1d(curve, period / 32)
    first, last = round(period / 2), round(period * 2)
    back = np.arange(-last, -first + 1)
    cost = -_TIGHTNESS * np.log(-back / period) ** 2
    score, before = local.copy(), np.full(len(local), -1)
    for place in range(len(local)):
        begin = place - last
        if begin >= 0:
            options = score[begin : place - first + 1] + cost
        elif place - first >= 0:
            options = score[: place - first + 1] + cost[-begin:]
        else:
            continue
        best = int(np.argmax(options))
        if options[best] > 0:
            score[place] += options[best]
            before[place] = max(begin, 0) + best
    tail = score[-last:] if len(score) > last else score
    place = len(score) - len(tail) + int(np.argmax(tail))
    path = [place]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1])


def _refined(frames: NDArray[np.intp], period: float) -> float:
    """The period as the beats have it; a line through them, robust against a few that strayed."""
    steps = np.diff(frames)
    good = np.abs(steps / period - 1) < 0.12
    if good.sum() < 4:
        return period
    mean = float(steps[good].mean())
    return mean if abs(mean / period - 1) < 0.06 else period
