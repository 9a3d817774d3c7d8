"""Frames that ffmpeg can't draw: art, and what is slowly pushed into, sampled between pixels.

Art and pictures are moviepy clips. Footage is decoded by an ffmpeg of its own and moved here on
its way into the render: `zoompan` and `scale` go by whole pixels, and shake; `perspective` does
not, but takes five times as long.

Also the ground: a still picture by which every frame is multiplied, to shade what lies behind
words.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import cv2
import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray
from PIL import Image, ImageOps

from autosched.media import ffmpeg
from autosched.studio import art, grade
from autosched.studio.timeline import Art, Picture, Plan, Shot

Picture8 = NDArray[np.uint8]


def of_art(plan: Plan, shot: Shot, media: Art, wanted: range) -> Iterator[memoryview]:
    """The frames `wanted` of a shot of art."""
    clip = art.clip(
        media.kind,
        seed=media.seed,
        width=media.width,
        height=media.height,
        fps=plan.fps,
        seconds=shot.frames / plan.fps,
        palette=media.palette,
    )
    yield from _frames(clip, wanted, plan.fps, ground(plan, media.width, media.height, edges=False))


def of_picture(plan: Plan, shot: Shot, media: Picture, wanted: range) -> Iterator[memoryview]:
    """A picture with a slow push-in, sampled between pixels, so that it glides."""
    x, y, w, h = media.crop
    scale = 1 + shot.push
    with Image.open(media.path) as opened:
        upright = ImageOps.exif_transpose(opened)
        image = _opaque(upright).crop((x, y, x + w, y + h))
    wide, high = round(plan.width * scale), round(plan.height * scale)
    image = grade.apply(plan.grade, image.resize((wide, high), Image.Resampling.LANCZOS))
    source = np.asarray(image)

    def frame(t: float) -> NDArray[np.uint8]:
        # From the whole picture to its middle, a share `push` nearer.
        zoom = (1 + shot.push * t * plan.fps / shot.frames) / scale
        matrix = np.array(
            [
                [1 / zoom, 0, (wide - plan.width / zoom) / 2],
                [0, 1 / zoom, (high - plan.height / zoom) / 2],
            ]
        )
        moved = cv2.warpAffine(
            source,
            matrix,
            (plan.width, plan.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
        return np.asarray(moved, np.uint8)

    clip = VideoClip(frame_function=frame, duration=shot.frames / plan.fps)
    yield from _frames(clip, wanted, plan.fps, ground(plan, plan.width, plan.height, edges=True))


def of_footage(
    arguments: list[str], shot: Shot, size: tuple[int, int], wanted: range
) -> Iterator[memoryview]:
    """Decoded footage (planar YUV 4:2:0 of `size`) with a slow push-in: the frames `wanted`.

    `arguments` make ffmpeg decode from the first of them on. Where the footage ends early its
    last frame stays.
    """
    wide, high = size
    planes = [(high, wide), (high // 2, wide // 2), (high // 2, wide // 2)]
    ends = list(itertools.accumulate(rows * columns for rows, columns in planes))
    moved = np.empty(ends[-1], np.uint8)
    with closing(ffmpeg.decode(arguments, ends[-1])) as decoded:
        frame = np.empty(0, np.uint8)
        for number in wanted:
            if (shown := next(decoded, None)) is not None:
                frame = np.frombuffer(shown, np.uint8)
            zoom = 1 + shot.push * number / shot.frames
            for (rows, columns), end in zip(planes, ends, strict=True):
                place = slice(end - rows * columns, end)
                cv2.warpAffine(
                    frame[place].reshape(rows, columns),
                    _nearer(zoom, columns, rows),
                    (columns, rows),
                    dst=moved[place].reshape(rows, columns),
                    flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                    borderMode=cv2.BORDER_REFLECT,
                )
            yield moved.data.cast("B")


def _nearer(zoom: float, width: int, height: int) -> NDArray[np.float64]:
    """Where a pixel of the picture that is `zoom` times nearer comes from."""
    x, y = (width - 1) / 2, (height - 1) / 2
    return np.array([[1 / zoom, 0, x - x / zoom], [0, 1 / zoom, y - y / zoom]])


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, layered).convert("RGB")
    return image.convert("RGB")


def _frames(
    clip: VideoClip, wanted: range, fps: int, ground: Picture8 | None
) -> Iterator[memoryview]:
    for number in wanted:
        frame = clip.get_frame(number / fps)
        if ground is not None:
            frame = cv2.multiply(frame, ground, scale=1 / 255)
        yield np.ascontiguousarray(frame).data.cast("B")


def ground(plan: Plan, width: int, height: int, *, edges: bool) -> Picture8 | None:
    """What a picture of this size is multiplied by: the shade behind the words, and with `edges`
    the darkening towards its edges. `None` when there is neither.
    """
    if plan.shade is None and not (edges and plan.vignette):
        return None
    light = np.ones((height, width, 3), np.float32)
    if edges and plan.vignette:
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        light *= (1 - 0.62 * plan.vignette * _slope((np.hypot(x, y) - 0.35) / 1.1))[..., None]
    if plan.shade is not None:
        shade, scale = plan.shade, height / plan.height
        y = (np.arange(height) + 0.5) / scale
        slope = max(1.0, 4.0 * shade.softness)
        dark = _slope((y - shade.top + 0.7 * slope) / slope)
        dark *= 1 - _slope((y - shade.bottom - 0.3 * slope) / slope)
        colour = np.array([int(shade.colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        light *= 1 - shade.opacity * dark[:, None, None] * (1 - colour)
    return np.round(light * 255).astype(np.uint8)


def _slope(share: NDArray[Any]) -> NDArray[Any]:
    """From 0 to 1 with a gentle start and end."""
    at = np.clip(share, 0.0, 1.0)
    return np.asarray(at * at * (3 - 2 * at))
