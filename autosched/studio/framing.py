"""Looking at the user's footage and pictures: what they are, and where in them the subject is.

The subject is found from a few frames: what stands out from its surroundings (the spectral
residual of Hou and Zhang, 2007), what moves, and what has the colour of skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from autosched.errors import InvalidError

_LOOKS = 6
_SMALL = 96
_CELLS = 32
_MOST_PIXELS = 120_000_000
_HDR_TRANSFERS = (16, 18)  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)
_MATRICES = {1: "bt709", 5: "smpte170m", 6: "smpte170m", 9: "bt2020nc", 10: "bt2020nc"}
# What footage may come in. A playlist, which could point elsewhere, is not among it.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,flv,gif,ogg,webp_pipe"
SAFELY = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}

Map = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Look:
    """What a file is: upright size in pixels, length (0 for a picture), and where to look.

    `columns` and `rows` say how much there is to see in each of 32 strips; they sum up to 1.
    """

    kind: Literal["video", "picture"]
    width: int
    height: int
    seconds: float
    matrix: str
    hdr: bool
    columns: tuple[float, ...]
    rows: tuple[float, ...]


def look(path: str) -> Look:
    """Look at a file. `InvalidError` if it is neither a video nor a picture."""
    status = Path(path).stat()
    return _look(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _look(path: str, _changed: int, _size: int) -> Look:
    picture = _picture(path)
    return picture if picture is not None else _video(path)


def crop(look: Look, width: int, height: int) -> tuple[int, int, int, int]:
    """The largest part with the shape of `width` x `height`, over the subject: x, y, w, h."""
    shape = width / height
    if look.width / look.height > shape:
        w, h = look.height * shape, float(look.height)
    else:
        w, h = float(look.width), look.width / shape
    cw, ch = max(2, int(w) // 2 * 2), max(2, int(h) // 2 * 2)
    x = _best(look.columns, cw / look.width) * look.width
    y = _best(look.rows, ch / look.height) * look.height
    return (
        min(int(x) // 2 * 2, (look.width - cw) // 2 * 2),
        min(int(y) // 2 * 2, (look.height - ch) // 2 * 2),
        cw,
        ch,
    )


def _best(strips: tuple[float, ...], share: float) -> float:
    """Where a window over `share` of the strips sees the most, with a liking for the middle."""
    if share >= 0.999:
        return 0.0
    fine = np.repeat(np.asarray(strips) / 8, 8)
    size = max(1, round(share * len(fine)))
    weights = 0.35 + np.hanning(size + 2)[1:-1]  # what matters should not stand at the very edge
    seen = np.convolve(fine, weights[::-1], mode="valid")
    middles = np.linspace(-1, 1, len(seen))
    seen = seen * (1 - 0.12 * middles**2)
    return float(np.argmax(seen)) / len(fine)


def _picture(path: str) -> Look | None:
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise InvalidError(
                    f"The picture “{Path(path).name}” is too large.",
                    remedy="Make it smaller than 120 megapixels.",
                )
            image.draft("RGB", (1024, 1024))
            turned = image.getexif().get(0x0112, 1) >= 5
            size = (image.height, image.width) if turned else image.size
            with Image.open(path) as whole:
                size = (whole.height, whole.width) if turned else whole.size
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail((320, 320))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    columns, rows = _strips([np.asarray(small)])
    return Look("picture", size[0], size[1], 0.0, "bt709", False, columns, rows)


def _video(path: str) -> Look:
    name = Path(path).name
    try:
        with av.open(path, options=SAFELY) as container:
            if not container.streams.video:
                raise InvalidError(f"“{name}” holds no picture.", remedy="Choose another file.")
            stream = container.streams.video[0]
            seconds = float(
                (stream.duration or 0) * (stream.time_base or 0)
                or (container.duration or 0) / av.time_base
            )
            frames: list[NDArray[np.uint8]] = []
            rotation, hdr, matrix = 0, False, ""
            for number in range(_LOOKS):
                container.seek(int(seconds * (number + 0.5) / _LOOKS * av.time_base))
                frame = next(container.decode(stream), None)
                if frame is None:
                    continue
                rotation = int(frame.rotation)
                hdr = int(frame.color_trc) in _HDR_TRANSFERS
                matrix = _MATRICES.get(int(frame.colorspace), "")
                scale = 320 / max(frame.width, frame.height)
                small = frame.reformat(
                    max(2, int(frame.width * scale)), max(2, int(frame.height * scale)), "rgb24"
                )
                frames.append(np.rot90(small.to_ndarray(), rotation // 90))
            width, height = stream.width, stream.height
    except (av.error.FFmpegError, ValueError):
        frames = []
    if not frames:
        raise InvalidError(
            f"“{name}” is neither a video nor a picture that can be read.",
            remedy="Choose another file, or save it anew as MP4, MOV, JPEG or PNG.",
            code="not_media",
        )
    if rotation % 180:
        width, height = height, width
    columns, rows = _strips(frames)
    if not matrix:
        matrix = "bt709" if min(width, height) >= 720 else "smpte170m"
    return Look("video", width, height, seconds, matrix, hdr, columns, rows)


def _strips(frames: list[NDArray[np.uint8]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    heat = np.zeros((_SMALL, _SMALL), np.float32)
    greys: list[Map] = []
    for frame in frames:
        small = np.asarray(
            cv2.resize(np.ascontiguousarray(frame), (_SMALL, _SMALL), interpolation=3), np.uint8
        )
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
        greys.append(grey)
        heat += _share(standing_out(grey)) + 0.6 * _share(skin(small))
    for before, after in pairwise(greys):
        heat += 0.5 * _share(_blurred(np.abs(after - before), 3))
    columns, rows = heat.sum(0), heat.sum(1)
    return _folded(columns), _folded(rows)


def _folded(line: Map) -> tuple[float, ...]:
    cells = line.reshape(_CELLS, -1).sum(1)
    total = float(cells.sum()) or 1.0
    return tuple(round(float(cell) / total, 5) for cell in cells)


def _share(heat: Map) -> Map:
    total = float(heat.sum())
    return heat / total if total > 1e-6 else np.full_like(heat, 1 / heat.size)


def standing_out(grey: Map) -> Map:
    """What stands out of a small grey picture: the spectral residual (Hou and Zhang, 2007)."""
    spectrum = np.fft.fft2(grey)
    logs = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = logs - cv2.blur(logs, (3, 3))
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    return _blurred(np.abs(back) ** 2, 3)


def skin(rgb: NDArray[np.uint8]) -> Map:
    """Where a small picture has the colour of skin, softly."""
    _, red, blue = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    inside = (red > 138) & (red < 175) & (blue > 85) & (blue < 125)
    return _blurred(inside, 2)


def _blurred(heat: NDArray[Any], sigma: float) -> Map:
    return np.asarray(cv2.GaussianBlur(heat.astype(np.float32), (0, 0), sigma), np.float32)
