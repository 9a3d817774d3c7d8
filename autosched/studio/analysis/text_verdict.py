"""Which of the accounts of how a text moved is the true one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.report import TextMotion

SEEN = 0.08
"""The share of its contrast from which a text counts as visible."""
_SETTLED = 0.9


@dataclass(frozen=True)
class Passage:
    """A way in or out: `edge` is the number of the first or last frame in which it is seen."""

    kind: TextMotion
    edge: int
    frames: int
    certain: float


@dataclass
class Account:
    """One frame: how well each account of it fits, and where or how the text is by each."""

    number: int
    opacity: float
    rest: float
    shift: float
    dx: float
    dy: float
    scaled: float
    scale: float
    blurred: float
    blur: float
    chunks: NDArray[np.float64]

    @property
    def best(self) -> float:
        return max(self.rest, self.shift, self.scaled, self.blurred)


def told(accounts: list[Account], line: int, fps: float, entering: bool, script: str) -> Passage:
    """The way in or out, from the accounts of its frames, from rest to where it is no more."""
    accounts = _without_floor(accounts)
    moving = _unsettled(accounts)
    last = accounts[0].number
    if not moving:
        return Passage("none", accounts[-1].number, 0, 0.3)
    # The first frame after rest up to the last in which anything of it is seen.
    kind, gain = _kind(moving, line, entering, script, fps)
    if kind.startswith("slide"):
        moving = _travelling(moving, fps)
    visible = _run([(each, _visible(each, kind)) for each in moving], fps)
    still = (min if entering else max)(_before(accounts, moving), default=last)
    if not visible:
        return Passage("none", still, 0, 0.9)
    edge = (min if entering else max)(each.number for each in visible)
    frames = abs(edge - still)
    if frames <= 1 or (frames <= 2 and kind == "fade"):
        return Passage("none", edge, 0, 0.8)
    return Passage(kind, edge, frames + 1, float(np.clip(0.5 + gain, 0.3, 0.98)))


def _travelling(moving: list[Account], fps: float) -> list[Account]:
    """The frames up to where it stops far from rest: there it is something that looks like it."""
    for index, each in enumerate(moving):
        later = moving[index : index + max(5, round(0.2 * fps))]
        if max(abs(each.dx), abs(each.dy)) > 4 and len(later) >= 5:
            still = all(abs(o.dx - each.dx) <= 1 and abs(o.dy - each.dy) <= 1 for o in later)
            jump = index and max(
                abs(each.dx - moving[index - 1].dx), abs(each.dy - moving[index - 1].dy)
            )
            if still and each.opacity < 0.5:
                return moving[: index + (0 if jump and jump > 30 else 1)]
    return moving


def _run(seen: list[tuple[Account, bool]], fps: float) -> list[Account]:
    """The frames from rest on in which it is seen; a gap of a few frames ends it."""
    run, gap = [], 0
    for each, there in seen:
        gap = 0 if there else gap + 1
        if gap > max(2, 0.12 * fps):
            break
        if there:
            run.append(each)
    return run


def _without_floor(accounts: list[Account]) -> list[Account]:
    """The accounts without what the picture alone adds to them, seen when the text is gone."""
    last = accounts[-5:]
    level = float(np.median([each.opacity for each in last]))
    if len(accounts) < 8 or not 0.02 < level < 0.45:
        return accounts
    if np.ptp([each.opacity for each in last]) > 0.06:
        return accounts
    like = max(0.0, float(np.median([each.rest for each in last])))
    same = [each.chunks for each in last if len(each.chunks) == len(last[0].chunks)]
    idle = np.median(same, axis=0) > 0.35
    kept = []
    for each in accounts:
        chunks = each.chunks[~idle] if len(each.chunks) == len(idle) else each.chunks
        opacity = (each.opacity - level) / (1 - level)
        rest = each.rest - like * max(0.0, 1 - opacity)
        kept.append(replace(each, chunks=chunks, opacity=opacity, rest=rest))
    return kept


def _before(accounts: list[Account], moving: list[Account]) -> list[int]:
    first = moving[0].number
    numbers = []
    for each in accounts:
        if each.number == first:
            break
        numbers.append(each.number)
    return numbers


def _settled(each: Account) -> bool:
    if each.opacity < _SETTLED or each.rest < 0.6:
        return False
    return len(each.chunks) == 0 or float(np.percentile(each.chunks, 8)) > 0.6


def _unsettled(accounts: list[Account]) -> list[Account]:
    """From the last frame at rest on; a lone dip in between is noise."""
    resting = [index for index, each in enumerate(accounts) if _settled(each)]
    if not resting:
        return accounts[1:]
    last = resting[0]
    for index in resting:
        if index - last > 4:
            break
        last = index
    return accounts[last + 1 :]


def _visible(each: Account, kind: TextMotion) -> bool:
    if kind.startswith("slide"):
        return each.shift > 0.4 or each.opacity > 0.3
    if kind == "pop":
        return each.scaled > 0.45 or each.opacity > 0.3
    if kind == "typewriter":
        return bool(np.mean(each.chunks > 0.5) > 0.02)
    return each.opacity > SEEN and max(each.rest, each.blurred) > 0.12


def _kind(
    moving: list[Account], line: int, entering: bool, script: str, fps: float
) -> tuple[TextMotion, float]:
    typed = _typed(moving, script, fps)
    if typed > 0.6:
        return "typewriter", typed / 2
    partial = _run([(each, each.best > 0.5) for each in moving], fps)
    partial = [each for each in partial if each.rest < 0.88] or partial
    if not partial:
        return "fade", 0.3
    gains = {
        "slide": _gain(partial, [each.shift for each in partial]),
        "pop": _gain(partial, [each.scaled for each in partial]),
        "blur": _gain(partial, [each.blurred for each in partial]),
    }
    path = _path(partial, line)
    if path is None:
        gains["slide"] = 0.0
    name = max(gains, key=lambda each: gains[each])
    gain = gains[name]
    if gain < (0.03 if name == "blur" else 0.06):
        return "fade", 0.45 - gain
    if name == "slide" and path is not None:
        return _direction(path, entering), gain
    return ("pop" if name == "pop" else "blur"), gain


def _gain(partial: list[Account], scores: list[float]) -> float:
    """How much better an account is than the text at rest, on the frames that it explains."""
    better = [score - max(0.0, each.rest) for score, each in zip(scores, partial, strict=True)]
    return float(np.mean(better)) if better else 0.0


def _path(partial: list[Account], line: int) -> tuple[float, float] | None:
    """Where the text came from, if it was seen on its way."""
    sure = [each for each in partial if each.shift > 0.5 and each.shift > each.rest + 0.03]
    far = [each for each in sure if max(abs(each.dx), abs(each.dy)) >= max(2, 0.12 * line)]
    if not far:
        return None
    dx = float(np.median([each.dx for each in far]))
    dy = float(np.median([each.dy for each in far]))
    return dx, dy


def _direction(path: tuple[float, float], entering: bool) -> TextMotion:
    dx, dy = path if not entering else (-path[0], -path[1])
    if abs(dx) > abs(dy):
        return "slide_right" if dx > 0 else "slide_left"
    return "slide_down" if dy > 0 else "slide_up"


def _typed(moving: list[Account], script: str, fps: float) -> float:
    """How surely the text came piece by piece, those shown being whole."""
    rows = [each.chunks for each in moving if len(each.chunks) == len(moving[0].chunks)]
    if len(rows) < 4 or len(rows[0]) < 3:
        return 0.0
    table = np.array(rows)
    on = table > 0.5
    share = on.mean(axis=1)
    mixed = (share > 0.06) & (share < 0.94)
    if np.count_nonzero(mixed) < max(3, 0.12 * fps):
        return 0.0
    table = table[mixed]
    whole = float(np.mean((table > 0.7) | (table < 0.3)))
    # Away from rest no piece may come back.
    steps = np.diff(on[mixed].astype(int), axis=0)
    back = float(np.mean(steps > 0)) / max(1e-6, float(np.mean(steps != 0)))
    if whole < 0.7:
        return 0.0
    # Pieces near each other in the line come one after the other.
    last = on.shape[0] - np.argmax(on[::-1], axis=0)
    near = np.abs(np.diff(last.astype(float)))
    apart = np.abs(last[:, None] - last[None, :]).mean()
    order = 1 - float(near.mean()) / max(1e-6, float(apart))
    return whole - 0.1 - back if order > 0.35 else 0.0
