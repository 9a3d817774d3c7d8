"""How a text comes and goes, read frame by frame from what it looks like at rest.

At each frame several accounts of it are compared: at rest but paler, elsewhere, of another size,
blurred, or in part. The account that explains most frames best is how it moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.stream import Plane
from autosched.studio.analysis.text_blocks import CONTRAST, Block, Rect
from autosched.studio.analysis.text_verdict import SEEN, Account, Passage, told

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]

_FULL = 0.86
_SCALES = (0.4, 0.55, 0.7, 0.8, 0.88, 1.1, 1.2)
_BLURS = (0.06, 0.12, 0.25, 0.45)
"""Standard deviations in shares of a line's height."""
_MATCH = 0.5


@dataclass(frozen=True)
class Template:
    """A text at rest: `image` and the masks lie within `rect`; `ink` is its box in the frame."""

    rect: Rect
    image: Map
    core: Mask
    inner: Mask
    weights: Map
    rim: Mask
    gain: float
    tone: float
    ink: Rect
    line: int
    certain: float

    def part(self, y: Plane) -> Map:
        """What lies in its place in another frame."""
        left, top, right, bottom = self.rect
        return y[top:bottom, left:right].astype(np.float32)

    def present(self, y: Plane) -> bool:
        """Whether it stands at rest in a frame, whatever lies behind it."""
        part = self.part(y)
        same = (np.abs(part - self.image)[self.inner] <= 22).mean()
        return bool(same >= 0.6 and self.opacity(part) > 0.6)

    def opacity(self, part: Map) -> float:
        """Its contrast against the rim of its strokes, 1 at rest."""
        lift = float((self.weights * part).sum()) * self.gain
        # Against what is there now: the picture beneath may have changed.
        rim = float(part[self.rim].mean())
        full = (self.tone - rim) if self.gain > 0 else (rim - self.tone)
        size = min(max(full, 0.4 * abs(self.gain)), 1.6 * abs(self.gain))
        return lift / size * (1 if self.gain > 0 else -1)


def template(planes: list[Plane], block: Block, shape: tuple[int, ...]) -> Template | None:
    """A text at rest, from several frames of it; `None` if little of it is steady."""
    left, top, right, bottom = block.rect
    line = int(np.median([each[3] - each[1] for each in block.lines]))
    margin = max(4, round(0.3 * line))
    rect = (
        max(0, left - margin),
        max(0, top - margin),
        min(shape[1], right + margin),
        min(shape[0], bottom + margin),
    )
    stack = np.stack([each[rect[1] : rect[3], rect[0] : rect[2]] for each in planes])
    image = np.median(stack, axis=0).astype(np.float32)
    steady = (stack.max(axis=0).astype(np.int16) - stack.min(axis=0)) <= 24
    sign = 1.0 if block.bright else -1.0
    size = 2 * round(max(8, 0.4 * line)) + 1
    # The surroundings are the darker (or brighter) half of what is near: strokes do not count.
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (min(size, 21), min(size, 21)))
    kind = cv2.MORPH_OPEN if block.bright else cv2.MORPH_CLOSE
    around = cv2.morphologyEx(image, kind, kernel)
    lift = sign * (image - around)
    strong = (lift > CONTRAST) & steady
    if np.count_nonzero(strong) < 30:
        return None
    tone = float(np.median(image[strong & (lift > np.percentile(lift[strong], 60))]))
    core = (lift > np.maximum(0.45 * sign * (tone - around), CONTRAST * 0.8)) & steady
    # What stands out as well but in another tone, or as large as no stroke, is the picture's.
    core &= np.abs(image - tone) < 0.6 * np.maximum(1.0, np.abs(tone - around))
    core = _near(core, rect, block)
    if np.count_nonzero(core) < 30:
        return None
    mask = core.astype(np.uint8)
    inner = core & (np.abs(image - tone) < 30)
    if np.count_nonzero(inner) < 30:
        inner = core
    rim = (cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0) & ~(
        cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    )
    weights = np.zeros(image.shape, np.float32)
    weights[core] = 1 / int(core.sum())
    weights[rim] = -1 / max(1, int(rim.sum()))
    gain: float = float((weights * image).sum())
    if sign * gain < 12:
        return None
    x, y, width, height = cv2.boundingRect(mask)
    ink = (rect[0] + x, rect[1] + y, rect[0] + x + width, rect[1] + y + height)
    certain = min(1.0, 0.5 + abs(gain) / 200)
    middle = float(image[core].mean())
    even = np.asarray(weights / gain, np.float32)
    return Template(rect, image, core, inner, even, rim, gain, middle, ink, line, certain)


def _near(core: Mask, rect: Rect, block: Block) -> Mask:
    """Only the strokes in the lines that were found, and those that touch them."""
    count, labels, figures, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8))
    keep = np.zeros(count, bool)
    for left, top, right, bottom in block.lines:
        grow = round(0.25 * (bottom - top))
        inside = labels[
            max(0, top - rect[1] - grow) : bottom - rect[1] + grow,
            max(0, left - rect[0] - grow) : right - rect[0] + grow,
        ]
        keep[np.unique(inside)] = True
    keep[0] = False
    return np.asarray(keep[labels] & (figures[labels, 4] >= 3))


def entry(template: Template, frames: list[tuple[int, Plane]], script: str, fps: float) -> Passage:
    """How a text came, from frames in order, in the last of which it is at rest."""
    return _Reading(template, list(reversed(frames)), script, fps, True).told()


def way_out(
    template: Template, frames: list[tuple[int, Plane]], script: str, fps: float
) -> Passage:
    """How a text goes, from frames in order, in the first of which it is at rest."""
    return _Reading(template, frames, script, fps, False).told()


class _Reading:
    """Walks from rest towards where the text is no more."""

    def __init__(
        self,
        template: Template,
        frames: list[tuple[int, Plane]],
        script: str,
        fps: float,
        entering: bool,
    ) -> None:
        self.template, self.frames, self.fps, self.entering = template, frames, fps, entering
        self.script = script
        self.line = template.line
        self.half = cv2.resize(template.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        self.reach = round(max(frames[0][1].shape) * 0.16)
        self.flat = _flat(template.image, self.line)
        self.scales = [
            cv2.resize(template.image, None, fx=each, fy=each, interpolation=cv2.INTER_AREA)
            for each in _SCALES
        ]
        self.blurs = [
            _flat(cv2.GaussianBlur(template.image, (0, 0), each * self.line), self.line)
            for each in _BLURS
        ]
        self.bins = self._bins()
        self.count = int(self.bins.max()) + 1
        self.used = (np.bincount(self.bins[template.core], minlength=self.count) >= 6) & (
            np.bincount(self.bins[template.rim], minlength=self.count) > 0
        )
        self.full = self._means(template.image)

    def _bins(self) -> NDArray[np.intp]:
        """For each pixel the piece that it lies in, line by line, about half a line high wide."""
        ink, rect = self.template.ink, self.template.rect
        count = max(3, round((ink[2] - ink[0]) / max(6, 0.5 * self.line)))
        lines = max(1, round((ink[3] - ink[1]) / (1.25 * self.line)))
        height, width = self.template.image.shape
        column = (np.arange(width) + rect[0] - ink[0]) * count // (ink[2] - ink[0])
        row = (np.arange(height) + rect[1] - ink[1]) * lines // (ink[3] - ink[1])
        column, row = np.clip(column, 0, count - 1), np.clip(row, 0, lines - 1)
        return np.asarray(row[:, None] * count + column[None, :], np.intp)

    def _pieces(self, part: Map) -> NDArray[np.float64]:
        """How much of each piece is there, 1 at rest."""
        core, rim = self._means(part)
        gain = self.full[0] - self.full[1]
        now = self.full[0] - rim
        now = np.where((now * gain < 0) | (np.abs(now) < 0.4 * np.abs(gain)), 0.4 * gain, now)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = (core - rim) / now
        return np.asarray(shares[self.used & (np.abs(gain) >= 10)])

    def _means(self, part: Map) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The brightness of the strokes in each piece, and of their rims."""
        means = []
        for mask in (self.template.core, self.template.rim):
            where = self.bins[mask]
            size = np.bincount(where, minlength=self.count)
            means.append(np.bincount(where, part[mask], self.count) / np.maximum(1, size))
        return means[0], means[1]

    def _account(self, number: int, y: Plane) -> Account:
        part = self.template.part(y)
        opacity = self.template.opacity(part)
        flat = _flat(part, self.line)
        rest = _likeness(flat, self.flat)
        chunks = self._pieces(part)
        if opacity > _FULL and rest > 0.85:
            return Account(number, opacity, rest, rest, 0, 0, rest, 1, rest, 0, chunks)
        blurs = [_likeness(flat, each) for each in self.blurs]
        window, offset = self._window(y)
        shift, place = _found(window, self.half)
        dx, dy = 2 * (place[0] - offset[0]), 2 * (place[1] - offset[1])
        best, scale = 0.0, 1.0
        for image, share in zip(self.scales, _SCALES, strict=True):
            score = self._scaled(y, image)
            if score > best:
                best, scale = score, share
        index = int(np.argmax(blurs))
        return Account(
            number, opacity, rest, shift, dx, dy, best, scale, blurs[index], _BLURS[index], chunks
        )

    def _window(self, y: Plane) -> tuple[Map, tuple[float, float]]:
        """The surroundings at half size, and where in them the text stands at rest."""
        left, top, right, bottom = self.template.rect
        padded_left, padded_top = left - self.reach, top - self.reach
        x0, y0 = max(0, padded_left), max(0, padded_top)
        x1, y1 = min(y.shape[1], right + self.reach), min(y.shape[0], bottom + self.reach)
        part = y[y0:y1, x0:x1].astype(np.float32)
        pads = (
            y0 - padded_top,
            bottom + self.reach - y1,
            x0 - padded_left,
            right + self.reach - x1,
        )
        part = cv2.copyMakeBorder(part, *pads, cv2.BORDER_REPLICATE)
        small = cv2.resize(part, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32), (self.reach / 2, self.reach / 2)

    def _scaled(self, y: Plane, image: Map) -> float:
        """How well the text in another size fits about its own middle."""
        left, top, right, bottom = self.template.ink
        origin_x, origin_y = self.template.rect[0], self.template.rect[1]
        share = image.shape[1] / self.template.image.shape[1]
        x = (left + right) / 2 - share * ((left + right) / 2 - origin_x)
        top_ = (top + bottom) / 2 - share * ((top + bottom) / 2 - origin_y)
        height, width = image.shape
        x0, y0 = round(x) - 3, round(top_) - 3
        x1, y1 = x0 + width + 6, y0 + height + 6
        if x0 < 0 or y0 < 0 or x1 > y.shape[1] or y1 > y.shape[0] or min(height, width) < 6:
            return 0.0
        return _found(y[y0:y1, x0:x1].astype(np.float32), image)[0]

    def told(self) -> Passage:
        accounts: list[Account] = []
        gone = 0
        for number, y in self.frames:
            account = self._account(number, y)
            accounts.append(account)
            seen = max(account.rest, account.shift, account.scaled - 0.1) > _MATCH or (
                account.opacity > SEEN and account.rest > 0.12
            )
            gone = 0 if seen else gone + 1
            if gone >= max(3, round(0.15 * self.fps)) or _idle(accounts):
                break
        return told(accounts, self.line, self.fps, self.entering, self.script)


def _idle(accounts: list[Account]) -> bool:
    """Whether nothing has changed for a while though the text is not at rest: what is seen there
    is the picture, which looks a little like it."""
    last = accounts[-10:]
    if len(last) < 10 or max(each.opacity for each in last) > 0.4:
        return False
    figures = np.array([(each.opacity, each.rest, each.shift) for each in last])
    return bool((np.ptp(figures, axis=0) < (0.04, 0.06, 0.06)).all())


def _flat(image: Map, line: int) -> Map:
    """The image without its slow changes of brightness."""
    flat = image - cv2.blur(image, (2 * line + 1, 2 * line + 1))
    return np.asarray(flat, np.float32)


def _likeness(one: Map, other: Map) -> float:
    together = float((one * other).sum())
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return together / size if size > 1e-3 else 0.0


def _found(window: Map, image: Map) -> tuple[float, tuple[int, int]]:
    scores = cv2.matchTemplate(window, image, cv2.TM_CCOEFF_NORMED)
    scores[~np.isfinite(scores)] = 0
    _, score, _, place = cv2.minMaxLoc(scores)
    return float(min(1.0, score)), cast(tuple[int, int], place)
