"""Insights: many metrics in one question, and those that are refused left out from then on.

One metric that was retired, or that a kind of post never had, fails the whole question. So a
refused question is halved until the culprits stand alone; they are not asked for again for a day.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph

DROPPED_SECONDS = 86_400.0

_dropped: dict[tuple[str, str, str], float] = {}


def insights(graph: Graph, path: str, metrics: Sequence[str], kind: str) -> dict[str, float]:
    """The figures of one object by the platform's names; what it does not give is not there.

    `kind` names the objects that have the same metrics. A refusal that is not about metrics is
    raised.
    """
    now = time.time()
    wanted = [name for name in metrics if _dropped.get((graph.title, kind, name), 0.0) <= now]
    refused: list[str] = []
    found = _asked(graph, path, wanted, refused) if wanted else {}
    if found:  # else it may be this one post that has none of them
        for name in refused:
            _dropped[graph.title, kind, name] = now + DROPPED_SECONDS
    return found


def _asked(graph: Graph, path: str, metrics: Sequence[str], refused: list[str]) -> dict[str, float]:
    try:
        answer = graph.get(path, metric=",".join(metrics))
    except Refused as refusal:
        if refusal.key != "100" or refusal.gone:
            raise
        if len(metrics) == 1:
            refused += metrics
            return {}
        middle = len(metrics) // 2
        return {
            **_asked(graph, path, metrics[:middle], refused),
            **_asked(graph, path, metrics[middle:], refused),
        }
    return values(answer)


def values(answer: dict[str, Any]) -> dict[str, float]:
    """The numbers in an answer; the newest of a series, the sum of what is split by kinds."""
    found: dict[str, float] = {}
    for each in answer.get("data") or []:
        if not isinstance(each, dict):
            continue
        series = each.get("values")
        value = (each.get("total_value") or {}).get("value")
        if isinstance(series, list) and series and isinstance(series[-1], dict):
            value = series[-1].get("value")
        if isinstance(value, dict):
            value = sum(part for part in value.values() if isinstance(part, int | float))
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[str(each.get("name"))] = float(value)
    return found
