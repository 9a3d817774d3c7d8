"""Dividing words over pages: a page is what is read at one time, set as blocks of even lines.

A verse is cut at its pause marks, the translation in step with it. All pages of one passage
share one size, the largest at which each of them fits.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import alignment, typeset
from autosched.studio.ink import Sample
from autosched.studio.template import Script
from autosched.studio.typeset import INK_MARGIN, divide, measure

# What it costs, of a page's even share, to end a page after each pause mark; 1 without one.
_PAUSE_COST = {"ۘ": 0.0, "ۗ": 0.0, "ۚ": 0.03, "ۖ": 0.06, "ۛ": 0.3, "ۙ": 1.0}
# Fewer, larger pages are only better while the type stays comfortably above its floor.
_COMFORT = 0.2
_MOST_PAGES = 60
_STEPS = 20
# Words before which a sentence may be cut when nothing better offers itself: and, so, then, or.
_OPENS = re.compile(r"[وف]|ثُمَّ|أَوۡ|إِلَّ|حَتَّىٰ|and\b|but\b|or\b|that\b|who\b")

EndCost = Callable[[str], float]


@dataclass(frozen=True)
class Style:
    """How a block is set: `size` and `floor` are ems in pixels, the rest as in `template.Type`."""

    file: str
    script: Script
    size: float
    floor: float
    leading: float
    lines: int
    tracking: float = 0.0


@dataclass(frozen=True)
class Block:
    """Lines with their baselines, in pixels from the block's top, which is its highest ink."""

    lines: tuple[str, ...]
    baselines: tuple[float, ...]
    style: Style
    size: float
    width: float
    height: float

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Its lines, as their ink is looked at."""
        style = self.style
        return tuple(Sample(style.file, style.script, style.tracking, line) for line in self.lines)


@dataclass(frozen=True)
class Room:
    """The space for a page's blocks. `between`: what the gaps between the blocks take up."""

    width: float
    height: float
    between: float


@dataclass(frozen=True)
class Page:
    """One page: a block for each part, in reading order."""

    parts: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paged:
    """A passage on its pages, and the share of the way from floor to full size it is set at."""

    pages: tuple[Page, ...]
    share: float


def line_width(style: Style, text: str, size: float) -> float:
    """The width of a line in pixels, with the margin for marks that reach past it."""
    advance = measure(style.file, text, style.script).advance
    return (advance + style.tracking * len(text) + 2 * INK_MARGIN[style.script]) * size


def set_block(text: str, style: Style, size: float, width: float) -> Block | None:
    """`text` at `size` in as few even lines as fit `width`, or `None` if they are too many."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    lines: list[str] = []
    for paragraph in paragraphs:
        for count in range(1, style.lines + 1):
            broken = typeset.break_lines(paragraph, style.file, style.script, count)
            if all(line_width(style, line, size) <= width for line in broken):
                lines += broken
                break
        else:
            return None
    if not lines or len(lines) > style.lines:
        return None
    extents = [measure(style.file, line, style.script) for line in lines]
    baselines = [extents[0].above * size]
    for upper, lower in pairwise(extents):
        step = max(style.leading, upper.below + lower.above + 0.12)
        baselines.append(baselines[-1] + step * size)
    return Block(
        lines=tuple(lines),
        baselines=tuple(baselines),
        style=style,
        size=size,
        width=max(line_width(style, line, size) for line in lines),
        height=baselines[-1] + extents[-1].below * size,
    )


def paginate(
    units: Sequence[Sequence[str]],
    styles: Sequence[Style],
    room: Room,
    cost: EndCost,
    *,
    most: float = 1.0,
) -> Paged:
    """Set a passage on as few pages as are comfortable to read.

    `units`: for each of `styles` its pieces; the first part's decide where pages end, the others
    are cut in step. `cost` prices ending a page after a piece. `most` caps the size, from 0 (the
    floor) to 1. `InvalidError` when a single word doesn't fit.
    """
    pieces = list(units[0])
    others = [" ".join(unit) for unit in units[1:]]
    while True:
        steps = [alignment.ends(pieces, text) for text in others]
        for least in (min(_COMFORT, most), 0.0):
            for count in range(1, min(len(pieces), _MOST_PAGES) + 1):
                pages = _divided(pieces, others, steps, styles, room, count, cost, least)
                fitted = pages and _fit(pages, styles, room, least, most)
                if fitted:
                    return fitted
        if len(pieces) >= _MOST_PAGES or not _cut_longest(pieces):
            raise InvalidError(
                f"“{units[0][0][:40]}…” does not fit this format at a size that can be read.",
                remedy="Choose another format or template, or a shorter text.",
                code="does_not_fit",
            )


def _cut_longest(pieces: list[str]) -> bool:
    """Cut the longest piece in two between words; false when every piece is one word.

    The cut is near the middle, before a word that opens a clause where there is one.
    """
    longest = max(range(len(pieces)), key=lambda index: len(typeset.words(pieces[index])))
    parts = typeset.words(pieces[longest])
    if len(parts) < 2:
        return False

    def price(at: int) -> float:
        opens = _OPENS.match(parts[at]) is not None
        closes = alignment.clause_cost(parts[at - 1]) < 0.1
        return abs(at / len(parts) - 0.5) - (0.2 if opens or closes else 0.0)

    middle = min(range(1, len(parts)), key=price)
    pieces[longest : longest + 1] = [" ".join(parts[:middle]), " ".join(parts[middle:])]
    return True


def _divided(
    pieces: Sequence[str],
    others: Sequence[str],
    steps: Sequence[Sequence[float]],
    styles: Sequence[Style],
    room: Room,
    count: int,
    cost: EndCost,
    least: float,
) -> list[tuple[str, ...]] | None:
    """The pieces on `count` pages as even as can be, or `None` if a page would overflow."""
    style = styles[0]
    size = _size(style, least)
    sums = [0.0]
    for piece in pieces:
        sums.append(sums[-1] + measure(style.file, piece.replace("\n", " "), style.script).advance)
    average = sums[-1] / count
    capacity = style.lines * room.width / size

    def price(start: int, end: int) -> float:
        filled = sums[end] - sums[start]
        if filled > capacity:
            return math.inf
        ends_well = cost(pieces[end - 1]) if end < len(pieces) else 0.0
        return (filled / average - 1) ** 2 + ends_well

    runs = divide(len(pieces), count, price)
    if any(sums[b] - sums[a] > capacity for a, b in runs):
        return None
    firsts = [_join(pieces[a:b]) for a, b in runs]
    rest = [
        alignment.cut(text, [step[b - 1] for _, b in runs])
        for text, step in zip(others, steps, strict=True)
    ]
    return list(zip(firsts, *rest, strict=True))


def _size(style: Style, share: float) -> float:
    return style.floor + (style.size - style.floor) * share


def _join(pieces: Sequence[str]) -> str:
    return re.sub(r" ?\n ?", "\n", " ".join(pieces)).strip("\n ")


def _fit(
    pages: Sequence[tuple[str, ...]],
    styles: Sequence[Style],
    room: Room,
    least: float,
    most: float,
) -> Paged | None:
    """The pages at the best common size, or `None` when none from `least` up fits.

    Sizes run from 0, the floor, to 1. A single line is worth half of that way against two, and
    above two half the lines are worth three tenths of it.
    """
    if any(_fit_page(parts, styles, room, least) is None for parts in pages):
        return None
    best: tuple[float, Paged] | None = None
    for step in range(_STEPS + 1):
        share = most + (least - most) * step / _STEPS
        if best is not None and share < best[0]:
            break
        fitted = [_fit_page(parts, styles, room, share) for parts in pages]
        whole = tuple(page for page in fitted if page is not None)
        if len(whole) < len(pages):
            continue
        lines = sum(len(page.blocks[0].lines) for page in whole) / len(whole)
        score = share - 0.52 * math.log2(min(lines, 2)) - 0.3 * math.log2(max(lines, 2))
        if best is None or score > best[0]:
            best = (score, Paged(whole, share))
    return best[1] if best else None


def _fit_page(
    parts: tuple[str, ...], styles: Sequence[Style], room: Room, share: float
) -> Page | None:
    blocks: list[Block] = []
    for part, style in zip(parts, styles, strict=True):
        if not part:
            continue
        block = set_block(part, style, _size(style, share), room.width)
        if block is None:
            return None
        blocks.append(block)
    if sum(block.height for block in blocks) + room.between > room.height:
        return None
    return Page(parts, tuple(blocks))


def pause_cost(piece: str) -> float:
    """What it costs to end a page after this piece of a verse."""
    return next((_PAUSE_COST[c] for c in reversed(piece[-2:]) if c in _PAUSE_COST), 1.0)


def verse_pieces(arabic: str) -> list[str]:
    """The pieces of a verse between its pause marks."""
    return scripture.pauses(arabic)


def clean(text: str) -> str:
    """`text` without what can't be seen: controls, soft hyphens, direction overrides, tags."""
    kept = [
        c
        for c in text.replace("\r\n", "\n").replace("\t", " ")
        if c in "\n\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    ]
    bare = re.sub(r"[^\S\n]+", " ", "".join(kept)).strip()
    # The order of Arabic marks is the author's own; other scripts are composed for their fonts.
    return bare if re.search(r"[\u0600-\u06ff]", bare) else unicodedata.normalize("NFC", bare)
