"""What ambience is made of: coloured noise, slow random curves, and drops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal
from scipy.interpolate import PchipInterpolator

Wave = NDArray[np.float32]
Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def coloured(rng: np.random.Generator, count: int, rate: int, curve: Curve) -> Wave:
    """Stereo noise whose amplitude over frequency (Hz) is `curve`, RMS 1, the sides unrelated."""
    size = fft.next_fast_len(count, real=True)
    spectrum = fft.rfft(rng.standard_normal((size, 2), dtype=np.float32), axis=0)
    spectrum *= curve(fft.rfftfreq(size, 1 / rate))[:, None].astype(np.float32)
    wave: Wave = fft.irfft(spectrum, size, axis=0)[:count]
    level = np.float32(np.sqrt(np.mean(wave.astype(np.float64) ** 2)) + 1e-12)
    return wave / level


def band(low: float, high: float, slope: float = 2.0) -> Curve:
    """A band between two frequencies in Hz with soft edges."""

    def curve(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
        safe = np.maximum(frequency, 1.0)
        made: NDArray[np.float64] = 1 / (
            np.sqrt(1 + (low / safe) ** (2 * slope)) * np.sqrt(1 + (safe / high) ** (2 * slope))
        )
        return made

    return curve


def drift(rng: np.random.Generator, count: int, rate: int, period: float) -> Wave:
    """A smooth random curve between 0 and 1, shape (count, 1), that turns about each `period` s."""
    knots = max(4, int(count / rate / period * 2) + 4)
    places = np.linspace(0, count - 1, knots)
    curve: Wave = PchipInterpolator(places, rng.random(knots))(np.arange(count)).astype(np.float32)
    return curve[:, None]


def drops(
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
