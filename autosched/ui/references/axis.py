"""Where everything of a report stands on the one time axis: shares of its length, and few paths.

Pure geometry. What comes in hundreds (shots, transitions) becomes a bar each; what comes in
thousands (beats, loudness) becomes one path in a field of 1000 by 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autosched.studio.analysis.report import Music, Report, Shot, Stretch, Text, Transition
from autosched.studio.references.filmstrip import Sheet

_QUIET, _LOUD = -50.0, -5.0  # LUFS at the lane's floor and ceiling
_LEAST_TEXT = 0.004  # a text that flashes up is still a bar that can be seen
MOST_ROWS = 4


@dataclass(frozen=True)
class ShotBar:
    """A shot: its place, and where its picture is on the sheet."""

    number: int
    start: float
    end: float
    left: str
    width: str
    picture: str
    scale: str
    camera: str
    sure: int


@dataclass(frozen=True)
class Mark:
    """A transition. `sure` in per cent."""

    kind: str
    direction: str
    time: float
    seconds: float
    left: str
    width: str
    sure: int


@dataclass(frozen=True)
class TextBar:
    """A text; `enter` and `exit` are motions, their shares of the bar `coming` and `going`."""

    left: str
    width: str
    top: str
    start: float
    end: float
    enter: str
    exit: str
    coming: str
    going: str
    script: str
    colour: str
    sure: int


@dataclass(frozen=True)
class SoundBar:
    """A stretch of sound of one kind."""

    kind: str
    left: str
    width: str


@dataclass(frozen=True)
class Axis:
    """All lanes."""

    seconds: float = 0.0
    shots: list[ShotBar] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[TextBar] = field(default_factory=list)
    text_rows: int = 0
    sounds: list[SoundBar] = field(default_factory=list)
    loudness: str = ""
    beats: str = ""


def axis(report: Report, sheet: Sheet | None) -> Axis:
    """The lanes of a report; nothing on them for a picture, which has no time."""
    seconds = report.video.duration or 0.0
    if seconds <= 0:
        return Axis()
    texts, rows = _texts(report.texts, seconds)
    return Axis(
        seconds=seconds,
        shots=[
            _shot(number, each, sheet, len(report.shots), seconds)
            for number, each in enumerate(report.shots)
        ],
        starts=[each.start for each in report.shots],
        marks=[_mark(each, seconds) for each in report.transitions],
        texts=texts,
        text_rows=rows,
        sounds=_sounds(report.music, seconds),
        loudness=loudness(report.music.loudness_curve if report.music else ()),
        beats=beats(report.music.beats if report.music else (), seconds),
    )


def loudness(curve: Sequence[float | None]) -> str:
    """The area under the curve of loudness; what was not measured leaves a gap."""
    if not curve:
        return ""
    step = 1000 / len(curve)
    parts: list[str] = []
    for number, level in enumerate(curve):
        if level is None:
            continue
        share = min(1.0, max(0.02, (level - _QUIET) / (_LOUD - _QUIET)))
        left, top = number * step, 100 - 100 * share
        parts.append(f"M{left:.1f} 100V{top:.1f}H{left + step:.1f}V100z")
    return "".join(parts)


def beats(times: Sequence[float], seconds: float) -> str:
    """A short stroke for each beat, all in one path."""
    return "".join(f"M{1000 * time / seconds:.2f} 0V100" for time in times if time <= seconds)


def _share(at: float, seconds: float) -> str:
    return f"{100 * min(1.0, max(0.0, at / seconds)):.3f}%"


def _percent(confidence: float | None) -> int:
    return -1 if confidence is None else round(100 * confidence)


def _shot(number: int, shot: Shot, sheet: Sheet | None, count: int, seconds: float) -> ShotBar:
    picture = ""
    if sheet is not None:
        column, row = sheet.tile(number, count)
        rows = -(-sheet.tiles // sheet.columns)
        across = 100 * column / max(1, sheet.columns - 1)
        down = 100 * row / max(1, rows - 1)
        picture = f"{across:.3f}% {down:.3f}%"
    return ShotBar(
        number=number,
        start=shot.start,
        end=shot.end,
        left=_share(shot.start, seconds),
        width=_share(shot.end - shot.start, seconds),
        picture=picture,
        scale=shot.scale or "",
        camera=shot.camera or "",
        sure=_percent(min(shot.confidence.values(), default=None)),
    )


def _mark(each: Transition, seconds: float) -> Mark:
    return Mark(
        kind=each.kind,
        direction=each.direction or "",
        time=each.time,
        seconds=round(each.duration, 2),
        left=_share(each.time, seconds),
        width=_share(each.duration, seconds),
        sure=_percent(each.confidence),
    )


def _texts(texts: Sequence[Text], seconds: float) -> tuple[list[TextBar], int]:
    """The bars in as few rows as they need; from the last row on they may lie on each other."""
    ends: list[float] = []
    bars: list[TextBar] = []
    for text in sorted(texts, key=lambda each: each.start):
        row = next((n for n, end in enumerate(ends) if end <= text.start), len(ends))
        row = min(row, MOST_ROWS - 1)
        ends[row : row + 1] = [max(text.end, ends[row] if row < len(ends) else 0.0)]
        length = max(text.end - text.start, 1e-6)
        bars.append(
            TextBar(
                left=_share(text.start, seconds),
                width=_share(max(length, _LEAST_TEXT * seconds), seconds),
                top=str(row),
                start=text.start,
                end=text.end,
                enter=text.enter or "",
                exit=text.exit or "",
                coming=_share(text.enter_seconds or 0.0, length),
                going=_share(text.exit_seconds or 0.0, length),
                script=text.script or "",
                colour=text.colour or "",
                sure=_percent(min(text.confidence.values(), default=None)),
            )
        )
    return bars, len(ends)


def _sounds(music: Music | None, seconds: float) -> list[SoundBar]:
    def bar(each: Stretch) -> SoundBar:
        return SoundBar(
            each.kind, _share(each.start, seconds), _share(each.end - each.start, seconds)
        )

    return [bar(each) for each in music.stretches] if music else []
