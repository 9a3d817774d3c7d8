"""An open sky by the time of day: clouds drift and change, lit from the sun's or moon's side."""

from __future__ import annotations

import math

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Palette, Picture16
from autosched.studio.art.stage import Stage, fractal, smooth, splat

PALETTE = ("#141a3a", "#4a3f6b", "#b5655f", "#f0a76b", "#ffe9c4")

TIMES = {
    "dawn": PALETTE,
    "noon": ("#12408a", "#2f6fc0", "#6aa5de", "#b5d6f2", "#ffffff"),
    "dusk": ("#100c26", "#3a1f4d", "#8c2f4f", "#e0683a", "#ffd08a"),
    "night": ("#03060f", "#08122a", "#14264a", "#3c5a86", "#dfe9f7"),
}
# Where the light stands (share of the height from the top), its strength, and the clouds'.
_LIGHTS = {
    "dawn": (0.86, 1.0, 0.9),
    "noon": (0.10, 0.8, 1.0),
    "dusk": (0.90, 1.1, 0.9),
    "night": (0.22, 0.5, 0.5),
}
_SOFT = 3
_TILE = 512


class Scene:
    """Two layers of cloud in perspective; where they are thick towards the light they are dark."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("sky")
        drawn = str(chance.choice(list(TIMES)))
        self._time = stage.option("time", drawn)
        own = stage.palette if stage.recoloured else Palette.of(TIMES[self._time])
        self._palette = own
        height, self._strength, self._bright = _LIGHTS[self._time]
        self._sun = (float(chance.uniform(0.25, 0.75)), height)
        self._way = float(chance.choice([-1.0, 1.0]))
        self._cover = float(chance.uniform(0.35, 0.75))
        self._tiles = [
            fractal(stage.chance(f"cloud {i}"), _TILE, _TILE, slope=1.55 + 0.1 * i, coarsest=240.0)
            for i in (0, 1)
        ]
        self._ground, self._glow, self._near = self._air()
        self._across, self._down, self._lean = self._perspective()
        self._pale = own.linear(1.0 if self._time != "night" else 0.85)
        self._shade = own.linear(
            {"dawn": 0.38, "noon": 0.55, "dusk": 0.30, "night": 0.30}[self._time]
        )
        self._stars = self._starlight()

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        cloud = self._cloud(t, 0.0)
        towards = self._cloud(t, 1.0)
        cover = smooth(0.0, 1.5, cloud)
        lit = np.clip(0.62 + 0.55 * (cloud - towards), 0.05, 1.35)
        rim = self._near * np.float32(1.1) * (1.0 - cover)
        bright = (lit * np.float32(self._bright) * (0.45 + 0.75 * self._near) + rim)[..., None]
        body = self._shade * np.float32(0.75) + bright * self._pale
        thick = (cover * np.float32(0.86))[..., None]
        light = self._ground + self._glow
        light += (body - light) * thick
        picture = stage.enlarge(colour.film(light, 1.1))
        if self._stars is not None:
            x, y, peak, size, turn = self._stars
            shown = 1.0 - self._hidden(cover, x, y)
            glint = (0.85 + 0.15 * np.sin(turn * t + 40.0 * turn)) * peak * shown
            splat(picture, x, y, glint[:, None] * np.array([[0.85, 0.92, 1.0]], np.float32), size)
        return picture

    def _air(self) -> tuple[Floats, Floats, Floats]:
        """The clear sky, the light's glow in it, and how near each place is to the light."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        v = y / stage.height
        high = {"dawn": 1.6, "noon": 1.2, "dusk": 2.0, "night": 1.8}[self._time]
        low, top = {
            "dawn": (0.05, 0.62),
            "noon": (0.02, 0.60),
            "dusk": (0.03, 0.60),
            "night": (0.05, 0.34),
        }[self._time]
        ground = self._palette.linear(low + (top - low) * v**high)
        side = 0.75 * math.sqrt(stage.width * stage.height)
        far = np.hypot(x - self._sun[0] * stage.width, y - self._sun[1] * stage.height) / side
        disc = smooth(0.036, 0.030, far) * (2.4 if self._time != "noon" else 4.0)
        halo = 0.75 * np.exp(-far / 0.10) + 0.34 * np.exp(-far / 0.33)
        glow = (self._strength * halo)[..., None] * self._palette.linear(0.88)
        glow += (self._strength * disc)[..., None] * self._palette.linear(1.0)
        near = np.exp(-far / 0.38).astype(np.float32)
        return ground.astype(np.float32), glow.astype(np.float32), near

    def _perspective(self) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
        """Where on the layer of cloud each place looks, and the way there to the light."""
        stage = self._stage
        x, y = stage.places(_SOFT)
        v = y / stage.height
        depth = 1.0 / (1.12 - v * 0.98)
        zoom = 96.0
        across = (x / stage.width - 0.5) * (stage.width / min(stage.width, stage.height)) * depth
        du, dv = self._sun[0] - x / stage.width, self._sun[1] - v
        far = np.hypot(du, dv) + 0.15
        step = 5.0
        lean = (du / far * step).astype(np.float32), (dv / far * step).astype(np.float32)
        return (across * zoom).astype(np.float32), (depth * 190.0).astype(np.float32), lean

    def _cloud(self, t: float, towards: float) -> Floats:
        """How thick the cloud is; `towards` 1: a step nearer to the light."""
        x = self._across + np.float32(towards) * self._lean[0]
        y = self._down + np.float32(towards) * self._lean[1]
        made = np.full(x.shape, np.float32(self._cover - 0.75), np.float32)
        for number, tile in enumerate(self._tiles):
            pace = self._way * (1.9 + 1.3 * number) * t
            scale = np.float32(1.0 + 0.9 * number)
            layer = cv2.remap(
                tile,
                (x * scale + np.float32(pace)) % np.float32(_TILE),
                (y * scale + np.float32(0.6 * t + 77.0 * number)) % np.float32(_TILE),
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_WRAP,
            )
            made += layer * np.float32(0.85 - 0.35 * number)
        return made

    def _starlight(self) -> tuple[Floats, Floats, Floats, Floats, Floats] | None:
        if self._time != "night":
            return None
        stage, chance = self._stage, self._stage.chance("night")
        count = 420
        x = chance.uniform(0, stage.width, count).astype(np.float32)
        y = (chance.random(count) ** 1.3 * 0.85 * stage.height).astype(np.float32)
        peak = (0.05 + 0.5 * chance.random(count) ** 5).astype(np.float32)
        size = np.maximum(0.5, (0.6 + 0.7 * peak) * stage.unit * 1.4).astype(np.float32)
        return x, y, peak, size, chance.uniform(0.4, 1.4, count).astype(np.float32)

    def _hidden(self, cover: Floats, x: Floats, y: Floats) -> Floats:
        rows = np.clip(y * cover.shape[0] / self._stage.height, 0, cover.shape[0] - 1)
        columns = np.clip(x * cover.shape[1] / self._stage.width, 0, cover.shape[1] - 1)
        hidden: Floats = np.clip(cover[rows.astype(int), columns.astype(int)] * 1.6, 0.0, 1.0)
        return hidden
