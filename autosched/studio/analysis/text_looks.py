"""How a text looks at rest: its script, lines, their height, colour and alignment."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.stream import Frame
from autosched.studio.analysis.text_motion import Template

Script = Literal["arabic", "latin"]
Align = Literal["left", "centre", "right"]
Mask = NDArray[np.bool_]

# A logistic regression on lines of eleven typefaces in two scripts, somewhat blurred.
_ARABIC = (8.95, 4.21, 1.98, -1.22, 7.05, -4.56)
_ARABIC_FROM = -7.34


@dataclass(frozen=True)
class Looks:
    """`line_height` in pixels of the analysed frame; certainties from 0 to 1."""

    script: Script
    script_certain: float
    lines: int
    line_height: float
    colour: str
    align: Align
    certain: float


def looks(template: Template, frame: Frame) -> Looks:
    """What can be told of a text from its strokes and a frame in which it is at rest."""
    rows = _lines(template.core)
    arabic = float(np.mean([_arabic(template.core[top:bottom]) for top, bottom in rows]))
    tall = float(np.median([bottom - top for top, bottom in rows]))
    if len(rows) > 1:
        middles = [_weight(template.core, *row) for row in rows]
        tall = max(float(np.mean(np.diff(middles))), 0.5 * tall)
    return Looks(
        script="arabic" if arabic > 0 else "latin",
        script_certain=min(1.0, 0.5 + abs(arabic) / 2),
        lines=len(rows),
        line_height=tall,
        colour=_colour(template, frame),
        align=_align(template, rows, frame.y.shape[1]),
        certain=template.certain,
    )


def _lines(core: Mask) -> list[tuple[int, int]]:
    """Top and bottom of each line: hills of the ink by rows, by how often they come again."""
    ink = core.sum(axis=1).astype(np.float32)
    used = np.flatnonzero(ink)
    if len(used) == 0:
        return [(0, core.shape[0])]
    top, bottom = int(used[0]), int(used[-1]) + 1
    ink = ink[top:bottom]
    height = len(ink)
    smooth = _soft(ink)
    # Valleys of little ink between hills of much: lines of vowelled Arabic never quite part.
    cuts = [0]
    peak, valley = 0.0, 0
    level = float(np.percentile(smooth, 90))
    valley_ink = np.inf
    for row, value in enumerate(smooth):
        if value > 0.55 * level:
            if peak > 0 and valley_ink < 0.22 * level and valley > cuts[-1]:
                cuts.append(valley)
            peak, valley_ink = float(value), np.inf
        elif peak > 0 and value <= valley_ink:
            valley, valley_ink = row, float(value)
    cuts.append(height)
    parts = []
    for start, stop in itertools.pairwise(cuts):
        rows = np.flatnonzero(ink[start:stop])
        if len(rows) >= 4:
            parts.append((top + start + int(rows[0]), top + start + int(rows[-1]) + 1))
    return _whole(parts) or [(top, bottom)]


def _whole(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lines with the rows of marks above and below them, which are no lines of their own."""
    tallest = max((bottom - top for top, bottom in parts), default=0)
    lines: list[tuple[int, int]] = []
    marks = None
    for top, bottom in parts:
        if bottom - top < 0.42 * tallest:
            if lines and (marks is None and top - lines[-1][1] <= 2):
                lines[-1] = (lines[-1][0], bottom)
            else:
                marks = top
            continue
        lines.append((top if marks is None else marks, bottom))
        marks = None
    return lines


def _soft(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.convolve(ink, np.array([0.25, 0.5, 0.25], np.float32), mode="same")


def _weight(core: Mask, top: int, bottom: int) -> float:
    ink = core[top:bottom].sum(axis=1)
    return float(top + np.average(np.arange(bottom - top), weights=ink + 1e-6))


def _arabic(core: Mask) -> float:
    """Above 0 for a line of joined letters on a baseline, below for letters side by side."""
    count, _, figures, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8), connectivity=8)
    parts = np.array([each for each in figures[1:count] if each[4] >= 3], float)
    if len(parts) == 0:
        return -0.2
    height, width = core.shape
    areas, ink = parts[:, 4], core.sum(axis=1).astype(float)
    total = max(1.0, ink.sum())
    across = np.count_nonzero(core[:, 1:] & ~core[:, :-1]) + 1
    down = np.count_nonzero(core[1:] & ~core[:-1]) + 1
    found = (
        # How much of the ink lies on the baseline's few rows.
        float(np.sort(ink)[-max(1, height // 8) :].sum()) / total,
        # Dots and marks among the parts.
        float(np.mean(parts[:, 3] < 0.28 * height)),
        # How wide the parts are for their height, by their ink.
        float(np.average(parts[:, 2] / parts[:, 3], weights=areas)),
        # Large parts in a stretch as wide as the line is high.
        float(np.count_nonzero(areas >= 0.25 * areas.max())) * height / width,
        # How low the ink lies.
        float((ink * np.arange(height)).sum()) / total / height,
        # Upright strokes over level ones.
        math.log(across / down),
    )
    score = _ARABIC_FROM + sum(a * b for a, b in zip(_ARABIC, found, strict=True))
    return math.tanh(score / 4)


def _colour(template: Template, frame: Frame) -> str:
    left, top, right, bottom = template.rect
    core = template.inner
    shares = []
    for plane in (frame.u, frame.v):
        part = cv2.resize(plane, (frame.y.shape[1], frame.y.shape[0]))[top:bottom, left:right]
        values = part[core]
        # Half as many samples of colour as of light: thin strokes are paler than they were drawn.
        shares.append(float(np.median(values)) - 128)
    luma = (float(np.percentile(template.image[core], 50)) - 16) * 255 / 219
    chroma = [each * 255 / 224 for each in shares]
    red = luma + 1.5748 * chroma[1]
    green = luma - 0.1873 * chroma[0] - 0.4681 * chroma[1]
    blue = luma + 1.8556 * chroma[0]
    bytes_ = [round(min(255.0, max(0.0, each))) for each in (red, green, blue)]
    return "#{:02x}{:02x}{:02x}".format(*bytes_)


def _align(template: Template, rows: list[tuple[int, int]], width: int) -> Align:
    edges = []
    for top, bottom in rows:
        columns = np.flatnonzero(template.core[top:bottom].any(axis=0))
        if len(columns):
            edges.append((int(columns[0]), int(columns[-1])))
    left, right = template.ink[0], template.ink[2]
    if len(edges) > 1:
        lefts, rights = zip(*edges, strict=True)
        middles = [(a + b) / 2 for a, b in edges]
        spreads = {
            "centre": float(np.std(middles)),
            "left": float(np.std(lefts)),
            "right": float(np.std(rights)),
        }
        if max(spreads.values()) > 0.012 * width:
            best = min(spreads, key=lambda name: spreads[name])
            return "left" if best == "left" else "right" if best == "right" else "centre"
    off = (left + right) / 2 / width - 0.5
    if abs(off) < 0.04:
        return "centre"
    return "left" if left < width - right else "right"
