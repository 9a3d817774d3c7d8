"""The colours of a reference, as a template has them."""

from __future__ import annotations

import colorsys

import numpy as np

from autosched.studio import lut
from autosched.studio.learning.figures import Figure, clipped, mean, sure
from autosched.studio.learning.rhythm import Weighed
from autosched.studio.legible import LEAST, contrast, luminance, mixed
from autosched.studio.template import Background, Grade, Ornament

# The mean saturation of ordinary, ungraded footage, which a factor of 1 leaves as it is.
_ORDINARY_SATURATION = 0.3
_PALETTE = 6
_LEAST_WEIGHT = 0.03


def background(reports: Weighed, base: Background) -> Background:
    """The art of the base in the reference's colours, from dark to light."""
    colours = palette(reports)
    if len(colours) < 3:
        return base
    return base.model_copy(update={"palette": tuple(sorted(colours, key=luminance))})


def palette(reports: Weighed) -> list[str]:
    """The references' colours, those that fill most first."""
    weights: dict[str, float] = {}
    for report, seconds in reports:
        grade = report.grade
        if not sure(True, seconds, grade.confidence, "palette"):
            continue
        even = [1 / max(1, len(grade.palette))] * len(grade.palette)
        for colour, weight in zip(grade.palette, grade.weights or even, strict=False):
            if weight >= _LEAST_WEIGHT:
                weights[colour] = weights.get(colour, 0.0) + weight * seconds
    return sorted(weights, key=lambda colour: -weights[colour])[:_PALETTE]


def ornament(reports: Weighed, base: Ornament) -> Ornament:
    """The base's ornament in the strongest colour of the palette, made light enough to be seen."""
    vivid = max(palette(reports), key=_chroma, default=None)
    if base.kind == "none" or vivid is None or _chroma(vivid) < 0.15:
        return base
    lighter = (mixed(vivid, "#ffffff", step / 10) for step in range(11))
    colour = next(each for each in lighter if contrast(each, "#000000") >= LEAST)
    return base.model_copy(update={"colour": colour})


def grade(reports: Weighed, base: Grade) -> Grade:
    """The look as a table, those of several references mixed; by figures where there is none."""
    tables = [
        (lut.read(report.grade.lut), seconds) for report, seconds in reports if report.grade.lut
    ]
    if tables:
        whole = sum(seconds for _, seconds in tables) or 1.0
        mixture = sum(lut.resized(table) * (seconds / whole) for table, seconds in tables)
        return Grade(lut=lut.packed(np.asarray(mixture, np.float32)))
    return _figures(reports, base)


def _figures(reports: Weighed, base: Grade) -> Grade:
    """The look, by its figures."""

    def figure(name: str) -> float | None:
        found: list[Figure[float]] = []
        for report, seconds in reports:
            found += sure(getattr(report.grade, name), seconds, report.grade.confidence, name)
        return mean(found)

    update: dict[str, object] = {}
    for name, low, high in (
        ("temperature", -1.0, 1.0),
        ("tint", -1.0, 1.0),
        ("contrast", 0.5, 1.6),
    ):
        if (value := figure(name)) is not None:
            update[name] = round(clipped(value, low, high), 3)
    if (saturation := figure("saturation")) is not None:
        update["saturation"] = round(clipped(saturation / _ORDINARY_SATURATION, 0.0, 1.6), 3)
    if (black := figure("black")) is not None:
        update["fade"] = round(clipped(black, 0.0, 0.3), 3)
    update |= _split(reports)
    return Grade.model_validate(base.model_dump() | update)


def _split(reports: Weighed) -> dict[str, object]:
    """The casts of dark and bright parts, of the reference in which they are strongest."""
    casts = [
        (report.grade.shadows, report.grade.highlights, strength)
        for report, seconds in reports
        if (
            strength := max(
                (t.strength for t in (report.grade.shadows, report.grade.highlights) if t),
                default=0.0,
            )
        )
        > 0.05
        and sure(True, seconds, report.grade.confidence, "shadows")
    ]
    if not casts:
        return {}
    shadows, highlights, strength = max(casts, key=lambda each: each[2])
    update: dict[str, object] = {"split": round(clipped(strength, 0.0, 1.0), 3)}
    if shadows is not None:
        update["shadows"] = shadows.colour
    if highlights is not None:
        update["highlights"] = highlights.colour
    return update


def _chroma(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    _, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return saturation * value
