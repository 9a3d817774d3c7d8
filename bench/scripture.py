"""Whether every verse of the Quran is set whole and right, in every face that may set it.

All 6,236 verses go through paging, layout and shaping in each face, and are counted: characters
without a glyph, ink outside the safe area or cut off, words that do not fit, text that is not the
canon's byte for byte. Each built-in template in each format sets a sample. And of lines that
libass drew, a sample is held, pixel by pixel, against a shaping by uharfbuzz that is drawn here;
the same is done with letters left unjoined, which must be found out.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import uharfbuzz as hb

from autosched import packages, scripture
from autosched.errors import InvalidError
from autosched.scripture.surahs import point
from autosched.studio import ink, passages
from autosched.studio.frame import FRAMES, Format
from autosched.studio.ink import Sample
from autosched.studio.layout import Design
from autosched.studio.template import Template, template, templates
from bench._shaping import difference

VERSES = 6236
FACES = (
    "AmiriQuran-Regular",
    "Amiri-Regular",
    "Amiri-Bold",
    "ScheherazadeNew-Regular",
    "ScheherazadeNew-Bold",
)
_SAMPLE = 24
"""Verses of each template in each format."""
_LINES = 60
"""Lines of each face that are compared by their pixels."""
_BATCH = 260
_MOST_DIFFERENT = 0.04
"""The share of a line's ink that may lie more than a pixel and a half off."""


@dataclass
class Counted:
    """What was set, and what was wrong with it."""

    verses: int = 0
    pages: int = 0
    lines: int = 0
    missing_glyphs: int = 0
    clipped: int = 0
    overflow: int = 0
    altered: int = 0

    def add(self, other: Counted) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def run(seed: int | None = None) -> dict[str, Any]:
    """The counts by face and of the templates, and the comparison of pixels."""
    rng = random.Random(7 if seed is None else seed)
    began = time.perf_counter()
    jobs = [
        (face, range(start, min(VERSES + 1, start + _BATCH)))
        for face in FACES
        for start in range(1, VERSES + 1, _BATCH)
    ]
    faces = {face: Counted() for face in FACES}
    drawn: dict[str, list[str]] = {face: [] for face in FACES}
    with ProcessPoolExecutor(2) as pool:
        for number, (job, (counted, lines)) in enumerate(
            zip(jobs, pool.map(_set_face, *zip(*jobs, strict=True)), strict=True)
        ):
            faces[job[0]].add(counted)
            drawn[job[0]] += rng.sample(lines, min(8, len(lines)))
            print(f"\r{number + 1}/{len(jobs)} parts of the Quran", end="", file=sys.stderr)
        designs = [
            (each.name, format, tuple(_some(rng))) for each in templates() for format in Format
        ]
        styles = Counted()
        for counted in pool.map(_set_template, *zip(*designs, strict=True)):
            styles.add(counted)
    print(file=sys.stderr)
    pixels = {face: _compared(face, rng.sample(lines, _LINES)) for face, lines in drawn.items()}
    whole = Counted()
    for each in (*faces.values(), styles):
        whole.add(each)
    right = (
        not (whole.missing_glyphs or whole.clipped or whole.overflow or whole.altered)
        and all(each["most_different"] <= _MOST_DIFFERENT for each in pixels.values())
        and all(each["unjoined_found_out"] == each["lines"] for each in pixels.values())
    )
    return {
        "faces": {face: vars(counted) for face, counted in faces.items()},
        "templates_in_formats": {"combinations": len(designs), **vars(styles)},
        "pixels_against_uharfbuzz": pixels,
        "expected": {"missing_glyphs": 0, "clipped": 0, "overflow": 0, "altered": 0}
        | {"most_different_at_most": _MOST_DIFFERENT},
        "as_expected": right,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _some(rng: random.Random) -> Iterator[int]:
    """Places of verses: the longest, the shortest, and others."""
    yield from (289, 3970)
    yield from rng.sample(range(1, VERSES + 1), _SAMPLE - 2)


def _set_face(face: str, places: range) -> tuple[Counted, list[str]]:
    """Set a run of verses, alone, in a face; also the lines, for a comparison."""
    base = template("night-sky")
    faces = base.type.faces.model_copy(update={"quran": face})
    given = base.model_copy(update={"type": base.type.model_copy(update={"faces": faces})})
    verses = [replace(each, translation="") for each in _verses(places)]
    return _set(given, Format.REEL, verses)


def _set_template(name: str, format: Format, places: tuple[int, ...]) -> Counted:
    return _set(template(name), format, _verses(places))[0]


def _verses(places: Sequence[int]) -> list[scripture.Verse]:
    return [scripture.verse(point(place)) for place in places]


def _set(
    given: Template, format: Format, verses: list[scripture.Verse]
) -> tuple[Counted, list[str]]:
    design = Design(given, FRAMES[format], given.layout.of(format))
    found = Counted(verses=len(verses))
    done: list[tuple[scripture.Verse, passages.SetVerse]] = []
    for verse in verses:
        try:
            done.append((verse, passages.set_verse(design, verse)))
        except InvalidError as error:
            found.missing_glyphs += error.code == "missing_glyph"
            found.overflow += error.code != "missing_glyph"
    ink.look(sample for _, each in done for sample in each.samples)
    shaper = Shaper(given.type.faces.quran)
    texts: list[str] = []
    for verse, each in done:
        drafts = passages.verse_drafts(design, 0, verse, each)
        found.pages += len(drafts)
        found.altered += " ".join(draft.arabic for draft in drafts) != verse.arabic
        for draft in drafts:
            for words in draft.placed.words:
                found.lines += len(words.lines)
                found.clipped += sum(
                    not design.frame.safe.holds(line.ink, slack=1.0) for line in words.lines
                )
                if words.role == "arabic":
                    own = [line.text for line in words.lines]
                    found.altered += " ".join(own) != draft.arabic
                    found.missing_glyphs += sum(shaper.missing(line) for line in own)
                    texts += own
    return found, texts


class Shaper:
    """HarfBuzz with one face."""

    def __init__(self, file: str) -> None:
        blob = hb.Blob.from_file_path(str(packages.fonts_dir() / f"{file}.ttf"))
        self.font = hb.Font(hb.Face(blob))

    def missing(self, text: str) -> int:
        """How many glyphs of the shaped text are the box for what is missing."""
        return sum(info.codepoint == 0 for info in self.shaped(text).glyph_infos)

    def shaped(self, text: str, features: dict[str, bool] | None = None) -> hb.Buffer:
        """The glyphs of a line of Arabic, from left to right."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "rtl", "Arab", "ar"
        hb.shape(self.font, buffer, features or {})
        return buffer


def _compared(face: str, lines: list[str]) -> dict[str, Any]:
    """How far libass's pixels are from HarfBuzz's shaping, and from one with unjoined letters."""
    shaper = Shaper(face)
    samples = [Sample(face, "arabic", 0.0, line) for line in lines]
    em = 96
    drawing = ink.draw(samples, em)
    unjoined = dict.fromkeys(("init", "medi", "fina", "rlig", "liga", "calt"), False)
    apart, wrong = [], []
    for line, frame in zip(lines, drawing.frames, strict=True):
        apart.append(difference(frame, shaper.font, shaper.shaped(line), em))
        wrong.append(difference(frame, shaper.font, shaper.shaped(line, unjoined), em))
    return {
        "lines": len(lines),
        "characters": sum(map(len, lines)),
        "kinds_of_characters": len(Counter("".join(lines))),
        "mean_different": round(sum(apart) / len(apart), 5),
        "most_different": round(max(apart), 5),
        "unjoined_found_out": sum(each > _MOST_DIFFERENT for each in wrong),
        "unjoined_least_different": round(min(wrong), 4),
    }
