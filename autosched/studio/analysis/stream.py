"""One decode of a reference, shared by all that measure it: small frames, and sound beside them.

A single ffmpeg reads the file, turns it upright and makes it small; nothing is ever held but two
frames and a piece of sound, so that a long reference needs no more memory than a short one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.errors import InvalidError
from autosched.media import ffmpeg
from autosched.studio import framing

LONG_SIDE = 640
SMALL_SIDE = 160
MOST_FPS = 31
SOUND_RATE = 48_000
Plane = NDArray[np.uint8]
Wave = NDArray[np.float32]

# From limited-range Y'CbCr to R'G'B', by the matrix that the source names.
_RED_BLUE = {"bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114), "bt2020nc": (0.2627, 0.0593)}


@dataclass(frozen=True)
class Source:
    """A reference as it is analysed: `width` x `height` at `fps`, made from a larger file.

    `full_width`, `full_height` and `full_fps` are the file's own (upright). `fps` is 0 and
    `seconds` 0 for a picture.
    """

    path: str
    width: int
    height: int
    fps: float
    seconds: float
    matrix: str
    full_width: int
    full_height: int
    full_fps: float
    has_audio: bool
    hdr: bool = False

    @property
    def still(self) -> bool:
        """Whether it is a picture."""
        return self.fps == 0


@dataclass(frozen=True)
class Frame:
    """A frame: `y` (height, width), `u` and `v` of half that size, limited range (16 to 235).

    The planes are good until the frame after next; what is kept longer must be copied.
    """

    number: int
    time: float
    y: Plane
    u: Plane
    v: Plane
    matrix: str

    @cached_property
    def grey(self) -> Plane:
        """The brightness, its long side 160 pixels at most; limited range."""
        return _shrunk(self.y)

    @cached_property
    def rgb(self) -> Plane:
        """The colours (height, width, 3), its long side 160 pixels at most."""
        grey = self.grey
        shape = (grey.shape[1], grey.shape[0])
        planes = [
            cv2.resize(each, shape, interpolation=cv2.INTER_AREA) for each in (self.u, self.v)
        ]
        return np.asarray(cv2.transform(cv2.merge([grey, *planes]), _matrix(self.matrix)), np.uint8)


def _shrunk(plane: Plane) -> Plane:
    height, width = plane.shape
    share = min(1.0, SMALL_SIDE / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)


def _matrix(name: str) -> NDArray[np.float32]:
    """The 3x4 matrix from (Y', Cb, Cr) in bytes to (R', G', B') in bytes."""
    red, blue = _RED_BLUE.get(name, _RED_BLUE["bt709"])
    green = 1 - red - blue
    luma, chroma = 255 / 219, 255 / 224
    matrix = np.array(
        [
            [luma, 0.0, 2 * (1 - red) * chroma],
            [luma, -2 * blue * (1 - blue) / green * chroma, -2 * red * (1 - red) / green * chroma],
            [luma, 2 * (1 - blue) * chroma, 0.0],
        ]
    )
    offset = -matrix @ np.array([16.0, 128.0, 128.0])
    return np.asarray(np.hstack([matrix, offset[:, None]]), np.float32)


def source(path: str | Path) -> Source:
    """Look at a reference. `InvalidError` if it is neither a video nor a picture."""
    name = str(path)
    if not Path(name).is_file():
        raise InvalidError(f"There is no file “{Path(name).name}”.", code="missing_file")
    look = framing.look(name)
    share = min(1.0, LONG_SIDE / max(look.width, look.height))
    width, height = (max(2, round(side * share / 2) * 2) for side in (look.width, look.height))
    full, rate, has_audio = 0.0, Fraction(0), False
    if look.kind == "video":
        rate, has_audio = _rates(name)
        full = float(rate)
        rate /= max(1, math.ceil(full / MOST_FPS))
    return Source(
        path=name,
        width=width,
        height=height,
        fps=float(rate),
        seconds=look.seconds,
        matrix=look.matrix,
        full_width=look.width,
        full_height=look.height,
        full_fps=full,
        has_audio=has_audio,
        hdr=look.hdr,
    )


def _rates(name: str) -> tuple[Fraction, bool]:
    with av.open(name, options=framing.SAFELY) as container:
        stream = container.streams.video[0]
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        return Fraction(rate), bool(container.streams.audio)


def frames(source: Source, hear: Callable[[Wave], None]) -> Generator[Frame]:
    """All frames in order; `hear` is called from another thread with stereo sound at 48 kHz,
    of shape (samples, 2): the loudness of a file is that of its channels, not of their mean.


    When the frames have come to an end, so has the sound. Closing the iterator ends the decode.
    """
    arguments = [
        *("-protocol_whitelist", "file", *_containers(source), "-i", f"file:{source.path}"),
        *("-map", "0:v:0", "-vf", _filters(source), "-fps_mode", "passthrough"),
        *("-f", "rawvideo", "-pix_fmt", "yuv420p", "picture"),
    ]
    if source.has_audio:
        # Silence is filled in where the sound begins late, so that both share one clock.
        arguments += [
            *("-map", "0:a:0", "-af", "aresample=async=1:first_pts=0"),
            *("-ac", "2", "-ar", str(SOUND_RATE), "-f", "f32le", "sound"),
        ]
    height, width = source.height, source.width
    size, low = height * width, (height // 2) * (width // 2)

    def heard(piece: bytes) -> None:
        hear(np.frombuffer(piece, np.float32).reshape(-1, 2))

    decoded = ffmpeg.decode(arguments, size + 2 * low, heard if source.has_audio else None)
    try:
        for number, raw in enumerate(decoded):
            planes = np.frombuffer(raw, np.uint8)
            yield Frame(
                number=number,
                time=number / source.fps if source.fps else 0.0,
                y=planes[:size].reshape(height, width),
                u=planes[size : size + low].reshape(height // 2, width // 2),
                v=planes[size + low :].reshape(height // 2, width // 2),
                matrix=source.matrix,
            )
    finally:
        decoded.close()


def _containers(source: Source) -> list[str]:
    return [] if source.still else ["-format_whitelist", framing.CONTAINERS]


def _filters(source: Source) -> str:
    scale = f"scale={source.width}:{source.height}:flags=area:out_range=tv"
    if source.still:
        return f"{scale}:out_color_matrix=bt709,format=yuv420p"
    return f"fps={source.fps:.6f}:start_time=0,{scale},format=yuv420p"
