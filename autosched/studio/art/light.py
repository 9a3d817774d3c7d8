"""Shafts of light through the air of a dim hall, and the dust that floats in them."""

from __future__ import annotations

import math

import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Stage, fractal, sample, scrolled, smooth, splat, stamp

PALETTE = ("#070605", "#1c130d", "#4a3018", "#b8803c", "#ffe2b0")

_SOFT = 4
_TILE = 512


class Scene:
    """Beams from a high window outside the frame; smoke drifts through, dust lights up in them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("light")
        self._side = -1.0 if chance.random() < 0.5 else 1.0
        self._beams, self._pulse, self._start = self._window()
        self._ground = self._hall()
        self._smoke = [fractal(stage.chance(f"smoke {i}"), _TILE, _TILE, slope=1.9) for i in (0, 1)]
        self._warm = stage.palette.linear(0.86)
        self._hot = stage.palette.linear(1.0)
        self._dust()

    def frame(self, t: float) -> Picture16:
        beam = self._beam(t)
        light = self._ground + beam[..., None] * self._warm
        light += (beam * beam * 0.55)[..., None] * self._hot
        picture = self._stage.enlarge(colour.film(light, 1.25))
        self._float(picture, beam, t)
        return picture

    def _window(self) -> tuple[Floats, Floats, Floats]:
        """Each beam as a soft map, with the pace and start of its slow breathing."""
        stage = self._stage
        chance = stage.chance("window")
        x, y = stage.places(_SOFT)
        side = max(stage.width, stage.height)
        source = (stage.width * (0.5 + self._side * 0.5) + self._side * 0.42 * side, -0.55 * side)
        dx, dy = (x - source[0]) / side, (y - source[1]) / side
        far = np.sqrt(dx * dx + dy * dy)
        angle = np.arctan2(-self._side * dx, dy)
        low, high = 0.02, 1.05
        beams = []
        at = low
        while at < high:
            wide = float(chance.uniform(0.018, 0.062))
            soft = 0.010 + 0.020 * far
            shape = smooth(-1.0, 1.0, (angle - at) / soft)
            shape = shape * smooth(1.0, -1.0, (angle - at - wide) / soft)
            middle = math.exp(-(((at + wide / 2 - 0.5) / 0.30) ** 2))
            beams.append(shape * (0.25 + 0.75 * float(chance.random())) * (0.22 + 0.78 * middle))
            at += wide + float(chance.uniform(0.012, 0.075))
        reach = np.exp(-((far - 0.55).clip(0) ** 1.3) * 1.55)
        count = len(beams)
        maps = (np.stack(beams) * reach).astype(np.float32)
        pulse = chance.uniform(0.10, 0.26, count).astype(np.float32)
        return maps, pulse, chance.uniform(0, 2 * math.pi, count).astype(np.float32)

    def _hall(self) -> Floats:
        """What the hall shows without the beams: dark, a little lighter towards the window."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        cx = stage.width * (0.5 + 0.55 * self._side)
        near = np.hypot((x - cx) / stage.width, y / stage.height)
        haze = fractal(stage.chance("hall"), *x.shape, slope=2.1)
        tone = 0.10 + 0.34 * np.exp(-2.1 * near) + 0.012 * haze
        floor = smooth(0.72, 1.0, y / stage.height) * 0.05
        return stage.palette.linear(tone - floor) * np.float32(0.9)

    def _beam(self, t: float) -> Floats:
        weights = 0.78 + 0.22 * np.sin(self._pulse * t + self._start)
        shape = self._beams.shape[1:]
        beam: Floats = (weights.astype(np.float32) @ self._beams.reshape(len(weights), -1)).reshape(
            shape
        )
        size = (shape[1], shape[0])
        pace = self._stage.unit
        first = scrolled(self._smoke[0], size, 2.1 * t * pace * self._side, 1.3 * t * pace)
        second = scrolled(self._smoke[1], size, -1.2 * t * pace, 2.0 * t * pace + 90.0)
        smoke = np.clip(0.80 + 0.17 * first + 0.13 * second, 0.2, 1.6)
        beam *= smoke
        return beam

    def _dust(self) -> None:
        stage = self._stage
        chance = stage.chance("dust")
        count = 620
        self._margin = 60.0 * stage.unit
        wide, high = stage.width + 2 * self._margin, stage.height + 2 * self._margin
        self._x = chance.uniform(0, wide, count).astype(np.float32)
        self._y = chance.uniform(0, high, count).astype(np.float32)
        depth = chance.random(count).astype(np.float32)
        pace = stage.unit * (5.0 + 16.0 * depth)
        self._vx = (pace * chance.normal(0.25 * -self._side, 0.5, count)).astype(np.float32)
        self._vy = (pace * chance.normal(0.35, 0.45, count)).astype(np.float32)
        self._wander = (chance.uniform(6, 26, (2, count)) * stage.unit).astype(np.float32)
        self._turn = chance.uniform(0.15, 0.55, (2, count)).astype(np.float32)
        self._began = chance.uniform(0, 2 * math.pi, (3, count)).astype(np.float32)
        self._blink = chance.uniform(0.5, 1.6, count).astype(np.float32)
        self._size = np.maximum(0.55, (0.6 + 1.35 * depth**3) * stage.unit).astype(np.float32)
        self._gain = (chance.random(count) ** 2.2 * 0.8 + 0.10).astype(np.float32)
        self._big = np.flatnonzero(chance.random(count) < 0.055)
        self._discs = [
            _disc(float(r) * stage.unit) for r in chance.uniform(5.0, 17.0, len(self._big))
        ]

    def _float(self, picture: Picture16, beam: Floats, t: float) -> None:
        stage = self._stage
        wide, high = stage.width + 2 * self._margin, stage.height + 2 * self._margin
        x = self._x + self._vx * t + self._wander[0] * np.sin(self._turn[0] * t + self._began[0])
        y = self._y + self._vy * t + self._wander[1] * np.sin(self._turn[1] * t + self._began[1])
        x, y = x % wide - self._margin, y % high - self._margin
        lit = sample(
            beam, x * beam.shape[1] / stage.width - 0.5, y * beam.shape[0] / stage.height - 0.5
        )
        glint = 0.72 + 0.28 * np.sin(self._blink * t + self._began[2])
        peak = self._gain * glint * (0.04 + 1.15 * np.clip(lit, 0.0, 1.2))
        hot = colour.encode(self._hot)
        splat(picture, x, y, peak[:, None] * hot * 0.8, self._size)
        for disc, i in zip(self._discs, self._big, strict=True):
            power = 0.16 * min(1.0, float(peak[i]) * 2.4)
            sprite = colour.to16((disc * power)[..., None] * hot)
            reach = disc.shape[0] // 2
            stamp(picture, sprite, round(float(x[i])) - reach, round(float(y[i])) - reach)


def _disc(radius: float) -> Floats:
    """A mote out of focus: a soft disc, its rim a little brighter."""
    reach = math.ceil(radius * 1.35) + 1
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    far = np.hypot(steps[None, :], steps[:, None]) / radius
    rim = 0.72 + 0.28 * np.exp(-(((far - 0.9) / 0.16) ** 2))
    disc: Floats = (smooth(1.22, 0.82, far) * rim).astype(np.float32)
    return disc
