"""A calm sea under a low moon: waves of the real dispersion law, its light broken on their slopes.

The moon's road is what Cox and Munk (1954) measured: each spot of water shines by the chance that
a facet there has just the slope that mirrors the moon. Waves too small to be drawn stay chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.art import colour
from autosched.studio.art.colour import FULL, Floats, Picture16
from autosched.studio.art.stage import Generator, Stage, fractal, smooth, splat

PALETTE = ("#02050b", "#071321", "#12304a", "#5f86a3", "#eef4f2")

_HORIZON = 0.615
_EYE = 9.0  # metres over the water
_GRAVITY = 9.81
_GRID = 128
_TILE = 512
_SOFT = 4
# size of the patch, longest and shortest wave in metres, share of the slope variance
_BANDS = ((131.0, 70.0, 7.0, 0.0012), (29.0, 8.0, 1.3, 0.0042), (6.7, 1.5, 0.26, 0.0050))
_UNSEEN = 0.0011


@dataclass(frozen=True)
class _Band:
    """Waves of one range of lengths on a patch that repeats, and where the sea shows them."""

    forward: NDArray[np.complex64]
    backward: NDArray[np.complex64]
    slope: NDArray[np.complex64]
    pace: NDArray[np.float64]
    across: NDArray[np.int16]
    between: NDArray[np.uint16]
    weight: Floats

    def slopes(self, t: float) -> Floats:
        """Slopes across and along the view, (rows, columns, 2)."""
        turn = np.exp(1j * (self.pace * t % (2.0 * math.pi))).astype(np.complex64)
        wave = (self.forward * turn + self.backward * turn.conj()) * self.slope
        field = np.fft.ifft2(wave).astype(np.complex64).view(np.float32)
        seen: Floats = cv2.remap(
            field.reshape(_GRID, _GRID, 2),
            self.across,
            self.between,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )
        seen *= self.weight
        return seen


class Scene:
    """Sky with drifting cloud, the moon, and below the horizon the sea; nothing in it repeats."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("waves")
        side = -1.0 if chance.random() < 0.5 else 1.0
        self._top = max(4, round(stage.height * _HORIZON))
        self._focal = 1.15 * max(stage.width, stage.height)
        self._moon = (
            stage.width * (0.5 + side * float(chance.uniform(0.13, 0.20))),
            self._top - 0.075 * max(stage.width, stage.height),
        )
        self._radius = 33.0 * stage.unit
        self._clouds(chance)
        self._sky = self._air()
        self._disc = self._face()
        self._water(chance)

    def frame(self, t: float) -> Picture16:
        picture = np.empty((self._stage.height, self._stage.width, 3), np.uint16)
        self._heaven(picture[: self._top], t)
        self._sea(picture[self._top :], t)
        return picture

    def _air(self) -> Floats:
        """The clear sky in linear light, on the soft canvas of what is over the horizon."""
        stage = self._stage
        x, y = self._x, self._y
        rise = (self._top - y) / stage.height
        far = np.hypot(x - self._moon[0], (y - self._moon[1]) * 1.1) / max(
            stage.width, stage.height
        )
        tone = 0.13 + 0.26 * np.exp(-rise * 5.5) + 0.10 * np.exp(-far * 6.0)
        light = stage.palette.linear(tone)
        halo = 0.20 * np.exp(-far * 26.0) + 0.045 * np.exp(-far * 8.0)
        light += stage.palette.linear(0.86) * halo[..., None].astype(np.float32)
        return light

    def _clouds(self, chance: Generator) -> None:
        stage = self._stage
        width, height = max(8, stage.width // _SOFT), max(8, self._top // _SOFT)
        x = (np.arange(width, dtype=np.float32) + 0.5) * (stage.width / width)
        y = (np.arange(height, dtype=np.float32) + 0.5) * (self._top / height)
        self._x, self._y = np.meshgrid(x, y)
        rise = (self._top - self._y) / self._focal
        # a layer of cloud seen from below: it lies flatter towards the horizon
        far = 0.16 / (rise + 0.035)
        side = (self._x - stage.width * 0.5) / self._focal
        self._u = (side * far * 900.0).astype(np.float32)
        self._v = (far * 230.0).astype(np.float32)
        self._thin = (smooth(0.0, 0.05, rise) * 0.95).astype(np.float32)
        self._vapour = [
            fractal(stage.chance(f"cloud {i}"), _TILE, _TILE, slope=s, stretch=0.6)
            for i, s in enumerate((1.75, 1.5))
        ]
        reach = np.hypot(self._x - self._moon[0], self._y - self._moon[1])
        near = reach / max(stage.width, stage.height)
        self._lit = (0.055 + 0.30 * np.exp(-near * 7.5) + 0.55 * np.exp(-near * 24.0)).astype(
            np.float32
        )
        self._silver = stage.palette.linear(0.80)
        count = 190
        self._sx = chance.uniform(0, stage.width, count).astype(np.float32)
        self._sy = (self._top * chance.uniform(0, 0.8, count)).astype(np.float32)
        self._flux = (0.05 + 0.4 * chance.random(count) ** 5).astype(np.float32)
        self._beat = chance.uniform(0.7, 2.0, (2, count)).astype(np.float32) * np.float32(3.0)

    def _heaven(self, picture: Picture16, t: float) -> None:
        stage = self._stage
        size = self._u.shape[::-1]
        cover = self._cover(t)
        light = self._sky * (1.0 - 0.62 * cover)[..., None]
        edge = cover * (1.25 - cover)
        light += (edge * self._lit)[..., None] * self._silver
        soft = colour.film(light, 1.25)
        del size
        picture[:] = cv2.resize(soft, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        self._stars(picture, cover, t)
        clear = self._clear(cover)
        self._rise(picture, clear)
        del stage

    def _cover(self, t: float) -> Floats:
        def drift(tile: Floats, u: float, v: float, scale: float) -> Floats:
            seen: Floats = cv2.remap(
                tile,
                (self._u * scale + u) % _TILE,
                (self._v * scale + v) % _TILE,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_WRAP,
            )
            return seen

        body = drift(self._vapour[0], 1.6 * t, -0.5 * t, 1.0)
        wisp = drift(self._vapour[1], 2.3 * t + 77.0, -0.4 * t, 2.3)
        return smooth(-0.1, 1.9, body + 0.45 * wisp) * self._thin

    def _clear(self, cover: Floats) -> float:
        """How much of the moon the cloud lets through."""
        row = int(np.clip(self._moon[1] / self._top * cover.shape[0], 0, cover.shape[0] - 1))
        column = int(self._moon[0] / self._stage.width * cover.shape[1])
        around = cover[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        return 1.0 - 0.5 * float(around.mean())

    def _stars(self, picture: Picture16, cover: Floats, t: float) -> None:
        rows = (self._sy / self._top * cover.shape[0]).astype(int).clip(0, cover.shape[0] - 1)
        columns = (self._sx / self._stage.width * cover.shape[1]).astype(int)
        open_sky = 1.0 - cover[rows, columns.clip(0, cover.shape[1] - 1)]
        pulse = 0.85 + 0.15 * np.sin(self._beat[0] * t + self._beat[1] * 9.0)
        peak = (self._flux * pulse * open_sky)[:, None] * np.array([[0.85, 0.93, 1.0]], np.float32)
        sigma = np.full(len(peak), max(0.55, 0.8 * self._stage.unit), np.float32)
        splat(picture, self._sx, self._sy, peak.astype(np.float32), sigma)

    def _face(self) -> tuple[int, int, Floats, Floats]:
        """Corner, the moon's own light and what it covers: a full moon with its seas."""
        stage = self._stage
        reach = math.ceil(self._radius * 1.2) + 2
        left, top = round(self._moon[0]) - reach, round(self._moon[1]) - reach
        steps = np.arange(2 * reach, dtype=np.float32) + 0.5
        dx, dy = np.meshgrid(steps + left - self._moon[0], steps + top - self._moon[1])
        far = np.hypot(dx, dy)
        cover = np.clip(self._radius - far + 0.5, 0.0, 1.0)
        limb = np.sqrt(np.clip(1.0 - (far / self._radius) ** 2, 0.0, 1.0))
        maria = fractal(stage.chance("maria"), 64, 64, slope=1.9)
        seas = cv2.resize(maria, (2 * reach, 2 * reach), interpolation=cv2.INTER_CUBIC)
        shade = (0.90 + 0.10 * limb) * (1.0 - 0.20 * smooth(0.0, 1.3, seas))
        face = stage.palette.encoded(0.98) * shade[..., None]
        return left, top, face.astype(np.float32), cover.astype(np.float32)

    def _rise(self, picture: Picture16, clear: float) -> None:
        left, top, face, cover = self._disc
        x0, y0 = max(0, left), max(0, top)
        x1 = min(picture.shape[1], left + face.shape[1])
        y1 = min(picture.shape[0], top + face.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        cut = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        under = picture[y0:y1, x0:x1]
        share = (cover[cut] * clear)[..., None]
        under[:] = (under * (1.0 - share) + face[cut] * share * FULL).astype(np.uint16)

    def _water(self, chance: Generator) -> None:
        stage = self._stage
        rows = stage.height - self._top
        cut = 1.0 if stage.unit < 0.75 else 1.5
        self._fine = (max(8, round(stage.width / cut)), max(4, round(rows / cut)))
        x = (np.arange(self._fine[0], dtype=np.float32) + 0.5) * (stage.width / self._fine[0])
        y = (np.arange(self._fine[1], dtype=np.float32) + 0.5) * (rows / self._fine[1])
        across, down = np.meshgrid(x, y)
        depth = _EYE * self._focal / (down + 0.35)
        side = (across - stage.width * 0.5) / self._focal * depth
        step = depth[:, :1] ** 2 / (_EYE * self._focal) * (rows / self._fine[1])
        wind = float(chance.uniform(-0.5, 0.5)) - 0.5 * math.pi
        self._bands, unseen = [], np.full_like(step, _UNSEEN)
        for number, band in enumerate(_BANDS):
            size, longest, shortest, variance = band
            weight = 1.0 / (1.0 + (0.22 * step / math.sqrt(longest * shortest)) ** 2)
            unseen += variance * (1.0 - weight**2)
            lean = 0.35 * (number - 1)
            u = (side * math.cos(lean) - depth * math.sin(lean)) * (_GRID / size)
            v = (side * math.sin(lean) + depth * math.cos(lean)) * (_GRID / size)
            maps = cv2.convertMaps(
                (u % _GRID).astype(np.float32), (v % _GRID).astype(np.float32), cv2.CV_16SC2
            )
            self._bands.append(
                _Band(*_spectrum(chance, band, wind), maps[0], maps[1], weight[..., None])
            )
        self._mirror(side, depth, unseen)
        self._tint(down, across)

    def _mirror(self, side: Floats, depth: Floats, unseen: Floats) -> None:
        """The slope that each spot needs to show the moon, and how widely chance spreads it."""
        view = np.stack([-side, np.full_like(side, _EYE), -depth], axis=-1)
        view /= np.linalg.norm(view, axis=-1, keepdims=True)
        stage = self._stage
        moon = np.array(
            [self._moon[0] - stage.width * 0.5, self._top - self._moon[1], self._focal], np.float32
        )
        half = view + moon / np.linalg.norm(moon)
        self._needed = np.ascontiguousarray(-half[..., ::2] / half[..., 1:2], np.float32)
        self._spread = (-0.5 / unseen).astype(np.float32)
        # chance of the slope per area of slopes, by what a pixel sees: brighter far off
        self._gain = (0.0085 / np.sqrt(unseen) * (0.75 + 0.25 * depth[:, :1] / depth.min())).clip(
            0, 0.9
        )

    def _tint(self, down: Floats, across: Floats) -> None:
        stage = self._stage
        sink = down[:, 0] / (stage.height * (1.0 - _HORIZON))
        tone = 0.16 + 0.20 * np.exp(-sink * 5.0) - 0.05 * sink
        self._body = stage.palette.encoded(tone) * FULL
        self._rough = self._body * (2.3 + 1.5 * np.exp(-sink * 3.0))[:, None]
        self._shine = stage.palette.encoded(0.93) * FULL
        del across

    def _sea(self, picture: Picture16, t: float) -> None:
        slopes = self._bands[0].slopes(t)
        for band in self._bands[1:]:
            slopes += band.slopes(t)
        along = np.ascontiguousarray(slopes[..., 1])
        slopes -= self._needed
        miss = cv2.transform(cv2.multiply(slopes, slopes), np.ones((1, 2), np.float32))
        miss *= self._spread
        glint: Floats = cv2.exp(miss)
        glint *= self._gain
        glow = cv2.resize(glint, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
        glow = cv2.GaussianBlur(glow, (0, 0), max(1.0, 9.0 * self._stage.unit))
        glow = cv2.resize(glow, self._fine, interpolation=cv2.INTER_LINEAR)
        np.negative(glint * 3.0, out=glint)
        glint = 1.0 - cv2.exp(glint)
        glint += 0.55 * glow
        planes = []
        for channel in range(3):
            plane = along * self._rough[:, channel, None]
            plane += self._body[:, channel, None]
            cv2.scaleAdd(glint, float(self._shine[channel]), plane, dst=plane)
            planes.append(np.clip(plane, 0.0, FULL).astype(np.uint16))
        water = cv2.merge(planes)
        picture[:] = cv2.resize(water, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _spectrum(
    chance: Generator, band: tuple[float, float, float, float], wind: float
) -> tuple[
    NDArray[np.complex64], NDArray[np.complex64], NDArray[np.complex64], NDArray[np.float64]
]:
    """Random waves both ways, the factor that makes slopes of them, and each wave's pace.

    Heights fall as k^-4, so every octave of waves has as much slope; deep water: w^2 = g k.
    """
    size, longest, shortest, variance = band
    k = 2.0 * math.pi * np.fft.fftfreq(_GRID, size / _GRID)
    kx, ky = np.meshgrid(k, k)
    number = np.hypot(kx, ky)
    number[0, 0] = 1.0
    low, high = 2.0 * math.pi / longest, 2.0 * math.pi / shortest
    inside = np.exp(-((low / number) ** 4) - (number / high) ** 4)
    inside[0, 0] = 0.0
    way = np.cos(np.arctan2(ky, kx) - wind)
    spread = np.where(way > 0, way**2, 0.06 * way**2) + 0.02
    size_of = np.sqrt(number**-4.0 * inside * spread)
    noise = chance.standard_normal((2, _GRID, _GRID))
    forward = size_of * (noise[0] + 1j * noise[1])
    backward = np.conj(np.roll(forward[::-1, ::-1], (1, 1), (0, 1)))
    # both slopes in one transform: the real part across, the imaginary along
    slope = 1j * kx - ky
    trial = np.fft.ifft2((forward + backward) * slope)
    scale = math.sqrt(variance) / math.sqrt(float((np.abs(trial) ** 2).mean()))
    return (
        (forward * scale).astype(np.complex64),
        (backward * scale).astype(np.complex64),
        slope.astype(np.complex64),
        np.sqrt(_GRAVITY * number),
    )
