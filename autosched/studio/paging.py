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

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import typeset
from autosched.studio.template import Script
from autosched.studio.typeset import INK_MARGIN, divide, measure

# What it costs, of a page's even share, to end a page after each pause mark; 1 without one.
_PAUSE_COST = {"ۘ": 0.0, "ۗ": 0.0, "ۚ": 0.03, "ۖ": 0.06, "ۛ": 0.3, "ۙ": 1.0}
_CLAUSE_COST = ((".!?؟۔।॥。", 0.0), (";:؛", 0.02), (",،—–)", 0.05))
_NO_CLAUSE_COST = 0.35
# Fewer, larger pages are only better while the type stays comfortably above its floor.
_COMFORT = 0.2
_MOST_PAGES = 60

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


def line_width(style: Style, text: str, size: float) -> float:
    """The width of a line in pixels, with the margin for marks that reach past it."""
    advance = measure(style.file, text, style.script).advance
    return (advance + style.tracking * len(text) + 2 * INK_MARGIN) * size


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
    for upper, lower in zip(extents, extents[1:], strict=False):
        step = max(style.leading, upper.below + lower.above + 0.06)
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
    units: Sequence[Sequence[str]], styles: Sequence[Style], room: Room, cost: EndCost
) -> list[Page]:
    """Set a passage on as few pages as are comfortable to read.

    `units`: for each part in `styles`' order, either its pieces in order (the first part) or one
    whole text that is cut in step with the first. `cost` prices ending a page after a piece.
    """
    pieces = list(units[0])
    others = [" ".join(unit) for unit in units[1:]]
    wanted = 1
    while wanted <= _MOST_PAGES:
        if wanted > len(pieces) and not _cut_longest(pieces):
            break
        wanted_now = min(wanted, len(pieces))
        pages = _divided(pieces, others, styles, wanted_now, cost)
        least = _COMFORT if len(pieces) > 1 or wanted > 1 else 0.0
        fitted = _fit(pages, styles, room, least if wanted < _MOST_PAGES else 0.0)
        if fitted is not None:
            return fitted
        wanted = wanted_now + 1
    raise InvalidError(
        f"“{units[0][0][:40]}…” does not fit this format at a size that can be read.",
        remedy="Choose another format or template, or a shorter text.",
        code="does_not_fit",
    )


def _cut_longest(pieces: list[str]) -> bool:
    """Cut the longest piece in two between words; false when every piece is one word."""
    longest = max(range(len(pieces)), key=lambda index: len(typeset.words(pieces[index])))
    parts = typeset.words(pieces[longest])
    if len(parts) < 2:
        return False
    middle = len(parts) // 2
    pieces[longest : longest + 1] = [" ".join(parts[:middle]), " ".join(parts[middle:])]
    return True


def _divided(
    pieces: Sequence[str],
    others: Sequence[str],
    styles: Sequence[Style],
    count: int,
    cost: EndCost,
) -> list[tuple[str, ...]]:
    style = styles[0]
    sums = [0.0]
    for piece in pieces:
        sums.append(sums[-1] + measure(style.file, piece.replace("\n", " "), style.script).advance)
    average = sums[-1] / count

    def price(start: int, end: int) -> float:
        share = (sums[end] - sums[start]) / average
        return (share - 1) ** 2 + (cost(pieces[end - 1]) if end < len(pieces) else 0.0)

    runs = divide(len(pieces), count, price)
    firsts = [_join(pieces[a:b]) for a, b in runs]
    ends = [sums[b] / sums[-1] for _, b in runs]
    rest = [in_step(text, ends) for text in others]
    return list(zip(firsts, *rest, strict=True))


def _join(pieces: Sequence[str]) -> str:
    return re.sub(r" ?\n ?", "\n", " ".join(pieces)).strip("\n ")


def _fit(
    pages: Sequence[tuple[str, ...]], styles: Sequence[Style], room: Room, least: float
) -> list[Page] | None:
    """The pages at the best common size, or `None` when none from `least` up fits.

    Sizes run from 0, the floor, to 1. Half the lines are worth three tenths of that way.
    """
    best: tuple[float, list[Page]] | None = None
    for step in range(20, -1, -1):
        share = step / 20
        if share < least or (best is not None and share < best[0]):
            break
        fitted = [_fit_page(parts, styles, room, share) for parts in pages]
        if any(page is None for page in fitted):
            continue
        whole = [page for page in fitted if page is not None]
        lines = sum(len(page.blocks[0].lines) for page in whole) / len(whole)
        score = share - 0.3 * math.log2(lines)
        if best is None or score > best[0]:
            best = (score, whole)
    return best[1] if best else None


def _fit_page(
    parts: tuple[str, ...], styles: Sequence[Style], room: Room, share: float
) -> Page | None:
    blocks: list[Block] = []
    for part, style in zip(parts, styles, strict=True):
        if not part:
            continue
        size = style.floor + (style.size - style.floor) * share
        block = set_block(part, style, size, room.width)
        if block is None:
            return None
        blocks.append(block)
    if sum(block.height for block in blocks) + room.between > room.height:
        return None
    return Page(parts, tuple(blocks))


def pause_cost(piece: str) -> float:
    """What it costs to end a page after this piece of a verse."""
    return next((_PAUSE_COST[c] for c in reversed(piece[-2:]) if c in _PAUSE_COST), 1.0)


def clause_cost(piece: str) -> float:
    """What it costs to end a page after this piece of a text or a translation."""
    if piece.endswith("\n\n"):
        return 0.0
    bare = piece.rstrip().rstrip("\"'”’»)]}")
    last = bare[-1:] or " "
    return next((cost for marks, cost in _CLAUSE_COST if last in marks), _NO_CLAUSE_COST)


def verse_pieces(arabic: str) -> list[str]:
    """The pieces of a verse between its pause marks."""
    return scripture.pauses(arabic)


def text_pieces(text: str) -> list[str]:
    """The clauses of an author's text, each with the mark that ends it; line breaks are kept."""
    found = re.findall(r".+?(?:[.!?;:؟۔।،,—](?=\s)|\n+|$)", text.strip(), flags=re.DOTALL)
    return [piece.strip(" ") for piece in found if piece.strip()]


def in_step(text: str, ends: Sequence[float]) -> list[str]:
    """Cut `text` where its clauses end, nearest to the shares `ends` (the last of which is 1)."""
    if not text or len(ends) == 1:
        return [text] + [""] * (len(ends) - 1)
    parts = text.split()
    if len(parts) < len(ends):
        return [text] + [""] * (len(ends) - 1)
    sums = [0]
    for part in parts:
        sums.append(sums[-1] + len(part) + 1)
    count = len(ends)
    # cheapest[k][end]: the least price of k runs over the first `end` words, and the last's start
    cheapest = [[(0.0, 0)] * (len(parts) + 1)]
    for number, target in enumerate(ends):
        row = [(math.inf, 0)] * (len(parts) + 1)
        best, best_start = (math.inf, 0) if number else (0.0, 0)
        for end in range(number + 1, len(parts) - (count - number - 1) + 1):
            if number and cheapest[number][end - 1][0] < best:
                best, best_start = cheapest[number][end - 1][0], end - 1
            price = ((sums[end] / sums[-1] - target) * count) ** 2
            if number < count - 1:
                price += clause_cost(parts[end - 1])
            row[end] = (best + price, best_start)
        cheapest.append(row)
    cuts = [len(parts)]
    for number in range(count, 0, -1):
        cuts.append(cheapest[number][cuts[-1]][1])
    cuts.reverse()
    return [" ".join(parts[a:b]) for a, b in zip(cuts, cuts[1:], strict=False)]


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
