"""Dunes behind dunes at dawn: a low sun, lit and shadowed slopes, sand haze drifting between."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Generator, Stage, fractal, scrolled, smooth

PALETTE = ("#1c1226", "#4a2340", "#9a4a3e", "#e0925a", "#ffdfae")

_LAYERS = 6
_TILE = 512
_SOFT = 4


@dataclass(frozen=True)
class _Dune:
    """One range: its picture and cover (wider than the frame), its top row and its pace."""

    light: Floats
    cover: Floats
    top: int
    pace: float
    haze: float


class Scene:
    """Each range is drawn once, wider than the frame, and slides by at its distance's pace."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        chance = stage.chance("dunes")
        self._sun_x = float(chance.uniform(0.22, 0.78))
        self._horizon = 0.60 if stage.height > stage.width else 0.54
        self._margin = round(0.16 * stage.width)
        self._sky = self._dawn()
        self._dunes = [self._range(chance, number) for number in range(_LAYERS)]
        self._sand = fractal(stage.chance("sand"), _TILE, _TILE, slope=1.5, stretch=3.0)
        self._way = float(chance.choice([-1.0, 1.0]))

    def frame(self, t: float) -> Picture16:
        stage = self._stage
        picture = self._sky.copy()
        warm = stage.palette.linear(0.78)
        for number, dune in enumerate(self._dunes):
            shift = self._margin + self._way * self._margin * 0.9 * math.sin(0.021 * t) * dune.pace
            move = np.array([[1.0, 0.0, shift], [0.0, 1.0, 0.0]])
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            size = (stage.width, dune.light.shape[0])
            light = cv2.warpAffine(dune.light, move, size, flags=flags)
            cover = cv2.warpAffine(dune.cover, move, size, flags=flags)[..., None]
            under = picture[dune.top :]
            under += (light - under) * cover
            if dune.haze:
                self._drift(under, t, number, dune.haze, warm)
        return colour.film(picture, 1.18)

    def _drift(self, under: Floats, t: float, number: int, haze: float, warm: Floats) -> None:
        """Sand that blows along the crest of the range that was just drawn."""
        stage = self._stage
        soft = stage.soft(_SOFT)
        rows = max(8, under.shape[0] // _SOFT)
        speed = (14.0 + 9.0 * number) * stage.unit * self._way
        veil = scrolled(self._sand, (soft[0], rows), speed * t + 97.0 * number, 31.0 * number)
        down = np.linspace(0.0, 1.0, rows, dtype=np.float32)[:, None]
        rise = np.clip(down / 0.07, 0.0, 1.0) ** 2
        veil = np.clip(0.55 + 0.4 * veil, 0.0, 1.6) * np.exp(-((down / 0.20) ** 2)) * rise
        large = cv2.resize(veil, (under.shape[1], under.shape[0]))
        under += (large * np.float32(haze))[..., None] * warm

    def _dawn(self) -> Floats:
        """The sky: dark above for the words, warm towards the sun, which is just over the rim."""
        stage = self._stage
        x, y = stage.places()
        u, v = x / stage.width, y / stage.height / self._horizon
        rise = np.clip(v, 0.0, 1.15)
        ratio = stage.height * self._horizon / stage.width
        far = np.hypot((u - self._sun_x) * 1.0, (v - 0.985) * ratio)
        tone = 0.05 + 0.52 * rise**2.6 + 0.20 * np.exp(-((far / 0.42) ** 2)) * rise
        soft = stage.soft(_SOFT)
        cloud = fractal(stage.chance("cloud"), soft[1], soft[0], slope=1.9, stretch=5.0)
        streak = cv2.resize(cloud, (stage.width, stage.height))
        tone += 0.022 * streak * smooth(0.15, 0.9, v)
        light = stage.palette.linear(tone) * np.float32(0.95)
        disc = smooth(0.062, 0.050, far)
        glow = 0.55 * np.exp(-((far / 0.16) ** 1.3)) + 0.20 * np.exp(-((far / 0.5) ** 1.2))
        light += glow[..., None].astype(np.float32) * stage.palette.linear(0.86)
        light += (1.3 * disc)[..., None] * stage.palette.linear(1.0)
        return light

    def _range(self, chance: Generator, number: int) -> _Dune:
        """A range of dunes; `number` 0 is the farthest."""
        stage = self._stage
        near = number / (_LAYERS - 1)
        wide = stage.width + 2 * self._margin
        crest = self._crest(chance, near, wide)
        top = max(0, math.floor(float(crest.min())) - 2)
        rows = stage.height - top
        y = (np.arange(rows, dtype=np.float32) + top + 0.5)[:, None]
        below = y - crest[None, :]
        cover = np.clip(below + 0.5, 0.0, 1.0)
        # The light comes from the sun's side: slopes that lean towards it are lit.
        along = np.gradient(
            cv2.GaussianBlur(crest[None, :], (0, 0), (6.0 + 14.0 * near) * stage.unit)[0]
        )
        x = np.arange(wide, dtype=np.float32) - self._margin
        side = np.tanh((self._sun_x * stage.width - x) / (0.30 * stage.width))
        lean = -along * side * (3.2 + 2.0 * near)
        fold = self._folds(chance, near, wide, rows, below)
        depth = below / (stage.height * (0.10 + 0.16 * near))
        # A ridge runs down a dune aslant, and softens on its way.
        slant = (0.9 + 0.5 * near) * (1.0 if chance.random() < 0.5 else -1.0)
        aslant = np.clip(x[None, :] + self._margin + slant * below, 0, wide - 1)
        face = np.interp(aslant, np.arange(wide), lean) * np.exp(-np.clip(depth, 0, 9) * 1.1)
        lit = 0.5 + 0.5 * np.tanh(face + fold)
        rim = np.exp(-((below / (2.2 * stage.unit + 1.0)) ** 2)) * (0.5 + 0.5 * np.tanh(side))
        air = 1.0 - near
        dark, bright = 0.06 + 0.30 * air, 0.46 + 0.20 * air
        tone = dark + (bright - dark) * lit - 0.10 * np.clip(depth, 0, 1.6) * (0.4 + near)
        strength = np.float32(0.42 + 0.40 * air)
        light = stage.palette.linear(np.clip(tone, 0.02, 0.85)) * strength
        light += (0.50 * rim * (0.35 + 0.65 * air))[..., None].astype(
            np.float32
        ) * stage.palette.linear(0.88)
        return _Dune(
            light=light.astype(np.float32),
            cover=cover.astype(np.float32),
            top=top,
            pace=0.10 + 0.90 * near**1.4,
            haze=0.11 * air**0.8 if number < _LAYERS - 1 else 0.0,
        )

    def _crest(self, chance: Generator, near: float, wide: int) -> Floats:
        """The skyline of a range: long backs with sharp ridges, in rows of the frame."""
        stage = self._stage
        base = self._horizon + 0.012 + (1.02 - self._horizon) * near**1.25 * 0.80
        x = np.arange(wide) / max(stage.width, stage.height * 0.6)
        line = np.zeros(wide)
        for octave, share in ((1.0, 1.0), (2.1, 0.42), (4.3, 0.13)):
            pace = (1.3 + 1.2 * (1 - near)) * octave
            wave = (x * pace + chance.uniform(0, 1)) % 1.0
            turn = float(chance.uniform(0.55, 0.72))
            # Up slowly before the wind, down steeply behind it.
            back = np.where(wave < turn, wave / turn, (1 - wave) / (1 - turn))
            line += share * (back * back * (3 - 2 * back) if octave > 2 else back**1.25)
        rough = fractal(chance, 4, wide, slope=1.8)[0]
        rise = stage.height * (0.030 + 0.075 * near)
        made = base * stage.height - rise * (line - 0.6) + rough * stage.unit * (0.8 + 2.0 * near)
        smoothed: Floats = cv2.GaussianBlur(
            made[None, :].astype(np.float32), (0, 0), 1.0 + 2.0 * near
        )[0]
        return smoothed

    def _folds(self, chance: Generator, near: float, wide: int, rows: int, below: Floats) -> Floats:
        """Slip faces and, close by, ripples: how much each point leans, beside the crest's own."""
        stage = self._stage
        small = (max(8, rows // 2), max(8, wide // 2))
        broad = fractal(chance, *small, slope=2.1, stretch=1.8)
        made = cv2.resize(broad, (wide, rows)) * np.float32(0.75)
        if near > 0.55:
            warp = cv2.resize(fractal(chance, *small, slope=1.9), (wide, rows))
            grain = (below / (7.0 * stage.unit) + 2.6 * warp) * np.float32(2 * math.pi / 2.2)
            ripple = np.sin(grain) * np.float32(0.22 * (near - 0.55))
            made = made + ripple * smooth(0.0, 40.0 * stage.unit, below)
        leaning: Floats = made.astype(np.float32)
        return leaning
