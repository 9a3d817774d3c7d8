"""What is heard: tempo and beats, key, loudness, voice, instruments, mood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from autosched.studio.analysis import keys, loudness, tempo, voices
from autosched.studio.analysis import mood as moods
from autosched.studio.analysis.ear import RATE, Ear, Heard
from autosched.studio.analysis.report import Music

Wave = NDArray[np.float32]

_LEAST_CLARITY, _CLEAR = 0.15, 0.6
_LEAST_FIT = 0.35
_ON_BEAT = 0.08  # seconds


@dataclass(frozen=True)
class Told:
    """All that was found, for those who need more than the report says."""

    heard: Heard
    powers: loudness.Powers
    voices: voices.Voices


class Listening:
    """Hears the sound piece by piece and keeps a few figures of each."""

    def __init__(self) -> None:
        self._meter, self._ear = loudness.Meter(), Ear()
        self._halving = signal.firwin(63, 0.46).astype(np.float32)
        self._tail: NDArray[np.float32] = np.zeros(31, np.float32)

    def hear(self, piece: Wave) -> None:
        """Take a piece of stereo sound (samples, 2) at 48 kHz."""
        if not np.isfinite(piece).all():
            piece = np.nan_to_num(piece, posinf=0.0, neginf=0.0)
        self._meter.hear(piece)
        # Halved in rate by a filter that carries on from piece to piece.
        wave = np.concatenate([self._tail, piece.mean(axis=1, dtype=np.float32)])
        count = max(0, (len(wave) - len(self._halving)) // 2 + 1)
        self._tail = wave[2 * count :]
        if count:
            half = signal.upfirdn(self._halving, wave, 1, loudness.RATE // RATE)
            self._ear.hear(np.asarray(half[31 : 31 + count], np.float32))

    def told(self) -> Told:
        """What was heard, told apart."""
        heard, powers = self._ear.heard(), self._meter.powers
        return Told(heard, powers, voices.told_apart(heard, powers))

    def finish(self, cuts: tuple[float, ...]) -> Music | None:
        """What was heard; `None` when nothing was."""
        told = self.told()
        return report(told, cuts) if len(told.powers) else None


def report(told: Told, cuts: tuple[float, ...]) -> Music:
    """The part of the document that is about sound. `cuts`: in seconds."""
    heard, apart = told.heard, told.voices
    lufs = loudness.integrated(told.powers)
    found = tempo.pulse(heard) if apart.instruments else None
    pulse = found if found and found.clarity > _LEAST_CLARITY else None
    key = keys.key(heard, _playing(told)) if apart.instruments else None
    if key and key.fit < _LEAST_FIT:
        key = None
    power = moods.energy(heard, lufs) if lufs is not None else None
    mood = None
    if power is not None and apart.instruments:
        pace, mode = pulse.tempo if pulse else None, key.mode if key else None
        mood = moods.mood(power, pace, mode, moods.brightness(heard))
    confidence = {"instruments": _sure(apart), "speech": round(apart.confidence, 2)}
    if pulse:
        confidence["tempo"] = round(min(1.0, pulse.clarity / _CLEAR) * pulse.likely, 2)
        confidence["beats"] = round(min(1.0, pulse.clarity / _CLEAR), 2)
    if key:
        confidence["key"] = key.confidence
    if mood:
        confidence["mood"] = round(0.6 * confidence.get("key", 0.0), 2)
    beats = pulse.beats if pulse else ()
    return Music(
        tempo=round(pulse.tempo, 1) if pulse else None,
        key=key.name if key else None,
        mode=key.mode if key else None,
        loudness_lufs=None if lufs is None else round(lufs, 1),
        loudness_curve=tuple(loudness.curve(told.powers)),
        beats=beats,
        speech=apart.voice,
        recitation=apart.recitation,
        instruments=apart.instruments,
        stretches=apart.stretches,
        energy=None if power is None else round(power, 2),
        mood=mood,
        cuts_on_beats=on_beats(cuts, beats),
        confidence=confidence,
    )


def on_beats(cuts: tuple[float, ...], beats: tuple[float, ...]) -> float | None:
    """The share of the cuts that fall on a beat, to 80 ms; `None` without cuts or beats."""
    if not cuts or not beats:
        return None
    away = np.abs(np.array(cuts)[:, None] - np.array(beats)).min(axis=1)
    return round(float((away <= _ON_BEAT).mean()), 2)


def _playing(told: Told) -> NDArray[np.bool_]:
    """The chroma frames in which instruments play."""
    count = len(told.heard.tones.chroma)
    times = (np.arange(count) + 0.5) / told.heard.tones.chroma_rate
    made = np.zeros(count, bool)
    for first, last in told.voices.playing:
        made |= (times >= first) & (times < last)
    return made if made.any() else np.ones(count, bool)


def _sure(apart: voices.Voices) -> float:
    return round(apart.sure if apart.instruments else 1 - apart.sure, 2)
