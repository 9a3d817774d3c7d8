"""How a reference is cut, how its shots give way to each other, how they are framed and moved."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autosched.studio.analysis.report import Report
from autosched.studio.learning.figures import (
    SURE,
    Figure,
    clipped,
    commonest,
    mean,
    median,
    quantile,
    shares,
    sure,
)
from autosched.studio.template import Composition, Pace, ShotPace, Transition

Weighed = Sequence[tuple[Report, float]]

_ON_BEAT = 0.6
_STATIC = 0.7


def pace(reports: Weighed, base: Pace) -> Pace:
    """The lengths of the shots, where there is more than one; reading stays at the base's pace."""
    lengths: list[Figure[float]] = []
    for report, seconds in reports:
        shots = [math.log2(shot.end - shot.start) for shot in report.shots if shot.end > shot.start]
        if len(shots) > 1:
            lengths += [Figure(each, seconds / len(shots)) for each in shots]
    middle = median(lengths)
    if middle is None:
        return base
    low, high = quantile(lengths, 0.25) or middle, quantile(lengths, 0.75) or middle
    beats = [
        figure
        for report, seconds in reports
        if report.music is not None
        for figure in sure(
            report.music.cuts_on_beats, seconds, report.music.confidence, "cuts_on_beats"
        )
    ]
    shots_pace = ShotPace(
        seconds=round(clipped(2**middle, 0.4, 60.0), 2),
        # Quartiles at half and at twice the median lie two octaves apart.
        spread=round(clipped((high - low) / 2, 0.0, 1.0), 2),
        on_beat=(mean(beats) or 0.0) >= _ON_BEAT,
    )
    return base.model_copy(update={"shots": shots_pace})


def transition(reports: Weighed, base: Transition) -> Transition:
    """The kinds of transition with their shares, and how long those last that are no cuts."""
    kinds: list[Figure[str]] = []
    lengths: list[Figure[float]] = []
    for report, seconds in reports:
        certain = [each for each in report.transitions if each.confidence >= SURE]
        for each in certain:
            weight = seconds / len(certain) * each.confidence
            kinds.append(Figure(each.kind, weight))
            if each.kind not in ("cut", "flash") and each.duration > 0:
                lengths.append(Figure(each.duration, weight))
    found = shares(kinds)
    if not found:
        return base
    middle = median(lengths)
    return Transition.model_validate(
        {
            "kind": next(iter(found)),
            "seconds": round(clipped(middle, 0.1, 2.0), 2) if middle else base.seconds,
            "shares": found if len(found) > 1 else {},
        }
    )


def composition(reports: Weighed, base: Composition) -> Composition:
    """Preferred scales and camera movements, and where the subject stands."""
    scales: list[Figure[str]] = []
    cameras: list[Figure[str]] = []
    across: list[Figure[float]] = []
    down: list[Figure[float]] = []
    for report, seconds in reports:
        for shot in report.shots:
            length = _length(report, seconds, shot.start, shot.end)
            scales += sure(shot.scale, length, shot.confidence, "scale")
            cameras += sure(shot.camera, length, shot.confidence, "camera")
            if (subject := shot.composition.subject) is not None:
                x, y, w, h = subject
                across += sure(x + w / 2, length, shot.confidence, "subject")
                down += sure(y + h / 2, length, shot.confidence, "subject")
    x_middle, y_middle = median(across), median(down)
    subject_at = base.subject
    if x_middle is not None and y_middle is not None:
        subject_at = (round(clipped(x_middle, 0, 1), 2), round(clipped(y_middle, 0, 1), 2))
    return Composition.model_validate(
        {
            "scales": shares(scales) or base.scales,
            "camera": shares(cameras) or base.camera,
            "subject": subject_at,
        }
    )


def push(reports: Weighed, base: float) -> float:
    """How much nearer a shot comes: as the reference's zooms do, and not at all if it stands."""
    cameras: list[Figure[str]] = []
    nearer: list[Figure[float]] = []
    for report, seconds in reports:
        for shot in report.shots:
            length = _length(report, seconds, shot.start, shot.end)
            cameras += sure(shot.camera, length, shot.confidence, "camera")
            if shot.camera == "zoom" and shot.camera_direction == "in" and shot.camera_speed:
                coming = shot.camera_speed * (shot.end - shot.start)
                nearer += sure(coming, length, shot.confidence, "camera")
    found = shares(cameras, least=0.0)
    if commonest(cameras) == "zoom" and (middle := median(nearer)) is not None:
        return round(clipped(middle, 0.0, 0.25), 3)
    return 0.0 if found.get("static", 0.0) >= _STATIC else base


def _length(report: Report, seconds: float, start: float, end: float) -> float:
    """The weight of a shot; in a picture, which has no length, it is the whole of it."""
    return seconds if report.video.duration is None else end - start
