"""Cuts and flashes: what happens from one frame to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.thumbnails import Thumbnails

# The share of a frame that must be new, and by how much more than around it.
_NEW, _MORE = 0.6, 0.16
_SURE = 0.42
# Between two frames further apart than this, in colours, there may be a cut with little texture.
_APART = 28.0
_FLASH_SECONDS = 0.34
# By how much, of 255, a burst of light outshines what is before it; how many are a flicker.
_BURST, _FLICKERS = 24.0, 2
# After a flash the picture is the one before it.
_SAME = 0.45


@dataclass(frozen=True)
class Sudden:
    """A cut at frame `first` (`frames` 0), or a flash of so many frames.

    `stands_out`: by how much more is new in it than in the frames on either side.
    """

    first: int
    frames: int
    confidence: float
    stands_out: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Whether it stands far out of what is around it; else it may be part of a fast zoom."""
        return self.stands_out > _SURE

    @property
    def is_cut(self) -> bool:
        return self.frames == 0


def sudden(seen: Thumbnails, novelty: NDArray[np.float32]) -> list[Sudden]:
    """The cuts and flashes, in order."""
    longest = max(2, round(_FLASH_SECONDS * seen.fps))
    found = _flashes(seen, longest)
    flashing = {each.first + n for each in found for n in range(each.frames + 1)}
    at = 1
    while at < len(seen):
        more = _stands_out(novelty, at)
        if at in flashing or more < _MORE:
            at += 1
            continue
        back = _returns(seen, at, longest)
        if back:
            found.append(Sudden(at, back, 0.9))
            at += back + 1
            continue
        found.append(Sudden(at, 0, float(min(1.0, 0.4 + novelty[at] * 0.65)), more))
        at += 1
    return sorted(found, key=lambda each: each.first)


def _flashes(seen: Thumbnails, longest: int) -> list[Sudden]:
    """Bursts of light after which the same picture goes on; what comes again and again flickers."""
    light = seen.colour.reshape(len(seen), -1).mean(axis=1)
    found: list[Sudden] = []
    at = 1
    while at < len(seen) - 1:
        base = float(light[at - 1])
        if light[at] - base < _BURST:
            at += 1
            continue
        top = base
        for frames in range(1, longest + 1):
            after = at + frames
            if after >= len(seen):
                break
            top = max(top, float(light[after - 1]))
            if light[after] - base < 0.25 * (top - base) and seen.apart(at - 1, after) < _APART:
                found.append(Sudden(at, frames, 0.9))
                at = after
                break
        at += 1
    near = round(1.2 * seen.fps)
    return [
        each
        for each in found
        if sum(abs(each.first - other.first) <= near for other in found) <= _FLICKERS
    ]


def _stands_out(novelty: NDArray[np.float32], at: int) -> float:
    """By how much more is new in a frame than around it; 0 where there is too little, or a peak
    beside it.
    """
    value = float(novelty[at])
    if value <= _NEW:
        return 0.0
    around = np.concatenate([novelty[max(0, at - 3) : at], novelty[at + 1 : at + 4]])
    before = float(np.median(novelty[max(0, at - 3) : at])) if at else 0.0
    after = float(np.median(novelty[at + 1 : at + 4])) if at + 1 < len(novelty) else 0.0
    is_peak = value >= float(around.max(initial=0.0)) - 1e-6
    return value - max(before, after) if is_peak else 0.0


def _returns(seen: Thumbnails, at: int, longest: int) -> int:
    """After how many frames the picture before `at` is back; 0 when it does not come back."""
    for frames in range(1, longest + 1):
        after = at + frames
        if after >= len(seen):
            return 0
        if seen.apart(at - 1, after) < _APART and seen.novelty(at - 1, after) < _SAME:
            return frames
    return 0
