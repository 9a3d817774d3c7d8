"""Fades through black and white: a picture sinks into one flat colour, another rises from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis import mixtures
from autosched.studio.analysis.report import TransitionKind
from autosched.studio.analysis.thumbnails import Thumbnails

Series = NDArray[np.float32]

_DARK, _LIGHT, _EVEN = 30.0, 226.0, 16.0
"""A frame is flat if it is darker (lighter) than this, and no more uneven."""
_LONGEST_FLAT = 3.0
_LONGEST_SIDE = 2.2
_DEPTH = 18.0
"""By how much the light must change on a side for it to be a fade and not a cut."""
_SHORTEST = 2
_SHORT_SIDE, _DIP = 0.7, 0.5
"""How long each side of a fade may be that turns round early, and how deep it must go."""
_LIKE = 0.4
"""How much of the frames may be left unexplained by a fade, as in `mixtures`."""
_OTHER = 0.5
"""How much must be new after it."""


@dataclass(frozen=True)
class Fade:
    """A fade over the frames from `first` up to `end`."""

    first: int
    end: int
    kind: TransitionKind


def fades(seen: Thumbnails) -> list[Fade]:
    """All fades through a flat frame, in order."""
    pixels = seen.colour.reshape(len(seen), -1)
    light = pixels.mean(axis=1).astype(np.float32)
    low, high = np.percentile(pixels, (8, 92), axis=1)
    even = (high - low) < _EVEN
    found: list[Fade] = []
    sides: tuple[tuple[TransitionKind, NDArray[np.bool_], Series], ...] = (
        ("fade_black", even & (light < _DARK), light),
        ("fade_white", even & (light > _LIGHT), 255 - light),
    )
    for kind, flat, level in sides:
        for start, end in _runs(flat):
            fade = _around(level, start, end, seen.fps)
            if fade is not None:
                found.append(Fade(*fade, kind))
        for first, end in _dips(level, seen.fps):
            known = any(first <= each.end and each.first <= end for each in found)
            if not known and _sinks(seen, first, end, kind):
                found.append(Fade(first, end, kind))
    return sorted(found, key=lambda each: each.first)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    pairs = zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True)
    return [(int(start), int(end)) for start, end in pairs]


def _around(level: Series, start: int, end: int, fps: float) -> tuple[int, int] | None:
    """The fade around a flat run; `level` is how far the light is from the flat colour."""
    if start == 0 or end == len(level) or end - start > _LONGEST_FLAT * fps:
        return None
    reach = round(_LONGEST_SIDE * fps)
    before = _side(level[max(0, start - reach) : start + 1][::-1])
    after = _side(level[end - 1 : end + reach])
    if not before and not after:
        return None
    # Where one side is a cut, the transition ends with the flat run.
    return start - before, end + after


def _dips(level: Series, fps: float) -> Iterator[tuple[int, int]]:
    """Short fades, which turn round before the picture is flat."""
    reach = max(3, round(_SHORT_SIDE * fps))
    for at in range(2, len(level) - 2):
        if level[at] > level[at - 1] or level[at] > level[at + 1]:
            continue
        before, after = level[max(0, at - reach) : at + 1][::-1], level[at : at + reach + 1]
        if level[at] > _DIP * min(float(before.max()), float(after.max())):
            continue
        ahead, behind = _side(before, shortest=1), _side(after, shortest=1)
        if ahead and behind:
            yield at - ahead, at + behind + 1


def _sinks(seen: Thumbnails, first: int, end: int, kind: TransitionKind) -> bool:
    """Whether it is the whole picture that sinks, and another that rises; nobody who crosses."""
    before, after = max(0, first - 1), min(len(seen) - 1, end)
    if seen.novelty(before, after) <= _OTHER:
        return False
    colour = 0.0 if kind == "fade_black" else 255.0
    frames = seen.colour[first:end].astype(np.float32)
    ends = seen.colour[before].astype(np.float32), seen.colour[after].astype(np.float32)
    return mixtures.faded(frames, *ends, colour).cost < _LIKE


def _side(level: Series, shortest: int = _SHORTEST) -> int:
    """Over how many frames the light rises from the flat one that comes first; 0 for a cut."""
    if len(level) < shortest + 1:
        return 0
    rise = np.diff(level)
    top = float(level[: round(len(level))].max())
    steady = max(0.35, 0.004 * top)
    frames, slack = 0, 0
    for number, step in enumerate(rise):
        if step >= steady:
            frames, slack = number + 1, 0
        else:
            slack += 1
            if slack > 2 or step < -4:
                break
    if frames < shortest + 1 or level[frames] - level[0] < _DEPTH:
        return 0
    # A fade takes its time: most of the change in one step is a cut.
    if float(rise[:frames].max()) > 0.7 * float(level[frames] - level[0]):
        return 0
    # The last frame counted is the whole picture already.
    return frames - 1
