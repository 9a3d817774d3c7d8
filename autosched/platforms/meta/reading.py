"""Small readings of what the Graph API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def moment(said: Any) -> float | None:
    """A time as the Graph API writes it, in Unix seconds."""
    try:
        return datetime.fromisoformat(str(said)).timestamp()
    except ValueError:
        return None


def words(text: Any) -> str:
    """A text without what platforms change in it: spaces at its ends and line ends."""
    return " ".join(str(text or "").split())
