"""What is heard in a reference: each figure against sound whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal
from scipy.io import wavfile

from autosched.studio.analysis import loudness, stream
from autosched.studio.analysis.mood import label
from autosched.studio.analysis.music import Listening, on_beats
from autosched.studio.analysis.report import Music
from autosched.studio.sound.ambience import ambience
from autosched.studio.sound.kinds import AMBIENCES
from autosched.studio.sound.mixing import measure

RATE = loudness.RATE
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FORMANTS = ((750, 1200, 2600), (320, 2200, 2900), (330, 850, 2400), (480, 1900, 2600))
Wave = NDArray[np.float64]


def struck(pitch: float, seconds: float, ring: float = 0.5) -> Wave:
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 7))
    made: Wave = tone * (1 - np.exp(-time / 0.003)) * np.exp(-time / ring)
    return made * np.minimum(1, (seconds - time) / 0.03)


def drum(rng: np.random.Generator, deep: bool) -> Wave:
    time = np.arange(round(0.25 * RATE)) / RATE
    if deep:
        made: Wave = np.sin(2 * np.pi * 70 * time) * np.exp(-time / 0.09)
        return made
    made = rng.standard_normal(len(time)) * np.exp(-time / 0.03) * 0.4
    return made


def laid(wave: Wave, piece: Wave, at: float) -> None:
    first = round(at * RATE)
    piece = piece[: max(0, len(wave) - first)]
    wave[first : first + len(piece)] += piece


def played(tempo: float, tonic: int, mode: str, *, seconds: float = 24.0) -> Wave:
    """Drums, a bass and chords in four: I IV V I, or their like in minor."""
    rng = np.random.default_rng(3)
    wave, scale, beat = np.zeros(round(seconds * RATE)), SCALES[mode], 60 / tempo
    for number in range(int((seconds - 0.2) / beat)):
        at, degree = 0.2 + number * beat, (0, 3, 4, 0)[number // 4 % 4]
        laid(wave, drum(rng, deep=number % 2 == 0), at)
        laid(wave, 0.3 * drum(rng, deep=False), at + beat / 2)
        if number % 2 == 0:
            root = 36 + tonic + scale[degree]
            laid(wave, 0.4 * struck(440 * 2 ** ((root - 69) / 12), 2 * beat), at)
        if number % 4 == 0:
            for step in (degree, degree + 2, degree + 4):
                pitch = 60 + tonic + scale[step % 7] + 12 * (step // 7)
                laid(wave, 0.25 * struck(440 * 2 ** ((pitch - 69) / 12), 4 * beat, 1.5), at)
    return wave / np.max(np.abs(wave)) * 0.5


def sung(*, seconds: float = 20.0, held: bool = True, seed: int = 1) -> Wave:
    """A voice: a gliding source through moving formants, in phrases; `held`: as in recitation."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    pitch, level = np.full(count, 120.0), np.zeros(count)
    shape = np.zeros((count, 3))
    at, last = 0.2, 140.0
    while at < seconds - 3:
        for _ in range(int(rng.integers(4, 9))):
            length = rng.choice([0.2, 0.35, 1.4] if held else [0.1, 0.15, 0.2])
            here = slice(round(at * RATE), min(count, round((at + length) * RATE)))
            time = np.arange(here.stop - here.start) / RATE
            goal = (
                140 * 2 ** (rng.choice([0, 1, 3, 5]) / 12) * (1 if held else rng.uniform(0.8, 1.3))
            )
            curve = last + (goal - last) * (1 - np.exp(-time / 0.06))
            curve *= 1 + 0.012 * np.sin(2 * np.pi * 5.3 * time) * np.minimum(1, time / 0.3)
            pitch[here] = curve if held else np.linspace(last, goal, len(time))
            level[here] = np.minimum(1, np.minimum(time, length - time) / 0.03)
            shape[here] = FORMANTS[int(rng.integers(4))]
            last, at = goal, at + length + (0.0 if held else 0.05)
        at += rng.uniform(0.4, 1.0)
    source = np.diff(signal.sawtooth(2 * np.pi * np.cumsum(pitch / RATE), 0.85), prepend=0)
    wave, step = np.zeros(count), 960
    states = [np.zeros(2) for _ in range(3)]
    for first in range(0, count, step):
        for number in range(3):
            middle = shape[first][number] or 500.0
            narrow = np.exp(-np.pi * 90 / RATE)
            back = [1, -2 * narrow * np.cos(2 * np.pi * middle / RATE), narrow**2]
            piece, states[number] = signal.lfilter(
                [1 - narrow], back, source[first : first + step], zi=states[number]
            )
            wave[first : first + step] += piece
    wave *= level
    return wave / np.max(np.abs(wave)) * 0.5


def heard(wave: Wave | NDArray[np.float32], cuts: tuple[float, ...] = ()) -> Music:
    stereo = np.stack([wave, wave], axis=1) if wave.ndim == 1 else wave
    listening = Listening()
    for first in range(0, len(stereo), 30_000):
        listening.hear(stereo[first : first + 30_000].astype(np.float32))
    found = listening.finish(cuts)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("tempo", "tonic", "mode"),
    [(86.0, 9, "minor"), (92.0, 0, "major"), (118.0, 6, "minor"), (150.0, 3, "major")],
)
def test_tempo_beats_and_key_of_music_are_found(tempo: float, tonic: int, mode: str) -> None:
    found = heard(played(tempo, tonic, mode))
    assert found.tempo == pytest.approx(tempo, rel=0.01)
    assert (found.key, found.mode) == (NAMES[tonic], mode)
    assert found.instruments is True
    assert found.speech is False
    away = [(beat - 0.2) / (60 / tempo) for beat in found.beats]
    assert max(abs(each - round(each)) * 60 / tempo for each in away[1:-1]) < 0.04
    assert found.mood is not None
    assert found.mood.valence * (1 if mode == "major" else -1) > 0
    assert found.confidence["tempo"] > 0.5


def test_an_instrument_out_of_tune_is_not_heard_a_key_away() -> None:
    wave = signal.resample(played(100, 2, "major"), round(24 * RATE * 2 ** (0.4 / 12)))
    found = heard(wave)
    assert (found.key, found.mode) == ("D", "major")


@pytest.mark.parametrize("held", [True, False])
def test_a_voice_alone_has_no_tempo_key_or_instruments(held: bool) -> None:
    found = heard(sung(held=held))
    assert (found.tempo, found.key, found.mode, found.beats, found.mood) == (
        None,
        None,
        None,
        (),
        None,
    )
    assert found.instruments is False
    assert found.speech is True
    assert found.recitation is held


@pytest.mark.parametrize("kind", AMBIENCES)
def test_nature_is_neither_voice_nor_music(kind: str) -> None:
    found = heard(ambience(kind, seed=2, seconds=14))
    assert (found.tempo, found.key, found.speech, found.instruments) == (None, None, False, False)
    assert {each.kind for each in found.stretches} == {"ambience"}
    assert found.loudness_lufs is not None


def test_silence_has_no_figures() -> None:
    found = heard(np.zeros((5 * RATE, 2), np.float32))
    assert (found.tempo, found.key, found.loudness_lufs, found.energy) == (None, None, None, None)
    assert (found.speech, found.instruments) == (False, False)
    assert [each.kind for each in found.stretches] == ["silence"]
    assert set(found.loudness_curve) == {None}


def test_instruments_are_heard_under_a_voice() -> None:
    wave = sung() + 0.25 * played(96, 4, "minor", seconds=20)
    found = heard(wave)
    assert (found.instruments, found.speech) == (True, True)
    assert found.tempo == pytest.approx(96, rel=0.02)


def test_one_after_the_other_they_are_told_apart_in_time() -> None:
    quiet = np.zeros(4 * RATE)
    wave = np.concatenate([quiet, sung(seconds=11), quiet, played(110, 0, "major", seconds=12)])
    stretches = heard(wave).stretches
    assert [each.kind for each in stretches] == ["silence", "recitation", "silence", "music"]
    for found, true in zip([each.start for each in stretches[1:]], (4.0, 15.0, 19.0), strict=True):
        assert found == pytest.approx(true, abs=3.2)  # a phrase may end before the voice's time


def test_loudness_is_that_of_both_channels_as_ffmpeg_measures_it(tmp_path: Path) -> None:
    left = played(120, 0, "major", seconds=8)
    stereo = np.stack([left, 0.4 * np.roll(left, 900)], axis=1).astype(np.float32)
    wavfile.write(tmp_path / "a.wav", RATE, stereo)
    found = heard(stereo)
    assert found.loudness_lufs == pytest.approx(
        measure(tmp_path / "a.wav").integrated_lufs, abs=0.2
    )
    assert len(found.loudness_curve) == 8


def test_pieces_of_any_size_come_to_the_same() -> None:
    wave = np.stack([played(100, 0, "major", seconds=8)] * 2, axis=1).astype(np.float32)
    whole, pieces = Listening(), Listening()
    whole.hear(wave)
    for first in range(0, len(wave), 7_777):
        pieces.hear(wave[first : first + 7_777])
    one, other = whole.finish(()), pieces.finish(())
    assert one is not None
    assert other is not None
    assert one.tempo == pytest.approx(other.tempo, rel=0.001)
    assert (one.key, one.mode, one.loudness_lufs) == (other.key, other.mode, other.loudness_lufs)


def test_cuts_on_beats_are_counted() -> None:
    beats = (1.0, 1.5, 2.0, 2.5)
    assert on_beats((1.02, 1.55, 2.25), beats) == pytest.approx(0.67, abs=0.01)
    assert on_beats((), beats) is None
    assert on_beats((1.0,), ()) is None


def test_the_words_for_moods_follow_the_two_axes() -> None:
    assert label(0.6, 0.5) == "joyful"
    assert label(-0.6, 0.5) == "tense"
    assert label(0.6, -0.5) == "calm"
    assert label(-0.6, -0.5) == "melancholic"
    assert label(-0.6, 0.0) == "solemn"
    assert label(0.6, 0.0) == "hopeful"


def test_what_listens_takes_the_sound_as_the_decoder_gives_it() -> None:
    assert stream.SOUND_RATE == loudness.RATE
