"""When the call that publishes was made, and how long a no to “is it there?” must wait.

Kept in a target's handle: `first_at` and `committing_at`, the first and the last such call in
Unix seconds. Both are stored before the call is made.
"""

from __future__ import annotations

import time
from typing import Any

from autosched.platforms.base import Action, Desk, PlatformError
from autosched.platforms.common import remember

_KEPT = ("first_at", "committing_at", "twin", "broken")
CLOCKS_SECONDS = 120.0
"""How far the platform's clock may be from ours."""


def none_yet(handle: dict[str, Any]) -> dict[str, Any]:
    """The handle of a target of which nothing is public, surely: earlier attempts are forgotten."""
    return {name: kept for name, kept in handle.items() if name not in _KEPT}


def begin(desk: Desk) -> None:
    """Note that the post is sent now."""
    now = time.time()
    remember(desk, committing_at=now, first_at=desk.handle.get("first_at") or now)


def since(desk: Desk) -> float | None:
    """From when on a post may be ours (Unix seconds); `None` if none was ever sent."""
    first = desk.handle.get("first_at")
    return None if first is None else float(first) - CLOCKS_SECONDS


def be_patient(desk: Desk, title: str, seconds: float, *, key: str = "committing_at") -> None:
    """Raise until `seconds` have passed since the last attempt: only then does a no count."""
    left = float(desk.handle.get(key) or 0.0) + seconds - time.time()
    if left > 0:
        raise PlatformError(
            f"{title} does not show the post yet, which may change within a minute.",
            action=Action.RETRY,
            remedy=f"{title} is asked again by itself.",
            code="not_shown_yet",
            retry_after=max(1.0, min(left, seconds)),
        )
