"""A music bed fits the video, ends musically, and its joints are on beats and unheard."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import wavfile

from autosched.errors import InvalidError
from autosched.studio.analysis.music import Listening, Told
from autosched.studio.sound import SoundPlan, bed, listening, splicing
from autosched.studio.sound.mixing import RATE, ducking, mix

TEMPO = 100.0
BEAT = 60 / TEMPO
Wave = NDArray[np.float32]


def struck(pitch: float, seconds: float, ring: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 6))
    made: NDArray[np.float64] = tone * (1 - np.exp(-time / 0.003)) * np.exp(-time / ring)
    return made


@lru_cache
def track(*, bars: int = 12, ending: bool = True) -> Wave:
    """Chords and drums in four at 100 a minute; with `ending` a last chord dies away."""
    rng = np.random.default_rng(1)
    wave = np.zeros(round((bars * 4 * BEAT + (3.5 if ending else 0)) * RATE))

    def laid(piece: NDArray[np.float64], at: float) -> None:
        first = round(at * RATE)
        piece = piece[: len(wave) - first]
        wave[first : first + len(piece)] += piece

    for number in range(bars * 4):
        at, root = number * BEAT, (220.0, 293.66, 329.63, 220.0)[number // 4 % 4]
        time = np.arange(round(0.2 * RATE)) / RATE
        low, hiss = np.sin(2 * np.pi * 65 * time), rng.standard_normal(len(time)) * 0.5
        laid((low if number % 2 == 0 else hiss) * np.exp(-time / 0.06), at)
        if number % 4 == 0:
            for share in (0.5, 1.0, 1.26, 1.5):
                laid(0.3 * struck(root * share, 4 * BEAT, 1.0), at)
    if ending:
        for share in (0.5, 1.0, 1.26, 1.5):
            laid(0.3 * struck(220.0 * share, 3.5, 0.5), bars * 4 * BEAT)
    wave *= 0.5 / np.max(np.abs(wave))
    return np.stack([wave, wave], axis=1).astype(np.float32)


@lru_cache
def told(*, bars: int = 12, ending: bool = True) -> Told:
    listener = Listening()
    listener.hear(track(bars=bars, ending=ending))
    return listener.told()


@pytest.mark.parametrize("seconds", [14.0, 22.5, 47.0, 90.0])
def test_a_track_shorter_or_longer_than_the_video_comes_to_its_own_ending(seconds: float) -> None:
    found = bed.cut(told(), seconds)
    assert seconds - 2.3 < found.seconds <= seconds
    assert found.fade == 0
    assert found.pieces[0].start == 0.0
    assert found.pieces[-1].end > 12 * 4 * BEAT + 1.0
    assert abs(found.speed - 1) <= 0.0151


@pytest.mark.parametrize("seconds", [14.0, 47.0, 90.0])
def test_it_jumps_by_whole_bars_only(seconds: float) -> None:
    pieces = bed.cut(told(), seconds).pieces
    assert len(pieces) > 1
    for before, after in pairwise(pieces):
        bars = (before.end - after.start) / (4 * BEAT)
        assert abs(bars - round(bars)) * 4 * BEAT < 0.03


@pytest.mark.parametrize("seconds", [15.0, 41.0])
def test_a_track_that_breaks_off_fades_over_its_last_bar(seconds: float) -> None:
    found = bed.cut(told(ending=False), seconds)
    assert found.fade == pytest.approx(4 * BEAT, abs=0.1)
    made = splicing.spliced(track(ending=False), found, RATE)
    assert len(made) / RATE == pytest.approx(seconds, abs=0.15)
    loud = [float(np.sqrt(np.mean(made[-round(s * RATE) :][: RATE // 10] ** 2))) for s in (3, 0.1)]
    assert loud[1] < 0.05 * loud[0]


def test_joints_are_neither_clicks_nor_holes() -> None:
    found = bed.cut(told(), 90.0)
    made = splicing.spliced(track(), found, RATE).astype(np.float64)
    assert np.abs(np.diff(made, 2, axis=0)).max() < 1.3 * np.abs(np.diff(track(), 2, axis=0)).max()
    at = 0.0
    for piece in found.pieces[:-1]:
        at += piece.seconds / found.speed
        around = made[round((at - 0.25) * RATE) : round((at + 0.25) * RATE), 0]
        like = [
            float(np.sqrt(np.mean(around[first : first + RATE // 20] ** 2)))
            for first in range(0, len(around) - RATE // 20, RATE // 20)
        ]
        usual = np.sqrt(np.mean(made**2))
        assert min(like) > 0.05 * usual
        assert max(like) < 4.0 * usual


def test_the_beat_goes_on_through_the_joints() -> None:
    found = bed.cut(told(), 90.0)
    listener = Listening()
    listener.hear(splicing.spliced(track(), found, RATE)[: 80 * RATE])
    beats = listener.finish(()).beats  # type: ignore[union-attr]
    steps = np.diff(beats) * found.speed
    whole = steps / BEAT
    assert np.abs(whole - np.round(whole * 2) / 2).max() * BEAT < 0.06


def test_sound_without_a_beat_is_made_longer_too() -> None:
    rng = np.random.default_rng(5)
    time = np.arange(12 * RATE) / RATE
    pad = sum(np.sin(2 * np.pi * f * time + rng.uniform(0, 6)) for f in (196.0, 246.9, 293.7)) * 0.1
    wave = np.stack([pad, pad], axis=1).astype(np.float32)
    listener = Listening()
    listener.hear(wave)
    made = splicing.spliced(wave, bed.cut(listener.told(), 30.0), RATE)
    assert len(made) / RATE == pytest.approx(30.0, abs=0.3)
    assert np.abs(np.diff(made, 2, axis=0)).max() < 2 * np.abs(np.diff(wave, 2, axis=0)).max()


def test_the_beats_of_a_file_are_known_and_remembered(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "music.wav", RATE, track())
    beats = listening.beats_of(tmp_path / "music.wav")
    assert len(beats) > 40
    steps = np.diff(beats)
    assert float(np.median(steps)) == pytest.approx(BEAT, rel=0.01)
    assert listening.told(tmp_path / "music.wav") is listening.told(tmp_path / "music.wav")
    wavfile.write(tmp_path / "noise.wav", RATE, np.random.default_rng(0).normal(0, 0.1, 8 * RATE))
    assert listening.beats_of(tmp_path / "noise.wav") == ()


def test_what_is_no_sound_has_no_beats(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("no sound")
    with pytest.raises(InvalidError, match="no sound") as raised:
        listening.beats_of(tmp_path / "a.mp3")
    assert raised.value.code == "no_sound"


def test_the_mixed_bed_is_exactly_as_long_as_the_video(
    tmp_path: Path,
) -> None:
    wavfile.write(tmp_path / "music.wav", RATE, track())
    given = SoundPlan(None, 0.0, None, str(tmp_path / "music.wav"), False, 14.0, 7)
    assert mix(given, tmp_path / "mix.wav").integrated_lufs == pytest.approx(-14, abs=0.5)
    _, mixed = wavfile.read(tmp_path / "mix.wav")
    assert len(mixed) == 14 * RATE
    assert np.abs(mixed[-10:]).max() < 0.01


def test_all_else_goes_down_under_a_voice_as_far_as_the_design_says() -> None:
    time = np.arange(3 * RATE) / RATE
    hum = (0.1 * np.sin(2 * np.pi * 180 * time) * (time > 1)).astype(np.float32)
    for down in (-6.0, -20.0):
        gain = ducking(np.stack([hum, hum], axis=1), down)
        assert 20 * np.log10(gain[2 * RATE]) == pytest.approx(down, abs=0.3)
        # It has begun to go down before the voice begins, and without a jump.
        assert gain[round(0.95 * RATE)] < 0.98
        assert gain[RATE // 4] == pytest.approx(1.0, abs=0.01)
        assert np.abs(np.diff(gain)).max() < 0.001
