"""Where something on the picture looks like lines of text: thin strokes of one tone, in rows.

What is asked for is a map of strokes that have kept their place and their tone for a while; what
is given back are blocks, each made of the lines that belong together.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Rect = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; right and bottom lie just outside."""

STROKE = 15
"""Pixels that a stroke may be wide."""
CONTRAST = 30
"""Steps of brightness by which a stroke differs from what is around it."""
STRONG = 72
WHITE = 188
"""The brightness above which is white: most texts are, and little else in a picture."""
_MOST = 60
"""Pieces that are looked at, the largest first."""
_TALLEST = 0.17
"""Share of the frame's short side or height that a line may be tall."""


@dataclass(frozen=True)
class Block:
    """Lines that belong together; `bright`: whether brighter than what is around them."""

    rect: Rect
    lines: tuple[Rect, ...]
    bright: bool


def strokes(y: Plane) -> tuple[Plane, Plane]:
    """How far strokes are brighter than their surroundings, and how far darker."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE, STROKE))
    bright, dark = (
        np.asarray(cv2.morphologyEx(y, kind, kernel), np.uint8)
        for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    )
    return bright, dark


def above(strength: Plane, level: int) -> Plane:
    """255 where strokes are stronger than that, else 0."""
    return np.asarray(cv2.threshold(strength, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def found(steady: Plane, strength: Plane, y: Plane, bright: bool) -> list[Block]:
    """The blocks of text among steady strokes (255 or 0), faint and strong: strong ones stand out
    from a busy picture, with whose faint ones they would be taken together."""
    both = []
    for level in (CONTRAST, STRONG):
        every = above(strength, level)
        both += blocks(np.asarray(cv2.bitwise_and(steady, every), np.uint8), every, y, bright)
    if bright:
        every = np.asarray(cv2.bitwise_and(every, above(y, WHITE)), np.uint8)
        both += blocks(np.asarray(cv2.bitwise_and(steady, every), np.uint8), every, y, bright)
    return both


def blocks(steady: Plane, every: Plane, y: Plane, bright: bool) -> list[Block]:
    """The blocks of text in a map of steady strokes (255 or 0); `every`: of all strokes."""
    if cv2.countNonZero(steady) < 40:
        return []
    reach = max(9, round(max(steady.shape) * 0.022)) | 1
    joined = cv2.morphologyEx(
        steady, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, 3))
    )
    # At half the size: where the pieces lie need not be known to the pixel.
    tall, wide = steady.shape[0] // 2 * 2, steady.shape[1] // 2 * 2
    quarter = cv2.max(
        cv2.max(joined[0:tall:2, 0:wide:2], joined[1:tall:2, 0:wide:2]),
        cv2.max(joined[0:tall:2, 1:wide:2], joined[1:tall:2, 1:wide:2]),
    )
    count, _, figures, _ = cv2.connectedComponentsWithStats(quarter, connectivity=8)
    figures = figures * np.array([2, 2, 2, 2, 4])
    if count > _MOST:
        figures = figures[np.argsort(-figures[:, 4])[: _MOST + 1]]
        count = len(figures)
    pieces: list[Rect] = []
    for left, top, width, height, size in figures[1:count].tolist():
        if size >= 8 and height <= steady.shape[0] * 0.5:
            pieces.append((left, top, left + width, top + height))
    sure = {each: _likely(each, steady, y, bright) for each in _rows(pieces, steady)}
    groups = _grouped([each for each in sure if sure[each] > 0])
    return [
        Block(_around(each), tuple(each), bright)
        for each in groups
        if 3 * sum(sure[line] == 2 for line in each) >= len(each)
        and _wide_enough(each)
        and _alone(_around(each), each[0][3] - each[0][1], every)
    ]


def _alone(rect: Rect, line: int, every: Plane) -> bool:
    """Whether the strokes end with the block: a pattern goes on all around."""
    left, top, right, bottom = rect
    beside = max(4, round(0.45 * line))
    tall, wide = every.shape
    x0, y0 = max(0, left - 2 - beside), max(0, top - 2 - beside)
    x1, y1 = min(wide, right + 2 + beside), min(tall, bottom + 2 + beside)
    x2, y2, x3, y3 = max(0, left - 2), max(0, top - 2), min(wide, right + 2), min(tall, bottom + 2)
    inner = cv2.countNonZero(every[y2:y3, x2:x3])
    outer = cv2.countNonZero(every[y0:y1, x0:x1]) - inner
    around = max(1, (x1 - x0) * (y1 - y0) - (x3 - x2) * (y3 - y2))
    return bool(outer / around < 0.5 * inner / ((x3 - x2) * (y3 - y2)))


def _wide_enough(lines: list[Rect]) -> bool:
    wanted = 2.4 if len(lines) == 1 else 1.7
    return any(right - left >= wanted * (bottom - top) for left, top, right, bottom in lines)


def _rows(pieces: list[Rect], steady: Plane) -> list[Rect]:
    """Pieces on one row made one: words of a line, and the marks above and below them."""
    tallest = steady.shape[0] * _TALLEST
    rows = sorted(pieces, key=lambda each: -(each[3] - each[1]) * (each[2] - each[0]))
    changed = True
    while changed:
        changed, kept = False, []
        while rows:
            one = rows.pop(0)
            index = 0
            while index < len(rows):
                other = rows[index]
                if _same_row(one, other, tallest):
                    one = _around([one, rows.pop(index)])
                    changed, index = True, 0
                else:
                    index += 1
            kept.append(one)
        rows = kept
    return rows


def _same_row(one: Rect, other: Rect, tallest: float) -> bool:
    heights = one[3] - one[1], other[3] - other[1]
    tall = max(heights)
    if max(one[3], other[3]) - min(one[1], other[1]) > min(tallest, 1.5 * tall):
        return False
    gap = max(one[0], other[0]) - min(one[2], other[2])
    beside = min(one[3], other[3]) - max(one[1], other[1])
    if beside >= 0.4 * min(heights):
        return gap <= 1.1 * tall
    # Marks of vowels and dots stand right above or below a word.
    small = min(heights) < 0.5 * tall
    return small and gap < 0 and beside > -0.3 * tall


def _likely(rect: Rect, steady: Plane, y: Plane, bright: bool) -> int:
    """2 for what is a line of text, 1 for what may be one beside another, else 0."""
    left, top, right, bottom = rect
    width, height = right - left, bottom - top
    tall, wide = steady.shape
    if not (max(6, 0.011 * tall) <= height <= _TALLEST * tall):
        return 0
    if width < 0.5 * height or width < 0.02 * wide:
        return 0
    inside = steady[top:bottom, left:right] > 0
    density = float(inside.mean())
    if not 0.08 <= density <= 0.7:
        return 0
    # Along the rows a text turns from stroke to gap often; a fence's rails or a horizon do not.
    turns = np.count_nonzero(inside[:, 1:] != inside[:, :-1], axis=1)
    if float(np.sort(turns)[-max(1, height // 3) :].mean()) < 2.5:
        return 0
    sure = float(np.sort(turns)[-max(1, height // 3) :].mean()) >= max(5.0, 1.3 * width / height)
    # And every part of a line has strokes: it is no scatter of specks.
    filled = inside.any(axis=0).mean()
    if filled < 0.5:
        return 0
    free = _free(rect, steady)
    even = _even(rect, inside, y, bright) if free < 0.5 else 9.0
    if sure and free < 0.3 and even < 1.0 and width >= 1.3 * height and width >= 0.04 * wide:
        return 2
    return int(even < 1.8)


def _free(rect: Rect, steady: Plane) -> float:
    """How much less there is beside a line than in it: a texture goes on, a line ends; 0 to 1."""
    left, top, right, bottom = rect
    tall, wide = steady.shape
    if left <= 1 or top <= 1 or right >= wide - 1 or bottom >= tall - 1:
        return 1.0
    beside = max(4, round(0.5 * (bottom - top)))
    inside = float((steady[top:bottom, left:right] > 0).mean())
    ends = [
        steady[top:bottom, max(0, left - beside) : left],
        steady[top:bottom, right : right + beside],
    ]
    outside = float(np.mean([(each > 0).mean() for each in ends]))
    return outside / max(1e-6, inside)


def _even(rect: Rect, inside: NDArray[np.bool_], y: Plane, bright: bool) -> float:
    """How unlike the tones are that the letters reach, in what is usual for one text."""
    left, top, right, bottom = rect
    tones = y[top:bottom, left:right]
    pieces = max(3, round((right - left) / (bottom - top)))
    edges = np.linspace(0, right - left, pieces + 1).astype(int)
    reached = []
    for start, stop in itertools.pairwise(edges):
        part = tones[:, start:stop][inside[:, start:stop]]
        if len(part) >= 5:
            place = len(part) * (85 if bright else 15) // 100
            reached.append(float(np.partition(part, place)[place]))
    if len(reached) < 3:
        return 9.0
    apart = abs(float(np.median(reached)) - float(np.median(tones[~inside])))
    spread = float(np.mean(np.abs(np.array(reached) - np.median(reached))))
    # Dark letters are written on something plain, and so are those that stand out but little.
    if not bright or apart < 55:
        behind = cv2.dilate(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
        low, high = np.percentile(tones[behind], (15, 85)) if behind.sum() > 20 else (0.0, 0.0)
        if high - low > 0.5 * apart:
            return 9.0
    return spread / max(0.1, min(12.0, 0.12 * apart))


def _grouped(lines: list[Rect]) -> list[list[Rect]]:
    groups: list[list[Rect]] = []
    for line in sorted(lines, key=lambda each: each[1]):
        for group in groups:
            if _belongs(group[-1], line):
                group.append(line)
                break
        else:
            groups.append([line])
    return groups


def _belongs(above: Rect, below: Rect) -> bool:
    heights = above[3] - above[1], below[3] - below[1]
    if max(heights) > 2.0 * min(heights):
        return False
    gap = below[1] - above[3]
    if not -0.5 * min(heights) <= gap <= 1.0 * min(heights):
        return False
    shared = min(above[2], below[2]) - max(above[0], below[0])
    return shared > 0.3 * min(above[2] - above[0], below[2] - below[0])


def _around(rects: list[Rect]) -> Rect:
    columns = tuple(zip(*rects, strict=True))
    return (
        int(min(columns[0])),
        int(min(columns[1])),
        int(max(columns[2])),
        int(max(columns[3])),
    )


def told_apart(several: list[Block], y: Plane) -> list[Block]:
    """Of blocks in one place the one whose strokes differ most from what is around it: the gaps
    between bright letters are strokes too, as is a dark outline."""
    kept: list[Block] = []
    apart = {id(each): _apart(each, y) for each in several}
    for block in sorted(several, key=lambda each: -apart[id(each)] * area(each.rect) ** 0.25):
        if apart[id(block)] > CONTRAST and all(
            overlap(block.rect, each.rect) < 0.25 for each in kept
        ):
            kept.append(block)
    return kept


def _apart(block: Block, y: Plane) -> float:
    left, top, right, bottom = block.rect
    inside = y[top:bottom, left:right]
    beside = y[max(0, top - 6) : bottom + 6, max(0, left - 8) : right + 8].astype(np.float32)
    edge = np.concatenate([beside[:3].ravel(), beside[-3:].ravel(), beside[:, :4].ravel()])
    tone = float(np.percentile(inside, 94 if block.bright else 6))
    lift = tone - float(np.median(edge))
    if block.bright:
        return max(0.0, 1.4 * lift)
    # A dark rim or shadow has bright letters within.
    letters = float((inside.astype(np.int16) - np.median(edge) > CONTRAST).mean())
    return max(0.0, -lift) if letters < 0.06 else 0.0


def overlap(one: Rect, other: Rect) -> float:
    """The share of the smaller that both have in common."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    return wide * tall / max(1, min(area(one), area(other)))


def area(rect: Rect) -> int:
    """Its pixels."""
    return (rect[2] - rect[0]) * (rect[3] - rect[1])
