"""The partials of a sound: which tones stand still, which belong to one voice, which pitch classes.

A voice is one harmonic series that never quite stands still; instruments hold several lines at
once, straight as a ruler. Every 43 ms the peaks of the spectrum are told apart that way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

Wave = NDArray[np.float32]
Figures = NDArray[np.float32]

WINDOW, HOP = 4096, 1024
LONG_WINDOW, LONG_HOP = 8192, 2048
CHROMA_BINS = 60  # 20 cents each
CHROMA_EVERY = 4  # long frames that are summed into one
_LOW, _HIGH = 55.0, 4000.0
_LOWEST_VOICE, _HIGHEST_VOICE = 75.0, 520.0
_BASS = 220.0
_PEAKS, _ROOTS, _DIVISORS = 24, 8, 6
_OVER_FLOOR_DB, _UNDER_TOP_DB, _LEAST_DB = 10.0, 46.0, -78.0
_STILL_CENTS, _OWN_CENTS, _NEAR_CENTS = 9.0, 18.0, 30.0
_STILL_FRAMES, _HUM_FRAMES = 7, 300
_BORN_FRAMES, _SUNK_DB, _SURE = 4, 3.0, 0.55
_MAINS_HZ, _MAINS_UP_TO = 0.7, 700.0
_REFERENCE = 440.0
_FIGURES = 8


@dataclass(frozen=True)
class Tones:
    """What the peaks came to, `rate` times a second.

    `tonal`: the share of the power that stands in peaks. `pitch`: the fundamental of the one voice
    that explains most of them, in Hz (0 without one), and `explained` how much. `still`: the share
    of peaks that have stood still for 0.3 s. `others`: how many of these the voice does not
    explain, nor a room that answers it, and `others_share` their share. `gliding`: the fundamental
    of the voice among the peaks that do not stand still, and `glided` how much of all it explains.
    `chroma`, `bass` (k, 60): pitch classes from A, `chroma_rate` times a second.
    """

    rate: float
    chroma_rate: float
    tonal: Figures
    pitch: Figures
    explained: Figures
    still: Figures
    others: Figures
    others_share: Figures
    gliding: Figures
    glided: Figures
    chroma: Figures
    bass: Figures


class Partials:
    """Takes mono sound in pieces of a second or more."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._tail = np.zeros(WINDOW // 2, np.float32)
        self._long_tail = np.zeros(LONG_WINDOW // 2, np.float32)
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self._long_window = np.hanning(LONG_WINDOW + 1)[:-1].astype(np.float32)
        bins = WINDOW // 2 + 1
        self._anchor = np.zeros(bins, np.float32)
        self._run = np.zeros(bins, np.int32)
        self._top = np.zeros(bins, np.float32)
        self._born = np.zeros(bins, bool)
        self._rows: list[Figures] = []
        self._chroma: list[Figures] = []

    def hear(self, mono: Wave) -> None:
        """Take a piece."""
        wave = np.concatenate([self._tail, mono])
        pieces, self._tail = _framed(wave, WINDOW, HOP, 1)
        if len(pieces):
            self._rows.append(self._described(pieces))
        wave = np.concatenate([self._long_tail, mono])
        pieces, self._long_tail = _framed(wave, LONG_WINDOW, LONG_HOP, CHROMA_EVERY)
        if len(pieces):
            self._chroma.append(self._pitches(pieces))

    def finish(self) -> Tones:
        """All that was kept."""
        rows = np.concatenate([np.zeros((0, _FIGURES), np.float32), *self._rows])
        chroma = np.concatenate([np.zeros((0, 2 * CHROMA_BINS), np.float32), *self._chroma])
        tonal, pitch, explained, still, others, share, gliding, glided = rows.T
        return Tones(
            rate=self._rate / HOP,
            chroma_rate=self._rate / LONG_HOP / CHROMA_EVERY,
            tonal=tonal,
            pitch=pitch,
            explained=explained,
            still=still,
            others=others,
            others_share=share,
            gliding=gliding,
            glided=glided,
            chroma=chroma[:, :CHROMA_BINS],
            bass=chroma[:, CHROMA_BINS:],
        )

    def _described(self, pieces: NDArray[np.float32]) -> Figures:
        spectrum = np.abs(fft.rfft(pieces * self._window, axis=1)) / (WINDOW / 4)
        peak, decibels, cents = _peaks(spectrum, self._rate, WINDOW)
        width = self._rate / WINDOW
        frequency = (np.arange(spectrum.shape[1], dtype=np.float32) + cents) * np.float32(width)
        low, high = round(_LOW / width), round(_HIGH / width)
        power = spectrum[:, low:high] ** 2
        # A peak takes up three bins.
        around = ndimage.uniform_filter1d(peak.astype(np.float32), 3, axis=1)[:, low:high] > 0
        tonal = (power * around).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-12)
        order = _loudest(np.where(peak, decibels, -200.0)[:, :high])
        taken = np.take_along_axis(peak, order, 1)
        hertz = np.where(taken, np.take_along_axis(frequency, order, 1), 1.0)
        weight = np.where(taken, 10 ** (np.take_along_axis(decibels, order, 1) / 33.0), 0.0)
        pitch, explained, own = _voice(hertz, weight)
        sung = np.zeros_like(peak)
        np.put_along_axis(sung, order, own & taken & (explained > _SURE)[:, None], 1)
        still, echo = self._standing(peak, frequency, decibels, sung)
        still &= ~_mains(frequency)
        held = np.take_along_axis(still, order, 1) & taken
        total = np.maximum(weight.sum(axis=1), 1e-9)
        strong = weight > 0.12 * weight.max(axis=1, keepdims=True)
        other = held & ~own & strong & ~np.take_along_axis(echo, order, 1)
        gliding, moving, _ = _voice(hertz, np.where(held, 0.0, weight))
        moving *= (weight * ~held).sum(axis=1) / total
        return np.stack(
            [
                tonal,
                pitch,
                explained,
                (weight * held).sum(axis=1) / total,
                other.sum(axis=1),
                (weight * other).sum(axis=1) / total,
                gliding,
                moving,
            ],
            axis=1,
        ).astype(np.float32)

    def _standing(
        self,
        peak: NDArray[np.bool_],
        frequency: NDArray[np.float32],
        decibels: NDArray[np.float32],
        sung: NDArray[np.bool_],
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which peaks have kept to their frequency for a while, and which of these are but the
        answer of a room: lines that began as a voice's own (`sung`) and have sunk since.
        """
        still, echo = np.zeros_like(peak), np.zeros_like(peak)
        tolerance = np.float32(2 ** (_STILL_CENTS / 1200) - 1)
        last = peak.shape[1] - 1
        for number in range(len(peak)):
            here = np.flatnonzero(peak[number])
            hertz, level = frequency[number, here], decibels[number, here]
            run = np.zeros(len(here), np.int32)
            anchor, top = hertz.copy(), level.copy()
            born = np.zeros(len(here), bool)
            for side in (-1, 0, 1):
                before = np.clip(here + side, 0, last)
                kept = self._anchor[before]
                near = (np.abs(hertz - kept) < tolerance * hertz) & (self._run[before] >= run)
                run = np.where(near, self._run[before] + 1, run)
                anchor = np.where(near, kept * 0.8 + hertz * 0.2, anchor)
                top = np.where(near, np.maximum(level, self._top[before]), top)
                born = np.where(near, self._born[before], born)
            born |= sung[number, here] & (run <= _BORN_FRAMES)
            self._run[:], self._anchor[:] = 0, 0.0
            self._run[here], self._anchor[here] = np.maximum(run, 1), anchor
            self._top[here], self._born[here] = top, born
            still[number, here] = (run >= _STILL_FRAMES) & (run < _HUM_FRAMES)
            echo[number, here] = born & (level < top - _SUNK_DB)
        return still, echo

    def _pitches(self, pieces: NDArray[np.float32]) -> Figures:
        """Pitch-class histograms of all and of the bass, harmonics counted to their roots.

        After Gómez, Tonal description of polyphonic audio for music content processing (2006).
        """
        spectrum = np.abs(fft.rfft(pieces * self._long_window, axis=1)) / (LONG_WINDOW / 4)
        peak, decibels, offset = _peaks(spectrum, self._rate, LONG_WINDOW)
        frame, place = np.nonzero(peak)
        hertz = np.asarray(place + offset[frame, place], np.float64) * (self._rate / LONG_WINDOW)
        weight = 10 ** (np.asarray(decibels[frame, place], np.float64) / 40.0)
        block = frame // CHROMA_EVERY
        blocks = len(pieces) // CHROMA_EVERY
        made = np.zeros((blocks, 2, CHROMA_BINS))
        for harmonic in (1, 2, 3, 4, 5, 6):
            root = hertz / harmonic
            good = root > _LOW * 0.9
            _binned(made[:, 0], block[good], root[good], (weight * 0.55 ** (harmonic - 1))[good])
        deep = hertz < _BASS
        _binned(made[:, 1], block[deep], hertz[deep], weight[deep])
        return made.reshape(blocks, 2 * CHROMA_BINS).astype(np.float32)


def _mains(hertz: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which lie on a multiple of 50 or 60 Hz: the hum of a recording is no instrument."""
    found = np.zeros(hertz.shape, bool)
    for base in (50.0, 60.0):
        found |= np.abs(hertz - base * np.round(hertz / base)) < _MAINS_HZ
    return found & (hertz < _MAINS_UP_TO)


def _loudest(decibels: NDArray[np.float32]) -> NDArray[np.intp]:
    """The places of the loudest bins of each row, the loudest first."""
    some = np.argpartition(-decibels, _PEAKS, axis=1)[:, :_PEAKS]
    order = np.argsort(-np.take_along_axis(decibels, some, 1), axis=1)
    return np.take_along_axis(some, order, 1)


def _binned(
    into: NDArray[np.float64],
    block: NDArray[np.intp],
    hertz: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> None:
    """Add to the pitch classes, each shared by the two bins between which it lies."""
    place = (np.log2(hertz / _REFERENCE) % 1.0) * CHROMA_BINS
    first = np.floor(place).astype(np.intp)
    over = place - first
    np.add.at(into, (block, first % CHROMA_BINS), weight * (1 - over))
    np.add.at(into, (block, (first + 1) % CHROMA_BINS), weight * over)


def _framed(wave: Wave, window: int, hop: int, multiple: int) -> tuple[Wave, Wave]:
    """Overlapping frames, a multiple of so many; and what is left for the next time."""
    count = max(0, (len(wave) - window) // hop + 1) // multiple * multiple
    if not count:
        return np.zeros((0, window), np.float32), wave
    pieces = np.lib.stride_tricks.sliding_window_view(wave, window)[: count * hop : hop]
    return pieces, wave[count * hop :].copy()


def _peaks(
    spectrum: NDArray[np.float32], rate: int, window: int
) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]:
    """Where the peaks are, the level of each bin in dB, and how far a peak lies off its bin."""
    decibels = 20 * np.log10(np.maximum(spectrum, 1e-7))
    width = rate / window
    low, high = max(2, round(_LOW / width)), round(_HIGH / width)
    floor = ndimage.uniform_filter1d(decibels[:, : high + 64], round(240 / width) | 1, axis=1)
    floor = floor[:, low:high]
    middle = decibels[:, low:high]
    left, right = decibels[:, low - 1 : high - 1], decibels[:, low + 1 : high + 1]
    top = middle.max(axis=1, keepdims=True)
    found = (middle > left) & (middle >= right) & (middle > floor + _OVER_FLOOR_DB)
    found &= (middle > top - _UNDER_TOP_DB) & (middle > _LEAST_DB)
    bend = np.minimum(left - 2 * middle + right, -1e-3)
    peak = np.zeros(spectrum.shape, bool)
    offset = np.zeros(spectrum.shape, np.float32)
    peak[:, low:high] = found
    offset[:, low:high] = np.where(found, np.clip(0.5 * (left - right) / bend, -0.5, 0.5), 0.0)
    return peak, decibels, offset


def _voice(
    hertz: NDArray[np.float32], weight: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """The harmonic series that explains most: its pitch, its share, and which peaks are its own."""
    loudest = np.take_along_axis(hertz, np.argsort(-weight, axis=1)[:, :_ROOTS], 1)
    roots = loudest[:, :, None] / np.arange(1, _DIVISORS + 1)
    roots = roots.reshape(len(hertz), -1)
    fits = (roots >= _LOWEST_VOICE) & (roots <= _HIGHEST_VOICE)
    roots = np.where(fits, roots, 1e5)
    number = hertz[:, None, :] / roots[:, :, None]
    nearest = np.maximum(np.round(number), 1.0)
    cents = np.abs(1731.0 * (number / nearest - 1))
    mine = (cents < _OWN_CENTS) & (nearest <= 20) & (weight[:, None, :] > 0)
    total = np.maximum(weight.sum(axis=1), 1e-9)
    share = (mine * weight[:, None, :]).sum(axis=2) / total[:, None]
    there = sum((mine & (nearest == each)).any(axis=2).astype(np.float32) for each in (1, 2, 3))
    best = np.argmax(share + 0.1 * there - np.where(fits, 0.0, 9.0), axis=1)
    rows = np.arange(len(hertz))
    good = fits[rows, best]
    own = (cents[rows, best] < _NEAR_CENTS) & good[:, None]
    pitch = np.where(good, roots[rows, best], 0.0)
    return pitch, np.where(good, share[rows, best], 0.0), own
