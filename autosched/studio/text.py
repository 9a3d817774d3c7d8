"""Writing a plan's words and shapes as an ASS script, which libass draws.

Every line is its own event with an exact place, so that nothing is broken, shifted or wrapped by
the renderer. Movements are written frame by frame, eased; scripture moves as whole lines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autosched.errors import UnavailableError
from autosched.studio.frame import Box
from autosched.studio.template import Enter
from autosched.studio.timeline import Glowing, Line, Mark, Plan, Words
from autosched.studio.typeset import Face, face

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


@dataclass(frozen=True)
class _Pose:
    """How words stand at one moment: shift in pixels, opacity, blur, and scale in per cent."""

    opacity: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    blur: float = 0.0
    scale: float = 100.0


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
            events += _words_events(words, plan)
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


def escaped(text: str) -> str:
    """`text` such that libass draws it as it is: no overrides, no line breaks of its own."""
    # A backslash only means something before N, n, h and braces: a word joiner comes between.
    # Braces are escaped by a backslash of their own.
    text = re.sub(r"\\(?=[Nnh{}\\])", "\\\\\u2060", text)
    return text.replace("{", r"\{").replace("}", r"\}").replace("\n", " ")


def _words_events(words: Words, plan: Plan) -> Iterator[str]:
    style = face(words.face)
    if words.enter == "typewriter":
        yield from _typed(words, style, plan)
        return
    if words.enter in ("none", "fade"):
        entered = words.enter_seconds if words.enter == "fade" else 0.0
        fade = f"\\fad({entered * 1000:.0f},{words.leave_seconds * 1000:.0f})"
        for line in words.lines:
            yield _line_event(words, style, line, plan.glow, words.start, words.end, fade)
        return
    settled = words.start
    for start, end, pose in _poses(words.enter, words.start, words.enter_seconds, words.size, plan):
        settled = end
        for line in words.lines:
            yield _line_event(words, style, line, plan.glow, start, end, "", pose)
    fade = f"\\fad(0,{words.leave_seconds * 1000:.0f})"
    for line in words.lines:
        yield _line_event(words, style, line, plan.glow, settled, words.end, fade)


def _poses(
    kind: Enter, start: float, seconds: float, size: float, plan: Plan
) -> Iterator[tuple[float, float, _Pose]]:
    """The poses of an entrance, one a frame; each begins half a frame before it is shown."""
    count = max(1, round(seconds * plan.fps))
    first = round(start * plan.fps)
    for number in range(count):
        # An ease-out: quick at first, then settling.
        rest = (1 - (number + 1) / (count + 1)) ** 3
        shown = 1 - (1 - (number + 1) / (count + 1)) ** 2
        pose = {
            "rise": _Pose(opacity=shown, dy=rest * 0.55 * size),
            "slide": _Pose(opacity=shown, dx=rest * 1.1 * size),
            "blur": _Pose(opacity=shown, blur=rest * 0.22 * size),
            "settle": _Pose(opacity=shown, scale=100 + 9 * rest),
        }[kind]
        at = (first + number - 0.5) / plan.fps
        yield max(0.0, at), at + 1 / plan.fps, pose


def _line_event(
    words: Words,
    style: Face,
    line: Line,
    glow: Glowing,
    start: float,
    end: float,
    extra: str,
    pose: _Pose | None = None,
) -> str:
    pose = pose or _Pose()
    tags = _tags(words, style, line, glow, pose) + extra
    return event(words.face, start, end, f"{{{tags}}}{escaped(line.text)}")


def _tags(words: Words, style: Face, line: Line, glow: Glowing, pose: _Pose) -> str:
    size = words.size * (style.ascent + style.descent)
    # The anchor is the top left of libass's line box; a scaled line stays on its own baseline
    # and about its own middle.
    scale = pose.scale / 100
    top = line.baseline - words.size * style.ascent * scale
    middle = line.ink.x + line.ink.w / 2
    left = middle - (middle - line.x) * scale
    tags = [
        f"\\an7\\pos({left + pose.dx:.2f},{top + pose.dy:.2f})",
        f"\\fs{size:.2f}\\1c{_colour(words.colour)}\\1a{_alpha(words.opacity * pose.opacity)}",
    ]
    if words.tracking:
        tags.append(f"\\fsp{words.tracking:.2f}")
    if pose.scale != 100.0:
        tags.append(f"\\fscx{pose.scale:.2f}\\fscy{pose.scale:.2f}")
    if pose.blur > 0.3:
        # Without a border the blur is that of the letters themselves.
        tags.append(f"\\bord0\\blur{pose.blur:.2f}")
    elif glow.opacity > 0:
        tags.append(
            f"\\bord{glow.size:.2f}\\blur{glow.blur:.2f}\\3c{_colour(glow.colour)}"
            f"\\3a{_alpha(glow.opacity * pose.opacity)}"
        )
    return "".join(tags)


def _typed(words: Words, style: Face, plan: Plan) -> Iterator[str]:
    """Words written out: letter by letter where letters stand alone, else word by word."""
    alone = words.script in ("latin", "cyrillic")
    total = sum(len(line.text) for line in words.lines) or 1
    before = 0
    fade = f"\\fad(0,{words.leave_seconds * 1000:.0f})"
    for line in words.lines:
        text = line.text
        stops = [n for n in range(1, len(text)) if alone or text[n] == " "]
        times = [words.start + words.enter_seconds * (before + n) / total for n in stops]
        begin = words.start + words.enter_seconds * before / total
        begins = [begin, *times]
        cuts = [*stops, len(text)]
        tags = _tags(words, style, line, plan.glow, _Pose())
        for number, (cut, shown) in enumerate(zip(cuts, begins, strict=True)):
            final = number == len(cuts) - 1
            until = words.end if final else begins[number + 1]
            rest = "" if final else f"{{\\alpha&HFF&}}{escaped(text[cut:])}"
            body = f"{{{tags}{fade if final else ''}}}{escaped(text[:cut])}{rest}"
            yield event(words.face, shown, until, body)
        before += len(text)


def _mark_events(mark: Mark) -> Iterator[str]:
    enter = f"\\fad({mark.enter_seconds * 1000:.0f},{mark.leave_seconds * 1000:.0f})"
    base = f"\\an7\\p1\\bord0\\shad0{enter}"
    colour = f"\\1c{_colour(mark.colour)}\\1a{_alpha(mark.opacity)}"
    box = mark.box
    if mark.kind in ("card", "frame"):
        yield _shape(mark, box, base + colour, _rectangle(box.w, box.h))
        if mark.kind == "frame":
            inset = 9 * mark.weight
            inner = Box(box.x + inset, box.y + inset, box.w - 2 * inset, box.h - 2 * inset)
            line = f"\\1c{_colour(mark.line)}\\1a{_alpha(0.8)}"
            yield _shape(mark, inner, base + line, _outline(inner.w, inner.h, mark.weight))
        return
    middle = box.y + box.h / 2
    tall = mark.weight
    if mark.kind == "rule":
        yield _shape(
            mark, Box(box.x, middle - tall / 2, box.w, tall), base + colour, _rectangle(box.w, tall)
        )
        return
    radius = box.h / 2
    centre = box.x + box.w / 2
    gem = _diamond(radius)
    if mark.kind == "diamond":
        arm = box.w / 2 - radius * 2.2
        for x in (box.x, box.right - arm):
            yield _shape(
                mark, Box(x, middle - tall / 2, arm, tall), base + colour, _rectangle(arm, tall)
            )
        yield _shape(mark, Box(centre - radius, middle - radius, 0, 0), base + colour, gem)
    else:
        for x in (box.x + radius, centre, box.right - radius):
            yield _shape(mark, Box(x - radius, middle - radius, 0, 0), base + colour, gem)


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


def event(style: str, start: float, end: float, text: str) -> str:
    """One line of the script's events."""
    return f"Dialogue: 0,{_time(start)},{_time(end)},{style},,0,0,0,,{text}"


def _time(seconds: float) -> str:
    hundredths = round(max(0.0, seconds) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def _colour(colour: str) -> str:
    return f"&H{colour[5:7]}{colour[3:5]}{colour[1:3]}&".upper()


def _alpha(opacity: float) -> str:
    return f"&H{round(255 * (1 - max(0.0, min(1.0, opacity)))):02X}&"
