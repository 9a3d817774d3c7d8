"""The dispatcher: finds what is due, claims it, and rings for a worker.

`python -m workers.dispatcher` runs it; several may run at once. It wakes for the very moment of
the next target, and at least every `TICK` seconds to see what has been planned since. It outlives
every failure of the database and the broker: it says so once, and goes on.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

import redis
from sqlalchemy.exc import SQLAlchemyError

from autosched import clock
from autosched.schedule import dispatch
from autosched.settings import settings
from workers import sweeps
from workers.broker import Queue, beat, send, waiting
from workers.kinds import KINDS, Kind, threads

TICK = 0.5
BATCH = 500
_FULL = 0.1
"""Seconds until a full queue is looked at again."""
_BEAT_EVERY = 5.0
log = logging.getLogger("autosched.dispatcher")

Claimed = list[tuple[str, str]]


@dataclass
class Work:
    """A kind of work: how it is claimed, and where it is rung for.

    `ahead`: how many messages may wait. The rest waits in the database, where it is safe, and
    where a cancel or another time still reaches it. `actor`: who answers, if not called as the
    queue is. `lease`: how long a claim waits in the queue.
    """

    queue: Queue
    claim: Callable[[int, float], Claimed]
    next_due: Callable[[], datetime | None]
    ahead: int
    actor: str = ""
    lease: float = dispatch.CLAIM_SECONDS
    unsent: Claimed = field(default_factory=list)
    unsent_until: float = 0.0

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return self.actor or self.queue


class Dispatcher:
    """The loop. `turn` is one round of it."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works
        self._trouble: dict[str, str] = {}
        self._beaten = 0.0

    def run(self, stop: Event) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            stop.wait(self.turn())

    def turn(self) -> float:
        """Serve every kind of work once; seconds until the next turn is needed."""
        if time.monotonic() - self._beaten > _BEAT_EVERY:
            beat("dispatcher")
            self._beaten = time.monotonic()
        return min(self._guarded(work) for work in self.works)

    def _guarded(self, work: Work) -> float:
        try:
            pause = self._serve(work)
        except (SQLAlchemyError, redis.RedisError, OSError) as error:
            self._note(work, error)
            return TICK
        except Exception as error:
            # One kind of work that is broken must not keep the others from going out.
            if self._note(work, error):
                log.exception("%s: unexpected", work.name)
            return TICK
        if self._trouble.pop(work.name, None):
            log.info("%s: all is well again", work.name)
        return pause

    def _serve(self, work: Work) -> float:
        if work.unsent:
            self._send(work)
        due = work.next_due()
        if due is None:
            return TICK
        pause = (due - clock.now()).total_seconds()
        if pause > 0:
            return min(pause, TICK)
        # Asked before the claim: with no broker nothing is claimed, and nothing waits for a lease.
        room = work.ahead - waiting(work.queue)
        if room <= 0:
            return _FULL
        work.unsent = work.claim(min(room, BATCH), work.lease)
        if not work.unsent:
            return TICK  # what is due is held back, by another's lease or a platform's outage
        work.unsent_until = time.monotonic() + work.lease / 2
        self._send(work)
        return 0.0

    def _send(self, work: Work) -> None:
        """Send what was claimed. What can't be sent is kept, and dropped when its lease is old."""
        if time.monotonic() > work.unsent_until:
            work.unsent = []
        send(work.queue, work.unsent, work.actor)
        work.unsent = []

    def _note(self, work: Work, error: Exception) -> bool:
        """Say a trouble once, not at every turn; whether it was said now."""
        told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        if self._trouble.get(work.name) == told:
            return False
        self._trouble[work.name] = told
        log.error("%s: %s; going on", work.name, told)
        return True


def publishing() -> Work:
    """Targets that are due, abandoned, or to be settled."""
    return Work(
        Queue.PUBLISH,
        claim=dispatch.claim,
        next_due=dispatch.next_due,
        ahead=500,
        lease=min(dispatch.CLAIM_SECONDS, settings().lease_seconds),
    )


def working(kind: Kind) -> Work:
    """Jobs of a kind that are asked for, or abandoned."""
    return Work(
        kind.queue,
        claim=kind.jobs.claim,
        next_due=kind.jobs.next_due,
        ahead=threads(kind.queue),
        actor=kind.actor,
    )


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    from workers.logs import to_standard_error

    to_standard_error()
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    log.info("the dispatcher begins")
    with sweeps.swept():
        Dispatcher([publishing(), *map(working, KINDS)]).run(stop)
    log.info("the dispatcher ends")


if __name__ == "__main__":
    main()
