"""Where the ink of a line truly lies: each line is drawn once by libass itself and looked at.

libass hangs a line by a box that marks may widen on one side, by up to a quarter of an em, which
no table of advances tells. Lines placed by their ink stand truly in the middle and at the edge.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autosched.media import ffmpeg
from autosched.studio import text as ass
from autosched.studio import typeset
from autosched.studio.template import Script
from autosched.studio.typeset import face, measure

# The em, in pixels, at which lines are looked at, and what of a pixel's 255 counts as ink.
_EM = 64
_SEEN = 24
# Frames of a fortieth of a second would fall between ASS's hundredths; these don't.
_FPS = 25
_MOST_KEPT = 20_000


@dataclass(frozen=True)
class Ink:
    """A line's ink in ems: left and right of its anchor, above and below its baseline."""

    left: float
    right: float
    above: float
    below: float


@dataclass(frozen=True)
class Sample:
    """What decides a line's ink: its face and script, its tracking in ems, its text."""

    file: str
    script: Script
    tracking: float
    text: str


_kept: dict[Sample, Ink] = {}


def look(samples: Iterable[Sample]) -> dict[Sample, Ink]:
    """The ink of each line. Those not seen before are drawn, all in one run of ffmpeg."""
    wanted = list(dict.fromkeys(samples))
    unseen = [sample for sample in wanted if sample not in _kept]
    if len(_kept) + len(unseen) > _MOST_KEPT:
        _kept.clear()
        unseen = wanted
    if unseen:
        _kept.update(zip(unseen, _drawn(unseen), strict=True))
    return {sample: _kept[sample] for sample in wanted}


def _drawn(samples: list[Sample]) -> list[Ink]:
    drawing = draw(samples, _EM)
    return [
        _seen(frame, drawing.left, drawing.baseline, measure(each.file, each.text, each.script))
        for frame, each in zip(drawing.frames, samples, strict=True)
    ]


@dataclass(frozen=True)
class Drawing:
    """Lines as libass draws them, white on black, one a frame: uint8 (line, height, width).

    Each is anchored at `left` and stands on row `baseline`.
    """

    frames: NDArray[np.uint8]
    left: int
    baseline: int


def draw(samples: Sequence[Sample], em: int) -> Drawing:
    """Have libass draw each line at `em` pixels an em, all in one run of ffmpeg."""
    margin = 2 * em
    extents = [measure(each.file, each.text, each.script) for each in samples]
    longest = max(
        extent.advance + each.tracking * len(each.text)
        for extent, each in zip(extents, samples, strict=True)
    )
    width = math.ceil(longest * em / 2) * 2 + 2 * margin
    above = math.ceil(max(extent.above for extent in extents) * em) + margin // 2
    below = math.ceil(max(extent.below for extent in extents) * em) + margin // 2
    height = above + below
    files = sorted({each.file for each in samples})
    with tempfile.TemporaryDirectory(prefix="autosched-ink-") as name:
        folder = Path(name)
        environment = typeset.gather(folder, files)
        events = [
            _event(each, number, margin, above - em * face(each.file).ascent, em)
            for number, each in enumerate(samples)
        ]
        styles = [ass.STYLE.format(file=file, name=face(file).name) for file in files]
        script = ass.HEADER.format(
            width=width, height=height, styles="\n".join(styles), events="\n".join(events)
        )
        (folder / "lines.ass").write_text(script, encoding="utf-8")
        black = f"color=black:s={width}x{height}:r={_FPS}:d={len(samples) / _FPS + 1}"
        drawing = ["-vf", "format=gray,ass=lines.ass:fontsdir=fonts", "-pix_fmt", "gray"]
        frames = ["-frames:v", str(len(samples)), "-f", "rawvideo", "lines.raw"]
        arguments = ["-f", "lavfi", "-i", black, *drawing, *frames]
        ass.check_faces(ffmpeg.run(arguments, cwd=folder, env=environment), files)
        raw = np.fromfile(folder / "lines.raw", np.uint8).reshape(-1, height, width)
    return Drawing(raw, margin, above)


def _event(sample: Sample, number: int, x: int, y: float, em: int) -> str:
    style = face(sample.file)
    size = em * (style.ascent + style.descent)
    tags = f"\\an7\\pos({x},{y:.3f})\\fs{size:.3f}\\fsp{sample.tracking * em:.3f}"
    start, end = number / _FPS, (number + 1) / _FPS
    return ass.event(sample.file, start, end, f"{{{tags}}}{ass.escaped(sample.text)}")


def _seen(frame: NDArray[np.uint8], x: int, baseline: int, extent: typeset.Extent) -> Ink:
    rows = np.nonzero((frame > _SEEN).any(axis=1))[0]
    columns = np.nonzero((frame > _SEEN).any(axis=0))[0]
    if not len(rows):
        return Ink(0.0, extent.advance, 0.0, 0.0)
    return Ink(
        left=float(columns[0] - x) / _EM,
        right=float(columns[-1] + 1 - x) / _EM,
        above=float(baseline - rows[0]) / _EM,
        below=float(rows[-1] + 1 - baseline) / _EM,
    )
