"""A block of words as ASS events: its coming, its standing still, its going, line by line.

While it stands still it is one plain event a line. What comes word by word is hidden and shown
inside of one event too, so that nothing is shaped or placed anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autosched.studio.text_event import alpha, colour, escaped, event
from autosched.studio.text_motion import POSED, Pose, poses, whole_words
from autosched.studio.timeline import Glowing, Line, Plan, Words
from autosched.studio.typeset import Face, face

_WORD_FADE = 0.28
# A recited word takes its colour on and off within these times.
_TAKEN, _LEFT = 0.09, 0.22


def words_events(words: Words, plan: Plan) -> Iterator[str]:
    """The events of a block of words."""
    style = face(words.face)
    opens, closes = _standing(words, plan)
    if words.enter == "typewriter":
        yield from _typed(words, style, plan, closes)
    else:
        yield from _coming(words, style, plan)
        for number, line in enumerate(words.lines):
            start, end, fade = _stay(words, number, opens, closes)
            body = _recited(words, number, line, start)
            yield _line_event(words, style, line, plan.glow, start, end, fade, body=body)
    yield from _going(words, style, plan)


def _standing(words: Words, plan: Plan) -> tuple[float, float]:
    """From when to when all of the words are plain events, but for fades."""
    opens, closes = words.start, words.end
    if words.enter in POSED or words.enter == "words":
        seconds = words.enter_seconds
        opens = max(end for _, end, _ in poses("rise", words.start, seconds, 1.0, plan.fps))
    if (words.leaving in POSED or words.leaving == "words") and words.leave_seconds > 0:
        begin = words.end - words.leave_seconds
        closes = next(poses("rise", begin, words.leave_seconds, 1.0, plan.fps, going=True))[0]
    return opens, max(opens, closes)


def _stay(words: Words, number: int, opens: float, closes: float) -> tuple[float, float, str]:
    """From when to when a line stays, and its fades."""
    count = len(words.lines)
    came = words.enter_seconds if words.enter in ("fade", "lines") else 0.0
    went = words.leave_seconds if words.leaving in ("fade", "lines") else 0.0
    if words.enter == "lines":
        each = came / (0.5 * (count - 1) + 1)
        opens, came = opens + 0.5 * each * number, each
    if words.leaving == "lines":
        each = went / (0.5 * (count - 1) + 1)
        closes, went = closes - 0.5 * each * (count - 1 - number), each
    fade = f"\\fad({came * 1000:.0f},{went * 1000:.0f})" if came or went else ""
    return opens, closes, fade


def _coming(words: Words, style: Face, plan: Plan) -> Iterator[str]:
    if words.enter == "words":
        opens, _ = _standing(words, plan)
        yield from _one_by_one(words, style, plan, words.start, opens, going=False)
    elif words.enter in POSED:
        for start, end, pose in poses(
            words.enter, words.start, words.enter_seconds, words.size, plan.fps
        ):
            yield from _posed(words, style, plan, start, end, pose)


def _going(words: Words, style: Face, plan: Plan) -> Iterator[str]:
    seconds = words.leave_seconds
    if seconds <= 0:
        return
    if words.leaving == "words":
        _, closes = _standing(words, plan)
        yield from _one_by_one(words, style, plan, closes, words.end, going=True)
    elif words.leaving in POSED:
        begin = words.end - seconds
        for start, end, pose in poses(
            words.leaving, begin, seconds, words.size, plan.fps, going=True
        ):
            yield from _posed(words, style, plan, start, end, pose)


def _posed(
    words: Words, style: Face, plan: Plan, start: float, end: float, pose: Pose
) -> Iterator[str]:
    for line in words.lines:
        if pose.light > 0.02:
            # The light is a line of its own behind the letters, of their colour.
            size = words.size * pose.light
            light = (
                f"\\1a&HFF&\\bord{0.05 * size:.2f}\\blur{0.16 * size:.2f}"
                f"\\3c{colour(words.colour)}\\3a{alpha(0.8 * pose.light * words.opacity)}"
            )
            yield _line_event(words, style, line, plan.glow, start, end, light)
        kept = _kept_inside(pose, line, plan)
        yield _line_event(words, style, line, plan.glow, start, end, "", kept)


def _kept_inside(pose: Pose, line: Line, plan: Plan) -> Pose:
    """The pose with no more of a shift than keeps the line in the frame."""
    ink = line.ink
    dx = min(max(pose.dx, min(0.0, -ink.x)), max(0.0, plan.width - ink.right))
    dy = min(max(pose.dy, min(0.0, -ink.y)), max(0.0, plan.height - ink.bottom))
    return pose if (dx, dy) == (pose.dx, pose.dy) else replace(pose, dx=dx, dy=dy)


def _one_by_one(
    words: Words, style: Face, plan: Plan, start: float, end: float, *, going: bool
) -> Iterator[str]:
    """One event a line, in which the words are shown, or hidden, one after the other."""
    lines = [whole_words(line.text) for line in words.lines]
    total = sum(len(line) for line in lines) or 1
    fade = min(_WORD_FADE, end - start)
    step = (end - start - fade) / max(1, total - 1)
    glow = alpha(plan.glow.opacity if plan.glow.opacity > 0 else 0.0)
    plain = f"\\1a{alpha(words.opacity)}\\3a{glow}"
    hidden = "\\1a&HFF&\\3a&HFF&"
    before, after = (plain, hidden) if going else (hidden, plain)
    number = 0
    for line, pieces in zip(words.lines, lines, strict=True):
        body = ""
        for piece in pieces:
            # Never 0, which would mean the whole event.
            at = max(1, round(number * step * 1000))
            ramp = f"\\t({at},{at + max(1, round(fade * 1000))},{after})"
            body += f"{{{before}{ramp}}}{escaped(piece)}"
            number += 1
        yield _line_event(words, style, line, plan.glow, start, end, "", body=body)


def _recited(words: Words, number: int, line: Line, start: float) -> str | None:
    """The line's text with its words in the colour of the recited one while they are said."""
    said = {each.word: each for each in words.said if each.line == number}
    if not said or not words.highlight:
        return None
    plain, lit = f"\\1c{colour(words.colour)}", f"\\1c{colour(words.highlight)}"
    body = ""
    for index, piece in enumerate(whole_words(line.text)):
        each = said.get(index)
        tags = plain
        if each is not None and each.end > start:
            begin, stop = (round((at - start) * 1000) for at in (each.start, each.end))
            if begin <= 0:
                tags = lit
            else:
                tags += f"\\t({begin},{begin + round(_TAKEN * 1000)},{lit})"
            stop = max(stop, 1)
            tags += f"\\t({stop},{stop + round(_LEFT * 1000)},{plain})"
        body += f"{{{tags}}}{escaped(piece)}"
    return body


def _line_event(
    words: Words,
    style: Face,
    line: Line,
    glow: Glowing,
    start: float,
    end: float,
    extra: str,
    pose: Pose | None = None,
    *,
    body: str | None = None,
) -> str:
    tags = _tags(words, style, line, glow, pose or Pose()) + extra
    text = escaped(line.text) if body is None else body
    return event(words.face, start, end, f"{{{tags}}}{text}")


def _tags(words: Words, style: Face, line: Line, glow: Glowing, pose: Pose) -> str:
    size = words.size * (style.ascent + style.descent)
    # The anchor is the top left of libass's line box; a scaled line stays on its own baseline
    # and about its own middle.
    scale = pose.scale / 100
    top = line.baseline - words.size * style.ascent * scale
    middle = line.ink.x + line.ink.w / 2
    left = middle - (middle - line.x) * scale
    tags = [
        f"\\an7\\pos({left + pose.dx:.2f},{top + pose.dy:.2f})",
        f"\\fs{size:.2f}\\1c{colour(words.colour)}\\1a{alpha(words.opacity * pose.opacity)}",
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
            f"\\bord{glow.size:.2f}\\blur{glow.blur:.2f}\\3c{colour(glow.colour)}"
            f"\\3a{alpha(glow.opacity * pose.opacity)}"
        )
    return "".join(tags)


def _typed(words: Words, style: Face, plan: Plan, closes: float) -> Iterator[str]:
    """Words written out: letter by letter where letters stand alone, else word by word."""
    alone = words.script in ("latin", "cyrillic")
    total = sum(len(line.text) for line in words.lines) or 1
    before = 0
    for row, line in enumerate(words.lines):
        text = line.text
        stops = [n for n in range(1, len(text)) if alone or text[n] == " "]
        times = [words.start + words.enter_seconds * (before + n) / total for n in stops]
        begin = words.start + words.enter_seconds * before / total
        begins = [begin, *times]
        cuts = [*stops, len(text)]
        tags = _tags(words, style, line, plan.glow, Pose())
        _, ends, fade = _stay(words, row, words.start, closes)
        for number, (cut, shown) in enumerate(zip(cuts, begins, strict=True)):
            final = number == len(cuts) - 1
            until = ends if final else begins[number + 1]
            rest = "" if final else f"{{\\alpha&HFF&}}{escaped(text[cut:])}"
            body = f"{{{tags}{fade if final else ''}}}{escaped(text[:cut])}{rest}"
            yield event(words.face, shown, until, body)
        before += len(text)
