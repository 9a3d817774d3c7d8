"""Ambience without recordings: wind, rain, waves, night, stream and a quiet room, synthesised.

All of it is noise, given a colour by its spectrum and a life by slow random curves. Long ones
are spliced from stretches that never repeat, so no loop is heard. The same kind, seed and length
give the same samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal
from scipy.interpolate import PchipInterpolator

from autosched.errors import InvalidError
from autosched.studio.sound.kinds import AMBIENCES

Wave = NDArray[np.float32]
Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

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


def _coloured(rng: np.random.Generator, count: int, rate: int, curve: Curve) -> Wave:
    """Stereo noise whose amplitude over frequency (Hz) is `curve`, RMS 1, the sides unrelated."""
    size = fft.next_fast_len(count, real=True)
    spectrum = fft.rfft(rng.standard_normal((size, 2), dtype=np.float32), axis=0)
    spectrum *= curve(fft.rfftfreq(size, 1 / rate))[:, None].astype(np.float32)
    wave: Wave = fft.irfft(spectrum, size, axis=0)[:count]
    level = np.float32(np.sqrt(np.mean(wave.astype(np.float64) ** 2)) + 1e-12)
    return wave / level


def _band(low: float, high: float, slope: float = 2.0) -> Curve:
    """A band between two frequencies in Hz with soft edges."""

    def curve(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
        safe = np.maximum(frequency, 1.0)
        made: NDArray[np.float64] = 1 / (
            np.sqrt(1 + (low / safe) ** (2 * slope)) * np.sqrt(1 + (safe / high) ** (2 * slope))
        )
        return made

    return curve


def _drift(rng: np.random.Generator, count: int, rate: int, period: float) -> Wave:
    """A smooth random curve between 0 and 1, shape (count, 1), that turns about each `period` s."""
    knots = max(4, int(count / rate / period * 2) + 4)
    places = np.linspace(0, count - 1, knots)
    curve: Wave = PchipInterpolator(places, rng.random(knots))(np.arange(count)).astype(np.float32)
    return curve[:, None]


def _wind(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.5 * _coloured(rng, count, rate, _band(60, 260, 1.5))
    for low, high, weight, period in ((180, 420, 0.9, 5.0), (380, 800, 0.5, 3.5)):
        gusts = _drift(rng, count, rate, period) ** 2
        made += weight * gusts * _coloured(rng, count, rate, _band(low, high, 2.5))
    whistle = _drift(rng, count, rate, 6.0) ** 4
    made += 0.12 * whistle * _coloured(rng, count, rate, _band(900, 1500, 3))
    return made * (0.55 + 0.45 * _drift(rng, count, rate, 8.0))


def _rain(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.55 * _coloured(rng, count, rate, _band(1200, 7500, 1.0))
    made += 0.25 * _coloured(rng, count, rate, _band(200, 900, 1.0))
    made *= 0.85 + 0.15 * _drift(rng, count, rate, 4.0)
    return made + 0.9 * _drops(rng, count, rate, per_second=55, low=1400, high=5200, decay=0.006)


def _stream(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.35 * _coloured(rng, count, rate, _band(300, 1800, 1.2))
    made += 0.15 * _coloured(rng, count, rate, _band(2000, 6000, 1.0))
    made *= 0.7 + 0.3 * _drift(rng, count, rate, 0.6)
    return made + 1.1 * _drops(rng, count, rate, per_second=70, low=380, high=1700, decay=0.022)


def _drops(
    rng: np.random.Generator,
    count: int,
    rate: int,
    *,
    per_second: float,
    low: float,
    high: float,
    decay: float,
) -> Wave:
    """Short damped tones at random moments and places, a few pitches laid over each other."""
    made = np.zeros((count, 2), np.float32)
    time = np.arange(round(decay * 8 * rate)) / rate
    pitches = np.geomspace(low, high, 12) * rng.uniform(0.95, 1.05, 12)
    for pitch in pitches:
        hits = np.zeros((count, 2), np.float32)
        places = rng.integers(0, count, int(per_second / 12 * count / rate) + 1)
        side = rng.uniform(0.15, 0.85, len(places))
        loud = rng.gamma(1.2, 0.5, len(places))
        np.add.at(hits[:, 0], places, loud * np.sqrt(1 - side))
        np.add.at(hits[:, 1], places, loud * np.sqrt(side))
        rise = 1 - np.exp(-time / (decay * 0.08))
        tone = np.sin(2 * np.pi * pitch * time * (1 + 0.6 * time / decay * 0.1))
        ring = (tone * rise * np.exp(-time / decay)).astype(np.float32)
        made += signal.oaconvolve(hits, ring[:, None], axes=0)[:count].astype(np.float32)
    return made


def _waves(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = 0.3 * _coloured(rng, count, rate, _band(40, 220, 1.5))
    hiss = _coloured(rng, count, rate, _band(700, 5200, 0.9))
    body = _coloured(rng, count, rate, _band(150, 900, 1.2))
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
    made = 0.6 * _coloured(rng, count, rate, _band(60, 420, 0.9))
    time = np.arange(count) / rate
    for _ in range(7):
        pitch, pulse = rng.uniform(3900, 5200), rng.uniform(26, 34)
        every, pulses = rng.uniform(0.55, 1.1), int(rng.integers(2, 5))
        phase = (time + rng.uniform(0, every)) % every
        song = np.where(phase < pulses / pulse, np.sin(np.pi * pulse * phase) ** 2, 0.0)
        silent = _drift(rng, count, rate, 7.0)[:, 0] > rng.uniform(0.25, 0.5)
        breath = signal.sosfiltfilt(
            signal.butter(1, 0.8, fs=rate, output="sos"), silent.astype(np.float64)
        )
        tone = np.sin(2 * np.pi * pitch * time) * song * np.clip(breath, 0, 1)
        place, far = rng.uniform(0.1, 0.9), rng.uniform(0.04, 0.16)
        made[:, 0] += (tone * far * np.sqrt(1 - place)).astype(np.float32)
        made[:, 1] += (tone * far * np.sqrt(place)).astype(np.float32)
    return made


def _room(rng: np.random.Generator, count: int, rate: int) -> Wave:
    made = _coloured(rng, count, rate, _band(30, 160, 1.0))
    made += 0.12 * _coloured(rng, count, rate, _band(300, 3000, 0.8))
    return made * (0.9 + 0.1 * _drift(rng, count, rate, 9.0))


_MAKERS: dict[str, Callable[[np.random.Generator, int, int], Wave]] = {
    "wind": _wind,
    "rain": _rain,
    "waves": _waves,
    "night": _night,
    "stream": _stream,
    "room": _room,
}
