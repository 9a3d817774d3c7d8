"""What is heard: ambience without loops, a recitation that leads, one loudness for all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from scipy.io import wavfile

from autosched.errors import CancelledError, InvalidError
from autosched.media import ffmpeg
from autosched.studio import sound
from autosched.studio.sound import SoundPlan
from autosched.studio.sound.ambience import ambience
from autosched.studio.sound.mixing import RATE, ducking, limited, measure, mix


def plan(**changes: object) -> SoundPlan:
    given: dict[str, object] = {
        "ambience": None,
        "ambience_gain_db": 0.0,
        "recitation": None,
        "music": None,
        "music_free": True,
        "seconds": 6.0,
        "seed": 7,
        **changes,
    }
    return SoundPlan(**given)  # type: ignore[arg-type]


def after_aac(wav: Path) -> tuple[float, float]:
    """Loudness and true peak of the sound as a finished video carries it."""
    coded = wav.with_suffix(".m4a")
    ffmpeg.run(["-i", str(wav), "-c:a", "aac", "-b:a", "192k", str(coded)])
    found = measure(coded)
    return found.integrated_lufs, found.true_peak_dbtp


def voice(path: Path, *, seconds: float = 6.0, level: float = 0.05) -> np.ndarray:
    """Something like a recitation: phrases of a hummed tone between silences; written to `path`."""
    time = np.arange(round(seconds * RATE)) / RATE
    phrase = ((time % 3.0) > 0.5) & ((time % 3.0) < 2.0)
    tone = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 7))
    wave = (level * phrase * tone * (1 + 0.3 * np.sin(2 * np.pi * 5 * time))).astype(np.float32)
    wavfile.write(path, RATE, np.stack([wave, wave], axis=1))
    return wave


@pytest.mark.parametrize("kind", sound.AMBIENCES)
def test_an_ambience_is_the_same_for_the_same_seed_and_another_for_another(kind: str) -> None:
    first = ambience(kind, seed=1, seconds=2.0)
    assert first.shape == (2 * RATE, 2)
    assert first.dtype == np.float32
    assert np.array_equal(first, ambience(kind, seed=1, seconds=2.0))
    assert abs(np.corrcoef(first[:, 0], ambience(kind, seed=2, seconds=2.0)[:, 0])[0, 1]) < 0.5


@pytest.mark.parametrize("kind", sound.AMBIENCES)
def test_an_ambience_is_wide_and_has_no_clicks(kind: str) -> None:
    wave = ambience(kind, seed=3, seconds=4.0)
    assert abs(np.corrcoef(wave[:, 0], wave[:, 1])[0, 1]) < 0.9
    steps = np.abs(np.diff(wave, axis=0)).max(axis=1)
    assert steps.max() < 12 * steps.std() + 0.4


def test_a_long_ambience_is_spliced_without_a_step_and_never_repeats() -> None:
    wave = ambience("wind", seed=5, seconds=100.0)[:, 0].astype(np.float64)
    loud = np.sqrt(ndimage.uniform_filter1d(wave**2, RATE // 2)[:: RATE // 4])
    assert np.max(np.abs(np.diff(loud))) < 0.6 * loud.mean() + 0.05
    one, other = wave[: 40 * RATE], wave[45 * RATE : 85 * RATE]
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05


@pytest.mark.parametrize("kind", sound.AMBIENCES)
def test_every_ambience_comes_out_at_its_loudness_after_aac(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "mix.wav"
    told = mix(plan(ambience=kind), out)
    lufs, peak = after_aac(out)
    assert lufs == pytest.approx(-14.0, abs=0.5)
    assert peak < -1.0
    assert told.integrated_lufs == pytest.approx(lufs, abs=0.2)


@pytest.mark.parametrize("level", [0.003, 0.05, 0.4])
def test_a_recitation_quiet_or_loud_comes_out_at_its_loudness(level: float, tmp_path: Path) -> None:
    voice(tmp_path / "voice.wav", level=level)
    out = tmp_path / "mix.wav"
    mix(plan(recitation=str(tmp_path / "voice.wav"), ambience="wind"), out)
    lufs, peak = after_aac(out)
    assert lufs == pytest.approx(-14.0, abs=0.5)
    assert peak < -1.0


def test_a_recitation_is_played_as_it_is(tmp_path: Path) -> None:
    wave = voice(tmp_path / "voice.wav")
    mix(plan(recitation=str(tmp_path / "voice.wav")), tmp_path / "mix.wav")
    _, mixed = wavfile.read(tmp_path / "mix.wav")
    assert np.corrcoef(mixed[:, 0], wave)[0, 1] > 0.99


def test_all_else_is_lowered_while_the_recitation_is_heard(tmp_path: Path) -> None:
    wave = voice(tmp_path / "voice.wav", seconds=9.0)
    gain = ducking(np.stack([wave, wave], axis=1))
    time = np.arange(len(gain)) / RATE
    in_phrase = (time % 3.0 > 0.8) & (time % 3.0 < 1.9)
    assert 20 * np.log10(gain[in_phrase].max()) < -10
    assert gain[-RATE // 4 :].mean() > gain[in_phrase].mean() * 1.5
    assert np.abs(np.diff(gain)).max() < 0.001


def test_the_sound_is_exactly_as_long_as_the_video(tmp_path: Path) -> None:
    voice(tmp_path / "voice.wav", seconds=9.0)
    given = plan(recitation=str(tmp_path / "voice.wav"), ambience="rain", seconds=4.7)
    mix(given, tmp_path / "mix.wav")
    rate, mixed = wavfile.read(tmp_path / "mix.wav")
    assert (rate, mixed.shape) == (RATE, (round(4.7 * RATE), 2))


def test_without_anything_to_hear_there_is_digital_silence(tmp_path: Path) -> None:
    told = mix(plan(), tmp_path / "mix.wav")
    _, mixed = wavfile.read(tmp_path / "mix.wav")
    assert not mixed.any()
    assert told.integrated_lufs == float("-inf")


def test_no_music_stands_in_a_video_that_is_free_of_it(tmp_path: Path) -> None:
    voice(tmp_path / "music.wav")
    with pytest.raises(InvalidError, match="free of music"):
        mix(plan(music=str(tmp_path / "music.wav")), tmp_path / "mix.wav")
    given = plan(music=str(tmp_path / "music.wav"), music_free=False)
    assert mix(given, tmp_path / "mix.wav").integrated_lufs > -15


@pytest.mark.parametrize("kind", ["text", "silent", "cut", "missing"])
def test_a_file_without_a_sound_is_refused_with_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "recitation.wav"
    if kind == "text":
        path.write_text("In the name of the file")
    elif kind == "silent":
        wavfile.write(path, RATE, np.zeros((RATE, 2), np.float32))
    elif kind == "cut":
        voice(path)
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InvalidError, match="recitation"):
        mix(plan(recitation=str(path)), tmp_path / "mix.wav")


def test_a_limited_wave_never_passes_its_ceiling(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    wave = (rng.standard_normal((RATE * 3, 2)) * 0.7).astype(np.float32)
    wavfile.write(tmp_path / "limited.wav", RATE, limited(wave, -2.0))
    assert measure(tmp_path / "limited.wav").true_peak_dbtp <= -1.8


def test_a_cancelled_mix_stops(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        mix(plan(ambience="wind"), tmp_path / "mix.wav", cancelled=lambda: True)
