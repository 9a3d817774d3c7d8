"""A video that is to be free of music is: instruments in a recording are found, voices pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal
from scipy.io import wavfile

from autosched.errors import InvalidError
from autosched.studio import spec
from autosched.studio.render import render
from autosched.studio.sound import AMBIENCES, SoundPlan, freedom
from autosched.studio.sound.ambience import ambience
from autosched.studio.sound.mixing import RATE, mix

Wave = NDArray[np.float64]


def voice(seed: int, seconds: float = 16.0, *, room: float = 0.0) -> Wave:
    """A reciting voice: held and gliding notes of a glottal source through formants, with breaths.

    `room`: the share of reverberation, three seconds of it, as in a mosque.
    """
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    pitch, level, at, last = np.full(count, 120.0), np.zeros(count), 0.3, 150.0
    while at < seconds:
        for length in rng.choice([0.2, 0.3, 0.5, 1.6], int(rng.integers(3, 8))):
            here = slice(min(count, round(at * RATE)), min(count, round((at + length) * RATE)))
            time = np.arange(here.stop - here.start) / RATE
            goal = 145 * 2 ** (rng.choice([0, 1, 3, 5, 7]) / 12)
            drift = 1 + 0.01 * np.sin(2 * np.pi * 5.5 * time) * np.minimum(1, time / 0.3)
            pitch[here] = (last + (goal - last) * (1 - np.exp(-time / 0.05))) * drift
            level[here] = np.minimum(1, np.minimum(time, length - time) / 0.03)
            last, at = goal, at + length
        at += rng.uniform(0.5, 1.5)
    source = np.diff(signal.sawtooth(2 * np.pi * np.cumsum(pitch / RATE), 0.85), prepend=0)
    wave = np.zeros(count)
    for middle in (600, 1300, 2500):
        narrow = np.exp(-np.pi * 100 / RATE)
        back = [1, -2 * narrow * np.cos(2 * np.pi * middle / RATE), narrow**2]
        wave += signal.lfilter([1 - narrow], back, source)
    wave *= level
    if room:
        time = np.arange(3 * RATE) / RATE
        tail = rng.standard_normal(len(time)) * np.exp(-6.9 * time / 3)
        wet = signal.oaconvolve(wave, tail / np.sqrt(np.sum(tail**2)))[:count]
        wave += room * wet
    return wave / np.sqrt(np.mean(wave**2)) * 0.1


def music(seconds: float = 16.0, *, tempo: float = 96.0) -> Wave:
    """Plucked chords, a bass and a frame drum."""
    rng = np.random.default_rng(2)
    wave, beat = np.zeros(round(seconds * RATE)), 60 / tempo
    for number in range(int(seconds / beat)):
        first = round(number * beat * RATE)
        time = np.arange(min(len(wave) - first, round(1.2 * RATE))) / RATE
        root = (146.8, 196.0, 220.0, 146.8)[number // 4 % 4]
        for share in (0.5, 1.0, 1.2, 1.5):
            tone = sum(np.sin(2 * np.pi * root * share * n * time) / n for n in range(1, 6))
            wave[first : first + len(time)] += 0.2 * tone * np.exp(-time / 0.5)
        drum = np.sin(2 * np.pi * 80 * time) * np.exp(-time / 0.1)
        noise = rng.standard_normal(len(time)) * np.exp(-time / 0.02)
        wave[first : first + len(time)] += drum if number % 2 == 0 else 0.5 * noise
    return wave / np.sqrt(np.mean(wave**2)) * 0.1


def stored(folder: Path, wave: Wave | NDArray[np.float32]) -> str:
    wavfile.write(folder / "recitation.wav", RATE, (0.5 * wave).astype(np.float32))
    return str(folder / "recitation.wav")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("room", [0.0, 0.6])
def test_a_voice_alone_passes(seed: int, room: float, tmp_path: Path) -> None:
    assert freedom.checked(stored(tmp_path, voice(seed, room=room)), "recitation") is None


@pytest.mark.parametrize("kind", AMBIENCES)
def test_nature_passes_alone_and_under_a_voice(kind: str, tmp_path: Path) -> None:
    bed = ambience(kind, seed=4, seconds=16.0).mean(axis=1).astype(np.float64)
    assert freedom.checked(stored(tmp_path, bed), "recitation") is None
    assert freedom.checked(stored(tmp_path, voice(5) + 0.3 * bed), "recitation") is None


def test_noise_and_the_hum_of_the_mains_pass(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    assert freedom.checked(stored(tmp_path, rng.normal(0, 0.1, 12 * RATE)), "recitation") is None
    time = np.arange(16 * RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 2, 3, 4, 6)) * 0.01
    assert freedom.checked(stored(tmp_path, voice(6) + hum), "recitation") is None


@pytest.mark.parametrize("under_db", [0, -6, -14])
def test_instruments_under_a_voice_are_found(under_db: int, tmp_path: Path) -> None:
    path = stored(tmp_path, voice(7) + music() * 10 ** (under_db / 20))
    with pytest.raises(InvalidError) as raised:
        freedom.checked(path, "recitation")
    assert raised.value.code == "music_found"
    assert "recitation.wav" in raised.value.sentence
    assert "0:0" in raised.value.sentence
    assert '"music_free": false' in raised.value.remedy


def test_the_stretches_that_are_named_are_those_with_instruments(tmp_path: Path) -> None:
    wave = np.concatenate([voice(8, 14.0), voice(9, 12.0) + 0.5 * music(12.0), voice(10, 14.0)])
    with pytest.raises(InvalidError, match=r"0:1[2-6] to 0:2[4-8]"):
        freedom.checked(stored(tmp_path, wave), "recitation")


def test_the_mix_stops_where_it_is_to_be_free_of_music_and_goes_on_where_not(
    tmp_path: Path,
) -> None:
    path = stored(tmp_path, voice(11, 12.0) + 0.4 * music(12.0))
    with pytest.raises(InvalidError) as raised:
        mix(SoundPlan(None, 0.0, path, None, True, 12.0, 7), tmp_path / "mix.wav")
    assert raised.value.code == "music_found"
    found = mix(SoundPlan(None, 0.0, path, None, False, 12.0, 7), tmp_path / "mix.wav")
    assert found.integrated_lufs == pytest.approx(-14, abs=0.5)


def test_a_render_stops_with_the_same_error_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = stored(tmp_path, voice(12, 8.0) + 0.5 * music(8.0))
    asked = spec.parse(
        {"scenes": [{"text": "Breathe.", "seconds": 8}], "audio": {"recitation": path}}
    )
    with pytest.raises(InvalidError) as raised:
        render(asked, tmp_path / "out" / "a.mp4", scale=0.2, draft=True)
    assert raised.value.code == "music_found"
    assert list((tmp_path / "out").iterdir()) == []
