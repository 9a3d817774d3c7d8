"""Music, voices and ambience of known tempo, key and kind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.io import wavfile

RATE = 44_100
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_WAYS = {
    "major": ((0, 3, 4, 0), (0, 4, 5, 3), (0, 5, 3, 4)),
    "minor": ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 4)),
}
_FORMANTS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))
Wave = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """A sound and its truth; `tempo`, `key` and `mode` are `None` where there is no music."""

    path: Path
    kind: str
    tempo: float | None
    key: str | None
    mode: str | None
    beats: tuple[float, ...]


def make(folder: Path, seed: int, kind: str | None = None) -> Heard:
    """Twenty-odd seconds of music (mostly), of a voice, or of weather."""
    rng = random.Random(f"music-{seed}")
    kind = kind or rng.choice(("music",) * 8 + ("recitation", "speech", "ambience"))
    noise = np.random.default_rng(rng.randrange(10**9))
    path = folder / f"sound-{seed}.wav"
    if kind == "music":
        wave, heard = _music(rng, noise, path)
    else:
        wave = {"recitation": _recited, "speech": _spoken, "ambience": _weather}[kind](rng, noise)
        heard = Heard(path, kind, None, None, None, ())
    wave = wave / (np.abs(wave).max() + 1e-9) * rng.uniform(0.15, 0.85)
    wavfile.write(path, RATE, wave.astype(np.float32))
    return heard


def _music(rng: random.Random, noise: np.random.Generator, path: Path) -> tuple[Wave, Heard]:
    tempo, tonic = rng.uniform(60, 180), rng.randrange(12)
    mode, style = rng.choice(("major", "minor")), rng.choice(("band", "band", "frame", "keys"))
    beat, seconds = 60 / tempo, 24.0
    wave: Wave = np.zeros(round(seconds * RATE))
    scale, way = _SCALES[mode], rng.choice(_WAYS[mode])
    tune, late = rng.uniform(-0.2, 0.2), rng.uniform(0.05, 0.5)
    timbre = rng.choice(("pluck", "organ", "piano"))
    beats: list[float] = []
    for number in range(int((seconds - late - 0.1) / beat)):
        at, place = late + number * beat, number % 4
        beats.append(at)
        degree = way[number // 4 % len(way)]
        chord = [48 + tonic + _step(scale, degree + add) + tune for add in (0, 2, 4)]
        if style in ("band", "frame"):
            _drum(wave, noise, at, deep=place in (0, 2), strength=1.0 if place == 0 else 0.7)
            _drum(wave, noise, at + beat / 2, deep=False, strength=0.35)
        if place == 0 or (style == "keys" and place == 2):
            for pitch in chord:
                _note(wave, at, pitch, beat * (4 if style != "keys" else 2), timbre, 0.3)
        if style == "keys":
            _note(wave, at, chord[number % 3] + 12, beat, timbre, 0.5)
            _note(wave, at + beat / 2, chord[(number + 1) % 3] + 12, beat / 2, timbre, 0.3)
        _note(wave, at, 36 + tonic + _step(scale, degree) + tune, beat * 0.9, "pluck", 0.5)
        if rng.random() < 0.5:
            high = 72 + tonic + _step(scale, degree + rng.choice((0, 2, 4, 7))) + tune
            _note(wave, at, high, beat * 0.9, "flute", 0.35)
    return wave, Heard(path, "music", tempo, NAMES[tonic], mode, tuple(beats))


def _step(scale: tuple[int, ...], degree: int) -> int:
    return scale[degree % 7] + 12 * (degree // 7)


def _note(
    wave: Wave, at: float, pitch: float, seconds: float, timbre: str, strength: float
) -> None:
    time = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    if timbre == "flute":
        phase = 2 * np.pi * hertz * time + 0.6 * np.sin(2 * np.pi * 5 * time) * np.minimum(1, time)
        tone = np.sin(phase) + 0.25 * np.sin(2 * phase)
        shape = np.minimum(1, time / 0.05)
    elif timbre == "organ":
        tone = sum(np.sin(2 * np.pi * hertz * n * time) / n for n in (1, 2, 3, 4, 6))
        shape = np.minimum(1, time / 0.03)
    else:
        ring = 1.2 if timbre == "piano" else 0.45
        tone = sum(
            np.sin(2 * np.pi * hertz * n * time) * np.exp(-time * n * 0.7) / n for n in range(1, 9)
        )
        shape = (1 - np.exp(-time / 0.003)) * np.exp(-time / ring)
    _put(wave, strength * tone * shape * np.clip((seconds - time) / 0.04, 0, 1), at)


def _drum(
    wave: Wave, noise: np.random.Generator, at: float, *, deep: bool, strength: float
) -> None:
    time = np.arange(round(0.25 * RATE)) / RATE
    if deep:
        struck = np.sin(2 * np.pi * (62 * time + 2.2 * (1 - np.exp(-time / 0.03))))
        _put(wave, strength * struck * np.exp(-time / 0.09), at)
    else:
        _put(wave, 0.6 * strength * noise.standard_normal(len(time)) * np.exp(-time / 0.03), at)


def _put(wave: Wave, piece: Wave, at: float) -> None:
    first = round(at * RATE)
    if 0 <= first < len(wave):
        piece = piece[: len(wave) - first]
        wave[first : first + len(piece)] += piece


def _voice(
    pitches: Wave, loud: Wave, vowels: NDArray[np.int64], noise: np.random.Generator
) -> Wave:
    """A voiced sound through the formants of its vowels."""
    phase = np.cumsum(pitches / RATE)
    source = signal.sawtooth(2 * np.pi * phase, 0.85) + 0.04 * noise.standard_normal(len(phase))
    made = np.zeros_like(source)
    for number, formants in enumerate(_FORMANTS):
        own = (vowels == number).astype(np.float64)
        own = np.convolve(own, np.ones(1200) / 1200, mode="same")
        if own.max() <= 0:
            continue
        for strength, hertz in zip((1.0, 0.5, 0.2), formants, strict=True):
            band = signal.butter(2, [hertz * 0.9, hertz * 1.1], "band", fs=RATE, output="sos")
            made += strength * own * signal.sosfilt(band, source)
    return np.asarray(made * loud)


def _recited(rng: random.Random, noise: np.random.Generator) -> Wave:
    """Long vowels on few notes, with turns and long pauses."""
    count = 22 * RATE
    pitches, loud = np.full(count, 150.0), np.zeros(count)
    vowels = np.zeros(count, np.int64)
    base, at = rng.uniform(110, 190), round(0.5 * RATE)
    while at < count - RATE:
        for _ in range(rng.randint(3, 8)):
            length = round(rng.uniform(0.25, 1.6) * RATE)
            end = min(count, at + length)
            time = np.arange(end - at) / RATE
            note = base * 2 ** (rng.choice((0, 0, 2, 3, 5, 7)) / 12)
            turn = 1 + 0.012 * np.sin(2 * np.pi * 5.5 * time) * np.minimum(1, time / 0.4)
            pitches[at:end] = note * turn
            edge = np.minimum(1, np.minimum(time / 0.05, (time[-1] - time) / 0.06 + 0.02))
            loud[at:end] = edge * rng.uniform(0.7, 1)
            vowels[at:end] = rng.randrange(4)
            at = end
            if at >= count - RATE:
                break
        at += round(rng.uniform(0.7, 1.8) * RATE)
    return _voice(pitches, loud, vowels, noise)


def _spoken(rng: random.Random, noise: np.random.Generator) -> Wave:
    """Quick syllables whose pitch falls and wanders, with hisses and short pauses."""
    count = 22 * RATE
    pitches, loud = np.full(count, 120.0), np.zeros(count)
    vowels, hiss = np.zeros(count, np.int64), np.zeros(count)
    base, at = rng.uniform(95, 210), round(0.3 * RATE)
    while at < count - RATE:
        words = rng.randint(5, 14)
        for number in range(words):
            length = round(rng.uniform(0.09, 0.22) * RATE)
            end = min(count, at + length)
            time = np.linspace(0, 1, end - at)
            fall = 1.25 - 0.4 * number / words + rng.uniform(-0.1, 0.1)
            pitches[at:end] = base * fall * (1 - 0.1 * time)
            loud[at:end] = np.sin(np.pi * np.clip(time, 0.02, 0.98)) * rng.uniform(0.5, 1)
            vowels[at:end] = rng.randrange(4)
            at = end
            if at >= count - RATE:
                break
            if rng.random() < 0.5:
                gap = round(rng.uniform(0.03, 0.08) * RATE)
                hiss[at : at + gap] = rng.uniform(0.1, 0.4)
                at += gap
        at += round(rng.uniform(0.2, 0.6) * RATE)
    high = signal.butter(2, 3500, "high", fs=RATE, output="sos")
    breath = signal.sosfilt(high, noise.standard_normal(count)) * hiss[:count] * 0.2
    return _voice(pitches, loud, vowels, noise) + breath


def _weather(rng: random.Random, noise: np.random.Generator) -> Wave:
    count = 20 * RATE
    cut = rng.choice((500, 1500, 6000))
    low = signal.butter(1, cut, fs=RATE, output="sos")
    swell = np.interp(np.arange(count), np.linspace(0, count, 12), noise.uniform(0.4, 1, 12))
    return np.asarray(signal.sosfilt(low, noise.standard_normal(count)) * swell)
