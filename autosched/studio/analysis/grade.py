"""The look of a reference: palette, temperature, contrast, split toning, and a LUT."""

from __future__ import annotations

import cv2
import numpy as np

from autosched.studio import lut, oklab
from autosched.studio.analysis import look
from autosched.studio.analysis.look import Colours
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Grade, Tone, Transition
from autosched.studio.analysis.stream import Frame, Source

_EVERY_SECONDS = 0.4
_PIXELS = 360
"""Of each frame that is looked at, so many pixels are kept, always the same places."""
_MOST_FRAMES = 240
_COLOURS, _MERGED = 9, 0.06
"""Colours that are looked for, and how near two of them (in Oklab) are one."""
_LEAST_WEIGHT = 0.015
_ORDINARY_SPREAD = 0.19
"""The spread of lightness that counts as a contrast of 1."""
_STRONG = 0.06
"""A cast of this chroma is as strong as 1."""


class Grading:
    """Gathers the colours of a few frames a second, of a long video of fewer."""

    def __init__(self, source: Source) -> None:
        self._still = source.still
        self._every = max(1, round(source.fps * _EVERY_SECONDS))
        self._kept: list[tuple[float, np.ndarray]] = []
        self._places: np.ndarray | None = None

    def see(self, frame: Frame, move: Move) -> None:
        """Gather a frame's colours, if it is one of those."""
        if frame.number % self._every:
            return
        pixels = frame.rgb.reshape(-1, 3)
        if self._places is None:
            rng = np.random.default_rng(0)
            many = len(pixels) if self._still else _PIXELS
            self._places = rng.choice(len(pixels), min(len(pixels), many), replace=False)
        self._kept.append((frame.time, pixels[self._places]))
        if len(self._kept) > _MOST_FRAMES:
            self._kept = self._kept[::2]
            self._every *= 2

    def finish(self, transitions: tuple[Transition, ...]) -> Grade:
        """The look of all frames that are in no transition."""
        kept = [pixels for time, pixels in self._kept if not _within(time, transitions)]
        pixels = np.concatenate(kept or [pixels for _, pixels in self._kept])
        rgb = pixels.astype(np.float64) / 255
        lab = oklab.from_srgb(rgb)
        colours, weights = _palette(lab)
        found = look.measured(lab)
        luma = rgb @ np.array([0.2126, 0.7152, 0.0722])
        black, white = (float(each) for each in np.quantile(luma, (0.005, 0.995)))
        grey = float(np.mean(np.hypot(lab[:, 1], lab[:, 2]) < 0.08))
        casts = np.array(found.casts)
        middle = casts.mean(axis=0)
        strength = np.hypot(lab[:, 1], lab[:, 2])
        many = min(1.0, len(kept) / 6)
        return Grade(
            palette=tuple(oklab.hex_of(each) for each in colours),
            weights=tuple(round(each, 4) for each in weights),
            temperature=round(float(np.clip(middle[1] / _STRONG, -1, 1)), 3),
            tint=round(float(np.clip(middle[0] / _STRONG, -1, 1)), 3),
            contrast=round(float(lab[:, 0].std()) / _ORDINARY_SPREAD, 3),
            saturation=round(_saturation(rgb), 3),
            saturation_by_tone=(
                _share(strength, lab[:, 0], 0.0, 0.4),
                _share(strength, lab[:, 0], 0.4, 0.7),
                _share(strength, lab[:, 0], 0.7, 1.01),
            ),
            black=round(black, 3),
            white=round(white, 3),
            shadows=_tone(casts[0] - middle, 0.3),
            highlights=_tone(casts[2] - middle, 0.85),
            lut=lut.written(look.table(found), "look"),
            confidence={
                "palette": round(0.5 + 0.5 * many, 2),
                "temperature": round(min(1.0, 0.15 + 1.6 * grey), 2),
                "tint": round(min(1.0, 0.15 + 1.6 * grey), 2),
                "contrast": round(0.4 + 0.5 * many, 2),
                "saturation": round(0.4 + 0.5 * many, 2),
                "lut": round(0.25 + 0.5 * min(1.0, grey * 1.5) * many, 2),
            },
        )


def _within(time: float, transitions: tuple[Transition, ...]) -> bool:
    return any(
        each.kind != "cut" and each.time <= time <= each.time + each.duration
        for each in transitions
    )


def _palette(lab: Colours) -> tuple[list[Colours], list[float]]:
    """The colours that there are most of, in order of weight."""
    sample = lab[:: max(1, len(lab) // 8000)].astype(np.float32)
    count = min(_COLOURS, len(np.unique(sample.round(3), axis=0)))
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 25, 1e-3)
    cv2.setRNGSeed(7)
    # Colour tells more than light: a dark and a light blue are nearer than a blue and a red.
    scaled = sample * np.array([0.7, 1.4, 1.4], np.float32)
    _, labels, _ = cv2.kmeans(scaled, count, np.empty(0), ends, 2, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=count) / len(sample)
    centres = [sample[labels.ravel() == each].mean(axis=0) for each in range(count)]
    merged: list[tuple[float, Colours]] = []
    for share, centre in sorted(zip(shares, centres, strict=True), key=lambda each: -each[0]):
        for number, (weight, other) in enumerate(merged):
            if float(np.linalg.norm(centre - other)) < _MERGED:
                whole = weight + share
                merged[number] = (whole, (other * weight + centre * share) / whole)
                break
        else:
            merged.append((float(share), centre))
    merged = sorted(merged, key=lambda each: -each[0])
    kept = [each for each in merged if each[0] >= _LEAST_WEIGHT] or merged[:1]
    return [colour for _, colour in kept], [float(weight) for weight, _ in kept]


def _saturation(rgb: Colours) -> float:
    """The mean saturation (of hue, saturation, value), dark colours counting for less."""
    high, low = rgb.max(axis=1), rgb.min(axis=1)
    return float(((high - low) / (high + 0.02) * high).sum() / (high.sum() + 1e-6))


def _share(strength: Colours, light: Colours, low: float, high: float) -> float:
    """The mean chroma of a range of lightness, of what is as strong as 0.3."""
    inside = (light >= low) & (light < high)
    return round(float(min(1.0, strength[inside].mean() / 0.3)), 3) if inside.any() else 0.0


def _tone(cast: Colours, light: float) -> Tone:
    chroma = float(np.hypot(*cast))
    way = cast / chroma if chroma > 1e-6 else np.zeros(2)
    colour = np.array([light, *(way * 0.09)])
    return Tone(colour=oklab.hex_of(colour), strength=round(min(1.0, chroma / _STRONG), 3))
