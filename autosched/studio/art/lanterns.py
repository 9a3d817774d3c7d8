"""Lantern lights far out of focus: warm discs of light in several depths, breathing slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Generator, Stage, fractal, smooth

PALETTE = ("#0b0507", "#2a0f12", "#6e2a14", "#d97a24", "#ffd98a")

_SOFT = 2


@dataclass(frozen=True)
class _Light:
    """A lantern: where it hangs, how it drifts, sways and breathes, and its disc."""

    x: float
    y: float
    drift: float
    sway: float
    pace: float
    start: float
    breath: float
    disc: Floats


class Scene:
    """Strings of lanterns before a dark street; far ones small, near ones large and faint.

    Light is added as light, before the film curve, as a lens would.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._size = stage.soft(_SOFT)
        self._ground = self._street()
        chance = stage.chance("lanterns")
        self._lights = [
            *self._string(chance, 34, (9.0, 20.0), 0.95, 3.0),
            *self._string(chance, 26, (26.0, 48.0), 0.52, 6.0),
            *self._string(chance, 13, (62.0, 108.0), 0.20, 11.0),
        ]

    def frame(self, t: float) -> Picture16:
        light = self._ground.copy()
        for lantern in self._lights:
            self._hang(light, lantern, t)
        return self._stage.enlarge(colour.film(light, 1.15), smooth=False)

    def _street(self) -> Floats:
        stage = self._stage
        x, y = stage.places(_SOFT)
        haze = fractal(stage.chance("street"), *x.shape, slope=2.4)
        high = np.exp(-(((y / stage.height - 0.1) / 0.30) ** 2))
        low = np.exp(-(((y / stage.height - 0.97) / 0.22) ** 2))
        middle = np.exp(-(((x / stage.width - 0.5) / 0.6) ** 2))
        tone = 0.09 + 0.30 * high * middle + 0.22 * low * middle + 0.02 * haze
        return stage.palette.linear(tone) * np.float32(0.9)

    def _string(
        self, chance: Generator, count: int, radii: tuple[float, float], power: float, sway: float
    ) -> list[_Light]:
        stage = self._stage
        lights = []
        for _ in range(count):
            x, y = _place(chance)
            calm = _calm(x, y)
            radius = float(chance.uniform(*radii)) * stage.unit / _SOFT
            warmth = float(np.clip(chance.normal(0.78, 0.09), 0.55, 0.98))
            tint = stage.palette.linear(warmth)
            strength = power * float(chance.uniform(0.35, 1.0)) * calm
            squeeze = _cat_eye(x, y)
            lights.append(
                _Light(
                    x=x * self._size[0],
                    y=y * self._size[1],
                    drift=float(chance.uniform(0.4, 1.2)) * sway * stage.unit / _SOFT,
                    sway=float(chance.uniform(0.5, 1.0)) * sway * stage.unit / _SOFT,
                    pace=float(chance.uniform(0.18, 0.42)),
                    start=float(chance.uniform(0, 2 * math.pi)),
                    breath=float(chance.uniform(0.35, 0.9)),
                    disc=_disc(max(1.5, radius), squeeze)[..., None] * tint * np.float32(strength),
                )
            )
        return lights

    def _hang(self, light: Floats, lantern: _Light, t: float) -> None:
        swing = math.sin(lantern.pace * t + lantern.start)
        x = lantern.x + 1.6 * lantern.sway * swing
        y = (
            lantern.y
            - 2.0 * lantern.drift * math.sin(0.05 * t + 0.5 * lantern.start)
            + 0.3 * abs(swing)
        )
        glow = 0.88 + 0.12 * math.sin(lantern.breath * t + 2.0 * lantern.start)
        disc = lantern.disc
        left, top = math.floor(x) - disc.shape[1] // 2, math.floor(y) - disc.shape[0] // 2
        shift = np.array([[1.0, 0.0, x - math.floor(x)], [0.0, 1.0, y - math.floor(y)]])
        moved = cv2.warpAffine(disc, shift, (disc.shape[1], disc.shape[0]))
        height, width = light.shape[:2]
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(width, left + disc.shape[1]), min(height, top + disc.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        under = light[y0:y1, x0:x1]
        cv2.scaleAdd(
            np.ascontiguousarray(moved[y0 - top : y1 - top, x0 - left : x1 - left]),
            glow,
            under,
            dst=under,
        )


def _place(chance: Generator) -> tuple[float, float]:
    """Where a light is, in shares of the frame: mostly above and below the text."""
    x = float(chance.uniform(-0.05, 1.05))
    pick = chance.random()
    if pick < 0.56:
        return x, float(np.clip(chance.normal(0.13, 0.11), -0.05, 0.42))
    if pick < 0.86:
        return x, float(np.clip(chance.normal(0.90, 0.08), 0.68, 1.05))
    return (0.04 if chance.random() < 0.5 else 0.96) + float(chance.normal(0, 0.05)), float(
        chance.uniform(0.25, 0.75)
    )


def _calm(x: float, y: float) -> float:
    """How strong a light may be there: the middle belongs to the text."""
    inside = math.exp(-(((x - 0.5) / 0.34) ** 2) - (((y - 0.5) / 0.24) ** 2))
    return 1.0 - 0.85 * inside


def _cat_eye(x: float, y: float) -> tuple[float, float]:
    """A lens cuts discs off towards its corners: direction and amount."""
    dx, dy = x - 0.5, y - 0.5
    return 0.42 * dx, 0.42 * dy


def _disc(radius: float, cut: tuple[float, float]) -> Floats:
    """Light out of focus: flat, its rim a little brighter, faint rings, cut like a cat's eye."""
    reach = math.ceil(radius * 1.25) + 2
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    x, y = steps[None, :] / radius, steps[:, None] / radius
    far = np.hypot(x, y)
    soft = max(0.09, 1.1 / radius)
    shape = smooth(1.0 + soft, 1.0 - soft, far)
    other = np.hypot(x + 1.2 * cut[0], y + 1.2 * cut[1])
    shape = shape * smooth(1.02 + soft, 1.02 - 1.5 * soft, other)
    rim = 0.70 + 0.34 * np.exp(-(((far - 0.94) / 0.09) ** 2)) + 0.03 * np.cos(far * 34.0)
    disc: Floats = (shape * rim).astype(np.float32)
    return disc
