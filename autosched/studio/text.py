"""Writing a plan's words and shapes as an ASS script, which libass draws.

Every line is its own event with an exact place, so that nothing is broken, shifted or wrapped by
the renderer. Movements are written frame by frame, eased; scripture moves as whole lines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from autosched.errors import UnavailableError
from autosched.studio.frame import Box
from autosched.studio.text_event import alpha, colour, escaped, event
from autosched.studio.text_words import words_events
from autosched.studio.timeline import Mark, Plan
from autosched.studio.typeset import face

__all__ = ["HEADER", "STYLE", "check_faces", "check_log", "escaped", "event", "script"]

HEADER = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
LayoutResX: {width}
LayoutResY: {height}
WrapStyle: 2
Kerning: yes
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
{styles}

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
{events}
"""
# Encoding -1 lets the first strong letter say which way a line runs.
STYLE = (
    "Style: {file},{name},40,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,"
    "0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,-1"
)
_SHAPES = "shapes"
_FONT_CHOSEN = re.compile(r"fontselect: \((.+), \d+, \d+\) -> ([^,]+),")
_GLYPH_MISSING = re.compile(r"[Gg]lyph 0x([0-9A-Fa-f]+) not found")


def script(plan: Plan) -> str:
    """The ASS script of a plan."""
    files = sorted({words.face for leaf in plan.leaves for words in leaf.words})
    styles = [STYLE.format(file=file, name=face(file).name) for file in files]
    styles.append(STYLE.format(file=_SHAPES, name=face(files[0]).name))
    events: list[str] = []
    for leaf in plan.leaves:
        for mark in leaf.marks:
            events += _mark_events(mark)
        for words in leaf.words:
            events += words_events(words, plan)
    return HEADER.format(
        width=plan.width, height=plan.height, styles="\n".join(styles), events="\n".join(events)
    )


def check_log(log: str, plan: Plan) -> None:
    """Raise when libass says that it drew with another font, or drew a box."""
    check_faces(log, {words.face for leaf in plan.leaves for words in leaf.words})


def check_faces(log: str, files: Iterable[str]) -> None:
    """As `check_log`, for the faces in `files`."""
    faces = {face(file).name: face(file).postscript for file in files}
    for asked, got in _FONT_CHOSEN.findall(log):
        if faces.get(asked) != got:
            raise _wrong(f"“{asked}” was set in “{got}”")
    missing = _GLYPH_MISSING.search(log)
    if missing:
        raise _wrong(f"U+{missing[1].upper()} has no glyph")


def _wrong(what: str) -> UnavailableError:
    return UnavailableError(
        f"The video was thrown away: in it, {what}.",
        remedy="Run `autosched doctor` to see whether all fonts are whole.",
        code="wrong_font",
    )


def _mark_events(mark: Mark) -> Iterator[str]:
    enter = f"\\fad({mark.enter_seconds * 1000:.0f},{mark.leave_seconds * 1000:.0f})"
    base = f"\\an7\\p1\\bord0\\shad0{enter}"
    filled = f"\\1c{colour(mark.colour)}\\1a{alpha(mark.opacity)}"
    box = mark.box
    if mark.kind in ("card", "frame"):
        yield _shape(mark, box, base + filled, _rectangle(box.w, box.h))
        if mark.kind == "frame":
            inset = 9 * mark.weight
            inner = Box(box.x + inset, box.y + inset, box.w - 2 * inset, box.h - 2 * inset)
            line = f"\\1c{colour(mark.line)}\\1a{alpha(0.8)}"
            yield _shape(mark, inner, base + line, _outline(inner.w, inner.h, mark.weight))
        return
    middle = box.y + box.h / 2
    tall = mark.weight
    if mark.kind == "rule":
        yield _shape(
            mark, Box(box.x, middle - tall / 2, box.w, tall), base + filled, _rectangle(box.w, tall)
        )
        return
    radius = box.h / 2
    centre = box.x + box.w / 2
    gem = _diamond(radius)
    if mark.kind == "diamond":
        arm = box.w / 2 - radius * 2.2
        for x in (box.x, box.right - arm):
            yield _shape(
                mark, Box(x, middle - tall / 2, arm, tall), base + filled, _rectangle(arm, tall)
            )
        yield _shape(mark, Box(centre - radius, middle - radius, 0, 0), base + filled, gem)
    else:
        for x in (box.x + radius, centre, box.right - radius):
            yield _shape(mark, Box(x - radius, middle - radius, 0, 0), base + filled, gem)


def _shape(mark: Mark, box: Box, tags: str, path: str) -> str:
    return event(_SHAPES, mark.start, mark.end, f"{{\\pos({box.x:.2f},{box.y:.2f}){tags}}}{path}")


def _rectangle(w: float, h: float) -> str:
    return f"m 0 0 l {w:.2f} 0 {w:.2f} {h:.2f} 0 {h:.2f}"


def _outline(w: float, h: float, weight: float) -> str:
    a, b, c = weight, w - weight, h - weight
    # The hole is drawn the other way round.
    return f"{_rectangle(w, h)} m {a:.2f} {a:.2f} l {a:.2f} {c:.2f} {b:.2f} {c:.2f} {b:.2f} {a:.2f}"


def _diamond(radius: float) -> str:
    r, d = radius, 2 * radius
    return f"m {r:.2f} 0 l {d:.2f} {r:.2f} {r:.2f} {d:.2f} 0 {r:.2f}"
