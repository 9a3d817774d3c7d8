"""Where texts stand on the picture, and how they come and go.

Laid over the picture, a text keeps its place and its tone while the picture goes on beneath it.
Strokes that do so are looked for a few times a second (`text_blocks`); a block of them that stays
is a text. How it came is then read backwards from the last seconds, which are kept, and how it
goes forwards from its last rest (`text_motion`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np

from autosched.studio.analysis import text_blocks, text_looks, text_motion
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Text, Transition
from autosched.studio.analysis.stream import Frame, Plane, Source
from autosched.studio.analysis.text_blocks import Block, Rect
from autosched.studio.analysis.text_motion import Template
from autosched.studio.analysis.text_verdict import Passage

# Seconds: between two looks, kept to read backwards, at rest before a text is one, of a way out.
_EVERY, _KEPT, _REST, _OUT = 1 / 5, 5.0, 0.3, 1.4
_MOST_AT_ONCE, _LEAST = 4, 0.71
"""Texts on the picture at one time, and how certain each must be."""
_SAME = 12
"""Steps of brightness by which a steady stroke may change."""


@dataclass
class _Followed:
    """A text that is being followed; frames by their numbers."""

    block: Block
    template: Template
    born: int
    changed: int
    rest: int
    colour: str
    looks: text_looks.Looks
    first_rest: int
    missed: int = 0
    came: Passage | None = None
    went: Passage | None = None
    grown: list[int] = field(default_factory=list)


class Texts:
    """Follows what looks like text from frame to frame."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._fps = source.fps or 1.0
        self._step = max(1, round(self._fps * _EVERY))
        self._kept: deque[tuple[int, Plane]] = deque(maxlen=round(self._fps * _KEPT) + 1)
        self._anchor: Plane | None = None
        self._ages = [np.zeros((source.height, source.width), np.uint8) for _ in range(2)]
        self._current: list[_Followed] = []
        self._leaving: list[_Followed] = []
        self._done: list[_Followed] = []
        self._waiting: list[tuple[Block, int, int]] = []
        self._last = -1

    def see(self, frame: Frame, move: Move) -> None:
        """Look for text in a frame."""
        y = frame.y.copy()
        self._kept.append((frame.number, y))
        self._last = frame.number
        if self._source.still:
            self._still(frame)
        elif frame.number % self._step == 0:
            self._look(frame, y)

    def _still(self, frame: Frame) -> None:
        found: list[Block] = []
        for bright, strokes in zip((True, False), text_blocks.strokes(frame.y), strict=True):
            found += text_blocks.found(
                text_blocks.above(strokes, text_blocks.CONTRAST), strokes, frame.y, bright
            )
        for block in text_blocks.told_apart(found, frame.y):
            self._follow(block, frame, 0)

    def _look(self, frame: Frame, y: Plane) -> None:
        self._check(frame, y)
        if self._anchor is None:
            self._anchor = y.copy()
            return
        moved = cv2.threshold(cv2.absdiff(y, self._anchor), _SAME, 255, cv2.THRESH_BINARY)[1]
        cv2.copyTo(y, moved, self._anchor)
        needed = max(2, round(_REST * self._fps / self._step))
        found: list[Block] = []
        for index, strokes in enumerate(text_blocks.strokes(y)):
            there = text_blocks.above(strokes, text_blocks.CONTRAST)
            steady = cv2.bitwise_and(there, cv2.bitwise_not(moved))
            ages = cv2.bitwise_and(cv2.add(self._ages[index], 1), steady)
            # `add` saturates at 255, and `steady` is 255 where the age shall be kept.
            self._ages[index] = np.asarray(ages, np.uint8)
            old = np.asarray(cv2.compare(ages, needed, cv2.CMP_GE), np.uint8)
            found += text_blocks.found(old, strokes, y, index == 0)
        self._judge(text_blocks.told_apart(found, y), frame)

    def _check(self, frame: Frame, y: Plane) -> None:
        """See which texts are still there, and read the ways of those that have settled."""
        for each in list(self._current):
            if each.template.present(y):
                each.rest, each.missed = frame.number, 0
                if each.came is None and frame.number - each.changed >= 0.5 * self._fps:
                    self._read_entry(each)
            else:
                each.missed += 1
                if each.missed >= 2:
                    self._current.remove(each)
                    self._leaving.append(each)
        for each in list(self._leaving):
            if frame.number - each.rest >= _OUT * self._fps:
                self._read_exit(each)

    def _judge(self, found: list[Block], frame: Frame) -> None:
        waiting = []
        for block in found:
            known = [
                each
                for each in self._current
                if text_blocks.overlap(each.block.rect, block.rect) > 0.15
            ]
            if not _grown([each.block for each in known], block) or any(
                frame.number - each.born > 3 * self._fps for each in known
            ):
                continue
            before = [each for each in self._waiting if _alike(each[0].rect, block.rect)]
            seen = before[0][1] + 1 if before else 0
            since = before[0][2] if before else frame.number
            if seen < 1:
                waiting.append((block, seen, since))
                continue
            for each in known:
                self._current.remove(each)
            self._follow(block, frame, since, known)
        self._waiting = waiting

    def _follow(
        self, block: Block, frame: Frame, since: int, known: list[_Followed] | None = None
    ) -> None:
        planes = [plane for number, plane in self._kept if number >= since][::2][-6:]
        template = text_motion.template(planes or [frame.y], block, frame.y.shape)
        if template is None:
            return
        known = known or []
        for each in known:
            each.missed = 0
        looks = text_looks.looks(template, frame)
        born = min([since, *(each.born for each in known)])
        self._current.append(
            _Followed(
                block=block,
                template=template,
                born=born,
                changed=frame.number,
                rest=frame.number,
                colour=looks.colour,
                looks=looks,
                first_rest=since,
                # A text that was long there and grows is read anew only if it can still be.
                came=next((each.came for each in known if each.came), None),
            )
        )

    def _read_entry(self, each: _Followed) -> None:
        frames = [kept for kept in self._kept if kept[0] <= each.changed]
        each.came = text_motion.entry(each.template, frames, each.looks.script, self._fps)

    def _read_exit(self, each: _Followed) -> None:
        self._leaving.remove(each)
        if each.came is None:
            self._read_entry(each)
        frames = [kept for kept in self._kept if kept[0] >= each.rest]
        each.went = text_motion.way_out(each.template, frames, each.looks.script, self._fps)
        self._done.append(each)

    def finish(self, transitions: tuple[Transition, ...]) -> tuple[Text, ...]:
        """All texts in the order in which they come."""
        for each in list(self._leaving):
            self._read_exit(each)
        for each in self._current:
            if each.came is None:
                self._read_entry(each)
            self._done.append(each)
        self._kept.clear()
        self._current = []
        texts = _likely([self._told(each) for each in self._done])
        return tuple(sorted(texts, key=lambda each: (each.start, each.box[1])))

    def _told(self, each: _Followed) -> Text:
        height, width = self._source.height, self._source.width
        left, top, right, bottom = each.template.ink
        came, went = each.came, each.went
        still = self._source.still
        start = 0 if still or came is None else came.edge
        end = self._last + 1 if went is None else went.edge + 1
        at_start, at_end = start <= 0, went is None or end > self._last
        looks = each.looks
        confidence = {"text": looks.certain, "script": looks.script_certain}
        if came is not None and not at_start:
            confidence["enter"] = came.certain
        if went is not None and not at_end:
            confidence["exit"] = went.certain
        return Text(
            start=0.0 if still else round(start / self._fps, 3),
            end=0.0 if still else round(end / self._fps, 3),
            box=(
                round(left / width, 4),
                round(top / height, 4),
                round((right - left) / width, 4),
                round((bottom - top) / height, 4),
            ),
            script=looks.script,
            enter=None if at_start or came is None else came.kind,
            exit=None if at_end or went is None else went.kind,
            enter_seconds=None if at_start or came is None else round(came.frames / self._fps, 3),
            exit_seconds=None if at_end or went is None else round(went.frames / self._fps, 3),
            size=round(looks.line_height / height, 4),
            lines=looks.lines,
            colour=looks.colour,
            align=looks.align,
            confidence={name: round(value, 2) for name, value in confidence.items()},
        )


def _likely(texts: list[Text]) -> list[Text]:
    """Without what many finds at once betray as a pattern of the picture; the boldest stay."""

    def bolder(one: Text) -> int:
        together = [
            each for each in texts if min(one.end, each.end) - max(one.start, each.start) > 0.3
        ]
        return sum(_weight(each) > _weight(one) for each in together)

    bold = [
        each
        for each in texts
        if each.confidence["text"] >= _LEAST and not any(_within(each, other) for other in texts)
    ]
    return [each for each in bold if bolder(each) < _MOST_AT_ONCE]


def _within(part: Text, whole: Text) -> bool:
    """Whether a text is but the marks of another, or some words of it."""
    if part.box[2] * part.box[3] >= 0.6 * whole.box[2] * whole.box[3]:
        return False
    together = min(part.end, whole.end) - max(part.start, whole.start)
    if together < 0.6 * (part.end - part.start):
        return False
    return text_blocks.overlap(_rect(part), _rect(whole)) > 0.5


def _rect(text: Text) -> Rect:
    x, y, wide, tall = text.box
    return round(1000 * x), round(1000 * y), round(1000 * (x + wide)), round(1000 * (y + tall))


def _weight(text: Text) -> float:
    return float(text.confidence["text"] * (text.box[2] * text.box[3]) ** 0.5)


def _alike(one: Rect, other: Rect) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


def _grown(olds: list[Block], new: Block) -> bool:
    """Whether a block is what others have become, by more words or lines."""
    before = sum(text_blocks.area(each.rect) for each in olds)
    share = before / text_blocks.area(new.rect)
    if share < 0.25 and all(each.bright == new.bright for each in olds):
        return True
    if len(olds) > 1 or share > 0.9 or olds[0].bright != new.bright:
        return len(olds) == 0
    heights = [np.median([each[3] - each[1] for each in one.lines]) for one in (olds[0], new)]
    return bool(max(heights) < 1.45 * min(heights))
