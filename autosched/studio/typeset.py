"""Setting words: faces with their true measures, and the breaking of text into even lines.

Measures come from the same shaping (HarfBuzz) and outlines (FreeType) that libass draws with,
in ems, so that what is planned is what stands in the frame.
"""

from __future__ import annotations

import math
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from autosched import packages
from autosched.errors import InvalidError, UnavailableError
from autosched.studio.alignment import HANGING, LEANING
from autosched.studio.template import Script

_EM = 1000
_FONTCONFIG = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>\n'
# How far ink may reach beside its advance, in ems: Arabic's marks and swashes reach out, letters
# that stand alone hardly do.
INK_MARGIN: dict[Script, float] = {
    "arabic": 0.08,
    "nastaliq": 0.08,
    "bengali": 0.06,
    "latin": 0.05,
    "cyrillic": 0.05,
}
_DIRECTION: dict[Script, tuple[str, str]] = {
    "latin": ("ltr", "en"),
    "cyrillic": ("ltr", "ru"),
    "bengali": ("ltr", "bn"),
    "arabic": ("rtl", "ar"),
    "nastaliq": ("rtl", "ur"),
}
# A line of a verse ends best where a reader may pause.
_WAQF = "ۖۗۘۚۛ"
# Particles of Arabic, without their marks, that a line should not end with.
_PARTICLE_WORDS = (
    "لا ولا فلا ما وما فما في وفي من ومن الا الى والى على وعلى عن ان وان فان لم ولم قد وقد ثم او "
    "كما اذا واذا اذ واذ حتى يايها لمن بما مما ممن الذي الذين والذين هو"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# What may stand in any text without a glyph of its own: joiners shape their neighbours.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Face:
    """A font file. `ascent` and `descent`, in ems, are the box that libass puts a line in."""

    file: str
    name: str
    postscript: str
    ascent: float
    descent: float
    characters: frozenset[int]

    def lacking(self, text: str) -> list[str]:
        """The characters of `text` that the face has no glyph for."""
        return sorted({c for c in text if ord(c) not in self.characters and c not in _JOINERS})


@dataclass(frozen=True)
class Extent:
    """A line's measures in ems: its advance, and how far ink reaches from the baseline."""

    advance: float
    above: float
    below: float


@lru_cache(maxsize=64)
def face(file: str) -> Face:
    """The face in `file` (without its suffix); `UnavailableError` if it has not been fetched."""
    path = packages.fonts_dir() / f"{file}.ttf"
    if not path.is_file():
        raise UnavailableError(
            f"The font {file} is missing.", remedy="Run `make setup` again.", code="missing_font"
        )
    with TTFont(path, lazy=True) as font:
        names, metrics = font["name"], font["OS/2"]
        em = font["head"].unitsPerEm
        return Face(
            file=file,
            name=str(names.getDebugName(4)),
            postscript=str(names.getDebugName(6)),
            ascent=metrics.usWinAscent / em,
            descent=metrics.usWinDescent / em,
            characters=frozenset(font.getBestCmap()),
        )


@lru_cache(maxsize=64)
def _font(file: str) -> ImageFont.FreeTypeFont:
    path = packages.fonts_dir() / f"{file}.ttf"
    return ImageFont.truetype(str(path), _EM, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=20_000)
def measure(file: str, text: str, script: Script) -> Extent:
    """The measures of one line of `text`."""
    direction, language = _DIRECTION[script]
    font = _font(file)
    advance = font.getlength(text, direction=direction, language=language)
    _, top, _, bottom = font.getbbox(text, direction=direction, language=language, anchor="ls")
    return Extent(advance / _EM, max(0.0, -top / _EM), max(0.0, bottom / _EM))


def gather(folder: Path, files: Iterable[str]) -> dict[str, str]:
    """Put the fonts of `files` into `folder`/fonts; the environment in which no other is found."""
    fonts = folder / "fonts"
    fonts.mkdir()
    for file in files:
        shutil.copyfile(packages.fonts_dir() / f"{file}.ttf", fonts / f"{file}.ttf")
    (folder / "fonts.conf").write_text(_FONTCONFIG, encoding="utf-8")
    return {"FONTCONFIG_FILE": str(folder / "fonts.conf")}


def direction(script: Script) -> tuple[str, str]:
    """How a shaper is told which way a script runs, and by which language's rules."""
    return _DIRECTION[script]


def rtl(script: Script) -> bool:
    """Whether the script runs from right to left."""
    return _DIRECTION[script][0] == "rtl"


def require(file: str, text: str) -> None:
    """Raise `InvalidError` if a character of `text` would show as a box."""
    lacking = face(file).lacking(text)
    if lacking:
        first = lacking[0]
        name = unicodedata.name(first, "unnamed character")
        raise InvalidError(
            f"No font here has a glyph for “{first}” (U+{ord(first):04X}, {name}).",
            remedy="Leave the character out, or write it another way.",
            code="missing_glyph",
        )


def first_complete(files: Sequence[str], text: str) -> str:
    """The first face that has every character; `InvalidError` if none has."""
    for file in files:
        if not face(file).lacking(text):
            return file
    require(min(files, key=lambda file: len(face(file).lacking(text))), text)
    raise AssertionError("unreachable")


def words(text: str) -> list[str]:
    """The words of `text`. A mark that stands alone stays with the word it belongs to."""
    found: list[str] = []
    opening = ""
    for word in text.split():
        if found and _only_marks(word):
            found[-1] += f" {word}"
        elif word == "۞":  # the sign of a quarter of a hizb stands before its word
            opening = f"{word} "
        else:
            found.append(opening + word)
            opening = ""
    if opening:
        found.append(opening.strip())
    return found


def _bare(word: str) -> str:
    """A word's letters without marks, all forms of alif alike."""
    letters = "".join(c for c in word if unicodedata.category(c) == "Lo")
    return re.sub("[أإآٱ]", "ا", letters)


def _only_marks(word: str) -> bool:
    return all(unicodedata.category(c) in ("Mn", "Lm", "Po", "Pd", "So") for c in word)


def break_lines(text: str, file: str, script: Script, count: int) -> list[str]:
    """Break into `count` lines (or as many as there are words) as even as can be.

    Even means the least sum of squared widths; a line that ends after a short word, or before
    which a sentence goes on by one word, costs a little more.
    """
    parts = words(text)
    count = min(count, len(parts))
    if count <= 1:
        return [" ".join(parts)]
    widths = [measure(file, word, script).advance for word in parts]
    space = measure(file, f"{parts[0]} {parts[0]}", script).advance - 2 * widths[0]
    sums = [0.0]
    for width in widths:
        sums.append(sums[-1] + width + space)
    average = sums[-1] / count
    endings = [_ending(last, after) for last, after in pairwise(parts)]

    def cost(start: int, end: int) -> float:
        ragged = ((sums[end] - sums[start] - space) / average - 1) ** 2
        return ragged + (endings[end - 1] if end < len(parts) else 0.0)

    return [" ".join(parts[a:b]) for a, b in divide(len(parts), count, cost)]


@lru_cache(maxsize=20_000)
def _ending(last: str, after: str) -> float:
    """What it costs, or is worth, to end a line between two words."""
    price = 0.04 if after in LEANING else 0.0
    if any(c in _WAQF for c in last[-2:]):
        return price - 0.08
    if last[-1] in ".;:!?؟۔।،,—":
        return price - 0.02
    if last.lower() in HANGING or _bare(last) in _PARTICLES:
        return price + 0.05
    return price


def divide(length: int, count: int, cost: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The cheapest division of `length` things into `count` runs, by dynamic programming.

    `cost(start, end)` prices one run; 1 <= count <= length.
    """
    best = [[math.inf] * (length + 1) for _ in range(count + 1)]
    back = [[0] * (length + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for run in range(1, count + 1):
        for end in range(run, length - (count - run) + 1):
            for start in range(run - 1, end):
                if best[run - 1][start] == math.inf:
                    continue
                value = best[run - 1][start] + cost(start, end)
                if value < best[run][end]:
                    best[run][end], back[run][end] = value, start
    runs: list[tuple[int, int]] = []
    end = length
    for run in range(count, 0, -1):
        runs.append((back[run][end], end))
        end = back[run][end]
    return runs[::-1]
