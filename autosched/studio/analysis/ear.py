"""The ear: sound as it streams by, boiled down to a few figures a moment.

Mono sound at 24,000 Hz goes in; out come onset strengths by band (94 a second), and every 43 ms a
description of the partials: how many stand still, how much of them one voice explains. `tempo`,
`keys` and `voices` read these; nothing of the sound itself is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from autosched.studio.analysis.partials import Partials, Tones

Wave = NDArray[np.float32]
Figures = NDArray[np.float32]

RATE = 24_000
HOP, WINDOW = 256, 2048
ONSETS_A_SECOND = RATE / HOP
# An octave or two each: drums and bass, voices and chords, their overtones, hiss.
BANDS = ((40.0, 160.0), (160.0, 640.0), (640.0, 2560.0), (2560.0, 10_000.0))
_FILTERS_AN_OCTAVE = 9
_LAG = 2  # frames between which a rise is taken: 21 ms
_BLOCK = 4 * RATE
_LOUDNESS_OF_ONE = 2000.0  # log(1 + this * amplitude): a tone of -66 dBFS begins to count
_BRIGHT_EVERY = 4


@dataclass(frozen=True)
class Heard:
    """All that is kept of a sound.

    `onsets` (n, 4): rises by band, `ONSETS_A_SECOND`. `levels` (m, 4): power by band, and
    `brightness` (m,): the spectral centroid in Hz, one for `_BRIGHT_EVERY` onsets.
    """

    seconds: float
    onsets: Figures
    levels: Figures
    brightness: Figures
    tones: Tones

    @property
    def levels_a_second(self) -> float:
        """How many levels there are a second."""
        return ONSETS_A_SECOND / _BRIGHT_EVERY


class Ear:
    """Takes the sound piece by piece; `heard` says what it came to."""

    def __init__(self) -> None:
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self._filters, self._group = _filterbank()
        self._waiting: list[Wave] = []
        # Half a window of silence before, so that a frame stands in its window's middle.
        self._tail = np.zeros(WINDOW // 2, np.float32)
        self._count = self._pending = 0
        self._last = np.zeros((_LAG, self._filters.shape[1]), np.float32)
        self._partials = Partials(RATE)
        self._onsets: list[Figures] = []
        self._levels: list[Figures] = []
        self._brightness: list[Figures] = []

    def hear(self, mono: Wave) -> None:
        """Take a piece of mono sound at `RATE`."""
        self._waiting.append(mono)
        self._pending += len(mono)
        self._count += len(mono)
        if self._pending >= _BLOCK:
            self._take()

    def heard(self) -> Heard:
        """What was heard in all."""
        self.hear(np.zeros(WINDOW, np.float32))
        self._count -= WINDOW
        self._take()
        frames = int(self._count / HOP) + 1
        return Heard(
            seconds=self._count / RATE,
            onsets=_joined(self._onsets, len(BANDS))[:frames],
            levels=_joined(self._levels, len(BANDS)),
            brightness=_joined(self._brightness, 0),
            tones=self._partials.finish(),
        )

    def _take(self) -> None:
        wave = np.concatenate([self._tail, *self._waiting])
        self._partials.hear(np.concatenate(self._waiting) if self._waiting else wave[:0])
        self._waiting, self._pending = [], 0
        step = HOP * _BRIGHT_EVERY
        frames = max(0, (len(wave) - WINDOW) // step) * _BRIGHT_EVERY
        if not frames:
            self._tail = wave
            return
        self._tail = wave[frames * HOP :].copy()
        pieces = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[: frames * HOP : HOP]
        spectrum = np.abs(fft.rfft(pieces * self._window, axis=1)) / (WINDOW / 4)
        power = spectrum**2
        self._kept(power)
        bands = np.log1p(_LOUDNESS_OF_ONE * np.sqrt(power @ self._filters))
        whole = np.concatenate([self._last, bands])
        self._last = whole[-_LAG:]
        # A rise is one over the neighbouring bands too, so that vibrato is no onset
        # (Böck and Widmer, Maximum filter vibrato suppression for onset detection, 2013).
        before = ndimage.maximum_filter1d(whole[:-_LAG], 3, axis=1)
        rise = np.maximum(0.0, bands - before)
        self._onsets.append(
            np.stack([rise[:, mine].mean(axis=1) for mine in self._group], axis=1).astype(
                np.float32
            )
        )

    def _kept(self, power: NDArray[np.float32]) -> None:
        """Keep the level of each band, and how bright it is, a few times less often."""
        mean = power.reshape(-1, _BRIGHT_EVERY, power.shape[1]).mean(axis=1)
        frequency = fft.rfftfreq(WINDOW, 1 / RATE)
        edges = [np.searchsorted(frequency, pair) for pair in BANDS]
        self._levels.append(
            np.stack([mean[:, a:b].sum(axis=1) for a, b in edges], axis=1).astype(np.float32)
        )
        amplitude = np.sqrt(mean[:, 4:])
        centre = amplitude @ frequency[4:] / np.maximum(amplitude.sum(axis=1), 1e-9)
        self._brightness.append(centre.astype(np.float32))


def _filterbank() -> tuple[NDArray[np.float32], list[NDArray[np.bool_]]]:
    """Triangles on a logarithmic axis (bins, filters), and which belong to each of `BANDS`."""
    low, high = BANDS[0][0], BANDS[-1][1]
    count = round(np.log2(high / low) * _FILTERS_AN_OCTAVE)
    centres = np.geomspace(low, high, count)
    frequency = np.maximum(fft.rfftfreq(WINDOW, 1 / RATE), 1.0)
    away = np.abs(np.log2(frequency[:, None] / centres)) * _FILTERS_AN_OCTAVE
    # Low filters are narrower than a bin: each takes at least its nearest.
    width = np.maximum(1.0, np.log2(1 + 1.2 * RATE / WINDOW / centres) * _FILTERS_AN_OCTAVE)
    filters = np.maximum(0.0, 1 - away / width).astype(np.float32)
    groups = [(centres >= a) & (centres < b * 1.0001) for a, b in BANDS]
    return filters, groups


def _joined(pieces: list[Figures], width: int) -> Figures:
    if pieces:
        return np.concatenate(pieces)
    return np.zeros((0, width) if width else 0, np.float32)
