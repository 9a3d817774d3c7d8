"""The five analyses of a reference side by side, in one decode of the file.

Every part sees each frame once and keeps little of it; what belongs together (the composition of
a shot, cuts on beats) is put together when the last frame has been seen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from autosched.errors import CancelledError
from autosched.studio.analysis import stream
from autosched.studio.analysis.camera import Camera
from autosched.studio.analysis.composition import Composing
from autosched.studio.analysis.grade import Grading
from autosched.studio.analysis.motion import Moves
from autosched.studio.analysis.music import Listening
from autosched.studio.analysis.report import Report, Shot, Transition, Video
from autosched.studio.analysis.texts import Texts
from autosched.studio.analysis.transitions import Transitions
from autosched.studio.progress import Progress


def analyze(
    path: str | Path,
    *,
    progress: Callable[[Progress], None] = lambda now: None,
    cancelled: Callable[[], bool] = lambda: False,
    look: Callable[[stream.Frame], None] = lambda frame: None,
) -> Report:
    """Measure a video or a picture. `look` sees each frame too, for pictures beside the figures.

    Raises `InvalidError` for what is neither, `CancelledError` soon after `cancelled()` is true.
    """
    source = stream.source(path)
    moves, transitions, camera = Moves(source), Transitions(source), Camera(source)
    composing, grading, texts = Composing(source), Grading(source), Texts(source)
    listening = Listening()
    seen = 0
    with closing(stream.frames(source, listening.hear)) as frames:
        for frame in frames:
            if cancelled():
                raise CancelledError("The analysis was cancelled.")
            move = moves.see(frame)
            for part in (transitions, camera, composing, grading, texts):
                part.see(frame, move)
            look(frame)
            seen += 1
            if source.seconds and seen % 15 == 0:
                share = min(0.98, frame.time / source.seconds)
                progress(Progress(share, None, "Measuring"))
    progress(Progress(0.99, None, "Putting it together"))
    seconds = seen / source.fps if source.fps else None
    found = transitions.finish()
    cuts = tuple(each.time + each.duration / 2 for each in found if each.kind != "flash")
    shots = tuple(
        camera.described(composing.described(shot)) for shot in _shots(found, seconds or 0.0)
    )
    report = Report(
        video=Video(
            width=source.full_width,
            height=source.full_height,
            fps=round(source.full_fps, 3) if source.fps else None,
            duration=round(seconds, 3) if seconds else None,
            has_audio=source.has_audio,
        ),
        shots=shots,
        transitions=found,
        grade=grading.finish(found),
        texts=texts.finish(found),
        music=listening.finish(cuts) if source.has_audio else None,
    )
    progress(Progress(1.0, 0.0, "Done"))
    return report


def _shots(transitions: tuple[Transition, ...], seconds: float) -> list[Shot]:
    """The shots between the transitions; a flash interrupts a shot, it does not end it."""
    shots, start = [], 0.0
    for each in transitions:
        if each.kind == "flash":
            continue
        shots.append(Shot(start=start, end=each.time))
        start = each.time + each.duration
    return [*shots, Shot(start=start, end=round(max(start, seconds), 3))]
