"""What can be told to go wrong, and when. Faults are added and taken away while it runs."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = {
    "timeout_before": "no answer for `seconds`, and nothing is done",
    "timeout_after": "it is done, but no answer comes for `seconds`",
    "reset_before": "the connection breaks, and nothing is done",
    "reset_after": "it is done, and the connection breaks before the answer",
    "cut": "the connection breaks after half of what is sent",
    "status": "refused with `status` in the platform's own words, and nothing is done",
    "status_after": "it is done, and all the same refused with `status`",
    "rate": "429 in the platform's own words, with a reset `seconds` ahead",
    "expire_token": "the access token counts as expired from now on",
    "slow": "processing of media takes `seconds`",
    "fail_processing": "processing of media ends in failure",
    "lose_container": "an upload or container that was begun is not known any more",
    "lag": "new posts show in lists only after `seconds`",
}


@dataclass
class Fault:
    """A thing that goes wrong. `platform` and `step` may be `*`; `times` None: always.

    `chance`: the share of the fitting requests that it meets.
    """

    kind: str
    platform: str = "*"
    step: str = "*"
    times: int | None = 1
    chance: float = 1.0
    seconds: float = 30.0
    status: int = 503
    id: int = field(default=0)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault “{self.kind}”: choose of {', '.join(KINDS)}.")

    def fits(self, platform: str, step: str) -> bool:
        """Whether it stands for this step of this platform."""
        return self.platform in ("*", platform) and self.step in ("*", step)


class Faults:
    """The faults that stand."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._lock = threading.Lock()
        self._standing: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, **values: Any) -> dict[str, Any]:
        """Add a fault; `ValueError` or `TypeError` for one that there is not."""
        fault = Fault(**{**values, "id": next(self._ids)})
        with self._lock:
            self._standing.append(fault)
        return asdict(fault)

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._standing.clear()

    def all(self) -> list[dict[str, Any]]:
        """What stands."""
        with self._lock:
            return [asdict(fault) for fault in self._standing]

    def draw(self, platform: str, step: str, *kinds: str) -> Fault | None:
        """The fault of one of `kinds` that meets this request, if any; it is used up by it."""
        with self._lock:
            for fault in self._standing:
                if fault.kind not in kinds or not fault.fits(platform, step):
                    continue
                if self._chance.random() >= fault.chance:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._standing.remove(fault)
                return fault
        return None

    def seconds(self, platform: str, kind: str) -> float:
        """For how long a standing condition (`slow`, `lag`) holds; it is not used up. 0: not."""
        with self._lock:
            found = [f.seconds for f in self._standing if f.kind == kind and f.fits(platform, "*")]
        return max(found, default=0.0)
