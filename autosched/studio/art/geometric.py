"""Islamic star patterns, constructed as they were: polygons in contact, rays from their edges.

The tiling is of octagons and squares. From the middle of every edge two rays leave at the contact
angle; where the rays of neighbouring edges meet stands a star's inner corner (Hankin, 1925;
Kaplan, "Islamic star patterns from polygons in contact", 2005). The angle changes slowly, so the
stars unfold; lengths and angles stay those of the construction.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Stage, fractal, smooth

PALETTE = ("#04161c", "#0a2f36", "#13515a", "#c79a4b", "#f6dfa6")

_SHIFT = 4
_SUB = 1 << _SHIFT
_SOFT = 4
Points = NDArray[np.float64]


class Scene:
    """The pattern turns about a point outside the frame while a light passes over its lines."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("geometric")
        self._edge = 118.0 * stage.unit
        self._start = float(chance.uniform(0, 2 * math.pi))
        self._turn = float(chance.choice([-1.0, 1.0])) * 0.0045
        self._lean = float(chance.uniform(0, math.pi / 4))
        self._octagons, self._squares = self._tiles()
        self._ground = self._depth()
        self._calm = self._quiet()
        self._gold = stage.palette.linear(0.80)
        self._pale = stage.palette.linear(1.0)

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        angle = math.radians(63.0 + 6.5 * math.sin(0.055 * t + self._start))
        lines = np.zeros((stage.height, stage.width), np.uint8)
        bands = self._bands(angle, self._lean + self._turn * t)
        wide = max(2, round(7.0 * stage.unit))
        cv2.polylines(lines, bands, True, 255, wide, cv2.LINE_AA, _SHIFT)
        # A strap is its two edges: its middle is cut out again.
        cv2.polylines(lines, bands, True, 70, max(1, wide - max(2, round(3 * stage.unit))), 16, 4)
        light = self._passing(t)
        ink = lines.astype(np.float32) * np.float32(1 / 255)
        glow = cv2.resize(
            cv2.GaussianBlur(
                cv2.resize(ink, stage.soft(_SOFT), interpolation=cv2.INTER_AREA) * light,
                (0, 0),
                7.0 * stage.unit,
            ),
            (stage.width, stage.height),
        )
        strength = ink * cv2.resize(light, (stage.width, stage.height))
        picture = self._ground + glow[..., None] * (self._gold * np.float32(0.42))
        picture += strength[..., None] * self._gold
        picture += (strength * strength)[..., None] * (self._pale * np.float32(0.35))
        return colour.film(picture, 1.15)

    def _tiles(self) -> tuple[Points, Points]:
        """The centres of octagons and of the squares between, around the turning point."""
        stage = self._stage
        pitch = self._edge * (1 + math.sqrt(2))
        reach = math.hypot(stage.width, stage.height) * 0.62
        count = math.ceil(reach / pitch) + 1
        steps = np.arange(-count, count + 1)
        across, down = np.meshgrid(steps, steps)
        octagons = np.stack([across.ravel(), down.ravel()], axis=1) * pitch
        squares = octagons + pitch / 2
        near = reach + pitch
        return (
            octagons[np.hypot(*octagons.T) < near],
            squares[np.hypot(*squares.T) < near],
        )

    def _bands(self, angle: float, turned: float) -> list[NDArray[np.int32]]:
        """Every star's outline, turned, as closed lines in sixteenths of a pixel."""
        stage = self._stage
        eight = _star(8, self._edge, angle, 0.0)
        four = _star(4, self._edge, angle, math.pi / 4)
        middle = np.array([stage.width / 2, stage.height / 2])
        cos, sin = math.cos(turned), math.sin(turned)
        turn = np.array([[cos, sin], [-sin, cos]])
        made: list[NDArray[np.int32]] = []
        for centres, star in ((self._octagons, eight), (self._squares, four)):
            placed = (centres[:, None, :] + star[None, :, :]) @ turn + middle
            low, high = placed.min(axis=1), placed.max(axis=1)
            seen = (high > 0).all(axis=1) & (low < [stage.width, stage.height]).all(axis=1)
            made += list(np.round(placed[seen] * _SUB).astype(np.int32)[:, :, None, :])
        return made

    def _depth(self) -> Floats:
        """The ground: deep colour, a little lighter where the light mostly stands."""
        stage = self._stage
        x, y = stage.places()
        u, v = x / stage.width - 0.5, y / stage.height - 0.5
        far = np.sqrt(u * u + 0.6 * v * v)
        soft = stage.soft(_SOFT)
        cloud = cv2.resize(
            fractal(stage.chance("ground"), soft[1], soft[0], slope=2.0),
            (stage.width, stage.height),
        )
        tone = 0.30 - 0.34 * far + 0.014 * cloud
        return stage.palette.linear(tone) * np.float32(0.72)

    def _quiet(self) -> Floats:
        """Where the words stand the lines are faint."""
        x, y = self._stage.places(_SOFT)
        u, v = x / self._stage.width - 0.5, y / self._stage.height - 0.5
        near = np.exp(-((u / 0.50) ** 4) - (v / 0.30) ** 4)
        return (1.0 - 0.80 * near).astype(np.float32)

    def _passing(self, t: float) -> Floats:
        """How brightly each part is lit: two broad bands of light cross slowly."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        side = float(max(stage.width, stage.height))
        along = (x * 0.55 + y) / side
        first = 0.55 + 0.75 * math.sin(0.11 * t + self._start)
        second = 0.45 + 0.85 * math.sin(0.073 * t + self._start * 1.7 + 2.0)
        band = 0.9 * np.exp(-(((along - first) / 0.20) ** 2))
        other = ((x - 0.6 * y) / side - second + 0.4) / 0.26
        band += 0.6 * np.exp(-(other**2))
        rim = smooth(0.0, 0.9, np.hypot(x / stage.width - 0.5, y / stage.height - 0.5))
        lit: Floats = ((0.16 + 0.20 * rim + band) * self._calm).astype(np.float32)
        return lit


def _star(sides: int, edge: float, angle: float, lean: float) -> Points:
    """The star inside a regular polygon: edge middles and inner corners in turn, (2 * sides, 2).

    The inner corner lies where the ray from one edge's middle meets that from the next.
    """
    apothem = edge / 2 / math.tan(math.pi / sides)
    half = math.pi / sides
    corner = apothem * math.cos(angle) / math.cos(angle - half)
    points = []
    for side in range(sides):
        at = lean + 2 * math.pi * side / sides
        points.append((apothem * math.cos(at), apothem * math.sin(at)))
        points.append((corner * math.cos(at + half), corner * math.sin(at + half)))
    return np.array(points)
