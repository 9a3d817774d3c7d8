"""Measured figures put together: each with its weight, the unsure ones left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

# Below this a figure is no better than the base template's own.
SURE = 0.35


@dataclass(frozen=True)
class Figure(Generic[T]):
    """A figure and how much it counts: seconds of the reference times its confidence."""

    value: T
    weight: float


def sure(
    value: T | None, seconds: float, confidence: Mapping[str, float], name: str
) -> list[Figure[T]]:
    """The figure as a list of one; of none where it was not measured, or not surely."""
    certain = confidence.get(name, 1.0)
    if value is None or certain < SURE or seconds <= 0:
        return []
    return [Figure(value, seconds * certain)]


def mean(figures: Sequence[Figure[float]]) -> float | None:
    """The weighted mean; `None` of nothing."""
    total = sum(each.weight for each in figures)
    return sum(each.value * each.weight for each in figures) / total if total else None


def quantile(figures: Sequence[Figure[float]], share: float) -> float | None:
    """The weighted quantile: that below which a `share` of the weight lies, between neighbours."""
    ordered = sorted(figures, key=lambda each: each.value)
    total = sum(each.weight for each in ordered)
    if not total:
        return None
    below, before = 0.0, ordered[0]
    for each in ordered:
        middle = (below + each.weight / 2) / total
        if middle >= share:
            start = (below - before.weight / 2) / total if each is not before else middle
            at = (share - start) / (middle - start) if middle > start else 1.0
            return before.value + (each.value - before.value) * max(0.0, at)
        below, before = below + each.weight, each
    return before.value


def median(figures: Sequence[Figure[float]]) -> float | None:
    """The weighted median; `None` of nothing."""
    return quantile(figures, 0.5)


def shares(figures: Iterable[Figure[str]], *, least: float = 0.05) -> dict[str, float]:
    """How much of the weight each word has, the largest first; shares under `least` are dropped."""
    total: dict[str, float] = {}
    for each in figures:
        total[each.value] = total.get(each.value, 0.0) + each.weight
    whole = sum(total.values())
    kept = {word: weight for word, weight in total.items() if whole and weight / whole >= least}
    whole = sum(kept.values())
    ordered = sorted(kept.items(), key=lambda item: -item[1])
    return {word: round(weight / whole, 3) for word, weight in ordered}


def commonest(figures: Iterable[Figure[str]]) -> str | None:
    """The word with the largest weight; `None` of nothing."""
    return next(iter(shares(figures, least=0.0)), None)


def clipped(value: float, low: float, high: float) -> float:
    """The value brought between two bounds."""
    return min(high, max(low, value))
