"""Polygons in contact: a tiling by regular polygons of any fold and the stars in its cells.

Lengths are in diameters of the polygon's inscribed circle: two that touch are 1 apart.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Points = NDArray[np.float64]

# By fold: the edges at which a polygon touches its neighbours, as steps around it.
_TOUCHING = {
    5: (0, 2, 3),
    6: (0, 1),
    7: (0, 2, 5),
    8: (0, 2),
    9: (0, 3, 6),
    10: (0, 2),
    11: (0, 4, 7),
    12: (0, 2),
    13: (0, 4, 9),
    14: (0, 3),
    15: (0, 5, 10),
    16: (0, 4),
}


class Pattern:
    """The cell of a tiling: its lattice's `steps`, and the outlines in it at a contact angle."""

    def __init__(self, fold: int) -> None:
        if fold not in _TOUCHING:
            raise ValueError(f"A fold is 5 to 16, not {fold}.")
        self.fold = fold
        self.angle = 54.0 if fold < 7 else 60.0 if fold < 11 else 64.0
        self._side = math.tan(math.pi / fold)
        normals = [_unit(2 * math.pi * i / fold) for i in _TOUCHING[fold]]
        self._polygons = [(np.zeros(2), 0.0)]
        if fold % 2:
            # The neighbour across an edge is the polygon upside down.
            self._polygons.append((normals[0], math.pi))
            self.steps = (normals[0] - normals[1], normals[0] - normals[2])
        else:
            self.steps = (normals[0], normals[1])
        self._gaps = self._found()
        self._pairs = [_paired(gap, math.radians(self.angle)) for gap in self._gaps]

    def at(self, angle: float) -> tuple[list[Points], list[Points]]:
        """The stars in the polygons, and what the rays enclose in the gaps."""
        stars = [self._star(centre, lean, angle) for centre, lean in self._polygons]
        enclosed = [
            outline
            for gap, pairs in zip(self._gaps, self._pairs, strict=True)
            for outline in _enclosed(gap, pairs, angle)
        ]
        return stars, enclosed

    def _star(self, centre: Points, lean: float, angle: float) -> Points:
        half = math.pi / self.fold
        corner = 0.5 * math.cos(angle) / math.cos(angle - half)
        ways = lean + 2 * math.pi * np.arange(self.fold) / self.fold
        tips = centre + 0.5 * np.stack([np.cos(ways), np.sin(ways)], axis=1)
        corners = centre + corner * np.stack([np.cos(ways + half), np.sin(ways + half)], axis=1)
        made: Points = np.stack([tips, corners], axis=1).reshape(-1, 2)
        return made

    def _found(self) -> list[Points]:
        """The gaps of a cell, as closed rows of corners, each once."""
        radius = 0.5 / math.cos(math.pi / self.fold)
        shared: dict[tuple[int, int], int] = {}
        every: list[tuple[Points, Points]] = []
        for i in range(-3, 4):
            for j in range(-3, 4):
                for centre, lean in self._polygons:
                    middle = centre + i * self.steps[0] + j * self.steps[1]
                    ways = lean + math.pi / self.fold * (2 * np.arange(self.fold) - 1)
                    corners = middle + radius * np.stack([np.cos(ways), np.sin(ways)], axis=1)
                    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
                        # The gap lies on the other side: its edges run the other way.
                        every.append((other, one))
                        key = _key((one + other) / 2)
                        shared[key] = shared.get(key, 0) + 1
        return _walked(every, shared, self.steps)


def _walked(
    every: list[tuple[Points, Points]],
    shared: dict[tuple[int, int], int],
    steps: tuple[Points, Points],
) -> list[Points]:
    """Gaps walked along edges that belong to one polygon only; one of each up to the lattice."""
    leaving: dict[tuple[int, int], list[tuple[Points, Points]]] = {}
    for start, end in every:
        if shared[_key((start + end) / 2)] == 1:
            leaving.setdefault(_key(start), []).append((start, end))
    basis = np.linalg.inv(np.stack(steps))
    found: dict[tuple[int, int], Points] = {}
    for edges in list(leaving.values()):
        for start, end in edges:
            walk, at, way = [start], end, end - start
            while _key(at) != _key(start) and len(walk) < 40:
                onward = leaving.get(_key(at))
                if not onward:
                    break
                walk.append(at)
                # Where gaps meet in a point: the sharpest turn keeps to this one.
                turns = [_turn(way, to - at) for _, to in onward]
                begun, to = onward[int(np.argmax(turns))]
                at, way = to, to - begun
            if _key(at) != _key(start):
                continue
            gap = np.array(walk)
            if np.abs(gap.mean(axis=0)).max() > 2.2 or _area(gap) < 1e-6:
                continue
            place = (gap.mean(axis=0) @ basis + 1e-6) % 1.0
            found.setdefault(_key(place, 1e3), gap)
    return list(found.values())


def _rays(gap: Points, angle: float) -> tuple[Points, Points, Points]:
    """The edges' middles and the two rays from each, onward and back."""
    following = np.roll(gap, -1, axis=0)
    ways = following - gap
    ways /= np.hypot(ways[:, 0], ways[:, 1])[:, None]
    normals = np.stack([-ways[:, 1], ways[:, 0]], axis=1)
    along, across = math.cos(angle) * ways, math.sin(angle) * normals
    return (gap + following) / 2, across + along, across - along


def _paired(gap: Points, angle: float) -> NDArray[np.int64]:
    """Which ray back each ray onward meets: all of them as near as can be, within the gap."""
    middles, onward, back = _rays(gap, angle)
    count = len(gap)
    cost = np.full((count, count), 1e6)
    outline = gap.astype(np.float32)
    for i in range(count):
        for j in range(count):
            met = _meeting(middles[i], onward[i], middles[j], back[j]) if i != j else None
            if met is None:
                continue
            inside = cv2.pointPolygonTest(outline, (float(met[0]), float(met[1])), True)
            far = np.hypot(*(met - middles[i])) + np.hypot(*(met - middles[j]))
            cost[i, j] = far + (0.0 if inside > -1e-3 else 1e3 - inside)
    pairs: NDArray[np.int64] = linear_sum_assignment(cost)[1]
    return pairs


def _enclosed(gap: Points, pairs: NDArray[np.int64], angle: float) -> list[Points]:
    """The closed outlines in a gap: edge middles, and between them where their rays meet."""
    middles, onward, back = _rays(gap, angle)
    left = set(range(len(gap)))
    outlines = []
    while left:
        at, walk = min(left), []
        while at in left:
            left.remove(at)
            to = int(pairs[at])
            met = _meeting(middles[at], onward[at], middles[to], back[to])
            walk += [middles[at]] if met is None else [middles[at], met]
            at = to
        outlines.append(np.array(walk))
    return outlines


def _meeting(a: Points, u: Points, b: Points, v: Points) -> Points | None:
    """Where two rays meet, if they do."""
    cross = u[0] * v[1] - u[1] * v[0]
    if abs(cross) < 1e-9:
        return None
    way = b - a
    far = (way[0] * v[1] - way[1] * v[0]) / cross
    other = (way[0] * u[1] - way[1] * u[0]) / cross
    made: Points = a + far * u
    return made if far > 0 and other > 0 else None


def _unit(way: float) -> Points:
    return np.array([math.cos(way), math.sin(way)])


def _turn(one: Points, other: Points) -> float:
    return math.atan2(one[0] * other[1] - one[1] * other[0], float(one @ other))


def _area(polygon: Points) -> float:
    x, y = polygon.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _key(point: Points, scale: float = 1e4) -> tuple[int, int]:
    return round(float(point[0]) * scale), round(float(point[1]) * scale)
