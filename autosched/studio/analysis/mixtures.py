"""Whether the frames between two pictures are made of these two, and how: a transition's models.

Each model says how much of a frame it can not explain (`rest`, a share of what the two pictures
differ by) and how far the transition has come (`done`, from 0 to 1), frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.report import Direction, TransitionKind

Pictures = NDArray[np.float32]

_WAYS: tuple[tuple[Direction, int, int], ...] = (
    ("left", 1, 1),
    ("right", 1, -1),
    ("up", 0, 1),
    ("down", 0, -1),
)

_ZOOMS = (1.0, 1.12, 1.25, 1.4, 1.6, 1.85, 2.2, 2.7, 3.4, 4.5)
_SOFT = (0.04, 0.16, 0.34)
"""How wide a wipe's edge is, in shares of the picture."""
_LOOKS = 7
"""Frames of a stretch at which the costlier models are tried."""


@dataclass(frozen=True)
class Fit:
    """A model's account of a stretch of frames: `rest` and `done` have a value for each."""

    kind: TransitionKind
    rest: NDArray[np.float64]
    done: NDArray[np.float64]
    direction: Direction | None = None

    @property
    def cost(self) -> float:
        """How much is left unexplained, on average and at worst."""
        return float(0.7 * self.rest.mean() + 0.3 * self.rest.max())

    @property
    def rises(self) -> float:
        """The share of all change in `done` that goes forward."""
        change = np.diff(np.concatenate([[0.0], self.done, [1.0]]))
        return float(change[change > 0].sum() / (np.abs(change).sum() + 1e-9))

    @property
    def largest_step(self) -> float:
        """The largest step forward from one frame to the next."""
        return float(np.diff(np.concatenate([[0.0], self.done, [1.0]])).max())


def mixed(frames: Pictures, first: Pictures, last: Pictures) -> Fit:
    """A dissolve: the whole picture at the same share of both."""
    step = last - first
    size = float((step * step).sum()) + 1e-6
    done = ((frames - first) * step).sum(axis=(1, 2, 3)) / size
    made = first + np.clip(done, 0, 1)[:, None, None, None] * step
    return Fit("dissolve", _rest(frames - made, size), done.astype(np.float64))


def wiped(frames: Pictures, first: Pictures, last: Pictures) -> list[Fit]:
    """Wipes: a front, sharp or soft, behind which all is of the second picture."""
    step = last - first
    size = float((step * step).sum()) + 1e-6
    found: list[Fit] = []
    ways_of: tuple[tuple[Direction, Direction], ...] = (("right", "left"), ("down", "up"))
    for axis, ways in enumerate(ways_of, start=1):
        # What belongs to one column (or row) is summed up.
        strength = (step * step).sum(axis=(axis - 1, 2)) + 1e-3
        share = np.clip(((frames - first) * step).sum(axis=(axis, 3)) / strength, 0, 1)
        done = share.mean(axis=1)
        count = share.shape[1]
        place = (np.arange(count) + 0.5) / count
        half = count // 2
        lead = share[:, :half].mean(axis=1) - share[:, half:].mean(axis=1)
        forward = lead[np.argmax(np.abs(lead))] > 0
        best: Fit | None = None
        for soft in _SOFT:
            front = (done * (1 + soft))[:, None] - (place if forward else 1 - place)[None]
            mask = np.clip(front / soft, 0, 1).astype(np.float32)
            spread = mask[:, None, :] if axis == 1 else mask[:, :, None]
            rest = _rest(frames - (first + spread[..., None] * step), size)
            fit = Fit("wipe", rest, done.astype(np.float64), ways[0] if forward else ways[1])
            if best is None or fit.cost < best.cost:
                best = fit
        if best is not None:
            found.append(best)
    return found


def slid(frames: Pictures, first: Pictures, last: Pictures) -> list[Fit]:
    """Slides: one picture pushes the other out, comes over it, or leaves it uncovered."""
    step = last - first
    size = float((step * step).sum()) + 1e-6
    looks = _looks(len(frames))
    found = []
    for way, axis, sign in _WAYS:
        turned = [_turned(each, axis, sign) for each in (first, last)]
        given = np.stack([_turned(each, axis, sign) for each in frames[looks]])
        for mode in ("push", "cover", "reveal"):
            made = _slides(turned[0], turned[1], mode)
            off = given[:, None] - made[None]
            rest = np.sqrt((off * off).sum(axis=(2, 3, 4)) / size)
            best = rest.argmin(axis=1)
            place = best / (made.shape[0] - 1)
            full = np.interp(np.arange(len(frames)), looks, place)
            found.append(Fit("slide", rest.min(axis=1).astype(np.float64), full, way))
    return found


def shift(one: NDArray[np.uint8], other: NDArray[np.uint8], *, across: bool) -> int:
    """By how many pixels `other` is moved against `one`, to the left or up."""
    first, last = (each.astype(np.float32) for each in (one, other))
    if not across:
        first, last = first.transpose(1, 0, 2), last.transpose(1, 0, 2)
    width = first.shape[1]
    best, found = np.inf, 0
    for by in sorted(range(-width // 2, width // 2 + 1), key=abs):
        ours = first[:, max(0, by) : width + min(0, by)]
        theirs = last[:, max(0, -by) : width - max(0, by)]
        off = float(np.abs(ours - theirs).mean()) + 0.15 * abs(by)
        if off < best - 1e-6:
            best, found = off, by
    return found


def _turned(picture: Pictures, axis: int, sign: int) -> Pictures:
    """The picture turned so that what slides goes to the left."""
    if axis == 0:
        picture = picture.transpose(1, 0, 2)
    return picture[:, ::sign]


def _slides(first: Pictures, last: Pictures, mode: str) -> Pictures:
    """All places of a slide to the left, from none to the whole width."""
    width = first.shape[1]
    made = np.empty((width + 1, *first.shape), np.float32)
    for place in range(width + 1):
        left = width - place
        if mode == "push":
            made[place, :, :left], made[place, :, left:] = first[:, place:], last[:, :place]
        elif mode == "cover":
            made[place, :, :left], made[place, :, left:] = first[:, :left], last[:, :place]
        else:
            made[place, :, :left], made[place, :, left:] = first[:, place:], last[:, left:]
    return made


def zoomed(frames: Pictures, first: Pictures, last: Pictures) -> Fit:
    """A zoom: the first picture comes nearer (or goes off) and gives way to the second."""
    step = last - first
    size = float((step * step).sum()) + 1e-6
    looks = _looks(len(frames))
    given = frames[looks]
    rest = np.full(len(looks), np.inf)
    done, nearer = np.zeros(len(looks)), np.ones(len(looks))
    for one in _ZOOMS:
        left = _nearer(first, one)
        for other in (1.0, 1.12, 1.25, 1.4) if one > 1 else (1.0,):
            right = _nearer(last, other)
            way = right - left
            share = ((given - left) * way).sum(axis=(1, 2, 3)) / (float((way * way).sum()) + 1e-6)
            share = np.clip(share, 0, 1)
            off = given - (left + share[:, None, None, None] * way)
            here = np.sqrt((off * off).sum(axis=(1, 2, 3)) / size)
            better = here < rest - 0.015
            rest = np.where(better, here, rest)
            done = np.where(better, share, done)
            nearer = np.where(better, np.maximum(one, other), nearer)
    apart = float(nearer.max())
    slack = 1.0 if apart < 1.2 else 0.0
    full = np.interp(np.arange(len(frames)), looks, np.maximum.accumulate(_progress(done, nearer)))
    return Fit("zoom", rest + slack, full)


def _progress(done: NDArray[np.float64], nearer: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a zoom has come: by what is mixed in, and before that by how near it is."""
    coming = np.clip((nearer - 1) / max(0.2, float(nearer.max()) - 1), 0, 1) * 0.4
    return np.maximum(done, coming)


def _nearer(picture: Pictures, zoom: float) -> Pictures:
    if zoom == 1.0:
        return picture
    height, width = picture.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    matrix = np.array([[1 / zoom, 0, x - x / zoom], [0, 1 / zoom, y - y / zoom]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(picture, matrix, (width, height), flags=flags)
    return np.asarray(moved, np.float32)


def faded(frames: Pictures, first: Pictures, last: Pictures, colour: float) -> Fit:
    """A fade through black or white (`colour` 0 or 255): out of the one, into the other."""
    kind: TransitionKind = "fade_black" if colour < 128 else "fade_white"
    step = last - first
    size = float((step * step).sum()) + 1e-6
    shares, rests = [], []
    for end in (first, last):
        own = end - colour
        strength = float((own * own).sum()) + 1e-6
        share = np.clip(((frames - colour) * own).sum(axis=(1, 2, 3)) / strength, 0, 1)
        off = frames - (colour + share[:, None, None, None] * own)
        shares.append(share)
        rests.append(np.sqrt((off * off).sum(axis=(1, 2, 3)) / min(size, strength)))
    lowest = int(np.argmin(np.minimum(shares[0], shares[1])))
    before = np.arange(len(frames)) <= lowest
    rest = np.where(before, rests[0], rests[1])
    done = np.where(before, 0.5 * (1 - shares[0]), 0.5 + 0.5 * shares[1])
    depth = float(min(shares[0][lowest], shares[1][lowest]))
    slack = 0.0 if depth < 0.22 else 1.0
    return Fit(kind, rest.astype(np.float64) + slack, done.astype(np.float64))


def _rest(off: Pictures, size: float) -> NDArray[np.float64]:
    return np.asarray(np.sqrt((off * off).sum(axis=(1, 2, 3)) / size), np.float64)


def _looks(count: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, _LOOKS)).round().astype(np.int64))


def relaxed(fit: Fit, by: float) -> Fit:
    """The same account, a little dearer: for models with more freedom than others."""
    return replace(fit, rest=fit.rest + by)
