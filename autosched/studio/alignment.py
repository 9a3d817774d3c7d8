"""Keeping a translation in step with its verse: which clauses belong to which pieces.

Aligned by length, after Gale and Church (1993), "A program for aligning sentences in bilingual
corpora": what is long in one language is long in the other. Cuts fall between words only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

# What it costs to end a page after a clause's mark: nothing after a sentence, most after no mark.
_CLAUSE_COST = ((".!?؟۔।॥。", 0.0), (";:؛", 0.02), (",،—–)", 0.05))
_NO_CLAUSE_COST = 0.35
# What ends a clause where a language, or its text here, does without marks: Urdu's last verb.
_LAST_WORDS = "ہے ہیں ہو ہوں گا گے گی تھا تھے تھی چاہیے کرو کرے"
_LAST_WORD_COST = 0.12
# Words that belong to what follows them: no line and no page ends well after one.
_HANGING_WORDS = (
    "a an and as at but by for from if in into nor not of on or our so than that the their then to "
    "upon which who whom with your et de des du la le les un une que qui ou ni en et y el los las "
    "por para con sin ve veya ile bir dan yang di ke dari untuk kepada atau и в на не с к о от для "
    "или что اور کہ کے کی کا کو سے میں پر نے یا جو এবং ও যে"
)
HANGING = frozenset(_HANGING_WORDS.split())
_HANGING_COST = 0.6
# Words that lean on the one before them: Urdu's postpositions.
LEANING = frozenset(("کے", "کی", "کا", "کو", "سے", "میں", "پر", "نے", "ہے", "ہیں"))
_LEANING_COST = 0.3
_CLOSING = "\"'”’»)]}"
# Variance of the length of one language against the other, per character.
_VARIANCE = 14.0
# What it costs to take two pieces, or two sentences, together.
_JOINED_PIECE, _JOINED_SENTENCE = 1.6, 0.4
# How much a boundary that is no sentence's end counts against one that is.
_BOUNDARY = 20.0
_MOST_PIECES = 3
# Shorter clauses say nothing alone.
_CALL = 10


def clause_cost(piece: str) -> float:
    """What it costs to end a page after this piece of a text or a translation."""
    if piece.endswith("\n\n"):
        return 0.0
    bare = piece.rstrip().rstrip(_CLOSING)
    for marks, cost in _CLAUSE_COST:
        if bare[-1:] and bare[-1] in marks:
            return cost
    word = bare.rsplit(" ", 1)[-1].lower()
    if word in _LAST_WORDS.split():
        return _LAST_WORD_COST
    return _HANGING_COST if word in HANGING else _NO_CLAUSE_COST


def clauses(text: str) -> list[str]:
    """The clauses of `text`, each with the mark that ends it; line breaks are kept."""
    marks = r"[.!?;:؟۔।،,—؛][\"'”’»)\]]*(?=\s)"
    verbs = rf"(?<=\s)(?:{_LAST_WORDS.replace(' ', '|')})(?=\s)"
    found = re.findall(rf".+?(?:{marks}|{verbs}|\n+|$)", text.strip(), flags=re.DOTALL)
    return [piece.strip(" ") for piece in found if piece.strip()]


def ends(pieces: Sequence[str], translation: str) -> list[float]:
    """For each piece of a verse the share of its translation at which it ends; the last is 1."""
    sources = [_letters(piece) for piece in pieces]
    parts = _without_calls(clauses(translation))
    targets = [len(part) + 1 for part in parts]
    if len(pieces) < 2 or len(parts) < 2:
        total = sum(sources) or 1
        return [sum(sources[: n + 1]) / total for n in range(len(pieces))]
    beads = _beads(sources, targets, [clause_cost(part) for part in parts])
    shares: list[float] = []
    total = sum(targets)
    for (a, b), (c, d) in beads:
        begin, end = sum(targets[:c]) / total, sum(targets[:d]) / total
        inside = sum(sources[a:b]) or 1
        shares += [begin + (end - begin) * sum(sources[a : n + 1]) / inside for n in range(a, b)]
    return [*shares[:-1], 1.0]


def _without_calls(parts: list[str]) -> list[str]:
    """The clauses with short calls ("Say:", "O people!") joined to what they open."""
    joined: list[str] = []
    for part in parts:
        if joined and len(joined[-1]) < _CALL:
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined


_Bead = tuple[tuple[int, int], tuple[int, int]]


def _beads(sources: list[int], targets: list[int], costs: list[float]) -> list[_Bead]:
    """The cheapest pairing of runs of pieces with runs of clauses, in order."""
    ratio = sum(targets) / (sum(sources) or 1)
    rows, columns = len(sources), len(targets)
    best = [[math.inf] * (columns + 1) for _ in range(rows + 1)]
    back = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    best[0][0] = 0.0
    for i in range(rows):
        for j in range(columns):
            if best[i][j] == math.inf:
                continue
            for a in range(1, min(_most(rows, columns), rows - i) + 1):
                for b in range(1, min(_most(columns, rows) + 2, columns - j) + 1):
                    price = best[i][j] + _price(
                        sum(sources[i : i + a]) * ratio, sum(targets[j : j + b])
                    )
                    price += _JOINED_PIECE * (a - 1)
                    price += sum(_JOINED_SENTENCE for cost in costs[j : j + b - 1] if cost < 0.01)
                    if j + b < columns:
                        price += _BOUNDARY * costs[j + b - 1]
                    if price < best[i + a][j + b]:
                        best[i + a][j + b], back[i + a][j + b] = price, (i, j)
    beads: list[_Bead] = []
    at = (rows, columns)
    while at != (0, 0):
        before = back[at[0]][at[1]]
        beads.append(((before[0], at[0]), (before[1], at[1])))
        at = before
    return beads[::-1]


def _most(own: int, other: int) -> int:
    """How many of one side may stand against one of the other."""
    return max(_MOST_PIECES, math.ceil(own / other) + 1)


def _price(expected: float, length: float) -> float:
    return (length - expected) ** 2 / (_VARIANCE * max(expected, length, 1.0))


def _letters(text: str) -> int:
    """The letters of an Arabic text, its marks left out."""
    return max(1, sum(c.isalpha() for c in text))


def cut(text: str, shares: Sequence[float]) -> list[str]:
    """Cut `text` between words, nearest to `shares` (the last is 1) and where its clauses end."""
    parts = text.split()
    count = len(shares)
    if count == 1 or len(parts) < count:
        return [text] + [""] * (count - 1)
    sums = [0]
    for part in parts:
        sums.append(sums[-1] + len(part) + 1)
    # cheapest[k][end]: the least price of k runs over the first `end` words, and the last's start
    cheapest = [[(0.0, 0)] * (len(parts) + 1)]
    for number, target in enumerate(shares):
        row = [(math.inf, 0)] * (len(parts) + 1)
        best, best_start = (math.inf, 0) if number else (0.0, 0)
        for end in range(number + 1, len(parts) - (count - number - 1) + 1):
            if number and cheapest[number][end - 1][0] < best:
                best, best_start = cheapest[number][end - 1][0], end - 1
            price = 2 * ((sums[end] / sums[-1] - target) * count) ** 2
            if number < count - 1:
                price += clause_cost(parts[end - 1])
                price += _LEANING_COST if parts[end] in LEANING else 0.0
            row[end] = (best + price, best_start)
        cheapest.append(row)
    cuts = [len(parts)]
    for number in range(count, 0, -1):
        cuts.append(cheapest[number][cuts[-1]][1])
    cuts.reverse()
    return [" ".join(parts[a:b]) for a, b in pairwise(cuts)]
