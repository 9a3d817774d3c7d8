"""Where and how a reference's words stand, and how they come and go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from autosched.studio.analysis.report import Box, Report, Text
from autosched.studio.frame import FRAMES, Format
from autosched.studio.learning.figures import (
    Figure,
    clipped,
    commonest,
    median,
    sure,
)
from autosched.studio.learning.rhythm import Weighed
from autosched.studio.legible import luminance
from autosched.studio.template import Layout, Layouts, Motion, Type, Typography

Script = Literal["arabic", "latin"]
_SCRIPTS: tuple[Script, Script] = ("arabic", "latin")
_SHORT_SIDE = 1080
# How high a line of ink is in ems: Arabic carries its vowels above and below.
_INK = {"arabic": 1.35, "latin": 0.95}
_SIZES = {"arabic": (84.0, 200.0), "latin": (36.0, 84.0)}
# What an analysis calls a motion, and what comes nearest where a kind is not made here; Arabic
# is never written letter by letter.
_MOTIONS = {
    "slide_up": ("slide_up", "rise"),
    "slide_down": ("slide_down", "rise"),
    "slide_left": ("slide_left", "slide"),
    "slide_right": ("slide_right", "slide"),
    "pop": ("pop", "settle"),
    "typewriter": ("typewriter", "words", "fade"),
}


@dataclass(frozen=True)
class Seen:
    """A text, how much it counts, and the upright size of its frame."""

    text: Text
    seconds: float
    width: int
    height: int


def _seen(reports: Weighed, script: Script | None = None) -> Iterator[Seen]:
    for report, seconds in reports:
        for text in report.texts:
            if script is None or text.script == script:
                # A title that stands for a minute tells no more than one that stands for ten.
                weight = min(max(text.end - text.start, 0.2), 10.0, seconds)
                yield Seen(text, weight, report.video.width, report.video.height)


def typography(reports: Weighed, base: Typography) -> Typography:
    """Size and colour of each script; where one was not seen it takes the other's colour."""
    colours = {script: _colour(reports, script) for script in _SCRIPTS}
    arabic_colour = colours["arabic"] or colours["latin"]
    latin_colour = colours["latin"] or colours["arabic"]
    arabic_size, latin_size = (_size(reports, script) for script in _SCRIPTS)
    reference = base.reference
    if latin_colour and _dark(latin_colour) != _dark(base.reference.colour):
        reference = _set(reference, None, latin_colour)
    return base.model_copy(
        update={
            "arabic": _set(base.arabic, arabic_size, arabic_colour),
            "translation": _set(base.translation, latin_size, latin_colour),
            "text": _set(base.text, latin_size and latin_size * 1.5, latin_colour),
            "reference": reference,
        }
    )


def layout(reports: Weighed, base: Layouts) -> Layouts:
    """Where the words stand in the safe area, in every format that the base has a layout for."""
    downs: list[Figure[float]] = []
    lefts: list[Figure[float]] = []
    aligns: list[Figure[str]] = []
    for report, box, seconds in _blocks(reports):
        frame = FRAMES[_format(report)]
        safe = frame.safe
        top = box[1] * frame.height - safe.y
        free = safe.h - box[3] * frame.height
        if free > 0.1 * safe.h:
            downs.append(Figure(clipped(top / free, 0.0, 1.0), seconds))
        lefts.append(Figure(box[0] + box[2] / 2, seconds))
    for seen in _seen(reports):
        aligns += sure(seen.text.align, seen.seconds, seen.text.confidence, "align")
    anchor, align = median(downs), commonest(aligns)
    update: dict[str, float | str] = {}
    if anchor is not None:
        update["anchor"] = round(anchor, 2)
    if align is not None:
        update["align"] = "centre" if align == "centre" else "edges"
    middle = median(lefts)
    if middle is not None and abs(middle - 0.5) < 0.06:
        update["across"] = 0.5

    def moved(own: Layout | None) -> Layout | None:
        return own.model_copy(update=update) if own else None

    return base.model_copy(
        update={name: moved(getattr(base, name)) for name in type(base).model_fields}
    )


def motion(reports: Weighed, base: Motion) -> Motion:
    """How each script comes and goes; one that was not seen moves as the other does."""
    enters = {script: _entering(reports, script) for script in _SCRIPTS}
    exits = [
        figure
        for seen in _seen(reports)
        for figure in sure(seen.text.exit, seen.seconds, seen.text.confidence, "exit")
    ]
    update: dict[str, float | str] = {}
    for field, measured in (
        ("arabic", enters["arabic"] or enters["latin"]),
        ("translation", enters["latin"] or enters["arabic"]),
    ):
        if measured and (kind := _made(measured, field)):
            update[field] = kind
    leaving = commonest(exits)
    if leaving and "leaving" in Motion.model_fields and (kind := _made(leaving, "leaving")):
        update["leaving"] = kind
    for field, name in (("seconds", "enter_seconds"), ("leave", "exit_seconds")):
        kept = [
            figure
            for seen in _seen(reports)
            for figure in sure(getattr(seen.text, name), seen.seconds, seen.text.confidence, name)
        ]
        if (middle := median(kept)) is not None:
            update[field] = round(clipped(middle, 0.0, 2.0), 2)
    if (stagger := _stagger(reports)) is not None:
        update["stagger"] = stagger
    return Motion.model_validate(base.model_dump() | update)


def _entering(reports: Weighed, script: Script) -> str | None:
    return commonest(
        figure
        for seen in _seen(reports, script)
        for figure in sure(seen.text.enter, seen.seconds, seen.text.confidence, "enter")
    )


def _made(measured: str, field: str) -> str | None:
    """The kind of `Motion.FIELD` that comes nearest to a measured one."""
    known = _words(Motion.model_fields[field].annotation)
    return next((kind for kind in (*_MOTIONS.get(measured, ()), measured) if kind in known), None)


def _words(annotation: object) -> set[str]:
    """All words of a `Literal`, or of a union of them."""
    return {
        word
        for each in get_args(annotation)
        for word in (_words(each) if get_args(each) else {each})
        if isinstance(word, str)
    }


def _stagger(reports: Weighed) -> float | None:
    """How long the Latin text waits for the Arabic that it stands with."""
    waits = [
        Figure(latin.start - arabic.start, min(latin.end, arabic.end) - latin.start)
        for report, _ in reports
        for arabic in report.texts
        for latin in report.texts
        if arabic.script == "arabic"
        and latin.script == "latin"
        and 0.0 <= latin.start - arabic.start <= 2.0
        and min(latin.end, arabic.end) > latin.start
    ]
    middle = median(waits)
    return None if middle is None else round(middle, 2)


def _blocks(reports: Weighed) -> Iterator[tuple[Report, Box, float]]:
    """The texts of a report that stand at the same time, as one box; its seconds."""
    for report, seconds in reports:
        edges = sorted({at for text in report.texts for at in (text.start, text.end)})
        for start, end in itertools.pairwise(edges):
            boxes = [t.box for t in report.texts if t.start <= start and t.end >= end]
            if boxes and end > start:
                left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
                right = max(box[0] + box[2] for box in boxes)
                bottom = max(box[1] + box[3] for box in boxes)
                yield report, (left, top, right - left, bottom - top), min(end - start, 10.0)
        if not edges[1:] and report.texts:
            yield report, report.texts[0].box, seconds


def _format(report: Report) -> Format:
    """The format whose shape comes nearest to the reference's."""
    shape = report.video.width / max(1, report.video.height)
    return min(FRAMES, key=lambda format: abs(FRAMES[format].width / FRAMES[format].height - shape))


def _size(reports: Weighed, script: Script) -> float | None:
    """The em of a script's letters in design pixels."""
    low, high = _SIZES[script]
    sizes = [
        figure
        for seen in _seen(reports, script)
        if seen.text.size
        for figure in sure(
            seen.text.size * seen.height / min(seen.width, seen.height) * _SHORT_SIDE,
            seen.seconds,
            seen.text.confidence,
            "size",
        )
    ]
    middle = median(sizes)
    return None if middle is None else round(clipped(middle / _INK[script], low, high))


def _colour(reports: Weighed, script: Script) -> str | None:
    return commonest(
        figure
        for seen in _seen(reports, script)
        for figure in sure(seen.text.colour, seen.seconds, seen.text.confidence, "colour")
    )


def _dark(colour: str) -> bool:
    return luminance(colour) < 0.22


def _set(words: Type, size: float | None, colour: str | None) -> Type:
    update: dict[str, float | str] = {}
    if size:
        update = {"size": size, "floor": min(words.floor, size)}
    if colour:
        update["colour"] = colour
    return words.model_copy(update=update)
