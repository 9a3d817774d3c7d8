"""Who is heard when: a voice that speaks or recites, instruments, neither, or nobody.

A voice glides: the partials that don't stand still form one harmonic series whose pitch moves
smoothly. Instruments hold several lines at once that one voice does not explain, or come back
with a beat. Both can be true at once; noise, wind and water are neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from autosched.studio.analysis.ear import ONSETS_A_SECOND, Heard
from autosched.studio.analysis.loudness import Powers, lufs
from autosched.studio.analysis.metre import autocorrelation
from autosched.studio.analysis.partials import Figures
from autosched.studio.analysis.report import Stretch
from autosched.studio.analysis.tempo import onset_curve

Flags = NDArray[np.bool_]
Steps = NDArray[np.float64]
Kind = Literal["silence", "speech", "recitation", "music", "ambience"]

STEP = 0.5  # seconds
_SILENT_LUFS, _UNDER_LOUDEST = -62.0, 52.0
# A voice: from one moment (43 ms) to the next its pitch moves by less than a semitone, and over
# two of them it moves on in one direction, which lines that beat against each other don't.
_SMOOTH_CENTS, _GLIDE_CENTS = 130.0, 14.0
_GLIDE_SHARE, _LEAST_RUN = 0.22, 4
_HELD_CENTS, _HELD_RUN = 40.0, 14
_VOICE, _RECITED = 0.125, 0.12
# Instruments: how often two or more lines stand that no voice explains, how clear a beat is.
_LINES, _BEAT = 0.14, 0.30
_SURE_LINES, _SURE_BEAT = 0.32, 0.45
_BEAT_WINDOW = 10.0
_STRUCK = 1.0
_ENOUGH = 8.0  # seconds
_SHORTEST = 1.5


@dataclass(frozen=True)
class Voices:
    """What was told apart. `sure` from 0 to 1: how certain it is that there are instruments.

    `playing`: where the instruments are heard, in seconds; `surely` where that is beyond doubt.
    """

    voice: bool
    recitation: bool
    instruments: bool
    sure: float
    stretches: tuple[Stretch, ...]
    playing: tuple[tuple[float, float], ...]
    surely: tuple[tuple[float, float], ...]
    confidence: float


def told_apart(heard: Heard, powers: Powers) -> Voices:
    """Tell voice, instruments, ambience and silence apart, half a second at a time."""
    count = max(1, int(np.ceil(heard.seconds / STEP)))
    silent = _silent(powers, count)
    glides, held = _gliding(heard)
    rate = heard.tones.rate
    voiced = _near(_stepped(glides, rate, count), 5)
    lines = (heard.tones.others >= 2) & (heard.tones.tonal > 0.2)
    standing = _near(_stepped(lines, rate, count), 8)
    beat = _beat(heard, count)
    voice = _closed(~silent & (voiced > _VOICE), 4)
    likely = np.maximum(standing / _LINES, beat / _BEAT)
    certain = np.maximum(standing / _SURE_LINES, beat / _SURE_BEAT)
    instruments = _lasting(_closed(~silent & (likely > 1), 6), 3)
    surely = _lasting(_closed(~silent & (certain > 1), 4), 3)
    loud = ~silent
    kinds = _kinds(silent, voice, instruments, _stepped(held, rate, count))
    sure = float(np.quantile(certain[loud], 0.9)) if loud.any() else 0.0
    spoken = "speech" in kinds or "recitation" in kinds
    return Voices(
        voice=spoken,
        recitation="recitation" in kinds,
        instruments=bool(instruments.any()),
        sure=float(np.clip(sure / 2, 0.0, 1.0)),
        stretches=_stretches(kinds, heard.seconds),
        playing=_ranges(instruments, heard.seconds),
        surely=_ranges(surely, heard.seconds),
        confidence=_confidence(voiced[loud]) if loud.any() else 1.0,
    )


def _silent(powers: Powers, count: int) -> Flags:
    steps = round(STEP * 10)
    padded = np.pad(powers, (0, max(0, count * steps - len(powers))), mode="constant")
    means = padded[: count * steps].reshape(count, steps).mean(axis=1)
    level = np.array([lufs(float(each)) for each in means])
    return level < max(_SILENT_LUFS, float(level.max()) - _UNDER_LOUDEST)


def _gliding(heard: Heard) -> tuple[Flags, Flags]:
    """The moments in which a voice glides, and those in which it holds a note."""
    tones = heard.tones
    there = (tones.glided > _GLIDE_SHARE) & (tones.gliding > 0) & (tones.tonal > 0.25)
    step, smooth = _steps(tones.gliding, there)
    onwards = np.append(step[1:], 0.0)
    glides = _lasting(smooth, _LEAST_RUN) & np.append(smooth[1:], False)
    glides &= (step * onwards > 0) & (np.abs(step + onwards) > _GLIDE_CENTS)
    # A held note may stand still for a while: it is looked for among all partials.
    there = (tones.explained > 0.45) & (tones.pitch > 0) & (tones.tonal > 0.25)
    _, smooth = _steps(tones.pitch, there)
    cents = 1200 * np.log2(np.maximum(tones.pitch, 1.0))
    middle = ndimage.median_filter(cents, _HELD_RUN + 1)
    held = _lasting(smooth & (np.abs(cents - middle) < _HELD_CENTS), _HELD_RUN)
    return glides, held


def _steps(pitch: Figures, there: Flags) -> tuple[Steps, Flags]:
    """By how many cents the pitch moves, and where it moves smoothly."""
    cents = 1200 * np.log2(np.maximum(pitch.astype(np.float64), 1.0))
    step = np.diff(cents, prepend=cents[:1])
    both = there.copy()
    both[1:] &= there[:-1]
    return step, both & (np.abs(step) < _SMOOTH_CENTS)


def _beat(heard: Heard, count: int) -> Steps:
    """How clearly the onsets come round, in windows of ten seconds."""
    curve = onset_curve(heard) if len(heard.onsets) else np.zeros(0)
    window = round(_BEAT_WINDOW * ONSETS_A_SECOND)
    found = np.zeros(count)
    if len(curve) < window // 2:
        return found
    slow, fast = round(1.3 * ONSETS_A_SECOND), round(0.3 * ONSETS_A_SECOND)
    for begin in range(0, max(1, len(curve) - window // 2), window // 4):
        piece = curve[begin : begin + window]
        again = autocorrelation(piece - piece.mean(), 2 * slow)
        lags = np.arange(fast, min(slow, (len(again) - 1) // 2))
        if not len(lags):
            continue
        # What comes round comes round again after twice the time.
        value = float(np.max(np.minimum(again[lags], again[2 * lags])))
        # The window says most about its middle; the first and the last also about their ends.
        first, last = begin + window // 4, begin + len(piece) - window // 4
        first = 0 if begin == 0 else round(first / ONSETS_A_SECOND / STEP)
        ends = begin + len(piece) >= len(curve)
        last = count if ends else round(last / ONSETS_A_SECOND / STEP)
        found[first:last] = np.maximum(found[first:last], value)
    # Nor does a beat go on where nothing is struck.
    struck = _stepped(curve > _STRUCK, ONSETS_A_SECOND, count) > 0
    made: Steps = found * ndimage.maximum_filter1d(struck, 3)
    return made


def _kinds(silent: Flags, voice: Flags, instruments: Flags, held: Steps) -> list[Kind]:
    kinds: list[Kind] = []
    labels, _ = ndimage.label(voice)
    for place in range(len(silent)):
        if voice[place]:
            own = labels == labels[place]
            level = _RECITED * (0.4 if instruments[own].mean() > 0.5 else 1.0)
            kinds.append("recitation" if held[own].mean() > level else "speech")
        elif instruments[place]:
            kinds.append("music")
        else:
            kinds.append("silence" if silent[place] else "ambience")
    return kinds


def _stretches(kinds: list[Kind], seconds: float) -> tuple[Stretch, ...]:
    found: list[tuple[int, int, Kind]] = []
    for place, kind in enumerate(kinds):
        if found and (found[-1][2] == kind):
            found[-1] = (found[-1][0], place + 1, kind)
        else:
            found.append((place, place + 1, kind))
    # What lasts but a moment between two of a kind belongs to them.
    whole: list[tuple[int, int, Kind]] = []
    for first, last, kind in found:
        if whole and (whole[-1][2] == kind or (last - first) * STEP < _SHORTEST):
            whole[-1] = (whole[-1][0], last, whole[-1][2])
        else:
            whole.append((first, last, kind))
    return tuple(
        Stretch(start=first * STEP, end=round(min(last * STEP, seconds), 3), kind=kind)
        for first, last, kind in whole
    )


def _stepped(flags: Flags, rate: float, count: int) -> Steps:
    """The share of moments that are so, for each step."""
    place = np.minimum((np.arange(len(flags)) / rate / STEP).astype(np.intp), count - 1)
    total = np.bincount(place, minlength=count)
    return np.bincount(place, flags, minlength=count) / np.maximum(total, 1)


def _near(steps: Steps, width: int) -> Steps:
    made: Steps = ndimage.uniform_filter1d(steps, width, mode="nearest")
    return made


def _closed(flags: Flags, gap: int) -> Flags:
    """With gaps of so many steps filled."""
    padded = np.pad(flags, gap)
    closed = ndimage.binary_closing(padded, np.ones(gap + 1, bool))
    return np.asarray(closed[gap : gap + len(flags)], bool)


def _lasting(flags: Flags, least: int) -> Flags:
    """Only runs of at least so many."""
    labels, count = ndimage.label(flags)
    if not count:
        return np.zeros(len(flags), bool)
    sizes = np.bincount(labels, minlength=count + 1)
    return np.asarray(flags & (sizes[labels] >= least), bool)


def _ranges(flags: Flags, seconds: float) -> tuple[tuple[float, float], ...]:
    edges = np.flatnonzero(np.diff(np.pad(flags.astype(np.int8), 1)))
    return tuple(
        (float(first) * STEP, round(min(float(last) * STEP, seconds), 3))
        for first, last in edges.reshape(-1, 2)
    )


def _confidence(voiced: Steps) -> float:
    """How far the most voiced moments lie from the border; a few seconds alone prove little."""
    top = float(np.quantile(voiced, 0.9))
    enough = min(1.0, len(voiced) * STEP / _ENOUGH)
    return float(np.clip(abs(top - _VOICE) / _VOICE, 0.0, 1.0)) * enough
