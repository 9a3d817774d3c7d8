"""How far a render is, as it is told to whoever waits for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far it is: `share` from 0 to 1; `seconds_left` estimated, `None` when unknown."""

    share: float
    seconds_left: float | None
    stage: str
