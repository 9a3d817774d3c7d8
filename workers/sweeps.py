"""Housekeeping beside the dispatcher's loop, in threads of their own.

What has expired is swept out once an hour; every few seconds tokens are renewed, people told of
access that ends, and the figures of posts asked for where publishing leaves room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from autosched import clock, db
from autosched.analytics.collecting import collect_due
from autosched.identity.models import Invitation, Login
from autosched.library.sweep import sweep as abandoned_uploads
from autosched.schedule.consents import forget_old
from autosched.schedule.tending import ending_soon, nobody_forgotten, renew_due

EVERY = 3600.0
TEND_EVERY = 5.0
log = logging.getLogger("autosched.sweeps")


def expired_log_ins() -> None:
    """Log-ins and invitations whose time is over open nothing; they need not be kept."""
    with db.write() as session:
        for table in (Login, Invitation):
            session.execute(delete(table).where(col(table.expires_at) < clock.now()))


SWEEPS: tuple[Callable[[], object], ...] = (expired_log_ins, abandoned_uploads, forget_old)
TENDED: tuple[Callable[[], object], ...] = (
    renew_due,
    nobody_forgotten,
    ending_soon,
    collect_due,
)


@contextmanager
def swept() -> Iterator[None]:
    """Sweep and tend while the block runs."""
    stop = Event()
    for name, works, every in (("sweeps", SWEEPS, EVERY), ("tending", TENDED, TEND_EVERY)):
        Thread(target=_round, args=(stop, works, every), name=name, daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _round(stop: Event, works: tuple[Callable[[], object], ...], every: float) -> None:
    while not stop.wait(every):
        for work in works:
            try:
                work()
            except (SQLAlchemyError, OSError) as error:
                log.warning("%s: put off to the next round: %s", work.__name__, error)
            except Exception:
                log.exception("%s: unexpected; going on", work.__name__)
