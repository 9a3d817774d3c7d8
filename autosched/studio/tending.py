"""A claimed job in a worker: begun, tended while it runs, and ended whatever comes of it.

Tending means that the lease is renewed, the progress written, and a cancel noticed.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from autosched import clock, db
from autosched.errors import AutoschedError, CancelledError
from autosched.media.ffmpeg import FfmpegError
from autosched.settings import settings
from autosched.studio.jobs import (
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    OVER,
    J,
    Job,
    Jobs,
    JobState,
    stage_of,
    tell,
)
from autosched.studio.progress import Progress

_RENEW_SECONDS = 10.0
# Progress is written at most twice a second.
_TURN_SECONDS = 0.5
_AGAIN_SECONDS = 5.0
log = logging.getLogger(__name__)


class EndedError(AutoschedError):
    """The work was ended from outside, by the system perhaps: it may be begun again."""

    code = "ended"


class Tending:
    """A thread beside a job. `lost` is true once another worker has the job.

    A database that does not answer for a while is borne; the lease tells when it is too long.
    """

    def __init__(self, row: Job) -> None:
        self.lost = False
        self._row, self._table = row, type(row)
        self._ours = (col(self._table.id) == row.id, col(self._table.lease) == row.lease)
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
        """Take note of how far the job is."""
        self._at = progress

    def stage(self, name: str) -> None:
        """Take note of what is being done, the share staying as it is."""
        self._at = Progress(self._at.share, None, name)

    def cancelled(self) -> bool:
        """Whether the job must stop: someone asked for it, or it is no longer ours."""
        return self._asked or self.lost

    def _run(self) -> None:
        while not self._over.wait(_TURN_SECONDS):
            try:
                self._turn()
            except SQLAlchemyError as error:
                told = (self._table.__tablename__, self._row.id, error)
                log.warning("%s %s: the database does not answer: %s", *told)
                if time.monotonic() - self._renewed > LEASE_SECONDS:
                    self.lost = True

    def _turn(self) -> None:
        at = self._at
        due = time.monotonic() - self._renewed >= _RENEW_SECONDS
        if at == self._written and not due:
            self._look()
            return
        values: dict[str, Any] = {
            "progress": at.share,
            "seconds_left": at.seconds_left,
            "run_at": clock.now() + timedelta(seconds=LEASE_SECONDS),
        }
        with db.write() as session:
            done = session.execute(update(self._table).where(*self._ours).values(**values))
            if not cast("CursorResult[Any]", done).rowcount:
                self.lost = True
                return
            asked = select(self._table.cancel_asked).where(*self._ours)
            self._asked = bool(session.exec(asked).first())
            if not self._asked:
                named = update(self._table).where(*self._ours).values(stage=at.stage)
                session.execute(named)
        self._renewed, self._written = time.monotonic(), at
        running = {"state": JobState.RUNNING, "stage": at.stage}
        tell(self._row.model_copy(update=values | running))

    def _look(self) -> None:
        with db.read() as session:
            row = session.exec(
                select(self._table.cancel_asked, self._table.lease).where(
                    self._table.id == self._row.id
                )
            ).first()
        if row is None or row[1] != self._row.lease:
            self.lost = True
        else:
            self._asked = bool(row[0])


def perform(
    jobs: Jobs[J],
    job_id: str,
    lease: str,
    work: Callable[[J, Tending, Path], dict[str, Any]],
    *,
    first: str = "Planning",
) -> None:
    """Do a claimed job. Nothing happens if the lease has been lost to another worker.

    `work` gets the row, who tends it, and a folder of its own that is removed in the end; what it
    returns are the row's values when it is done. `first`: the first stage's name.
    """
    row = _begin(jobs, job_id, lease, first)
    if row is None:
        return
    place = settings().data_dir / "work" / jobs.plural / job_id
    # What a worker that died has left behind.
    shutil.rmtree(place, ignore_errors=True)
    folder = place / lease
    folder.mkdir(parents=True, exist_ok=True)
    tending = Tending(row)
    try:
        with tending:
            made = work(row, tending, folder)
        _finish(row, JobState.DONE, **made)
    except CancelledError:
        if not tending.lost:
            _finish(row, JobState.CANCELLED)
    except (FfmpegError, EndedError) as error:
        told = error.log[-2000:] if isinstance(error, FfmpegError) else ""
        log.warning("%s %s: %s\n%s", jobs.name, row.id, error, told)
        killed = isinstance(error, EndedError) or error.killed
        if killed and row.attempts < MOST_ATTEMPTS:
            _again(row)
        else:
            _finish(row, JobState.FAILED, error_code=error.code, error=str(error))
    except AutoschedError as error:
        _finish(row, JobState.FAILED, error_code=error.code, error=str(error))
    except Exception:
        log.exception("%s %s: unexpected", jobs.name, row.id)
        _finish(
            row,
            JobState.FAILED,
            error_code="unexpected",
            error="Something unexpected went wrong; the log has the details. Try it once more.",
        )
    finally:
        # No more than our own: another worker may be at it by now.
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            place.rmdir()


def _begin(jobs: Jobs[J], job_id: str, lease: str, first: str) -> J | None:
    with db.write() as session:
        row = session.get(jobs.table, job_id)
        if row is None or row.lease != lease or row.state in OVER:
            return None
        row.state, row.stage = JobState.RUNNING, first
        row.attempts += 1
        row.progress, row.seconds_left = 0.0, None
        row.run_at = clock.now() + timedelta(seconds=LEASE_SECONDS)
        session.add(row)
        db.after_commit(session, lambda: tell(row))
    return row


def _finish(row: Job, state: JobState, **made: Any) -> None:
    """End the job, unless another worker has it by now."""
    values: dict[str, Any] = {
        "state": state,
        "stage": stage_of(state),
        "error_code": None,
        "error": None,
        "run_at": None,
        "lease": None,
        "seconds_left": None,
        "finished_at": clock.now(),
    }
    if state == JobState.DONE:
        values["progress"] = 1.0
    _write(row, values | made)


def _again(row: Job) -> None:
    """Let it be begun anew after a moment."""
    _write(
        row,
        {
            "state": JobState.QUEUED,
            "stage": "Waiting to begin again",
            "lease": None,
            "run_at": clock.now() + timedelta(seconds=_AGAIN_SECONDS),
        },
    )


def _write(row: Job, values: dict[str, Any]) -> None:
    table = type(row)
    with db.write() as session:
        done = session.execute(
            update(table)
            .where(col(table.id) == row.id, col(table.lease) == row.lease)
            .values(**values)
        )
        if cast("CursorResult[Any]", done).rowcount:
            fresh = row.model_copy(update=values)
            db.after_commit(session, lambda: tell(fresh))
