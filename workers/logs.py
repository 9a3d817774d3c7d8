"""How the workers' processes write their logs: one line an event, on standard error."""

from __future__ import annotations

import logging
import time

from autosched.settings import settings

_SAME_AGAIN = 60.0
_KEPT = 200


class Once(logging.Filter):
    """Lets the same line pass once a minute: a broker that is down is news once, not every second.

    What carries a traceback always passes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info:
            return True
        line, now = (record.name, record.getMessage()), time.monotonic()
        if now - self._said.get(line, -_SAME_AGAIN) < _SAME_AGAIN:
            return False
        if len(self._said) >= _KEPT:
            self._said.clear()
        self._said[line] = now
        return True


def to_standard_error() -> None:
    """Log at the level of the settings; what the libraries say only where it matters."""
    handler = logging.StreamHandler()
    handler.addFilter(Once())
    logging.basicConfig(
        level=settings().log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=[handler],
    )
    for chatty in ("dramatiq", "httpx", "httpcore", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
