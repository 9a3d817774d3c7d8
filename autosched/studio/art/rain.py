"""Rain on a window at night: drops that bend the lights behind them, some running down."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Stage, fractal, smooth

PALETTE = ("#05070d", "#0d1726", "#223a52", "#d98b4a", "#ffe6c4")

_SOFT = 2
_RUNNERS = 11
_FAR = 240.0


@dataclass(frozen=True)
class _Runner:
    """A drop that runs: its lane, size, pace in heights a second, and its hesitations."""

    lane: float
    radius: float
    pace: float
    start: float
    halt: float
    beat: float


class Scene:
    """What lies behind is far out of focus; a drop is a small lens that turns it upside down.

    The resting drops are one displacement map, made once; runners are small patches.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lights = self._city()
        self._sharp: Floats = cv2.resize(
            self._lights, (stage.width, stage.height), interpolation=cv2.INTER_CUBIC
        )
        self._bend_x, self._bend_y, self._shade, self._glint = self._resting()
        chance = stage.chance("runners")
        self._runners = [
            _Runner(
                lane=float(chance.uniform(0.03, 0.97)),
                radius=float(chance.uniform(9.0, 17.0)) * stage.unit,
                pace=float(chance.uniform(0.020, 0.055)),
                start=float(chance.uniform(0.0, 1.3)),
                halt=float(chance.uniform(0.25, 0.6)),
                beat=float(chance.uniform(0.25, 0.7)),
            )
            for _ in range(_RUNNERS)
        ]

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        breath = np.float32(1.0 + 0.025 * math.sin(0.31 * t) + 0.015 * math.sin(0.83 * t + 1.0))
        drift = 0.010 * stage.height * math.sin(0.05 * t)
        seen: Floats = cv2.remap(
            self._sharp,
            self._bend_x,
            self._bend_y + np.float32(drift),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        seen *= self._shade
        seen += self._glint
        for runner in self._runners:
            self._run(seen, runner, t)
        return colour.film(seen, 1.25 * float(breath))

    def _city(self) -> Floats:
        """The street behind: a dark wall of blue, warm and cold lights far out of focus."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        u, v = x / stage.width, y / stage.height
        haze = fractal(stage.chance("haze"), *x.shape, slope=2.3)
        tone = 0.10 + 0.22 * np.exp(-(((v - 0.74) / 0.30) ** 2)) + 0.022 * haze
        light = stage.palette.linear(tone) * np.float32(0.75)
        chance = stage.chance("city")
        for _ in range(62):
            at = (float(chance.uniform(-0.05, 1.05)), float(chance.normal(0.77, 0.15)))
            radius = float(chance.uniform(16.0, 54.0)) * stage.unit / _SOFT
            warm = chance.random()
            hue = stage.palette.linear(0.74 + 0.2 * float(chance.random()))
            cold = stage.palette.linear(0.48) * np.float32(1.6)
            tint = hue if warm < 0.72 else cold
            power = float(chance.uniform(0.14, 0.75)) * (0.35 if at[1] < 0.56 else 1.0)
            _disc(light, at[0] * x.shape[1], at[1] * x.shape[0], radius, tint * np.float32(power))
        blurred: Floats = cv2.GaussianBlur(light, (0, 0), 5.0 * stage.unit)
        calm = 1.0 - 0.45 * np.exp(-(((u - 0.5) / 0.46) ** 4) - ((v - 0.42) / 0.24) ** 4)
        return blurred * calm[..., None].astype(np.float32)

    def _resting(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Where each pixel looks, how much it darkens, and what it mirrors."""
        stage = self._stage
        x, y = stage.places()
        bend_x, bend_y = (x - 0.5).astype(np.float32), (y - 0.5).astype(np.float32)
        wet = fractal(stage.chance("wet"), stage.height, stage.width, slope=1.6)
        bend_x += 1.2 * stage.unit * wet
        shade = np.ones((stage.height, stage.width, 3), np.float32)
        glint = np.zeros((stage.height, stage.width, 3), np.float32)
        chance = stage.chance("drops")
        count = round(760 * stage.width * stage.height / (1080 * 1920) / max(stage.unit, 0.2) ** 2)
        for _ in range(count):
            radius = float(1.8 + 11.5 * chance.random() ** 3.2) * stage.unit
            at = float(chance.uniform(0, stage.width)), float(chance.uniform(0, stage.height))
            self._rest(bend_x, bend_y, shade, glint, at, max(radius, 0.9))
        return bend_x, bend_y, shade, glint

    def _rest(
        self,
        bend_x: Floats,
        bend_y: Floats,
        shade: Floats,
        glint: Floats,
        at: tuple[float, float],
        radius: float,
    ) -> None:
        window = _window(at, radius * 1.3, (self._stage.width, self._stage.height))
        if window is None:
            return
        rows, columns, dx, dy = window
        lens, look_x, look_y, dark, shine = self._lens(dx / radius, dy / (radius * 1.12), radius)
        inside = lens > 0
        bend_x[rows, columns][inside] = (at[0] + look_x)[inside]
        bend_y[rows, columns][inside] = (at[1] + look_y)[inside]
        shade[rows, columns] *= (1.0 - lens * (1.0 - dark))[..., None]
        glint[rows, columns] += shine[..., None] * self._mirror

    def _lens(
        self, u: Floats, v: Floats, radius: float
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """A drop over unit coordinates: its cover, where it looks, its darkness, its highlight."""
        far = np.hypot(u, v)
        cover = smooth(1.06, 0.92, far)
        curve = np.sqrt(np.clip(1.0 - far * far, 0.0, 1.0))
        reach = np.float32(radius * 7.0)
        look_x, look_y = -u * reach, -v * reach * np.float32(1.35)
        rim = smooth(0.55, 1.0, far)
        dark = (1.12 - 0.62 * rim * (0.45 + 0.55 * np.clip(0.5 - v, 0, 1))).astype(np.float32)
        shine = np.exp(-((u + 0.34) ** 2 + (v + 0.42) ** 2) / 0.030) * curve
        under = np.exp(-((far - 0.84) ** 2) / 0.008) * np.clip(v - 0.15, 0.0, 1.0)
        light = (0.30 * shine + 0.16 * under) * cover
        return cover, look_x, look_y, dark, light.astype(np.float32)

    @property
    def _mirror(self) -> Floats:
        return self._stage.palette.linear(0.93)

    def _run(self, seen: Floats, runner: _Runner, t: float) -> None:
        """A runner and its wet track, drawn over the resting drops."""
        stage = self._stage
        way = runner.start + runner.pace * t
        # It halts and slips: never backwards, since the halt is smaller than the pace.
        way += runner.pace * runner.halt * math.sin(runner.beat * t) / runner.beat
        turn, fall = divmod(way, 1.3)
        lane = (runner.lane + 0.377 * turn) % 1.0
        sway = 0.012 * math.sin(9.0 * fall + 17.0 * runner.lane)
        at = ((lane + sway) * stage.width, (fall - 0.12) * stage.height)
        self._track(seen, runner, at)
        window = _window(at, runner.radius * 1.5, (stage.width, stage.height))
        if window is None:
            return
        rows, columns, dx, dy = window
        v = dy / (runner.radius * 1.22)
        u = dx / (runner.radius * (1.0 - 0.18 * np.clip(-v, 0, 1)))
        cover, look_x, look_y, dark, shine = self._lens(u, v, runner.radius)
        patch = cv2.remap(
            self._sharp,
            (np.float32(at[0]) + look_x).astype(np.float32),
            (np.float32(at[1]) + look_y).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        drop = patch * dark[..., None] + shine[..., None] * self._mirror
        under = seen[rows, columns]
        under += (drop - under) * cover[..., None]

    def _track(self, seen: Floats, runner: _Runner, at: tuple[float, float]) -> None:
        """The glass it has wiped: the lights are clearer there for a while."""
        stage = self._stage
        length = min(_FAR * stage.unit * (1.0 + runner.radius / 12), at[1])
        half = runner.radius * 0.62
        left, right = max(0, int(at[0] - half)), min(stage.width, int(at[0] + half) + 1)
        top, bottom = max(0, int(at[1] - length)), min(stage.height, int(at[1]))
        if left >= right or top >= bottom:
            return
        across = (np.arange(left, right) + 0.5 - at[0]) / half
        down = np.arange(top, bottom) + 0.5 - (at[1] - length)
        down = np.clip(down / max(length, 1.0), 0.0, None)
        cover = np.clip(1.0 - across**4, 0, 1)[None, :] * (down**1.6)[:, None] * 0.8
        clear = self._sharp[top:bottom, left:right]
        edge = 1.0 + 0.18 * np.clip(across, -1, 1)[None, :]
        under = seen[top:bottom, left:right]
        under += (clear * edge[..., None].astype(np.float32) - under) * cover[..., None].astype(
            np.float32
        )


def _window(
    at: tuple[float, float], reach: float, size: tuple[int, int]
) -> tuple[slice, slice, Floats, Floats] | None:
    """The rows and columns around a point, and their distances from it."""
    left, right = max(0, int(at[0] - reach)), min(size[0], int(at[0] + reach) + 1)
    top, bottom = max(0, int(at[1] - reach)), min(size[1], int(at[1] + reach) + 1)
    if left >= right or top >= bottom:
        return None
    dx = (np.arange(left, right, dtype=np.float32) + 0.5 - at[0])[None, :]
    dy = (np.arange(top, bottom, dtype=np.float32) + 0.5 - at[1])[:, None]
    wide, high = np.broadcast_arrays(dx, dy)
    return (
        slice(top, bottom),
        slice(left, right),
        wide.astype(np.float32),
        high.astype(np.float32),
    )


def _disc(light: Floats, x: float, y: float, radius: float, tint: Floats) -> None:
    """Add a light out of focus: a soft disc with a slightly brighter rim."""
    window = _window((x, y), radius * 1.3, (light.shape[1], light.shape[0]))
    if window is None:
        return
    rows, columns, dx, dy = window
    far: Floats = (np.hypot(dx, dy) / radius).astype(np.float32)
    rim = 0.75 + 0.25 * np.exp(-(((far - 0.88) / 0.2) ** 2))
    light[rows, columns] += (smooth(1.1, 0.85, far) * rim)[..., None] * tint
