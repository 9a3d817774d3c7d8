"""What a Bluesky server lets one account do in an hour and a day, counted for all workers."""

from __future__ import annotations

import time
from dataclasses import dataclass

from autosched.platforms.base import Desk
from autosched.platforms.wire import Reply


@dataclass(frozen=True)
class Ration:
    """`points` in `seconds`, of which each call takes `cost`; so the server's headers name it."""

    name: str
    points: int
    seconds: int
    cost: int

    @property
    def policy(self) -> str:
        """As the header `ratelimit-policy` writes it."""
        return f"{self.points};w={self.seconds}"


# A record that is put costs two points, a deleted one a single one; both from the same purse.
WRITES = (Ration("write-hour", 5_000, 3_600, 2), Ration("write-day", 35_000, 86_400, 2))
BLOBS = (Ration("blob-day", 1_000, 86_400, 1),)


def take(desk: Desk, rations: tuple[Ration, ...]) -> None:
    """Count one call; `PlatformError` with the time to wait if there is nothing left."""
    for ration in rations:
        desk.meter.take(_bucket(desk, ration), ration.points // ration.cost, ration.seconds)


def told(desk: Desk, reply: Reply) -> None:
    """Note what the server says is left of the ration that its headers speak of."""
    policy = reply.headers.get("ratelimit-policy", "")
    ration = next((each for each in (*WRITES, *BLOBS) if each.policy == policy), None)
    try:
        remaining = int(reply.headers["ratelimit-remaining"])
        reset_in = float(reply.headers["ratelimit-reset"]) - time.time()
    except (KeyError, ValueError):
        return
    if ration is not None:
        wait = min(max(1.0, reset_in), ration.seconds)  # our clock may not be theirs
        desk.meter.told(_bucket(desk, ration), remaining // ration.cost, wait)


def _bucket(desk: Desk, ration: Ration) -> str:
    return f"bluesky {ration.name} {desk.secret['did']}"
