"""How each shot is composed: scale, thirds, symmetry, calm areas, horizon, room for text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio import framing
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Box, Composition, Scale, Shot
from autosched.studio.analysis.stream import Frame, Source

_EVERY_SECONDS = 0.5
_CELLS = 24
"""Cells on the longer side in which calm areas are looked for."""
_CALM, _PLAIN = 7.0, 3.0
"""The spread of brightness up to which a cell is calm; below which a whole picture is empty."""
_EDGE = 0.06
"""The margin of the frame where no text is put."""
# The height of a face, or of a subject without one, from which a shot is as near as that.
_BY_FACE: tuple[tuple[float, Scale], ...] = (
    (0.52, "extreme_close"),
    (0.24, "close"),
    (0.1, "medium"),
    (0.04, "wide"),
)
_BY_AREA: tuple[tuple[float, Scale], ...] = (
    (0.5, "extreme_close"),
    (0.25, "close"),
    (0.09, "medium"),
    (0.025, "wide"),
)
_MOST_KEPT = 4000


@dataclass(frozen=True)
class Glance:
    """What one frame shows; `None` where there is nothing to go by."""

    time: float
    subject: Box | None
    face: float
    symmetry: float | None
    calm: float
    horizon: float | None
    room: Box | None


class Composing:
    """Looks at a few frames a second and describes shots by those that fall into them."""

    def __init__(self, source: Source) -> None:
        self._every = max(1, round(source.fps * _EVERY_SECONDS))
        self._last = source.fps == 0
        self._seen: list[Glance] = []

    def see(self, frame: Frame, move: Move) -> None:
        """Look at a frame, if it is one of those."""
        if frame.number % self._every == self._every // 2 or self._last:
            self._seen.append(_glance(frame))
            if len(self._seen) > _MOST_KEPT:
                self._seen, self._every = self._seen[::2], self._every * 2

    def described(self, shot: Shot) -> Shot:
        """The shot with its scale and composition."""
        inside = [each for each in self._seen if shot.start <= each.time <= shot.end]
        if not inside and self._seen:
            middle = (shot.start + shot.end) / 2
            near = min(self._seen, key=lambda each: abs(each.time - middle))
            inside = [near] if abs(near.time - middle) < 2 * _EVERY_SECONDS else []
        if not inside:
            return shot
        subject = _middle_box([each.subject for each in inside])
        scale, sure = _scale(inside, subject)
        x, y = (subject[0] + subject[2] / 2, subject[1] + subject[3] / 2) if subject else (0, 0)
        horizon = _agreed([each.horizon for each in inside])
        composition = Composition(
            thirds=_rounded(_thirds(x, y)) if subject else None,
            symmetry=_rounded(_mean([each.symmetry for each in inside])),
            centre=_rounded(max(0.0, 1 - np.hypot(x - 0.5, y - 0.5) / 0.5)) if subject else None,
            negative_space=_rounded(float(np.mean([each.calm for each in inside]))),
            horizon=_rounded(horizon),
            subject=subject,
            text_room=_middle_box([each.room for each in inside]),
        )
        confidence = {**shot.confidence, "composition": round(min(0.9, 0.4 + 0.1 * len(inside)), 2)}
        if scale is not None:
            confidence["scale"] = round(sure, 2)
        return shot.model_copy(
            update={"scale": scale, "composition": composition, "confidence": confidence}
        )


def _glance(frame: Frame) -> Glance:
    grey = frame.grey.astype(np.float32)
    if float(frame.rgb.reshape(-1, 3).std(axis=0).max()) < _PLAIN:
        return Glance(frame.time, None, 0.0, None, 1.0, None, _whole())
    calm = _calm(grey)
    return Glance(
        time=frame.time,
        subject=_subject(grey, frame.rgb),
        face=_face(frame.rgb),
        symmetry=_symmetry(grey),
        calm=float(calm.mean()),
        horizon=_horizon(grey),
        room=_room(calm),
    )


def _subject(grey: NDArray[np.float32], rgb: NDArray[np.uint8]) -> Box | None:
    """What is unlike its surroundings, in colour and in detail, and hangs together."""
    size = (96, 96)
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    value = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    stands = framing.standing_out(value)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    sides = (lab[:6], lab[:, :6], lab[:, -6:])
    edge = np.concatenate([each.reshape(-1, 3) for each in sides])
    colours = np.stack([np.median(part, axis=0) for part in np.array_split(edge, 8)])
    unlike = np.min(np.linalg.norm(lab[:, :, None] - colours[None, None], axis=3), axis=2)
    heat = stands / (stands.max() + 1e-6) + 1.4 * unlike / (unlike.max() + 18.0)
    heat = cv2.GaussianBlur(heat.astype(np.float32), (0, 0), 3)
    heat -= float(np.percentile(heat, 20))
    mask = (heat > 0.5 * heat.max()).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    masses = [float(heat[labels == number].sum()) for number in range(1, count)]
    best = 1 + int(np.argmax(masses))
    left, top, wide, high = (float(each) for each in stats[best][:4])
    if wide * high > 0.92 * 96 * 96:
        return None
    return _box(left / 96, top / 96, wide / 96, high / 96)


def _face(rgb: NDArray[np.uint8]) -> float:
    """The height of the largest patch that may be a face, in shares of the frame's; 0 for none.

    By its colour, shape and detail alone: there is no detector without weights.
    """
    tone = framing.skin(rgb)
    mask = (tone > 0.45 * max(1e-6, float(tone.max()))).astype(np.uint8) if tone.any() else None
    if mask is None:
        return 0.0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    height, width = mask.shape
    best = 0.0
    for number in range(1, count):
        _, _, wide, high, area = (int(each) for each in stats[number])
        filled = area / max(1, wide * high)
        if area < 0.002 * height * width or not 0.75 < high / max(1, wide) < 2.1 or filled < 0.55:
            continue
        detail = float(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[labels == number].std())
        if 9 < detail < 62 and wide * high < 0.8 * width * height:
            best = max(best, high / height)
    return best


def _symmetry(grey: NDArray[np.float32]) -> float:
    """How far the left is the mirror image of the right, from 0 to 1."""
    small = cv2.GaussianBlur(cv2.resize(grey, (64, 36), interpolation=cv2.INTER_AREA), (0, 0), 1.0)
    even = small - small.mean()
    size = float((even * even).sum()) + 1e-6
    return float(np.clip((even * even[:, ::-1]).sum() / size, 0, 1))


def _calm(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which cells of the frame hold next to nothing."""
    height, width = grey.shape
    share = _CELLS / max(height, width)
    size = (max(4, round(width * share)), max(4, round(height * share)))
    mean = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(grey * grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)) < _CALM)


def _room(calm: NDArray[np.bool_]) -> Box | None:
    """The largest calm rectangle that is no narrow strip, within the margins."""
    rows, columns = calm.shape
    edge_y, edge_x = max(1, round(rows * _EDGE)), max(1, round(columns * _EDGE))
    heights = np.zeros(columns, int)
    best, found = 0, None
    for row in range(edge_y, rows - edge_y):
        heights = np.where(calm[row], heights + 1, 0)
        for left in range(edge_x, columns - edge_x):
            least = heights[left]
            for right in range(left, columns - edge_x):
                least = min(least, heights[right])
                if least * (columns - left) <= best:
                    break
                wide = right - left + 1
                if wide * least > best and wide >= columns // 4 and least >= 2:
                    best = wide * least
                    found = (left, row - least + 1, wide, least)
    if found is None:
        return None
    left, top, wide, high = (int(each) for each in found)
    return _box(left / columns, top / rows, wide / columns, high / rows)


def _horizon(grey: NDArray[np.float32]) -> float | None:
    """The height of a line from side to side at which the brightness changes; `None` for none."""
    blurred = cv2.GaussianBlur(grey, (0, 0), 1.5)
    rows = blurred.shape[0]
    reach = max(2, rows // 30)
    step = blurred[2 * reach :] - blurred[: -2 * reach]
    inner = slice(round(0.08 * rows), len(step) - round(0.08 * rows))
    whole = step.mean(axis=1)[inner]
    if not len(whole):
        return None
    at = int(np.argmax(np.abs(whole))) + inner.start
    change = float(step[at].mean())
    same = float(np.mean(np.sign(change) * step[at] > 0.35 * abs(change)))
    spread = float(np.median(np.abs(step[inner].mean(axis=1)))) + 1.0
    if abs(change) < 9 or same < 0.8 or abs(change) < 2.5 * spread:
        return None
    return float(at + reach) / float(rows)


def _scale(inside: list[Glance], subject: Box | None) -> tuple[Scale | None, float]:
    face = float(np.median([each.face for each in inside]))
    if face > 0.03:
        return _named(face, _BY_FACE), 0.55
    if subject is None:
        return None, 0.0
    return _named(subject[2] * subject[3], _BY_AREA), 0.4


def _named(value: float, table: tuple[tuple[float, Scale], ...]) -> Scale:
    for least, name in table:
        if value >= least:
            return name
    return "extreme_wide"


def _thirds(x: float, y: float) -> float:
    """1 where two thirds cross, 0 at the middle and beyond it."""
    off = min(np.hypot(x - a, y - b) for a in (1 / 3, 2 / 3) for b in (1 / 3, 2 / 3))
    return max(0.0, 1 - float(off) / float(np.hypot(1 / 6, 1 / 6)))


def _agreed(values: list[float | None]) -> float | None:
    """The middle of the values, if most frames have one and these agree."""
    known = [each for each in values if each is not None]
    if len(known) < max(1, 0.6 * len(values)):
        return None
    middle: float = float(np.median(known))
    agree = float(np.mean(np.abs(np.array(known) - middle) < 0.06))
    return middle if agree > 0.6 else None


def _middle_box(boxes: list[Box | None]) -> Box | None:
    known = [each for each in boxes if each is not None]
    if len(known) < max(1, 0.5 * len(boxes)):
        return None
    return _box(*(float(each) for each in np.median(np.array(known), axis=0)))


def _mean(values: list[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return float(np.mean(known)) if known else None


def _whole() -> Box:
    return _box(_EDGE, _EDGE, 1 - 2 * _EDGE, 1 - 2 * _EDGE)


def _box(x: float, y: float, w: float, h: float) -> Box:
    return round(x, 4), round(y, 4), round(w, 4), round(h, 4)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)
