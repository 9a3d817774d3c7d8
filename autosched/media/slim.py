"""A video made smaller, for a server that takes no larger one: same picture, fewer bits."""

from __future__ import annotations

import math
from pathlib import Path

from autosched.errors import InvalidError
from autosched.media import ffmpeg

_AUDIO_BITS = 128_000
_LEAST_BITS = 260_000  # under this a video is no longer worth showing
_BITS_A_PIXEL = 0.055  # at 30 frames a second, what x264 needs to look clean
_TRIES = 3


def slim(path: Path, most_bytes: int, out: Path, *, width: int, height: int, seconds: float) -> int:
    """Write `path` to `out` as an MP4 of at most `most_bytes`; the size that came of it.

    The frame is made smaller where the bits would not do for it. `InvalidError` if the video is
    too long to be shown decently in so little.
    """
    share = 0.94
    for _ in range(_TRIES):
        bits = int(most_bytes * 8 * share / max(seconds, 0.5)) - _AUDIO_BITS
        if bits < _LEAST_BITS:
            break
        ffmpeg.run(_arguments(path, out, bits, width, height), seconds=seconds)
        size = out.stat().st_size
        if size <= most_bytes:
            return size
        share *= 0.95 * most_bytes / size
    out.unlink(missing_ok=True)
    raise InvalidError(
        f"This video of {seconds:.0f} seconds can't be made to fit in {most_bytes / 2**20:.0f} MB.",
        remedy="Choose a shorter video.",
        code="video_too_large",
    )


def _arguments(path: Path, out: Path, bits: int, width: int, height: int) -> list[str]:
    shrink = min(1.0, math.sqrt(bits / (_BITS_A_PIXEL * 30 * width * height)))
    size = f"{_even(width * shrink)}:{_even(height * shrink)}"
    return [
        *("-i", str(path), "-map", "0:v:0", "-map", "0:a:0?", "-vf", f"scale={size}:flags=lanczos"),
        *("-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p", "-preset", "medium"),
        *("-b:v", str(bits), "-maxrate", str(int(bits * 1.4)), "-bufsize", str(bits * 2)),
        *("-c:a", "aac", "-b:a", str(_AUDIO_BITS), "-movflags", "+faststart", "-f", "mp4"),
        str(out),
    ]


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)
