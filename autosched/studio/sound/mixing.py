"""What is heard, put together: recitation first, all else lowered under it, at one loudness.

Loudness is integrated LUFS by EBU R 128 (ITU-R BS.1770), true peak in dBTP, both as ffmpeg's
`ebur128` measures them. A static gain brings the mix to its loudness; only where its peaks would
stand above the ceiling does a limiter take part, at four times the rate, and the gain is found
anew with it in place.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal
from scipy.io import wavfile

from autosched.errors import CancelledError, InvalidError
from autosched.media import ffmpeg
from autosched.studio.sound import bed, freedom, listening, splicing
from autosched.studio.sound.ambience import ambience
from autosched.studio.sound.kinds import Loudness, SoundPlan

RATE = 48_000
FRAME_BYTES = 8  # two channels of 32-bit floats
TARGET_LUFS = -14.0
# AAC can lift a peak by most of a decibel; what is heard must stay under -1 dBTP.
CEILING_DBTP = -2.0
_PEAK_WANTED_DBTP = -1.2
_UNMEASURED, _SHORT_PEAK_DB = -69.9, -8.0

_DUCK_ATTACK, _DUCK_RELEASE, _DUCK_HOLD = 0.12, 0.7, 0.35
_SPEECH_DB = -42.0
_AMBIENCE_UNDER_DB = -8.0
_FADE_IN, _FADE_OUT = 0.6, 1.2
_CUT_FADE = 0.35
_SILENT_RMS = 1e-4
_TRIES = 6
_CLOSE_ENOUGH = 0.12

Wave = NDArray[np.float32]


def mix(
    plan: SoundPlan,
    out: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    warn: Callable[[str], None] = lambda sentence: None,
) -> Loudness:
    """Write the sound of exactly `plan.seconds` to `out`, a 48 kHz stereo WAV.

    Without ambience, recitation and music it is digital silence. `InvalidError` for a file that
    holds no sound, and for music, or instruments in the recitation, where the video is to be free
    of it; `warn` is told where that is uncertain.
    """
    if plan.music and plan.music_free:
        raise InvalidError(
            "This video is to be free of music.",
            remedy="Take the music out, or allow music for this video.",
            code="music_free",
        )
    count = round(plan.seconds * RATE)
    heard = np.zeros((count, 2), np.float32)
    duck = np.ones(count, np.float32)
    if plan.recitation:
        voice = _fitted(_decoded(plan.recitation, "recitation", plan.seconds), count)
        duck = ducking(voice, plan.duck_db)
        heard += voice
        _stop(cancelled)
        if plan.music_free and (doubt := freedom.checked(plan.recitation, "recitation")):
            warn(doubt)
    _stop(cancelled)
    if plan.music:
        gain = _amplitude(plan.music_gain_db)
        heard += _bed(plan.music, count) * duck[:, None] * np.float32(gain)
    if plan.ambience:
        bed = ambience(plan.ambience, seed=plan.seed, seconds=plan.seconds, rate=RATE)
        under = _AMBIENCE_UNDER_DB if plan.recitation or plan.music else 0.0
        gain = _amplitude(plan.ambience_gain_db + under)
        heard += _faded(bed) * duck[:, None] * np.float32(gain)
    _stop(cancelled)
    if not np.any(np.abs(heard) > _SILENT_RMS):
        wavfile.write(out, RATE, heard)
        return Loudness(float("-inf"), float("-inf"))
    return _mastered(heard, out, cancelled)


def ducking(voice: Wave, down_db: float = -14.0) -> Wave:
    """The gain (0 to 1) of all else while the voice is heard: it dips before, recovers after."""
    power = ndimage.uniform_filter1d(np.mean(voice.astype(np.float64) ** 2, axis=1), RATE // 20)
    loudest = float(np.max(power))
    floor = max(loudest * 10 ** (_SPEECH_DB / 10), _SILENT_RMS**2)
    step = RATE // 100
    heard = (power[::step] > floor).astype(np.float64)
    # Held through short breaths, and begun a little ahead of the word.
    held = ndimage.maximum_filter1d(heard, round(_DUCK_HOLD * 100) * 2 + 1)
    low, gain = _amplitude(down_db), np.empty(len(held))
    level = low if held[0] else 1.0
    for place, speaking in enumerate(held):
        wanted = low if speaking else 1.0
        pace = _DUCK_ATTACK if wanted < level else _DUCK_RELEASE
        level += (wanted - level) * (1 - np.exp(-0.01 / (pace / 2)))
        gain[place] = level
    places = np.arange(len(voice)) / step
    return np.interp(places, np.arange(len(gain)), gain).astype(np.float32)


def measure(path: Path) -> Loudness:
    """The loudness of a file's first sound track."""
    log = ffmpeg.run(
        ["-i", str(path), "-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"]
    )
    summary = log[log.rfind("Summary:") :]
    found = [re.search(rf"{key}:\s+(-?[\d.]+|-?inf)", summary) for key in ("I", "Peak")]
    values = [float(match[1]) if match else float("-inf") for match in found]
    return Loudness(values[0], values[1])


def _mastered(heard: Wave, out: Path, cancelled: Callable[[], bool]) -> Loudness:
    """Bring the mix to its loudness under the ceiling, as it is heard after AAC; write it."""
    heard = heard / np.max(np.abs(heard))  # well above the gate of the meter
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        plain = _as_mixed(heard, Path(folder))  # AAC moves it by less than is put right below
        if plain.integrated_lufs <= _UNMEASURED:  # too short for the meter's blocks
            wavfile.write(out, RATE, heard * np.float32(_amplitude(_SHORT_PEAK_DB)))
            return measure(out)
        gain, ceiling = TARGET_LUFS - plain.integrated_lufs, CEILING_DBTP
        for _ in range(_TRIES):
            _stop(cancelled)
            done = heard * np.float32(_amplitude(gain))
            if plain.true_peak_dbtp + gain > ceiling:
                done = limited(done, ceiling)
            found = _as_heard(done, Path(folder))
            short = TARGET_LUFS - found.integrated_lufs
            over = found.true_peak_dbtp - _PEAK_WANTED_DBTP
            if abs(short) <= _CLOSE_ENOUGH and over <= 0:
                break
            gain += short
            ceiling -= max(over, 0.0)
    wavfile.write(out, RATE, done)
    return found


def _as_mixed(wave: Wave, folder: Path) -> Loudness:
    """The loudness of the wave as it is."""
    trial = folder / "trial.wav"
    wavfile.write(trial, RATE, wave)
    return measure(trial)


def _as_heard(wave: Wave, folder: Path) -> Loudness:
    """The loudness of the wave once it has been through the video's AAC encoder."""
    trial, coded = folder / "trial.wav", folder / "trial.m4a"
    wavfile.write(trial, RATE, wave)
    ffmpeg.run(["-i", str(trial), "-c:a", "aac", "-b:a", "192k", str(coded)])
    return measure(coded)


def limited(wave: Wave, ceiling_dbtp: float) -> Wave:
    """The wave with its true peaks held under the ceiling: looks ahead, recovers softly."""
    up = np.abs(signal.resample_poly(wave, 4, 1, axis=0)).max(axis=1)
    peaks = up[: len(wave) * 4].reshape(len(wave), 4).max(axis=1)
    peaks = np.maximum(peaks, np.abs(wave).max(axis=1))
    need = np.minimum(1.0, _amplitude(ceiling_dbtp) / np.maximum(peaks, 1e-9))
    ahead = RATE // 400
    held = ndimage.minimum_filter1d(need, ahead * 2 + 1)
    # A long, soft recovery: the lowest need of the last moments, rising slowly.
    slow = ndimage.minimum_filter1d(held, RATE // 25 + 1)
    smooth = ndimage.uniform_filter1d(np.minimum(held, slow), ahead * 2 + 1)
    made: Wave = wave * np.minimum(smooth, held)[:, None].astype(np.float32)
    return made


def _decoded(path: str, what: str, seconds: float) -> Wave:
    """The file's sound as 48 kHz stereo, at most `seconds` of it."""
    if not Path(path).is_file():
        raise InvalidError(f"The {what} “{Path(path).name}” is not there.", code="missing_file")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        try:
            ffmpeg.run(
                [
                    *("-protocol_whitelist", "file", "-i", path, "-map", "0:a:0"),
                    *("-t", f"{seconds + 1:.3f}", "-ac", "2", "-ar", str(RATE)),
                    *("-f", "f32le", str(raw)),
                ]
            )
        except ffmpeg.FfmpegError as error:
            raise InvalidError(
                f"The {what} “{Path(path).name}” holds no sound that can be read.",
                remedy="Choose an audio file such as MP3, M4A or WAV.",
                code="no_sound",
            ) from error
        wave = np.fromfile(raw, np.float32).reshape(-1, 2)
    wave = np.nan_to_num(wave, posinf=0.0, neginf=0.0)
    if len(wave) < RATE // 10 or float(np.sqrt(np.mean(wave**2))) < _SILENT_RMS:
        raise InvalidError(
            f"The {what} “{Path(path).name}” is silent or empty.",
            remedy="Listen to the file; choose another.",
            code="silent",
        )
    return wave


def _bed(path: str, count: int) -> Wave:
    """The track cut on its beats to the length of the video, at the level of an ambience."""
    track = _decoded(path, "music", listening.LONGEST)
    cut = bed.cut(listening.told(path), count / RATE)
    return _levelled(_fitted(splicing.spliced(track, cut, RATE), count))


def _fitted(wave: Wave, count: int) -> Wave:
    """As many samples as there is time; faded only where it is cut."""
    if len(wave) <= count:
        return np.pad(wave, ((0, count - len(wave)), (0, 0)))
    kept = wave[:count].copy()
    over = min(round(_CUT_FADE * RATE), count)
    kept[-over:] *= np.linspace(1, 0, over, dtype=np.float32)[:, None]
    return kept


def _levelled(wave: Wave) -> Wave:
    """At the loudness at which ambience is made, so that levels can be set beside each other."""
    level = float(np.sqrt(np.mean(wave.astype(np.float64) ** 2))) or 1.0
    return wave * np.float32(0.1 / level)


def _faded(wave: Wave) -> Wave:
    """In and out softly; for very short ones in a quarter of their length."""
    made = wave.copy()
    rise = min(round(_FADE_IN * RATE), len(made) // 4)
    fall = min(round(_FADE_OUT * RATE), len(made) // 4)
    if rise:
        made[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32))[:, None]
    if fall:
        made[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32))[:, None]
    return made


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise CancelledError("The render was cancelled.")
