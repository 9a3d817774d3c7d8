"""Ambience without recordings: wind, water, a night, a quiet room, birds, fire, far thunder.

All of it is noise, given a colour by its spectrum and a life by slow random curves. Long ones
are spliced from stretches that never repeat, so no loop is heard. The same kind, seed and length
give the same samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal

from autosched.errors import InvalidError
from autosched.studio.sound.kinds import AMBIENCES
from autosched.studio.sound.nature import birds, fire, thunder
from autosched.studio.sound.noise import Wave, band, coloured, drift, drops

_STRETCH, _SPLICE = 45.0, 4.0


def ambience(kind: str, *, seed: int, seconds: float, rate: int = 48000) -> Wave:
    """`seconds` of ambience as float32 of shape (samples, 2), at about -20 dBFS RMS.

    `InvalidError` when there is no such kind.
    """
    if kind not in AMBIENCES:
        raise InvalidError(
            f"There is no ambience “{kind}”.", remedy=f"Choose one of {', '.join(AMBIENCES)}."
        )
    number = list(AMBIENCES).index(kind)
    wanted = round(seconds * rate)
    made = np.zeros((0, 2), np.float32)
    part = 0
    while len(made) < wanted:
        rng = np.random.default_rng([seed, number, part])
        length = min(_STRETCH, (wanted - len(made)) / rate + (_SPLICE if part else 0.0) + 0.01)
        made = _spliced(made, _MAKERS[kind](rng, round(length * rate), rate), rate)
        part += 1
    made = made[:wanted]
    level = float(np.sqrt(np.mean(made.astype(np.float64) ** 2))) or 1.0
    return (made * np.float32(0.1 / level)).astype(np.float32)


def _spliced(before: Wave, after: Wave, rate: int) -> Wave:
    """The two with an equal-power crossfade between."""
    over = min(round(_SPLICE * rate), len(before), len(after))
    if over == 0:
        return np.concatenate([before, after])
    rise = np.sqrt(np.linspace(0, 1, over, dtype=np.float32))[:, None]
    middle = before[-over:] * rise[::-1] + after[:over] * rise
    made: Wave = np.concatenate([before[:-over], middle, after[over:]])
    return made


def _wind(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.5 * coloured(rng, count, rate, band(60, 260, 1.5))
    for low, high, weight, period in ((180, 420, 0.9, 5.0), (380, 800, 0.5, 3.5)):
        gusts = drift(rng, count, rate, period) ** 2
        made += weight * gusts * coloured(rng, count, rate, band(low, high, 2.5))
    whistle = drift(rng, count, rate, 6.0) ** 4
    made += 0.12 * whistle * coloured(rng, count, rate, band(900, 1500, 3))
    return made * (0.55 + 0.45 * drift(rng, count, rate, 8.0))


def _rain(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.55 * coloured(rng, count, rate, band(1200, 7500, 1.0))
    made += 0.25 * coloured(rng, count, rate, band(200, 900, 1.0))
    made *= 0.85 + 0.15 * drift(rng, count, rate, 4.0)
    return made + 0.9 * drops(rng, count, rate, per_second=55, low=1400, high=5200, decay=0.006)


def _stream(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.35 * coloured(rng, count, rate, band(300, 1800, 1.2))
    made += 0.15 * coloured(rng, count, rate, band(2000, 6000, 1.0))
    made *= 0.7 + 0.3 * drift(rng, count, rate, 0.6)
    return made + 1.1 * drops(rng, count, rate, per_second=70, low=380, high=1700, decay=0.022)


def _waves(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.3 * coloured(rng, count, rate, band(40, 220, 1.5))
    hiss = coloured(rng, count, rate, band(700, 5200, 0.9))
    body = coloured(rng, count, rate, band(150, 900, 1.2))
    swell = np.zeros((count, 2), np.float32)
    begin = -rng.uniform(0, 7)
    while begin < count / rate:
        length = rng.uniform(7.5, 11.0)
        place = rng.uniform(0.3, 0.7)
        time = (np.arange(round(length * rate)) / rate) / length
        # It rises slowly, breaks, and draws back longer than it came.
        shape = np.where(time < 0.38, (time / 0.38) ** 2.4, ((1 - time) / 0.62) ** 1.7)
        first = round(begin * rate)
        here = slice(max(first, 0), min(first + len(shape), count))
        piece = shape[here.start - first : here.stop - first] * rng.uniform(0.6, 1.0)
        swell[here, 0] += (piece * np.sqrt(1 - place)).astype(np.float32)
        swell[here, 1] += (piece * np.sqrt(place)).astype(np.float32)
        begin += length * rng.uniform(0.75, 0.95)
    broken: Wave = made + swell * 0.8 * body + swell**1.6 * 0.9 * hiss
    return broken


def _night(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.6 * coloured(rng, count, rate, band(60, 420, 0.9))
    time = np.arange(count) / rate
    for _ in range(7):
        pitch, pulse = rng.uniform(3900, 5200), rng.uniform(26, 34)
        every, pulses = rng.uniform(0.55, 1.1), int(rng.integers(2, 5))
        phase = (time + rng.uniform(0, every)) % every
        song = np.where(phase < pulses / pulse, np.sin(np.pi * pulse * phase) ** 2, 0.0)
        silent = drift(rng, count, rate, 7.0)[:, 0] > rng.uniform(0.25, 0.5)
        breath = signal.sosfiltfilt(
            signal.butter(1, 0.8, fs=rate, output="sos"), silent.astype(np.float64)
        )
        tone = np.sin(2 * np.pi * pitch * time) * song * np.clip(breath, 0, 1)
        place, far = rng.uniform(0.1, 0.9), rng.uniform(0.04, 0.16)
        made[:, 0] += (tone * far * np.sqrt(1 - place)).astype(np.float32)
        made[:, 1] += (tone * far * np.sqrt(place)).astype(np.float32)
    return made


def _room(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = coloured(rng, count, rate, band(30, 160, 1.0))
    made += 0.12 * coloured(rng, count, rate, band(300, 3000, 0.8))
    return made * (0.9 + 0.1 * drift(rng, count, rate, 9.0))


_MAKERS: dict[str, Callable[[np.random.Generator, int, int], Wave]] = {
    "wind": _wind,
    "rain": _rain,
    "waves": _waves,
    "night": _night,
    "stream": _stream,
    "room": _room,
    "birds": birds,
    "fire": fire,
    "thunder": thunder,
}
