"""Videos whose transitions are known, with flashes, flicker and moving text in their way."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench._truth import footage
from bench._truth.footage import Frames, Picture, shot, write

KINDS = ("dissolve", "fade_black", "fade_white", "wipe", "slide", "zoom")
_COUNTS = (1, 2, 4, 7, 12, 18, 26, 40)


@dataclass(frozen=True)
class Change:
    """A transition: its first frame, how many it lasts (a cut 0), its kind and direction."""

    first: int
    frames: int
    kind: str
    direction: str | None = None


@dataclass(frozen=True)
class Cut:
    """A video and its truth."""

    path: Path
    fps: int
    frames: int
    changes: tuple[Change, ...]


def make(folder: Path, seed: int) -> Cut:
    """A video of a few shots or of many, in one of several sizes, rates and qualities."""
    rng = random.Random(f"transitions-{seed}")
    footage.begin()
    fps = rng.choice((24, 25, 30, 30, 50, 60))
    width, height = rng.choice(((640, 360), (640, 360), (360, 640), (480, 270), (854, 480)))
    count = rng.choice(_COUNTS)
    kinds = [rng.choice(("cut", rng.choice(KINDS))) for _ in range(count)]
    pace = rng.uniform(0.7, 1.4) if count > 10 else rng.uniform(0.9, 2.6)
    longest = min(2.0, 0.75 * pace + 0.5)
    lengths = [
        0 if kind == "cut" else max(5, round(fps * rng.uniform(0.2, longest))) for kind in kinds
    ]
    rests = [max(10, round(fps * pace * rng.uniform(0.6, 1.4))) for _ in range(count + 1)]
    made: Frames = []
    changes: list[Change] = []
    before = shot(rng, rests[0] + (lengths[0] if lengths else 0), width, height, fps)
    for number, kind in enumerate(kinds):
        length = lengths[number]
        following = lengths[number + 1] if number + 1 < count else 0
        after = shot(rng, length + rests[number + 1] + following, width, height, fps)
        made += before[: len(before) - length]
        direction = None
        first = len(made)
        if length:
            own, direction = change(rng, kind, before[len(before) - length :], after[:length])
            made += own
        changes.append(Change(first, length, kind, direction))
        before = after[length:]
    made += before
    changes += _disturbed(rng, made, changes, fps)
    path = write(folder / f"cuts-{seed}.mp4", made, fps, rng.choice((18, 22, 26, 30)), None)
    return Cut(path, fps, len(made), tuple(sorted(changes, key=lambda each: each.first)))


def change(
    rng: random.Random, kind: str, before: Frames, after: Frames
) -> tuple[Frames, str | None]:
    """The frames of a transition, and where it goes."""
    eased = rng.random() < 0.5
    direction = rng.choice(("left", "right", "up", "down"))
    step = _STEPS[kind](rng, direction)
    made: Frames = []
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        share = (number + 1) / (len(before) + 1)
        if eased and kind not in ("fade_black", "fade_white"):
            share = share * share * (3 - 2 * share)
        mixed = step(one.astype(np.float32), other.astype(np.float32), share)
        made.append(np.clip(mixed, 0, 255).astype(np.uint8))
    return made, direction if kind in ("wipe", "slide") else None


Step = Callable[[np.ndarray, np.ndarray, float], np.ndarray]


def _dissolve(rng: random.Random, direction: str) -> Step:
    return lambda one, other, share: one * (1 - share) + other * share


def _fade(colour: float) -> Callable[[random.Random, str], Step]:
    def of(rng: random.Random, direction: str) -> Step:
        hold = rng.choice((0.0, 0.15, 0.3))
        side = (1 - hold) / 2

        def step(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
            if share < side:
                return one + (colour - one) * (share / side)
            if share <= side + hold:
                return np.full_like(one, colour)
            return colour + (other - colour) * ((share - side - hold) / side)

        return step

    return of


def _wipe(rng: random.Random, direction: str) -> Step:
    soft = rng.choice((0.005, 0.005, 0.12, 0.3))

    def step(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
        high, wide = one.shape[:2]
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        place = {"right": x / wide, "left": 1 - x / wide, "down": y / high, "up": 1 - y / high}
        mask = np.clip((share * (1 + soft) - place[direction]) / soft, 0, 1)[..., None]
        return one * (1 - mask) + other * mask

    return step


def _slide(rng: random.Random, direction: str) -> Step:
    mode = rng.choice(("push", "push", "cover", "reveal"))
    x, y = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[direction]

    def step(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
        high, wide = one.shape[:2]
        ground = one if mode == "cover" else other
        made = ground.copy()
        dx, dy = round(x * share * wide), round(y * share * high)
        if mode in ("push", "reveal"):
            _put(made, one, dx, dy)
        if mode in ("push", "cover"):
            _put(made, other, dx - x * wide, dy - y * high)
        return made

    return step


def _put(made: np.ndarray, picture: np.ndarray, dx: int, dy: int) -> None:
    high, wide = made.shape[:2]
    left, top, right, bottom = max(0, dx), max(0, dy), min(wide, wide + dx), min(high, high + dy)
    if right > left and bottom > top:
        made[top:bottom, left:right] = picture[top - dy : bottom - dy, left - dx : right - dx]


def _zoom(rng: random.Random, direction: str) -> Step:
    most, both = rng.uniform(0.8, 2.5), rng.random() < 0.5
    begin = rng.uniform(0.25, 0.45)

    def nearer(picture: np.ndarray, zoom: float) -> np.ndarray:
        high, wide = picture.shape[:2]
        matrix = np.array(
            [[1 / zoom, 0, wide / 2 - wide / 2 / zoom], [0, 1 / zoom, high / 2 - high / 2 / zoom]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(picture, matrix, (wide, high), flags=flags))

    def step(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
        given = float(np.clip((share - begin) / 0.5, 0, 1))
        coming = nearer(other, 1 + 0.4 * (1 - share)) if both else other
        return nearer(one, 1 + most * share**1.4) * (1 - given) + coming * given

    return step


_STEPS: dict[str, Callable[[random.Random, str], Step]] = {
    "dissolve": _dissolve,
    "fade_black": _fade(0.0),
    "fade_white": _fade(255.0),
    "wipe": _wipe,
    "slide": _slide,
    "zoom": _zoom,
}


def _disturbed(rng: random.Random, made: Frames, changes: list[Change], fps: int) -> list[Change]:
    """Put flashes, flicker, dawns and moving text into the video; the flashes are told."""
    flashes: list[Change] = []
    taken = [(each.first - 10, each.first + each.frames + 10) for each in changes]
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        length = rng.randint(1, max(2, fps // 7))
        at = rng.randrange(8, max(9, len(made) - length - 10))
        if any(at + length > start and at < end for start, end in taken):
            continue
        strength = rng.uniform(0.6, 0.95)
        for number in range(length):
            share = strength * (1 - 0.7 * number / length)
            made[at + number] = _lit(made[at + number], share)
        flashes.append(Change(at, length, "flash"))
        taken.append((at - 30, at + length + 30))
    if rng.random() < 0.35:
        start = rng.randrange(0, max(1, len(made) - 2 * fps))
        for number in range(start, min(len(made), start + 2 * fps)):
            gain = 1 + 0.16 * math.sin(number * 60 / fps)
            made[number] = np.clip(made[number] * np.float32(gain), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        _crawl(rng, made, fps)
    return flashes


def _lit(picture: Picture, share: float) -> Picture:
    return np.clip(picture * (1 - share) + 255.0 * share, 0, 255).astype(np.uint8)


def _crawl(rng: random.Random, made: Frames, fps: int) -> None:
    """A line of text that runs through the whole video."""
    high, wide = made[0].shape[:2]
    y, speed = rng.randrange(high // 6, high), rng.uniform(0.15, 0.5) * wide / fps
    for number, picture in enumerate(made):
        x = round(number * speed) % (2 * wide) - wide
        drawn = picture.copy()
        style = (cv2.FONT_HERSHEY_DUPLEX, high / 300, (255, 255, 255), 2)
        cv2.putText(drawn, "a line of moving text", (x, y), *style)
        made[number] = drawn
