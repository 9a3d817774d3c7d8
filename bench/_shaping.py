"""A line's glyphs drawn from their outlines, and held against a picture of the line."""

from __future__ import annotations

import math

import cv2
import numpy as np
import uharfbuzz as hb
from numpy.typing import NDArray

_FINE = 4
"""Outlines are filled on a grid so many times finer than pixels."""
_CURVE = 10
_INK = 110
_MOVED = 3
_SLACK = 1.5
"""Pixels by which hinting, rounding and antialiasing may move an edge."""

Picture = NDArray[np.uint8]


def difference(picture: Picture, font: hb.Font, shaped: hb.Buffer, em: int) -> float:
    """The share of ink in which a picture and the shaped glyphs differ, laid upon one another.

    Ink counts as different when there is none of the other within a pixel and a half.
    """
    expected = drawn(font, shaped, em)
    return _apart(_trimmed(picture), _trimmed(expected))


def drawn(font: hb.Font, shaped: hb.Buffer, em: int) -> Picture:
    """The glyphs in white on black at `em` pixels an em, filled by the nonzero winding rule."""
    scale = em * _FINE / font.face.upem
    contours: list[NDArray[np.float64]] = []
    x = y = 0.0
    for info, place in zip(shaped.glyph_infos, shaped.glyph_positions, strict=True):
        pen = _Pen()
        font.draw_glyph_with_pen(info.codepoint, pen)
        offset = np.array([x + place.x_offset, y + place.y_offset])
        contours += [(np.array(each) + offset) * [scale, -scale] for each in pen.contours]
        x, y = x + place.x_advance, y + place.y_advance
    points = np.vstack(contours)
    low = np.floor(points.min(axis=0)) - 8 * _FINE
    size = np.ceil(points.max(axis=0) - low).astype(int) + 8 * _FINE
    winding = np.zeros((size[1], size[0]), np.int16)
    for contour in contours:
        corners = np.round(contour - low).astype(np.int32)
        left, top = corners.min(axis=0)
        right, bottom = corners.max(axis=0) + 1
        filled = np.zeros((bottom - top, right - left), np.int16)
        cv2.fillPoly(filled, [corners - [left, top]], 1)
        ahead = np.roll(contour, -1, axis=0)
        area = np.sum(contour[:, 0] * ahead[:, 1] - ahead[:, 0] * contour[:, 1])
        winding[top:bottom, left:right] += filled * (1 if area > 0 else -1)
    inked = (winding != 0).astype(np.uint8) * 255
    shape = (math.ceil(size[0] / _FINE), math.ceil(size[1] / _FINE))
    whole = cv2.copyMakeBorder(
        inked,
        0,
        shape[1] * _FINE - size[1],
        0,
        shape[0] * _FINE - size[0],
        cv2.BORDER_CONSTANT,
        value=0,
    )
    return np.asarray(cv2.resize(whole, shape, interpolation=cv2.INTER_AREA), np.uint8)


class _Pen:
    """Takes outlines as points; curves are cut into short lines."""

    def __init__(self) -> None:
        self.contours: list[list[tuple[float, float]]] = []

    def moveTo(self, at: tuple[float, float]) -> None:  # noqa: N802  the pen protocol's name
        self.contours.append([at])

    def lineTo(self, at: tuple[float, float]) -> None:  # noqa: N802
        self.contours[-1].append(at)

    def qCurveTo(self, by: tuple[float, float], at: tuple[float, float]) -> None:  # noqa: N802
        self._curve([self.contours[-1][-1], by, at])

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._curve([self.contours[-1][-1], *points])

    def closePath(self) -> None:  # noqa: N802
        return None

    def _curve(self, points: list[tuple[float, float]]) -> None:
        degree = len(points) - 1
        for step in range(1, _CURVE + 1):
            t = step / _CURVE
            weights = [
                math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)
            ]
            self.contours[-1].append(
                (
                    sum(w * p[0] for w, p in zip(weights, points, strict=True)),
                    sum(w * p[1] for w, p in zip(weights, points, strict=True)),
                )
            )


def _trimmed(picture: Picture) -> NDArray[np.bool_]:
    inked = picture > _INK
    rows, columns = np.nonzero(inked.any(axis=1))[0], np.nonzero(inked.any(axis=0))[0]
    return inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _apart(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """The smallest difference of the two, one of them moved by a few pixels at most."""
    height, width = np.maximum(one.shape, other.shape) + 4 * _MOVED
    first = _placed(one, height, width, 2 * _MOVED, 2 * _MOVED)
    far = _away(first)
    found = 1.0
    for dy in range(_MOVED, 3 * _MOVED + 1):
        for dx in range(_MOVED, 3 * _MOVED + 1):
            second = _placed(other, height, width, dy, dx)
            extra = np.count_nonzero(far[second > 0] > _SLACK)
            if extra / np.count_nonzero(second) > 2 * found:
                continue
            lost = np.count_nonzero(_away(second)[first > 0] > _SLACK)
            total = np.count_nonzero(first) + np.count_nonzero(second)
            found = min(found, (lost + extra) / total)
    return float(found)


def _placed(inked: NDArray[np.bool_], height: int, width: int, top: int, left: int) -> Picture:
    made = np.zeros((height, width), np.uint8)
    made[top : top + inked.shape[0], left : left + inked.shape[1]] = inked
    return made


def _away(inked: Picture) -> NDArray[np.float32]:
    """How far each pixel is from ink."""
    return np.asarray(cv2.distanceTransform(1 - inked, cv2.DIST_L2, 3), np.float32)
