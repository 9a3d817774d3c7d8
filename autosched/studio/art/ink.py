"""Ink that blooms from the edges of fibrous paper; the middle stays light, for dark words."""

from __future__ import annotations

import math

import cv2
import numpy as np

from autosched.studio.art import colour
from autosched.studio.art.colour import Floats, Picture16
from autosched.studio.art.stage import Generator, Stage, fractal, smooth

PALETTE = ("#141a26", "#2f3d55", "#7d8798", "#d9cfba", "#f3ebda")

_SOFT = 2
_GROWTH_SECONDS = 26.0
_BLOOMS = 14


class Scene:
    """Each point of the paper has the moment at which the ink reaches it; time only asks.

    Pigment darkens light by Beer and Lambert's law, gathers where the front stands, and grains in
    the tooth of the paper.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._arrival, self._wash = self._blooms()
        self._tooth = self._fibres()
        paper = stage.palette.linear(1.0)
        deep, thin = stage.palette.linear(0.04), stage.palette.linear(0.34)
        self._dense = np.log(paper / np.maximum(deep, 1e-3)).astype(np.float32)
        self._thin = np.log(paper / np.maximum(thin, 1e-3)).astype(np.float32)
        self._paper = paper

    def frame(self, t: float) -> Picture16:
        reach = 0.46 + 0.54 * (1.0 - math.exp(-(t + 1.5) / _GROWTH_SECONDS))
        past = np.float32(reach) - self._arrival
        body = smooth(0.0, 0.42, past) * self._wash
        front = np.exp(-np.square((past - np.float32(0.012)) * np.float32(42.0)))
        feather = smooth(-0.05, 0.02, past)
        thin = 0.24 * feather + 0.16 * front
        depth = body[..., None] * self._dense + thin[..., None] * self._thin
        light = np.exp(-depth) * self._paper
        picture = self._stage.enlarge(colour.to16(colour.encode(light)))
        made: Picture16 = cv2.multiply(picture, self._tooth, scale=1 / 32768, dtype=cv2.CV_16U)
        return made

    def _blooms(self) -> tuple[Floats, Floats]:
        """When the ink arrives (0 to over 1) and how dense it will lie."""
        stage = self._stage
        chance = stage.chance("blooms")
        x, y = stage.places(_SOFT)
        shape = x.shape
        u, v = x / stage.width, y / stage.height
        bend = 0.055
        u = u + bend * fractal(stage.chance("bend x"), *shape, slope=2.0)
        v = v + bend * fractal(stage.chance("bend y"), *shape, slope=2.0)
        ratio = stage.height / stage.width
        arrival = np.full(shape, 9.0, np.float32)
        for number in range(_BLOOMS):
            at_u, at_v, radius = _edge(chance, number)
            far = np.hypot(u - at_u, (v - at_v) * min(ratio, 1.4)) / radius
            arrival = np.minimum(arrival, far.astype(np.float32))
        fingers = fractal(stage.chance("fingers"), *shape, slope=1.45)
        arrival = arrival + np.float32(0.075) * fingers
        # The words' own place stays dry for ever.
        dry = np.exp(-(((u - 0.5) / 0.52) ** 4) - ((v - 0.5) / 0.3) ** 4)
        arrival = arrival + np.float32(2.2) * dry.astype(np.float32)
        pools = fractal(stage.chance("pools"), *shape, slope=1.9)
        wash = np.clip(0.5 + 0.2 * pools - 0.3 * (arrival - 0.5), 0.05, 0.95)
        return arrival.astype(np.float32), wash.astype(np.float32)

    def _fibres(self) -> Picture16:
        """The paper's tooth as a factor around 32768: fine grain, and long pale fibres."""
        stage = self._stage
        size = (stage.height, stage.width)
        grain = fractal(stage.chance("tooth"), *size, slope=0.75, finest=1.2)
        cloud = fractal(stage.chance("cloud"), *size, slope=1.7)
        factor = 1.0 + 0.013 * grain + 0.010 * cloud
        threads = np.zeros(size, np.float32)
        chance = stage.chance("fibres")
        for _ in range(round(150 * stage.width * stage.height / (1080 * 1920)) + 20):
            points = _thread(chance, stage)
            tone = float(chance.uniform(-0.055, 0.035))
            cv2.polylines(threads, [points], False, tone, 1, cv2.LINE_AA, 4)
        factor += cv2.GaussianBlur(threads, (0, 0), 0.7 * max(stage.unit, 0.5))
        corners = self._vignette()
        tooth: Picture16 = (np.clip(factor * corners, 0.0, 1.9) * 32768.0).astype(np.uint16)
        return np.repeat(tooth[..., None], 3, axis=2)

    def _vignette(self) -> Floats:
        x, y = self._stage.places()
        u, v = x / self._stage.width - 0.5, y / self._stage.height - 0.5
        shade: Floats = (1.0 - 0.16 * np.clip(u * u + v * v, 0.0, 0.6)).astype(np.float32)
        return shade


def _edge(chance: Generator, number: int) -> tuple[float, float, float]:
    """A place at or beyond the edge, and how far a bloom from there reaches."""
    along, beyond = float(chance.uniform(0.0, 1.0)), float(chance.uniform(-0.06, 0.05))
    radius = float(chance.uniform(0.26, 0.52))
    sides = (
        (along, beyond),
        (along, 1.0 - beyond),
        (along * 0.9 + 0.05, 1.0 - beyond),
        (beyond, along),
        (1.0 - beyond, along),
    )
    at = sides[number % len(sides)]
    return at[0], at[1], radius


def _thread(
    chance: Generator, stage: Stage
) -> np.ndarray[tuple[int, int, int], np.dtype[np.int32]]:
    """A curved fibre, in sixteenths of a pixel."""
    x, y = chance.uniform(0, stage.width), chance.uniform(0, stage.height)
    angle, turn = chance.uniform(0, 2 * math.pi), chance.normal(0, 0.09)
    step = chance.uniform(3.0, 7.0) * max(stage.unit, 0.3)
    points = []
    for _ in range(int(chance.integers(8, 26))):
        points.append((x * 16, y * 16))
        x, y, angle = x + step * math.cos(angle), y + step * math.sin(angle), angle + turn
    return np.array(points, np.int32).reshape(-1, 1, 2)
