"""Rate limits: so many requests in a window that begins with the first of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rate:
    """`limit` requests in `seconds`."""

    limit: int
    seconds: float


@dataclass(frozen=True)
class Standing:
    """How somebody stands with a limit after a request; `over`: it was one too many."""

    limit: int
    left: int
    reset: float
    over: bool


class Windows:
    """Counts requests by whatever they are counted by: a person, an app, an address."""

    def __init__(self) -> None:
        self._open: dict[Any, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, key: Any, rate: Rate, now: float) -> Standing:
        """Count one request at `now` (Unix seconds)."""
        with self._lock:
            ends, used = self._open.get(key, (0.0, 0))
            if ends <= now:
                ends, used = now + rate.seconds, 0
            over = used >= rate.limit
            used = used if over else used + 1
            self._open[key] = (ends, used)
        return Standing(rate.limit, rate.limit - used, ends, over)
