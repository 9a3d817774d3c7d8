"""How near what was found is to the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autosched.studio.analysis.report import Music, Text, Transition
from bench._truth.music import Heard
from bench._truth.texts import Titled, Written
from bench._truth.transitions import Cut


@dataclass
class Counts:
    """How many were true, found, and both."""

    true: int = 0
    found: int = 0
    both: int = 0

    def add(self, true: int, found: int, both: int) -> None:
        self.true, self.found, self.both = self.true + true, self.found + found, self.both + both

    def told(self) -> dict[str, float | int]:
        """Precision, recall, and their harmonic mean."""
        precision = self.both / self.found if self.found else 1.0
        recall = self.both / self.true if self.true else 1.0
        f1 = 2 * self.both / (self.found + self.true) if self.found + self.true else 1.0
        return {
            "true": self.true,
            "found": self.found,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
        }


def cuts(truth: Cut, times: Sequence[float], counts: Counts) -> None:
    """Cuts within one frame, one to one; what is found inside a gradual one is false."""
    open_ = [each.first for each in truth.changes if each.kind == "cut"]
    total, both = len(open_), 0
    for time in times:
        near = [at for at in open_ if abs(time * truth.fps - at) <= 1.01]
        if near:
            open_.remove(min(near, key=lambda at: abs(time * truth.fps - at)))
            both += 1
    counts.add(total, len(times), both)


@dataclass
class Graduals:
    """Gradual transitions: found at all (an overlap of a frame), and by kind."""

    any_kind: Counts = field(default_factory=Counts)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    start_off: list[float] = field(default_factory=list)
    length_off: list[float] = field(default_factory=list)
    flashes: Counts = field(default_factory=Counts)

    def add(self, truth: Cut, found: Sequence[Transition]) -> None:
        """TRECVID's convention: one to one, the longest overlap first."""
        true = [each for each in truth.changes if each.kind not in ("cut", "flash")]
        ours = [each for each in found if each.kind not in ("cut", "flash")]
        pairs = sorted(
            (
                (
                    -min(e.time + e.duration, (t.first + t.frames) / truth.fps)
                    + max(e.time, t.first / truth.fps),
                    number,
                    other,
                )
                for number, t in enumerate(true)
                for other, e in enumerate(ours)
            ),
        )
        used_true: set[int] = set()
        used_ours: set[int] = set()
        for overlap, number, other in pairs:
            if -overlap < 0.9 / truth.fps or number in used_true or other in used_ours:
                continue
            used_true.add(number)
            used_ours.add(other)
            t, e = true[number], ours[other]
            self.confusion[t.kind, e.kind] += 1
            self.start_off.append(abs(e.time - t.first / truth.fps))
            self.length_off.append(abs(e.duration - t.frames / truth.fps))
        self.any_kind.add(len(true), len(ours), len(used_true))
        flashes = [each.first / truth.fps for each in truth.changes if each.kind == "flash"]
        seen = [each.time for each in found if each.kind == "flash"]
        hit = sum(any(abs(a - b) < 0.15 for b in seen) for a in flashes)
        self.flashes.add(len(flashes), len(seen), min(hit, len(seen)))


@dataclass
class Texts:
    """Texts matched by time and place; how well box, times, motion and script are told."""

    counts: Counts = field(default_factory=Counts)
    overlap: list[float] = field(default_factory=list)
    time_off: list[float] = field(default_factory=list)
    motion: Counter[tuple[str, str]] = field(default_factory=Counter)
    script: Counter[bool] = field(default_factory=Counter)

    def add(self, truth: Titled, found: Sequence[Text]) -> None:
        left = list(found)
        both = 0
        for each in truth.texts:
            best = max(left, key=lambda one: _likeness(truth, each, one), default=None)
            if best is None or _likeness(truth, each, best) < 0.15:
                continue
            left.remove(best)
            both += 1
            self.overlap.append(_shared(each.box, best.box))
            self.time_off.append(abs(best.start - each.first / truth.fps))
            self.time_off.append(abs(best.end - each.end / truth.fps))
            self.motion[each.enter, str(best.enter)] += 1
            self.motion[each.leave, str(best.exit)] += 1
            self.script[best.script == each.script] += 1
        self.counts.add(len(truth.texts), len(found), both)


def _likeness(truth: Titled, each: Written, one: Text) -> float:
    first, end = each.first / truth.fps, each.end / truth.fps
    together = min(end, one.end) - max(first, one.start)
    whole = max(end, one.end) - min(first, one.start)
    return _shared(each.box, one.box) * max(0.0, together / whole)


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


@dataclass
class Sounds:
    """Tempo within 4 per cent, octaves apart; key and mode; what sounds at all."""

    tempo: Counter[str] = field(default_factory=Counter)
    key: Counter[str] = field(default_factory=Counter)
    instruments: Counter[bool] = field(default_factory=Counter)
    invented: int = 0
    misjudged: list[dict[str, Any]] = field(default_factory=list)

    def add(self, truth: Heard, found: Music | None) -> None:
        is_music = truth.tempo is not None
        self.instruments[bool(found and found.instruments) == is_music] += 1
        if truth.tempo is None:
            self.invented += bool(found and (found.tempo is not None or found.key is not None))
            return
        ratio = (found.tempo / truth.tempo) if found and found.tempo else 0.0
        kind = "none" if ratio == 0 else "wrong"
        for name, factor in (
            ("right", 1.0),
            ("octave", 2.0),
            ("octave", 0.5),
            ("octave", 1 / 3),
            ("octave", 3.0),
            ("octave", 1.5),
            ("octave", 2 / 3),
        ):
            if abs(ratio / factor - 1) <= 0.04:
                kind = name
                break
        self.tempo[kind] += 1
        told = (found.key, found.mode) if found else (None, None)
        same = told == (truth.key, truth.mode)
        self.key["right" if same else "none" if told[0] is None else "wrong"] += 1
        if kind != "right":
            self.misjudged.append(
                {
                    "file": truth.path.name,
                    "true": round(truth.tempo, 1),
                    "found": found.tempo if found else None,
                }
            )
