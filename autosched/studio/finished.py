"""Looking at a finished video as its viewer will: frames of the file itself, one for each page.

Each line's words are drawn once more by another shaper (FreeType and HarfBuzz by way of RAQM), laid
over the frame where the plan says that they stand, and compared: whether they are there, whole and
in their order, how far they stand off what lies around them, whether they can be read in the time
that they have. The picture is looked at for black and for standing still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from autosched import packages
from autosched.studio import typeset
from autosched.studio.frame import Box
from autosched.studio.plan import rest
from autosched.studio.timeline import Art, Footage, Leaf, Line, Plan, Words

# WCAG 2.2's AA for large text; all words here are large.
LEAST_CONTRAST = 3.0
# How much of the reference's ink must be found in the frame: libass's rounding moves the last
# letters of a long line by a few pixels; a wrong or missing letter leaves a hole.
LEAST_ALIKE = 0.62
_MOST_PAGES = 16
_SMALLEST = 480
_BLACK, _STILL = 24.0, 0.35
# What a frame takes in the file when nothing in it has changed, at most; and how long is too long.
_NOTHING_BYTES, _LONGEST_STILL = 500, 2.0
# Words a minute that the slowest of viewers reads; scripture is read more slowly still.
_READ_A_SECOND = {"arabic": 4.0, "other": 5.5}

Plane = NDArray[np.uint8]
Code = Literal["faint", "outside", "unlike", "brief", "black", "frozen"]


@dataclass(frozen=True)
class Finding:
    """What is wrong with a finished video, where (in seconds), and what is seen of it.

    `value`: the contrast, the share that is alike, seconds. `sacred`: it is scripture that is
    not on the picture as it is written; such a file must not be seen by anyone.
    """

    code: Code
    at: float
    sentence: str
    value: float = 0.0
    sacred: bool = False


def findings(path: Path, plan: Plan, *, final: bool = False) -> list[Finding]:
    """All that is wrong with the pages and the picture of the video at `path`.

    Words that can hardly be seen at all are faint; with `final`, when all has been done against
    that, they are not there.
    """
    leaves = _some(plan)
    found = [each for leaf in plan.leaves for each in _planned(plan, leaf)]
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for leaf in leaves:
            at = round(rest(leaf) * plan.fps) / plan.fps
            frame = _frame(container, at)
            if frame is None:
                continue
            if float(np.percentile(frame, 99)) < _BLACK:
                found.append(Finding("black", at, "The picture is black."))
            elif min(plan.width, plan.height) >= _SMALLEST:
                found += _page(leaf, frame, final)
        found += _standing(container, plan)
    return found


def _some(plan: Plan) -> list[Leaf]:
    """The pages that are looked at: all, or as many of a long video, evenly."""
    count = len(plan.leaves)
    if count <= _MOST_PAGES:
        return list(plan.leaves)
    return [plan.leaves[index * count // _MOST_PAGES] for index in range(_MOST_PAGES)]


def _frame(container: Any, time: float) -> Plane | None:
    """The brightness of the frame at a time, from 0 to 255; quick where that is a key frame."""
    stream = container.streams.video[0]
    base = float(stream.time_base or 1)
    container.seek(max(0, int(time / base)), stream=stream)
    for frame in container.decode(stream):
        if float(frame.pts or 0) * base >= time - 1e-3:
            return np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8)
    return None


def _planned(plan: Plan, leaf: Leaf) -> Iterator[Finding]:
    """What the plan alone tells: words outside the safe area, or gone before they are read."""
    for words in leaf.words:
        for line in words.lines:
            if not plan.safe.holds(line.ink, slack=2.0):
                yield Finding(
                    "outside",
                    leaf.start,
                    f"“{line.text[:30]}” reaches out of the area that platforms leave free.",
                )
        count = sum(len(line.text.split()) for line in words.lines)
        rate = _READ_A_SECOND["arabic" if words.role == "arabic" else "other"]
        shown = words.end - words.start - 0.5 * (words.enter_seconds + words.leave_seconds)
        if words.role != "reference" and shown < count / rate:
            yield Finding(
                "brief",
                leaf.start,
                f"{count} words stand for {shown:.1f} s; reading them takes {count / rate:.1f} s.",
                shown,
            )


def _page(leaf: Leaf, frame: Plane, final: bool) -> Iterator[Finding]:
    at = rest(leaf)
    for words in leaf.words:
        lines = (_line(frame, words, line) for line in words.lines)
        seen = [each for each in lines if each is not None]
        if not seen:
            continue
        what = words.lines[0].text[:30]
        contrast = min(each.contrast for each in seen)
        known = [each.alike for each in seen if each.alike is not None]
        if final:
            known += [0.0 for each in seen if each.alike is None]
        alike = min(known, default=1.0)
        if alike < LEAST_ALIKE and words.role != "reference":
            told = f"“{what}” is not on the picture as it is written."
            yield Finding("unlike", at, told, alike, sacred=words.role == "arabic")
        elif contrast < LEAST_CONTRAST:
            yield Finding(
                "faint",
                at,
                f"“{what}” hardly stands off what is behind it: "
                f"a contrast of {contrast:.1f}, where {LEAST_CONTRAST:.0f} is the least.",
                contrast,
            )


@dataclass(frozen=True)
class Seen:
    """A line in a frame: its least contrast along its length, how alike its reference it is.

    `alike` is `None` where the line can hardly be seen at all.
    """

    contrast: float
    alike: float | None


def _line(frame: Plane, words: Words, line: Line) -> Seen | None:
    """Compare a line with its reference; `None` where it is too small to tell."""
    mask, left, top = reference(words, line)
    height, width = mask.shape
    if height < 6 or width < 6:
        return None
    margin = max(4, round(0.3 * words.size))
    area = _cut(frame, left - margin, top - margin, width + 2 * margin, height + 2 * margin)
    mask = cv2.copyMakeBorder(mask, *(margin,) * 4, cv2.BORDER_CONSTANT, value=0)
    strokes = mask > 200
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=2) > 20
    far = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=max(4, margin // 2)) > 20
    ring = far & ~near
    if strokes.sum() < 12 or ring.sum() < 12:
        return None
    light = _linear(area)
    contrasts = list(_along(light, strokes, ring))
    contrast = float(np.min(contrasts)) if contrasts else 21.0
    return Seen(contrast, _alike(area, mask, strokes, ring))


def _along(light: NDArray[np.float32], strokes: Any, ring: Any) -> Iterator[float]:
    """The contrast in each stretch of a line: of its strokes against what is around them."""
    width = light.shape[1]
    parts = max(1, min(12, width // 90))
    for part in range(parts):
        place = slice(part * width // parts, (part + 1) * width // parts)
        inked, around = light[:, place][strokes[:, place]], light[:, place][ring[:, place]]
        if len(inked) < 20 or len(around) < 20:
            continue
        low, high = sorted((float(np.median(inked)), float(np.median(around))))
        yield (high + 0.05) / (low + 0.05)


def _alike(area: Plane, mask: Plane, strokes: Any, ring: Any) -> float | None:
    """How well the picture, where it is unlike its surroundings, fits the reference's ink.

    The correlation of both, at the best of a few places: libass rounds advances.
    """
    ground, ink = float(np.median(area[ring])), float(np.median(area[strokes]))
    if abs(ink - ground) < 8:
        return None
    drawn = np.clip((area.astype(np.float32) - ground) / (ink - ground), 0, 1)
    wanted = mask.astype(np.float32) / 255
    # Blurred a little, so that a shift by a pixel or two does not count.
    drawn, wanted = (cv2.GaussianBlur(each, (0, 0), 1.6) for each in (drawn, wanted))
    reach = max(2, min(8, mask.shape[1] // 120))
    padded = cv2.copyMakeBorder(drawn, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    return float(cv2.matchTemplate(padded, wanted, cv2.TM_CCOEFF_NORMED).max())


def reference(words: Words, line: Line) -> tuple[Plane, int, int]:
    """The line drawn by the other shaper: its ink as uint8, and where its left top belongs."""
    direction, language = typeset.direction(words.script)
    path = packages.fonts_dir() / f"{words.face}.ttf"
    font = ImageFont.truetype(str(path), words.size, layout_engine=ImageFont.Layout.RAQM)
    told: dict[str, Any] = {"direction": direction, "language": language}
    left, top, right, bottom = font.getbbox(line.text, anchor="ls", **told)
    spread = words.tracking * len(line.text)
    image = Image.new("L", (int(right - left + spread) + 8, int(bottom - top) + 8))
    draw = ImageDraw.Draw(image)
    # Letters with space between them are drawn one by one, as they are set.
    pieces = list(line.text) if words.tracking else [line.text]
    x = 4.0 - left
    for piece in pieces:
        draw.text((x, 4 - top), piece, 255, font, anchor="ls", **told)
        x += font.getlength(piece, **told) + words.tracking
    mask = np.asarray(image, np.uint8)
    rows, columns = np.nonzero(mask.max(axis=1) > 24)[0], np.nonzero(mask.max(axis=0) > 24)[0]
    if not len(rows):
        return np.zeros((0, 0), np.uint8), 0, 0
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    middle = line.ink.x + line.ink.w / 2
    return mask, round(middle - mask.shape[1] / 2), round(_middle(line.ink) - mask.shape[0] / 2)


def _middle(box: Box) -> float:
    return box.y + box.h / 2


def _cut(frame: Plane, left: int, top: int, width: int, height: int) -> Plane:
    """A part of the frame; what lies outside of it is as its edge."""
    rows = np.clip(np.arange(top, top + height), 0, frame.shape[0] - 1)
    columns = np.clip(np.arange(left, left + width), 0, frame.shape[1] - 1)
    return frame[rows[:, None], columns[None, :]]


def _linear(plane: Plane) -> NDArray[np.float32]:
    """Relative luminance from 0 to 1 (WCAG's) of a grey picture."""
    value = np.arange(256, dtype=np.float32) / 255
    table = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(table.astype(np.float32)[plane])


def _standing(container: Any, plan: Plan) -> Iterator[Finding]:
    """Stretches in which what should move stands still.

    They are looked for where the encoder had nothing to write, which costs no decoding.
    """
    stream = container.streams.video[0]
    base = float(stream.time_base or 1)
    container.seek(0, stream=stream)
    sizes = sorted(
        (float(packet.pts) * base, packet.size)
        for packet in container.demux(stream)
        if packet.pts is not None and not packet.is_keyframe
    )
    start: float | None = None
    stretches: list[tuple[float, float]] = []
    for time, size in [*sizes, (plan.seconds, 10**9)]:
        if size < _NOTHING_BYTES:
            start = time if start is None else start
        elif start is not None:
            if time - start >= _LONGEST_STILL:
                stretches.append((start, time))
            start = None
    for first, last in stretches:
        ends = [_frame(container, at) for at in (first, last - 2 / plan.fps)]
        if not _moves(plan, first, last) or ends[0] is None or ends[1] is None:
            continue
        if float(np.percentile(ends[0], 99)) < _BLACK:
            yield Finding("black", first, f"From {first:.1f} s to {last:.1f} s all is black.")
        elif float(np.mean(cv2.absdiff(ends[0], ends[1]))) < _STILL:
            told = f"From {first:.1f} s to {last:.1f} s nothing moves."
            yield Finding("frozen", first, told, last - first)


def _moves(plan: Plan, first: float, last: float) -> bool:
    """Whether the background of this stretch is one that should move."""
    middle = (first + last) / 2 * plan.fps
    return any(
        isinstance(shot.media, (Art, Footage)) and shot.first <= middle <= shot.first + shot.frames
        for shot in plan.shots
    )
