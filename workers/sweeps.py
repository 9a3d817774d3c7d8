"""Housekeeping: what has expired is swept out once an hour, beside the dispatcher's loop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from autosched import clock, db
from autosched.identity.models import Invitation, Login
from autosched.library.sweep import sweep as abandoned_uploads

EVERY = 3600.0
log = logging.getLogger("autosched.sweeps")


def expired_log_ins() -> None:
    """Log-ins and invitations whose time is over open nothing; they need not be kept."""
    with db.write() as session:
        for table in (Login, Invitation):
            session.execute(delete(table).where(col(table.expires_at) < clock.now()))


SWEEPS: tuple[Callable[[], object], ...] = (expired_log_ins, abandoned_uploads)


@contextmanager
def swept() -> Iterator[None]:
    """Sweep every hour while the block runs, in a thread of its own."""
    stop = Event()
    thread = Thread(target=_sweep, args=(stop,), name="sweeps", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def _sweep(stop: Event) -> None:
    while not stop.wait(EVERY):
        for sweep in SWEEPS:
            try:
                sweep()
            except (SQLAlchemyError, OSError) as error:
                log.warning("%s: put off to the next hour: %s", sweep.__name__, error)
