"""Reports written by hand, for tests of what is done with one: nothing of them was measured."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

from autosched import clock, db
from autosched.library import service as library
from autosched.studio.analysis.report import (
    VERSION,
    Composition,
    Grade,
    Mood,
    Music,
    Report,
    Shot,
    Stretch,
    Text,
    Tone,
    Transition,
    Video,
)
from autosched.studio.jobs import JobState
from autosched.studio.models import Analysis
from autosched.studio.references import storing
from autosched.studio.references.filmstrip import Sheet

KINDS = ("cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "zoom", "flash")
SCALES = ("extreme_wide", "wide", "medium", "close", "extreme_close")
CAMERAS = ("static", "pan", "tilt", "zoom", "handheld")
MOTIONS = ("fade", "slide_up", "typewriter", "pop", "blur", "none", "slide_left")

# A LUT of two steps a side: blue is taken back by half.
WARM = "LUT_3D_SIZE 2\n" + "".join(
    f"{red} {green} {blue / 2}\n" for blue in (0, 1) for green in (0, 1) for red in (0, 1)
)


def rich(seconds: float = 30.0, shots: int = 9, seed: int = 1) -> Report:
    """A report in which everything has been found."""
    chance = random.Random(seed)
    starts = sorted(chance.uniform(0.5, seconds - 0.5) for _ in range(shots - 1))
    transitions, made, start = [], [], 0.0
    for number, time in enumerate(starts):
        kind = KINDS[number % len(KINDS)] if number % 2 else "cut"
        length = 0.0 if kind == "cut" else min(0.6, 0.4 * seconds / shots)
        transitions.append(
            Transition(
                time=time,
                duration=length,
                kind=kind,
                direction="left" if kind in ("wipe", "slide") else None,
                confidence=chance.uniform(0.4, 1.0),
            )
        )
        if kind == "flash":
            continue
        made.append(_shot(start, time, len(made), chance))
        start = time + length
    made.append(_shot(min(start, seconds), seconds, len(made), chance))
    return Report(
        video=Video(width=1080, height=1920, fps=30.0, duration=seconds, has_audio=True),
        shots=tuple(made),
        transitions=tuple(transitions),
        grade=Grade(
            palette=("#1a2436", "#3b5570", "#c28a54", "#e8d3b0", "#7c3b22"),
            weights=(0.42, 0.24, 0.17, 0.12, 0.05),
            temperature=0.32,
            tint=-0.08,
            contrast=1.18,
            saturation=0.46,
            saturation_by_tone=(0.31, 0.52, 0.28),
            black=0.04,
            white=0.91,
            shadows=Tone(colour="#203a52", strength=0.35),
            highlights=None,
            lut=WARM,
            confidence={"temperature": 0.9, "tint": 0.4, "contrast": 0.8},
        ),
        texts=tuple(_text(number, seconds) for number in range(7)),
        music=Music(
            tempo=92.3,
            key="F#",
            mode="minor",
            loudness_lufs=-15.2,
            loudness_curve=tuple(
                None if second == 3 else -32 + 22 * abs(((second * 7) % 20) / 20 - 0.5)
                for second in range(int(seconds))
            ),
            beats=tuple(beat * 0.65 for beat in range(int(seconds / 0.65))),
            speech=False,
            recitation=True,
            instruments=None,
            stretches=(
                Stretch(start=0, end=seconds * 0.2, kind="silence"),
                Stretch(start=seconds * 0.2, end=seconds * 0.7, kind="recitation"),
                Stretch(start=seconds * 0.7, end=seconds, kind="ambience"),
            ),
            energy=0.34,
            mood=Mood(label="solemn", valence=-0.3, arousal=0.2),
            cuts_on_beats=0.62,
            confidence={"tempo": 0.55, "key": 0.82},
        ),
    )


def _shot(start: float, end: float, number: int, chance: random.Random) -> Shot:
    camera = CAMERAS[number % len(CAMERAS)]
    return Shot(
        start=start,
        end=max(end, start),
        scale=SCALES[number % len(SCALES)],
        camera=camera,
        camera_speed=None if camera == "static" else 0.12,
        camera_direction={"pan": "left", "tilt": "up", "zoom": "in"}.get(camera),
        composition=Composition(thirds=0.7, symmetry=0.31, centre=0.4, negative_space=0.55),
        confidence={"scale": chance.uniform(0.3, 1), "camera": 0.9},
    )


def _text(number: int, seconds: float) -> Text:
    start = number * seconds / 7.5
    return Text(
        start=start,
        end=min(seconds, start + seconds / 6),
        box=(0.1, 0.3, 0.8, 0.2),
        script="arabic" if number % 2 else "latin",
        enter=MOTIONS[number % len(MOTIONS)],
        exit=MOTIONS[(number + 2) % len(MOTIONS)],
        enter_seconds=0.6,
        exit_seconds=0.4,
        size=0.062,
        colour="#f6e7c8",
        align="centre",
        confidence={"enter": 0.8},
    )


def lay(actor: str, workspace_id: str, asset_id: str, report: Report, scratch: Path) -> str:
    """Put the report where a measuring of the asset would have left it: the reference's id."""
    asset = library.asset(actor, asset_id)
    count = len(report.shots)
    columns = min(count, 20)
    sheet = Sheet(width=90, height=160, columns=columns, tiles=count)
    drawn = Image.new("RGB", (90 * columns, 160 * -(-count // columns)))
    for number in range(count):
        hue = (number * 47) % 255
        tile = Image.merge(
            "RGB",
            [
                Image.linear_gradient("L").resize((90, 160)).point(lambda v, h=h: (v + h) // 2)
                for h in (hue, 120, 255 - hue)
            ],
        )
        drawn.paste(tile, (number % columns * 90, number // columns * 160))
    drawn.save(scratch / "shots.jpg")
    made = storing.Measured(report=report, sheet=sheet, pictures=("shots",))
    (scratch / storing.REPORT).write_text(made.model_dump_json())
    storing.keep(scratch, asset.sha256)
    row = Analysis(
        workspace_id=workspace_id,
        created_by=actor,
        title=asset.name,
        asset_id=asset_id,
        version=VERSION,
        state=JobState.DONE,
        progress=1.0,
        run_at=None,
        finished_at=clock.now(),
        facts={
            "seconds": report.video.duration,
            "shots": count,
            "palette": list(report.grade.palette),
            "tempo": report.music.tempo if report.music else None,
            "texts": len(report.texts),
        },
    )
    with db.write() as session:
        session.add(row)
    return row.id
