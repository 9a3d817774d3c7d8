"""How the workers' processes write their logs: one line an event, on standard error."""

from __future__ import annotations

import logging

from autosched.settings import settings


def to_standard_error() -> None:
    """Log at the level of the settings; what the libraries say only where it matters."""
    logging.basicConfig(
        level=settings().log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for chatty in ("dramatiq", "httpx", "httpcore", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
