"""Which stretch of the canon a run of words follows, and word by word how.

Rare words vote for the places where the run may be from (its diagonals); along the best of these
the run is aligned with the canon, as Smith and Waterman (1981) do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from autosched.scripture import vowels
from autosched.scripture.canon import Canon, distance
from autosched.scripture.runs import Run
from autosched.scripture.surahs import ordinal

_CANDIDATES = 6
_BAND = 4
_SAME, _NEAR, _OTHER, _GAP = 1.0, 0.35, -0.7, -0.8
# Words at the edge of a run that may be the canon's, said otherwise.
_EDGE, _EDGE_MARKED = 1, 3


class Kind(StrEnum):
    """What a step says of a word."""

    SAME = "same"
    OTHER = "other"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True)
class Step:
    """A word of the run (`said`, an index) beside one of the canon (`place`).

    `joined`: how many words of the run stand for that one; `near`: letters apart only.
    """

    kind: Kind
    said: int | None
    place: int | None
    joined: int = 1
    near: bool = False


def follow(canon: Canon, run: Run) -> list[Step]:
    """The steps by which the run follows the canon best; none when nothing is alike."""
    found = [_along(canon, run, diagonal) for diagonal in _diagonals(canon, run)]
    top = max((score for score, _ in found), default=0.0)
    # Verses that share their letters are told apart by their vowels.
    best = [steps for score, steps in found if steps and score > top - 1e-9]
    if not best:
        return []
    return _with_edges(canon, run, min(best, key=lambda steps: _misread(canon, run, steps)))


def _misread(canon: Canon, run: Run, steps: list[Step]) -> int:
    """How many of the words have other vowels than the canon's."""
    return sum(
        vowels.differ(run.said[each.said].text, canon.words[each.place].arabic)
        for each in steps
        if each.kind is Kind.SAME and each.joined == 1
        if each.said is not None and each.place is not None
    )


def _diagonals(canon: Canon, run: Run) -> list[int]:
    """The differences between a place in the canon and one in the run that most words vote for."""
    places, votes = [], []
    for number, said in enumerate(run.said):
        exact = canon.places(said.letters)
        found = [(exact, canon.weight(said.letters))] if len(exact) else []
        if not found:
            alike = canon.alike(said.letters)
            found = [(canon.places(each), 0.5 * canon.weight(each)) for each in alike]
        for where, weight in found:
            places.append(where - number)
            votes.append(np.full(len(where), weight, np.float32))
    chosen: list[int] = []
    if run.cited is not None:
        chosen.append(canon.bounds[ordinal(run.cited)][0])
    if not places:
        return chosen
    diagonals, inverse = np.unique(np.concatenate(places), return_inverse=True)
    weights = np.bincount(inverse, np.concatenate(votes))
    # A word too many or too few moves what follows to a neighbouring diagonal.
    near = weights.copy()
    for shift in (1, 2):
        for other in (-shift, shift):
            at = np.clip(np.searchsorted(diagonals, diagonals + other), 0, len(diagonals) - 1)
            near += np.where(diagonals[at] == diagonals + other, 0.7 * weights[at], 0.0)
    for index in np.argsort(-near, kind="stable"):
        diagonal = int(diagonals[index])
        if all(abs(diagonal - each) > 1 for each in chosen):
            chosen.append(diagonal)
        if len(chosen) >= _CANDIDATES:
            break
    return chosen


def _along(canon: Canon, run: Run, diagonal: int) -> tuple[float, list[Step]]:
    """The best local alignment near a diagonal, and its score."""
    count, band = len(run.said), 2 * _BAND + 1
    score = [[0.0] * (band + 2) for _ in range(count + 1)]
    step: list[list[Step | None]] = [[None] * (band + 2) for _ in range(count + 1)]
    top, end = 0.0, (0, 0)
    # Column b of row i stands for the canon's place diagonal + i - 1 + b - _BAND - 1.
    for i in range(1, count + 1):
        for b in range(1, band + 1):
            place = diagonal + i - 1 + b - _BAND - 1
            if not 0 <= place < len(canon.words):
                continue
            value, made = _met(canon, run, i - 1, place)
            choices = [(score[i - 1][b] + value, made)]
            if b + 1 <= band:
                choices.append((score[i - 1][b + 1] + _GAP, Step(Kind.ADDED, i - 1, None)))
            if b - 1 >= 1:
                choices.append((score[i][b - 1] + _GAP, Step(Kind.MISSING, None, place)))
            if i >= 2 and b + 1 <= band and _joined(canon, run, i - 2, place):
                joined = Step(Kind.SAME, i - 2, place, joined=2)
                choices.append((score[i - 2][b + 1] + 2 * _SAME, joined))
            found = max(choices, key=lambda each: each[0])
            if found[0] > 0:
                score[i][b], step[i][b] = found
                if found[0] > top + 1e-9:
                    top, end = found[0], (i, b)
    steps: list[Step] = []
    i, b = end
    while (made_here := step[i][b]) is not None and score[i][b] > 0:
        steps.append(made_here)
        if made_here.kind is Kind.MISSING:
            b -= 1
        elif made_here.kind is Kind.ADDED:
            i, b = i - 1, b + 1
        elif made_here.joined == 2:
            i, b = i - 2, b + 1
        else:
            i -= 1
    return top, steps[::-1]


def _met(canon: Canon, run: Run, said: int, place: int) -> tuple[float, Step]:
    letters = run.said[said].letters
    word = canon.words[place]
    if letters in word.spellings:
        return _SAME, Step(Kind.SAME, said, place)
    near = _near(letters, word.spellings)
    return (_NEAR if near else _OTHER), Step(Kind.OTHER, said, place, near=near)


def _near(letters: str, spellings: tuple[str, ...]) -> bool:
    return any(
        abs(len(letters) - len(each)) <= 2
        and distance(letters, each) <= max(1, round(0.34 * min(len(letters), len(each))))
        for each in (spelling.replace(" ", "") for spelling in spellings)
    )


def _joined(canon: Canon, run: Run, said: int, place: int) -> bool:
    """Whether two words of the run are one of the canon, as today's spelling has them."""
    both = run.said[said].letters, run.said[said + 1].letters
    spellings = canon.words[place].spellings
    return " ".join(both) in spellings or "".join(both) in spellings


def _with_edges(canon: Canon, run: Run, steps: list[Step]) -> list[Step]:
    """The steps, and the run's first and last words where these stand for the canon's.

    That is so when few of them are left over, and the verse has words for just these.
    """
    said = [each for each in steps if each.said is not None]
    places = [each.place for each in steps if each.place is not None]
    before = said[0].said or 0
    after = len(run.said) - ((said[-1].said or 0) + said[-1].joined)
    first, last = canon.words[places[0]], canon.words[places[-1]]
    room_before = places[0] - canon.bounds[first.verse][0]
    room_after = canon.bounds[last.verse][1] - places[-1] - 1
    if _belongs(before, room_before, run):
        head = range(before)
        steps = [
            *(_met(canon, run, at, places[0] - before + at)[1] for at in head),
            *steps,
        ]
    if _belongs(after, room_after, run):
        start = len(run.said) - after
        steps = [
            *steps,
            *(_met(canon, run, start + at, places[-1] + 1 + at)[1] for at in range(after)),
        ]
    return steps


def _belongs(left_over: int, room: int, run: Run) -> bool:
    if not left_over:
        return False
    if run.marked:
        return left_over <= min(_EDGE_MARKED, room)
    return left_over <= _EDGE and left_over == room
