"""Tending a render while it runs: its lease renewed, its progress written, a cancel noticed."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from autosched import clock, db, events
from autosched.studio.models import Render
from autosched.studio.progress import Progress

LEASE_SECONDS = 30.0
_RENEW_SECONDS = 10.0
# Progress is written at most twice a second.
_TURN_SECONDS = 0.5
log = logging.getLogger(__name__)


class Tending:
    """A thread beside a render. `lost` is true once another worker has the render.

    A database that does not answer for a while is borne; the lease tells when it is too long.
    """

    def __init__(self, row: Render) -> None:
        self.lost = False
        self._id, self._workspace = row.id, row.workspace_id
        self._lease = row.lease
        self._asked = False
        self._at = Progress(row.progress, row.seconds_left, row.stage)
        self._written = self._at
        self._renewed = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"tending-{row.id}", daemon=True)

    def __enter__(self) -> Tending:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, progress: Progress) -> None:
        """Take note of how far the render is."""
        self._at = progress

    def stage(self, name: str) -> None:
        """Take note of what is being done, the share staying as it is."""
        self._at = Progress(self._at.share, None, name)

    def cancelled(self) -> bool:
        """Whether the render must stop: someone asked for it, or it is no longer ours."""
        return self._asked or self.lost

    def _run(self) -> None:
        while not self._over.wait(_TURN_SECONDS):
            try:
                self._turn()
            except SQLAlchemyError as error:
                log.warning("render %s: the database does not answer: %s", self._id, error)
                if time.monotonic() - self._renewed > LEASE_SECONDS:
                    self.lost = True

    def _turn(self) -> None:
        at = self._at
        due = time.monotonic() - self._renewed >= _RENEW_SECONDS
        if at == self._written and not due:
            self._look()
            return
        now = clock.now()
        values = {
            "progress": at.share,
            "seconds_left": at.seconds_left,
            "run_at": now + timedelta(seconds=LEASE_SECONDS),
        }
        with db.write() as session:
            ours = (col(Render.id) == self._id, col(Render.lease) == self._lease)
            done = session.execute(update(Render).where(*ours).values(**values))
            if not cast("CursorResult[Any]", done).rowcount:
                self.lost = True
                return
            self._asked = bool(session.exec(select(Render.cancel_asked).where(*ours)).first())
            if not self._asked:
                session.execute(update(Render).where(*ours).values(stage=at.stage))
        self._renewed, self._written = time.monotonic(), at
        events.tell(
            self._workspace,
            "render",
            id=self._id,
            state="running",
            progress=round(at.share, 3),
            seconds_left=at.seconds_left,
            stage=at.stage,
        )

    def _look(self) -> None:
        with db.read() as session:
            row = session.exec(
                select(Render.cancel_asked, Render.lease).where(Render.id == self._id)
            ).first()
        if row is None or row[1] != self._lease:
            self.lost = True
        else:
            self._asked = bool(row[0])
