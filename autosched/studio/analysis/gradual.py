"""Transitions that take their time, found between the sudden ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from autosched.studio.analysis import fades, mixtures
from autosched.studio.analysis.cuts import Sudden
from autosched.studio.analysis.mixtures import Fit
from autosched.studio.analysis.report import Transition
from autosched.studio.analysis.thumbnails import Thumbnails

_SECONDS = (0.17, 0.27, 0.4, 0.6, 0.85, 1.2, 1.7, 2.4, 3.2)
"""Lengths of the stretches that are looked at."""
_APART = 20.0
"""How far the colours at the two ends must be apart, of 255."""
_NEW = 0.5
"""How much of the picture at the end must be new."""
_MOVED = 15.0
"""How unlike the one end must be to the other however it is moved, of 255."""
_SAME_COLOURS, _OTHER_COLOURS, _PLAIN = 0.22, 0.32, 0.14
_UNEXPLAINED = {
    "dissolve": 0.42,
    "fade_black": 0.42,
    "fade_white": 0.42,
    "wipe": 0.42,
    "slide": 0.43,
    "zoom": 0.42,
}
_SEAM = 2.6
"""How much stronger a slide's seam must be than edges in general."""
_GOOD = 0.22
"""What is explained better than this needs no costlier model."""
_SURE_COST = 0.3
"""What may cross what looks like a cut must be explained as well as that."""
_SHORTEST = 0.13
"""Seconds that a gradual transition takes at least."""
_RUSH, _NEARER, _LONGEST_RUSH = 0.3, 1.13, 1.5
"""By how much a second, and in all, a picture comes nearer that gives way in a zoom; in seconds
the longest that takes.
"""
_BEGUN, _ENDED = 0.035, 0.965


@dataclass(frozen=True)
class Found:
    """A transition over the frames from `first` up to `end`, and what its model left over."""

    first: int
    end: int
    fit: Fit

    @property
    def worth(self) -> float:
        return _UNEXPLAINED[self.fit.kind] - self.fit.cost + 0.0015 * min(60, self.end - self.first)


def gradual(seen: Thumbnails, sudden: Sequence[Sudden]) -> list[Transition]:
    """The sudden transitions and the gradual ones between them."""
    flashes = [each for each in sudden if not each.is_cut]
    faded = [
        fade
        for fade in fades.fades(seen)
        if not any(fade.first - 2 <= each.first < fade.end for each in flashes)
    ]
    sudden = [
        each
        for each in sudden
        if not any(fade.first - 2 <= each.first <= fade.end + 2 for fade in faded)
    ]
    cuts = [each.first for each in sudden if each.is_cut and each.is_sure]
    bounds = sorted({0, len(seen), *cuts, *(at for fade in faded for at in (fade.first, fade.end))})
    found: list[Found] = []
    unsure = [each.first for each in sudden if each.is_cut and not each.is_sure]
    for start, end in pairwise(bounds):
        if not any(fade.first <= start and end <= fade.end for fade in faded):
            found += _within(seen, start, end, [at for at in unsure if start < at < end])
    through = [
        Transition(
            time=round(fade.first / seen.fps, 4),
            duration=round((fade.end - fade.first) / seen.fps, 4),
            kind=fade.kind,
            confidence=0.95,
        )
        for fade in faded
    ]
    return [*through, *(_told(seen, each) for each in found), *_plain(seen, sudden, found)]


def _within(seen: Thumbnails, start: int, end: int, unsure: Sequence[int]) -> list[Found]:
    """The transitions of one stretch without cuts; of those that overlap the best."""
    candidates = [
        found
        for first, last in _stretches(seen, start, end)
        if (found := _account(seen, first, last, (start, end))) is not None
        and (found.fit.cost < _SURE_COST or not any(found.first <= at < found.end for at in unsure))
    ]
    chosen: list[Found] = []
    for each in sorted(candidates, key=lambda each: -each.worth):
        if all(each.end + 1 < other.first or other.end + 1 < each.first for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda each: each.first)


def _stretches(seen: Thumbnails, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pairs of frames that are far apart in colour, further than their neighbours are."""
    for seconds in _SECONDS:
        length = max(3, round(seconds * seen.fps))
        if end - start <= length + 1:
            continue
        one = seen.colour[start : end - length].astype(np.int16)
        other = seen.colour[start + length : end].astype(np.int16)
        apart = np.abs(one - other).reshape(len(one), -1).mean(axis=1)
        reach = max(1, length // 3)
        for at in range(len(apart)):
            near = apart[max(0, at - reach) : at + reach + 1]
            if apart[at] >= _APART and apart[at] >= near.max() - 1e-6:
                first, last = start + at, start + at + length
                if (
                    seen.palettes(first, last) > _SAME_COLOURS
                    and seen.moved(first, last) > _MOVED
                    and seen.novelty(first, last) >= _NEW
                ):
                    yield first, last


def _account(seen: Thumbnails, first: int, last: int, bounds: tuple[int, int]) -> Found | None:
    """The best account of a stretch by a model, and where by it the transition begins and ends."""
    frames = seen.colour[first + 1 : last].astype(np.float32)
    if len(frames) < 2:
        return None
    ends = seen.colour[first].astype(np.float32), seen.colour[last].astype(np.float32)
    fits = [mixtures.mixed(frames, *ends), *_relaxed(mixtures.wiped(frames, *ends), 0.03)]
    fits += [mixtures.faded(frames, *ends, colour) for colour in (0.0, 255.0)]
    if min(fit.cost for fit in fits) > _GOOD:
        fits += _relaxed(mixtures.slid(frames, *ends), 0.04)
        fits += _relaxed([mixtures.zoomed(frames, *ends)], 0.06)
    fits = [fit for fit in fits if _holds(fit)]
    fits = [
        fit
        for fit in fits
        if fit.kind != "slide"
        or (_has_seam(seen, first, fit) and not _goes_on(seen, first, last, fit))
    ]
    if not fits:
        return None
    best = min(fits, key=lambda fit: fit.cost)
    moving = np.nonzero((best.done > _BEGUN) & (best.done < _ENDED))[0]
    if len(moving) < max(3, _SHORTEST * seen.fps):
        return None
    found = Found(first + 1 + int(moving[0]), first + 2 + int(moving[-1]), best)
    return found if _leads_elsewhere(seen, found, *bounds) else None


def _leads_elsewhere(seen: Thumbnails, found: Found, start: int, end: int) -> bool:
    """Whether it leads to another scene: one that has other colours, or is plainly mixed in."""
    before, after = max(0, found.first - 1), min(len(seen) - 1, found.end)
    length = found.end - found.first
    earlier, later = max(start, before - length), min(end - 1, after + length)
    if seen.apart(earlier, later) < 0.5 * seen.apart(before, after):
        return False  # somebody has crossed: the picture is what it was
    if seen.palettes(before, after) >= _OTHER_COLOURS:
        return True
    plain = found.fit.kind == "dissolve" and found.fit.cost < _PLAIN
    return plain and seen.novelty(before, after) > 0.6


def _has_seam(seen: Thumbnails, first: int, fit: Fit) -> bool:
    """Whether the two pictures of a slide meet in an edge from one side to the other."""
    across = fit.direction in ("left", "right")
    forward = fit.direction in ("left", "up")
    seams = []
    for number in np.nonzero((fit.done > 0.12) & (fit.done < 0.88))[0]:
        picture = seen.grey[first + 1 + int(number)].astype(np.float32)
        picture = picture if across else picture.T
        steps = np.abs(np.diff(picture, axis=1)).mean(axis=0)
        done = float(fit.done[number])
        at = round(((1 - done) if forward else done) * len(steps))
        near = steps[max(0, at - 2) : at + 3]
        if len(near):
            seams.append(float(near.max()) / (float(np.median(steps)) + 1.0))
    return bool(seams) and float(np.median(seams)) > _SEAM


def _goes_on(seen: Thumbnails, first: int, last: int, fit: Fit) -> bool:
    """Whether what looks like a slide moves on before it or after it: then the camera pans."""
    moving = np.nonzero((fit.done > _BEGUN) & (fit.done < _ENDED))[0]
    if len(moving) < 2:
        return True
    begin, end = first + 1 + int(moving[0]), first + 2 + int(moving[-1])
    length = end - begin
    step = max(2, length // 3)
    across = fit.direction in ("left", "right")
    width = seen.colour.shape[2 if across else 1]
    expected = width * step / length
    for one, other in ((begin - 1 - step, begin - 1), (end, end + step)):
        if one < 0 or other >= len(seen):
            continue
        moved = mixtures.shift(seen.colour[one], seen.colour[other], across=across)
        if abs(moved) > 0.3 * expected:
            return True
    return False


def _relaxed(fits: list[Fit], by: float) -> list[Fit]:
    return [mixtures.relaxed(fit, by) for fit in fits]


def _holds(fit: Fit) -> bool:
    return fit.cost < _UNEXPLAINED[fit.kind] and fit.rises > 0.8 and fit.largest_step < 0.72


def _with_zoom(seen: Thumbnails, found: Found) -> Found:
    """A dissolve into which the picture rushes is the end of a zoom, which began before it."""
    if found.fit.kind != "dissolve":
        return found
    least = _RUSH / seen.fps
    first = found.first
    while first > 1 and seen.zoom[first - 1] - 1 > least:
        first -= 1
    begun = max(first, found.first - round(_LONGEST_RUSH * seen.fps))
    nearer = float(np.prod(seen.zoom[begun : (found.first + found.end) // 2]))
    if nearer < _NEARER or first < begun:
        return found
    return replace(found, first=begun, fit=replace(found.fit, kind="zoom"))


def _told(seen: Thumbnails, found: Found) -> Transition:
    found = _with_zoom(seen, found)
    return Transition(
        time=round(found.first / seen.fps, 4),
        duration=round((found.end - found.first) / seen.fps, 4),
        kind=found.fit.kind,
        direction=found.fit.direction,
        confidence=round(float(np.clip(1.15 - 1.4 * found.fit.cost, 0.3, 1.0)), 3),
    )


def _plain(seen: Thumbnails, sudden: Sequence[Sudden], found: list[Found]) -> list[Transition]:
    """Cuts and flashes, but for those that belong to something longer."""
    return [
        Transition(
            time=round(each.first / seen.fps, 4),
            duration=round(each.frames / seen.fps, 4),
            kind="cut" if each.is_cut else "flash",
            confidence=round(each.confidence, 3),
        )
        for each in sudden
        if not any(_belongs(each, other) for other in found)
    ]


def _belongs(sudden: Sudden, found: Found) -> bool:
    """Whether a cut lies well inside of something longer, or a flash near it."""
    if sudden.is_cut:
        return found.first + 1 < sudden.first < found.end - 2
    return found.first - 2 <= sudden.first <= found.end + 2
