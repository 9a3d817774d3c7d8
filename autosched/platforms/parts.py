"""A post and the thread that follows it: parts that become public one by one, each once.

The further texts stand in the option `thread`. A target's handle: `out`, the identifiers of the
parts that are public, in order; `attempt`, the part that is being sent: `{"part", "first_at",
"at", "tries", "ended"}`, times in Unix seconds. It is stored before the call that publishes, so
that whoever comes after a crash knows of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.common import remember

LISTS_LAG_SECONDS = 20.0
"""How long a new post may be missing from its account's list: only then does a no count."""
ANSWER_SECONDS = 20.0
"""How long a call may still be under way whose caller has died."""


def texts(draft: Draft) -> list[str]:
    """The texts of the post and of the thread that follows it."""
    further = draft.options.get("thread") or []
    further = [further] if isinstance(further, str) else further
    return [draft.text, *(str(text) for text in further if str(text).strip())]


def out(desk: Desk) -> list[str]:
    """The identifiers of the parts that are public."""
    return list(desk.handle.get("out") or [])


def attempt(desk: Desk) -> dict[str, Any] | None:
    """The attempt at the next part, if one was made."""
    made: dict[str, Any] | None = desk.handle.get("attempt")
    return made if made and made["part"] == len(out(desk)) else None


def publish(desk: Desk, count: int, send: Callable[[int], str]) -> list[str]:
    """Send the parts that are not out yet, each recorded before the next; all identifiers.

    `send(number)` makes one public and returns its identifier. Where its answer is lost, the
    end of the attempt is recorded, and the error goes on.
    """
    for number in range(len(out(desk)), count):
        _begin(desk, number)
        try:
            identifier = send(number)
        except PlatformError as error:
            _end(desk, unclear=error.action == Action.SETTLE)
            raise
        found(desk, identifier)
    return out(desk)


def found(desk: Desk, identifier: str) -> None:
    """Record that the next part is public."""
    remember(desk, out=[*out(desk), identifier], attempt=None)


def all_out(desk: Desk, count: int, find: Callable[[int], str | None], title: str) -> bool:
    """Whether every part is public; a no is sure, and means that the next part may be sent.

    `find(number)` looks for the part of which an attempt was made. While the list may yet lag
    behind, `PlatformError` with `Action.RETRY`.
    """
    number = len(out(desk))
    if number < count and attempt(desk) is not None:
        identifier = find(number)
        if identifier is None:
            be_patient(desk, title)
            return False
        found(desk, identifier)
    return len(out(desk)) >= count


def be_patient(desk: Desk, title: str) -> None:
    """Raise until the attempt is so long ago that its post would be shown."""
    made = attempt(desk)
    if made is None:
        return
    ended = made.get("ended") or made["at"] + ANSWER_SECONDS
    left = ended + LISTS_LAG_SECONDS - time.time()
    if left > 0:
        raise PlatformError(
            f"{title} does not show the post yet, which may change within a minute.",
            action=Action.RETRY,
            remedy=f"{title} is asked again by itself.",
            code="not_shown_yet",
            retry_after=max(1.0, min(left, LISTS_LAG_SECONDS)),
        )


def _begin(desk: Desk, number: int) -> None:
    now, before = time.time(), attempt(desk)
    made = {
        "part": number,
        "first_at": before["first_at"] if before else now,
        "at": now,
        "tries": (before["tries"] if before else 0) + 1,
    }
    remember(desk, attempt=made)


def _end(desk: Desk, *, unclear: bool) -> None:
    """What was clearly refused was no attempt; of a lost one it is noted when it was lost."""
    made = dict(desk.handle["attempt"])
    if unclear:
        remember(desk, attempt={**made, "ended": time.time()})
    elif made["tries"] > 1:
        remember(desk, attempt={**made, "tries": made["tries"] - 1, "ended": time.time()})
    else:
        remember(desk, attempt=None)
