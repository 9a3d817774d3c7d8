"""Proving a finished video: what it holds and how loud it is, measured on the file itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import av

from autosched.errors import UnavailableError
from autosched.media import ffmpeg
from autosched.studio.timeline import Plan

LOUDNESS, LOUDNESS_SLACK, PEAK = -14.0, 0.5, -1.0
# Below this there is nothing to hear, and no loudness to hold it to.
_SILENCE = -60.0


@dataclass(frozen=True)
class Proof:
    """What was measured. `loudness` in LUFS and `true_peak` in dBTP; `None` when it is silent."""

    seconds: float
    width: int
    height: int
    fps: float
    frames: int
    codec: str
    profile: str
    pixels: str
    audio_codec: str
    audio_rate: int
    audio_channels: int
    loudness: float | None
    true_peak: float | None
    moov_first: bool
    size: int


def measure(path: Path) -> Proof:
    """Measure the video at `path`."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        loudness, peak = _loudness(path)
        return Proof(
            seconds=float((video.duration or 0) * (video.time_base or 0)),
            width=video.width,
            height=video.height,
            fps=float(video.average_rate or 0),
            frames=video.frames,
            codec=video.codec_context.name,
            profile=str(video.profile),
            pixels=str(video.codec_context.pix_fmt),
            audio_codec=audio.codec_context.name,
            audio_rate=audio.rate,
            audio_channels=audio.channels,
            loudness=loudness,
            true_peak=peak,
            moov_first=_moov_first(path),
            size=path.stat().st_size,
        )


def faults(proof: Proof, plan: Plan) -> list[str]:
    """What is not as it was promised; empty when all is well."""
    promised = {
        "size": ((proof.width, proof.height), (plan.width, plan.height)),
        "frame rate": (proof.fps, float(plan.fps)),
        "number of frames": (proof.frames, plan.frames),
        "codec": (f"{proof.codec} {proof.profile} {proof.pixels}", "h264 High yuv420p"),
        "sound": (
            (proof.audio_codec, proof.audio_rate, proof.audio_channels),
            ("aac", 48000, 2),
        ),
        "place of its index": (proof.moov_first, True),
    }
    found = [
        f"its {name} is {got}, not {want}" for name, (got, want) in promised.items() if got != want
    ]
    if proof.loudness is not None and abs(proof.loudness - LOUDNESS) > LOUDNESS_SLACK:
        found.append(f"its loudness is {proof.loudness:.1f} LUFS, not {LOUDNESS:.0f}")
    if proof.true_peak is not None and proof.true_peak >= PEAK:
        found.append(f"its true peak is {proof.true_peak:.1f} dBTP, not under {PEAK:.0f}")
    return found


def check(path: Path, plan: Plan) -> Proof:
    """Measure the video and raise `UnavailableError` when it isn't what the plan promises."""
    proof = measure(path)
    found = faults(proof, plan)
    if found:
        raise UnavailableError(
            f"The finished video did not pass its check: {'; '.join(found)}.",
            remedy="Render it again; if this comes back, leave out its sound or media in turn.",
            code="not_as_promised",
        )
    return proof


def _loudness(path: Path) -> tuple[float | None, float | None]:
    log = ffmpeg.run(
        ["-i", f"file:{path}", "-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"]
    )
    summary = log[log.rfind("Summary:") :]
    loudness = _figure(r"I:\s+(-?[\d.]+|-inf) LUFS", summary)
    peak = _figure(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)
    if loudness is None or loudness <= _SILENCE:
        return None, None
    return loudness, peak


def _figure(pattern: str, text: str) -> float | None:
    found = re.search(pattern, text)
    return None if found is None or found[1] == "-inf" else float(found[1])


def _moov_first(path: Path) -> bool:
    """Whether the file's index stands before its media, so that it plays while it loads."""
    with path.open("rb") as file:
        while header := file.read(8):
            size, kind = int.from_bytes(header[:4], "big"), header[4:]
            if kind == b"moov":
                return True
            if kind == b"mdat" or size < 8:
                return False
            file.seek(size - 8, 1)
    return False
