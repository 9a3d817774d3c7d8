"""Posters and waveforms: the pictures by which a file is known in the library.

The functions decode what they are given in this process. A file from outside goes through
`probe.probe`, which calls them in its guarded child.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageOps, ImageStat

POSTER_SHORT = 540
POSTER_LONG = 1280
WAVE_SIZE = (1200, 240)
_WAVE_BAR, _WAVE_GAP = 3, 2
# Stands out at least 3 to 1 against white and against near-black alike.
_WAVE_COLOUR = (122, 130, 142)
_WAVE_HERTZ = 8000
_WAVE_WINDOW = 80  # samples: 10 ms
_PROFILE_MAX = 64 * 1024
_POSTER_PLACES = (0.35, 0.6, 0.1, 0.85, 0.0)
_DECODE_MAX = 150


@dataclass(frozen=True)
class Shape:
    """How a video's frames are shown: turned clockwise by `rotation`, pixels `aspect` wide."""

    rotation: int = 0
    aspect: float = 1.0

    def shown(self, width: int, height: int) -> tuple[int, int]:
        """The size on a screen of a frame that is stored with this width and height."""
        width = max(1, round(width * self.aspect))
        return (height, width) if self.rotation in (90, 270) else (width, height)


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size of the poster for a picture of this size: never larger, never degenerate."""
    short, long = sorted((width, height))
    scale = min(1.0, POSTER_SHORT / short, POSTER_LONG / long)
    return max(1, round(width * scale)), max(1, round(height * scale))


def save_poster(picture: Image.Image, out: Path) -> None:
    """Write the picture, upright and small, as a JPEG.

    It is made small first, in place where its colours allow: a large picture has no room twice.
    """
    profile = picture.info.get("icc_profile", b"")
    keep = picture.mode in ("RGB", "RGBA", "P") and len(profile) <= _PROFILE_MAX
    if picture.mode.startswith(("I", "F")):
        picture = eight_bits(picture)
    elif "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    picture.thumbnail(fitted(*picture.size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        ground.alpha_composite(picture)
        ground.info = picture.info
        picture = ground
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture.save(
            out,
            "JPEG",
            quality=84,
            progressive=True,
            icc_profile=profile if keep else b"",
            exif=b"",
        )


def eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of 16 or 32 bits a pixel as one of eight, in grey."""
    levels = np.asarray(picture, dtype=np.float32)
    top = 65535.0 if picture.mode.startswith("I") else float(np.nanmax(levels)) or 1.0
    scaled = np.nan_to_num(levels / top * 255.0).clip(0, 255).astype(np.uint8)
    grey = Image.fromarray(scaled)
    grey.info = picture.info
    return grey


def video_poster(container: Any, stream: Any, duration: float, shape: Shape, out: Path) -> bool:
    """Write a telling frame of the video: one that is neither black, white nor empty.

    Looks at a few places, the first good one wins, else the one with most in it. `False` when no
    frame can be decoded at all.
    """
    best: tuple[float, Image.Image] | None = None
    for place in _POSTER_PLACES:
        frame = _frame_at(container, stream, duration * place)
        if frame is None:
            continue
        picture = _upright(frame, shape)
        level, spread = _level_and_spread(picture)
        if best is None or spread > best[0]:
            best = spread, picture
        if 40 <= level <= 225 and spread >= 20:
            break
    if best is None:
        return False
    save_poster(best[1], out)
    return True


def _frame_at(container: Any, stream: Any, seconds: float) -> Any | None:
    """The first frame at or after the moment, or the nearest that can be had without toil."""
    start = float((stream.start_time or 0) * stream.time_base)
    found = None
    with suppress(av.FFmpegError):
        container.seek(int((start + seconds) / stream.time_base), stream=stream)
        for count, frame in enumerate(container.decode(stream)):
            found = frame
            late = frame.time is None or frame.time - start >= seconds - 0.04
            if late or count >= _DECODE_MAX:
                break
    return found


def _upright(frame: Any, shape: Shape) -> Image.Image:
    width, height = fitted(*shape.shown(frame.width, frame.height))
    if shape.rotation in (90, 270):
        width, height = height, width
    picture: Image.Image = frame.to_image(width=width, height=height)
    return picture.rotate(-shape.rotation, expand=True) if shape.rotation else picture


def _level_and_spread(picture: Image.Image) -> tuple[float, float]:
    grey = ImageStat.Stat(picture.convert("L").resize((64, 64)))
    return grey.mean[0], grey.stddev[0]


def waveform(frames: Iterable[Any], out: Path | None) -> float:
    """Write the sound's course as bars on a transparent ground; its length in seconds.

    `frames` are PyAV's audio frames, in order; without `out` they are only measured. Quiet
    recordings are drawn as tall as loud ones: the picture shows where, not how loud.
    """
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_WAVE_HERTZ)
    peaks: list[np.ndarray[Any, Any]] = []
    left = np.zeros(0, dtype=np.int16)
    samples = 0
    for frame in frames:
        for piece in resampler.resample(frame):
            left = np.concatenate([left, piece.to_ndarray().reshape(-1)])
            samples += piece.samples
        if len(left) >= _WAVE_HERTZ:
            whole = len(left) // _WAVE_WINDOW * _WAVE_WINDOW
            peaks.append(_peaks(left[:whole]))
            left = left[whole:]
    if out is None:
        return samples / _WAVE_HERTZ
    left = np.pad(left, (0, -len(left) % _WAVE_WINDOW))
    course = np.concatenate([*peaks, _peaks(left)])
    _draw(course).save(out, "PNG", optimize=True)
    return samples / _WAVE_HERTZ


def _peaks(samples: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    windows = samples.reshape(-1, _WAVE_WINDOW).astype(np.float32)
    return np.asarray(np.abs(windows).max(axis=1, initial=0.0))


def _draw(course: np.ndarray[Any, Any]) -> Image.Image:
    width, height = WAVE_SIZE
    bars = width // (_WAVE_BAR + _WAVE_GAP)
    edges = np.linspace(0, max(len(course), 1), bars + 1)
    levels = np.zeros(bars)
    for bar in range(bars):
        first = int(edges[bar])
        slice_ = course[first : max(int(edges[bar + 1]), first + 1)]
        levels[bar] = np.sqrt((slice_**2).mean()) if len(slice_) else 0.0
    loudest = levels.max(initial=0.0)
    levels = levels / loudest if loudest > 32 else np.zeros(bars)
    alpha = np.zeros((height, width), dtype=np.uint8)
    for bar, level in enumerate(levels):
        half = max(2, round(float(level) * (height / 2 - 4)))
        left = bar * (_WAVE_BAR + _WAVE_GAP)
        alpha[height // 2 - half : height // 2 + half, left : left + _WAVE_BAR] = 255
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = _WAVE_COLOUR
    pixels[..., 3] = alpha
    return Image.fromarray(pixels, "RGBA")
