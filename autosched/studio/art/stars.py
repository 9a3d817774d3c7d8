"""The night sky: stars of real magnitudes and colours, the Milky Way, a dark ridge, a meteor."""

from __future__ import annotations

import math

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Stage, fractal, sample, smooth, splat, stamp

PALETTE = ("#02040c", "#07112a", "#12294f", "#3d5478", "#c79a72")

_SWAY = math.radians(11.0)
_PERIOD = 420.0
_LAYERS = (0.94, 1.0, 1.1)
_METEORS_EVERY = 17.0


class Scene:
    """A sky that turns about a pole above the frame, each layer of depth at its own pace.

    It turns one way for minutes and comes back as slowly, so no length of clip runs out of it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("stars")
        self._mirror = bool(chance.random() < 0.5)
        width, height = stage.width, stage.height
        side = max(width, height)
        self._pole = (width * (0.2 if self._mirror else 0.8), -0.35 * side)
        self._phase = float(chance.uniform(-0.4, 0.4))
        self._sky = self._gradient()
        self._corner, self._galaxy, density = self._milky_way()
        self._sow(density)
        self._ridge_top, self._keep, self._ridge = self._ridges()

    def frame(self, t: float) -> Picture16:
        angle = self._angle(t)
        picture = self._stage.enlarge(self._band(angle), smooth=False)
        self._stars(picture, t, angle)
        self._meteor(picture, t)
        below = picture[self._ridge_top :]
        cv2.multiply(below, self._keep, dst=below, scale=1.0 / 65535.0)
        cv2.add(below, self._ridge, dst=below)
        return picture

    def _angle(self, t: float) -> float:
        turn = math.sin(2.0 * math.pi * t / _PERIOD + self._phase)
        return _SWAY * turn * (-1.0 if self._mirror else 1.0)

    def _gradient(self) -> Picture16:
        stage = self._stage
        x, y = stage.places(2)
        rise = 1.0 - y / stage.height
        chance = stage.chance("air")
        haze = fractal(chance, *x.shape, slope=2.2, stretch=0.4)
        tone = 0.10 + 0.42 * np.exp(-rise * 3.6) + 0.006 * haze
        side = 0.32 if self._mirror else 0.68
        glow = np.exp(-(((x / stage.width - side) / 0.55) ** 2)) * np.exp(-((rise - 0.07) * 9.0))
        light = stage.palette.linear(tone)
        warm = stage.palette.linear(0.94)
        light += warm * (0.26 * np.clip(glow, 0.0, 1.2))[..., None]
        return colour.to16(colour.encode(light))

    def _milky_way(self) -> tuple[tuple[float, float], Picture16, Floats]:
        """The corner of its canvas in the frame, the canvas at half size, its star density."""
        stage = self._stage
        chance = stage.chance("galaxy")
        corners = _turned_box(stage, self._pole, _SWAY * 1.05)
        left, top, right, bottom = corners
        cols, rows = int((right - left) / 2) + 2, int((bottom - top) / 2) + 2
        x, y = np.meshgrid(
            left + np.arange(cols, dtype=np.float32) * 2,
            top + np.arange(rows, dtype=np.float32) * 2,
        )
        side = max(stage.width, stage.height)
        tilt = math.radians(62.0) * (1.0 if self._mirror else -1.0)
        dx, dy = (x - stage.width * 0.5) / side, (y - stage.height * 0.36) / side
        along = dx * math.cos(tilt) + dy * math.sin(tilt)
        across = -dx * math.sin(tilt) + dy * math.cos(tilt)
        cloud = fractal(chance, rows, cols, slope=1.75)
        fine = fractal(chance, rows, cols, slope=1.25)
        bend = fractal(chance, rows, cols, slope=2.4)
        across = across + 0.018 * bend
        bulge = np.exp(-((along + 0.12) ** 2) / 0.06)
        wide = 0.085 + 0.045 * bulge
        body = np.exp(-0.5 * (across / wide) ** 2)
        density = body * (0.42 + 0.75 * bulge) * np.exp(0.33 * cloud)
        lane = np.exp(-0.5 * ((across + 0.012 * cloud) / (0.026 + 0.02 * bulge)) ** 2)
        veins = 1.0 / (1.0 + np.exp(-3.0 * (0.9 * fractal(chance, rows, cols, slope=1.6) - 0.1)))
        dust = np.clip(lane * (0.35 + 1.1 * veins) + 0.55 * veins * body**1.5 - 0.12, 0.0, 2.0)
        glow = density * np.exp(-1.75 * dust) * (1.0 + 0.11 * fine)
        warm = colour.blackbody(4300.0) * np.array([1.0, 0.93, 0.95], np.float32)
        cool = colour.blackbody(9500.0)
        mix = np.clip(bulge * body * 1.1, 0.0, 1.0)[..., None]
        light = glow[..., None] * (cool * (1.0 - mix) + warm * mix)
        red = np.array([0.9, 0.28, 0.42], np.float32)
        nebula = smooth(1.5, 2.9, fractal(chance, rows, cols, slope=1.9)) * body
        light += (0.35 * nebula)[..., None] * red
        light *= 0.085
        value = colour.to16(0.5 * np.sqrt(np.clip(light, 0.0, 1.0)) * (0.35 + light[..., 1:2] * 6))
        return (left, top), value, (glow + 0.04).astype(np.float32)

    def _sow(self, density: Floats) -> None:
        stage = self._stage
        chance = stage.chance("sow")
        left, top, right, bottom = _turned_box(stage, self._pole, _SWAY * 1.25)
        area = (right - left) * (bottom - top) / (stage.unit * stage.unit * 1080 * 1920)
        many = int(5200 * area)
        x = chance.uniform(left, right, many).astype(np.float32)
        y = chance.uniform(top, bottom, many).astype(np.float32)
        crowd = sample(density, (x - self._corner[0]) / 2, (y - self._corner[1]) / 2)
        kept = chance.random(many) < np.clip(0.3 + 0.8 * crowd, 0.0, 1.0)
        x, y = x[kept], y[kept]
        count = len(x)
        # N(>F) ~ F^-1.25, as stars are counted; cut where a screen runs out
        flux = 0.06 * (1.0 - chance.random(count)) ** (-1.0 / 1.25)
        flux = np.minimum(flux, 30.0).astype(np.float32)
        kelvin = np.exp(chance.normal(math.log(6900.0), 0.38, count)).clip(3000, 22000)
        tint = colour.encode(colour.blackbody(kelvin) * 0.55 + 0.45)
        bright = flux > 2.6
        self._x, self._y, self._flux, self._tint = x, y, flux, tint
        self._speed = np.array(_LAYERS, np.float32)[
            np.digitize(flux * np.exp(chance.normal(0, 0.7, count)), (0.16, 0.6))
        ]
        self._pulse = chance.uniform(1.2, 4.4, (2, count)).astype(np.float32)
        self._start = chance.uniform(0, 2 * math.pi, (2, count)).astype(np.float32)
        self._bright = np.flatnonzero(bright)
        self._faint = ~bright
        sizes = 0.62 + 0.26 * np.log1p(flux * 3.0)
        self._sigma = np.maximum(0.6, sizes * stage.unit).astype(np.float32)
        self._sigma[self._faint] = np.minimum(self._sigma[self._faint], 0.85 * max(1, stage.unit))

    def _band(self, angle: float) -> Picture16:
        """Sky and Milky Way at half size."""
        width, height = self._stage.soft(2)
        cos, sin = math.cos(-angle), math.sin(-angle)
        px, py = self._pole
        left, top = self._corner
        # a pixel of the half frame, turned back about the pole, in pixels of the canvas
        turn = np.array(
            [
                [cos, -sin, (px - cos * px + sin * py - left) / 2],
                [sin, cos, (py - sin * px - cos * py - top) / 2],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        turned: Picture16 = cv2.warpAffine(
            self._galaxy, turn, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        cv2.add(turned, self._sky, dst=turned)
        return turned

    def _stars(self, picture: Picture16, t: float, angle: float) -> None:
        turn = angle * self._speed
        cos, sin = np.cos(turn), np.sin(turn)
        px, py = self._pole
        dx, dy = self._x - px, self._y - py
        x, y = px + cos * dx - sin * dy, py + sin * dx + cos * dy
        rise = np.clip(1.0 - y / self._stage.height, 0.0, 1.0)
        depth = 0.10 + 0.22 * (1.0 - rise)
        wave = 0.6 * np.sin(self._pulse[0] * t + self._start[0])
        wave += 0.4 * np.sin(self._pulse[1] * t * 0.73 + self._start[1])
        clear = 1.0 - np.exp(-rise * 9.0)
        flux = self._flux * (1.0 + depth * wave) * clear
        peak = (1.0 - np.exp(-0.62 * flux)) ** 0.62
        faint = self._faint
        splat(
            picture,
            x[faint],
            y[faint],
            peak[faint, None] * self._tint[faint] * 0.62,
            self._sigma[faint],
        )
        for i in self._bright:
            self._glint(picture, float(x[i]), float(y[i]), float(flux[i]), int(i))

    def _glint(self, picture: Picture16, x: float, y: float, flux: float, i: int) -> None:
        sigma = float(self._sigma[i])
        reach = math.ceil(9.0 * sigma)
        steps = np.arange(-reach, reach + 1, dtype=np.float32) + 0.5
        column, row = math.floor(x), math.floor(y)
        if not (
            -reach < column < picture.shape[1] + reach
            and -reach < row < self._ridge_top + 2 * reach
        ):
            return
        across = (steps + (column - x)) ** 2
        down = (steps + (row - y)) ** 2
        r2 = (across[None, :] + down[:, None]) / (sigma * sigma)
        fade = np.clip(1.0 - r2 / 81.0, 0.0, 1.0)
        core = np.exp(-0.5 * r2)
        halo = 0.055 * min(flux / 10.0, 1.3) / (1.0 + 0.35 * r2) * fade * fade
        white = min(1.0, 0.55 + flux * 0.1)
        value = (core * white)[..., None] * (0.6 * self._tint[i] + 0.4) + halo[
            ..., None
        ] * self._tint[i]
        stamp(picture, colour.to16(value), column - reach, row - reach)

    def _meteor(self, picture: Picture16, t: float) -> None:
        stage = self._stage
        slot = math.floor(t / _METEORS_EVERY)
        chance = stage.chance(f"meteor {slot}")
        start = slot * _METEORS_EVERY + float(chance.uniform(2.0, _METEORS_EVERY - 3.0))
        lasts = float(chance.uniform(0.55, 0.9))
        age = (t - start) / lasts
        if not 0.0 < age < 1.35:
            return
        side = max(stage.width, stage.height)
        slope = math.radians(float(chance.uniform(22.0, 42.0)))
        way = 1.0 if chance.random() < 0.5 else -1.0
        length = float(chance.uniform(0.16, 0.26)) * side
        x0 = stage.width * (0.5 - way * float(chance.uniform(0.1, 0.42)))
        y0 = stage.height * float(chance.uniform(0.05, 0.18))
        ux, uy = way * math.cos(slope), math.sin(slope)
        head = min(age, 1.0) * length
        tail = head - 0.5 * length
        box = np.array([[x0 + ux * s, y0 + uy * s] for s in (max(0.0, tail), head)])
        edge = 8 * stage.unit + 3
        left, top = (math.floor(v) for v in box.min(axis=0) - edge)
        right, bottom = (math.ceil(v) for v in box.max(axis=0) + edge)
        x, y = np.meshgrid(
            np.arange(left, right, dtype=np.float32) + 0.5 - x0,
            np.arange(top, bottom, dtype=np.float32) + 0.5 - y0,
        )
        along, off = x * ux + y * uy, np.abs(y * ux - x * uy)
        trail = np.clip((along - tail) / (head - tail), 0.0, 1.0)
        trail = trail**2.2 * (along > 0) * smooth(head + 2.5, head, along)
        thick = (0.55 + 0.9 * trail) * max(stage.unit, 0.7)
        power = math.sin(math.pi * min(age / 1.35, 1.0)) ** 0.6
        value = trail * np.exp(-0.5 * (off / thick) ** 2) * power
        value += 0.12 * trail**3 * np.exp(-0.5 * (off / (thick * 3.5)) ** 2) * power
        tint = np.array([0.86, 0.95, 1.0], np.float32)
        stamp(picture, colour.to16(value[..., None] * tint), left, top)

    def _ridges(self) -> tuple[int, Picture16, Picture16]:
        """Where the ridges begin, what they let through and their own colour."""
        stage = self._stage
        chance = stage.chance("ridge")
        top = int(stage.height * 0.80)
        rows = stage.height - top
        x = np.arange(stage.width, dtype=np.float32)
        y = np.arange(top, stage.height, dtype=np.float32)[:, None] + 0.5
        keep = np.ones((rows, stage.width), np.float32)
        own = np.zeros((rows, stage.width, 3), np.float32)
        for i, (level, rough, tone) in enumerate(((0.055, 0.022, 0.2), (0.03, 0.026, 0.05))):
            line = fractal(chance, 1, 2 * stage.width, slope=1.55)[0, : stage.width]
            lean = (x / stage.width - 0.5) * (1 if self._mirror else -1) * (0.03 - 0.06 * i)
            crest = stage.height * (1.0 - level - rough * line * 0.55 + lean)
            cover = np.clip(y - crest[None, :] + 0.5, 0.0, 1.0)
            depth = np.clip((y - crest[None, :]) / (stage.height * 0.1), 0.0, 1.0)
            shade = stage.palette.encoded(tone * (1.0 - 0.5 * depth) * (0.75 if i else 1.0))
            under = cover[..., None].astype(np.float32)
            own = own * (1.0 - under) + shade * np.float32(0.62) * under
            keep *= 1.0 - cover
        return top, colour.to16(np.repeat(keep[..., None], 3, axis=2)), colour.to16(own)


def _turned_box(
    stage: Stage, pole: tuple[float, float], sway: float
) -> tuple[float, float, float, float]:
    """The box around the frame turned about the pole by up to `sway` either way."""
    edge = np.linspace(0.0, 1.0, 9)
    across = np.concatenate([edge, edge, np.zeros(9), np.ones(9)]) * stage.width - pole[0]
    down = np.concatenate([np.zeros(9), np.ones(9), edge, edge]) * stage.height - pole[1]
    angles = np.linspace(-sway, sway, 7)[:, None]
    x = pole[0] + np.cos(angles) * across - np.sin(angles) * down
    y = pole[1] + np.sin(angles) * across + np.cos(angles) * down
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
