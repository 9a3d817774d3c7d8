"""References measured by hand, for the tests of learning from them."""

from __future__ import annotations

from typing import Any

from autosched.studio.analysis.report import (
    Composition,
    Grade,
    Music,
    Report,
    Shot,
    Text,
    Transition,
    Video,
)

GRADE = Grade(
    palette=("#0a1a2c", "#d8a25a", "#486a84", "#f0e0c0"),
    weights=(0.5, 0.1, 0.3, 0.1),
    temperature=0.3,
    tint=-0.1,
    contrast=1.2,
    saturation=0.3,
    black=0.05,
    white=0.95,
)


def text(script: str | None, **fields: Any) -> Text:
    """A white text in the middle of an upright frame, for three seconds."""
    plain: dict[str, Any] = {
        "start": 1.0,
        "end": 4.0,
        "box": (0.2, 0.45, 0.6, 0.1),
        "enter": "fade",
        "exit": "fade",
        "enter_seconds": 0.5,
        "exit_seconds": 0.4,
        "size": 0.04,
        "lines": 2,
        "colour": "#ffffff",
        "align": "centre",
    }
    return Text.model_validate(plain | {"script": script} | fields)


def report(
    *lengths: float,
    kind: str = "cut",
    blend: float = 0.0,
    texts: tuple[Text, ...] = (),
    grade: Grade = GRADE,
    music: Music | None = None,
    shot: dict[str, Any] | None = None,
    sure: float = 1.0,
    size: tuple[int, int] = (1080, 1920),
) -> Report:
    """A video whose shots have these lengths, all transitions of one kind."""
    shots, transitions, at = [], [], 0.0
    for number, length in enumerate(lengths):
        shots.append(Shot.model_validate({"start": at, "end": at + length, **(shot or {})}))
        at += length
        if number < len(lengths) - 1:
            transitions.append(
                Transition.model_validate(
                    {"time": at, "duration": blend, "kind": kind, "confidence": sure}
                )
            )
            at += blend
    return Report(
        video=Video(
            width=size[0], height=size[1], fps=30, duration=at, has_audio=music is not None
        ),
        shots=tuple(shots),
        transitions=tuple(transitions),
        grade=grade,
        texts=texts,
        music=music,
    )


def picture(grade: Grade = GRADE) -> Report:
    """A picture."""
    return Report(
        video=Video(width=1080, height=1350, fps=None, duration=None, has_audio=False),
        shots=(
            Shot(
                start=0, end=0, scale="wide", composition=Composition(subject=(0.5, 0.2, 0.2, 0.4))
            ),
        ),
        transitions=(),
        grade=grade,
        texts=(),
        music=None,
    )
