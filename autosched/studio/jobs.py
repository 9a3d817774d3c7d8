"""Long work in a workspace: asked for, watched, cancelled, tried again, claimed by a dispatcher.

The row is the truth. A worker holds a job by a lease that it keeps renewing (`studio.tending`);
when it dies the lease ends, the dispatcher claims the job anew, and another begins it again. A
kind of work is a table that inherits `Job`, its `Jobs`, and a line in `workers.kinds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from autosched import clock, db, events
from autosched.db import UTCDateTime
from autosched.errors import ConflictError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role

LEASE_SECONDS = 30.0
MOST_ATTEMPTS = 3
_MOST_SHOWN = 200


class JobState(StrEnum):
    """A job's life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
# One type for all tables, called as the first of them was.
_STATE = cast("type[Any]", sa.Enum(JobState, name="renderstate"))


class Job(SQLModel):
    """What every kind of long work has; its table adds what is made of what.

    `progress` from 0 to 1, `seconds_left` estimated. `run_at`: when the dispatcher must look
    again (queued: at once; running: when the lease ends), `None` when it need not. `lease`:
    the token of the worker that holds it.
    """

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    created_by: str = Field(foreign_key="user_account.id")
    state: JobState = Field(default=JobState.QUEUED, sa_type=_STATE)
    progress: float = 0.0
    seconds_left: float | None = None
    stage: str = ""
    cancel_asked: bool = False
    attempts: int = 0
    run_at: datetime | None = Field(default_factory=clock.now, sa_type=UTCDateTime)
    lease: str | None = None
    error_code: str | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


J = TypeVar("J", bound=Job)


def due_index(table: str) -> sa.Index:
    """The index by which a job table's due rows are found: for its `__table_args__`."""
    some = sa.text("run_at IS NOT NULL")
    return sa.Index(f"ix_{table}_run_at", "run_at", sqlite_where=some, postgresql_where=some)


class Jobs(Generic[J]):
    """The jobs of one table. `name` and `plural` are what a person calls them."""

    def __init__(self, table: type[J], name: str, plural: str) -> None:
        self.table, self.name, self.plural = table, name, plural

    def add(self, actor: str, rows: Sequence[J]) -> None:
        """Ask for new jobs, all of one workspace; each begins as soon as a worker is free."""
        with db.write() as session:
            for row in rows:
                require(session, actor, row.workspace_id, Role.EDITOR)
                row.stage = row.stage or "Waiting"
                session.add(row)
                tell_after(session, row)

    def newest(self, actor: str, workspace_id: str, limit: int = 50) -> list[J]:
        """The workspace's jobs, newest first."""
        with db.read() as session:
            require(session, actor, workspace_id, Role.VIEWER)
            return list(
                session.exec(
                    select(self.table)
                    .where(self.table.workspace_id == workspace_id)
                    .order_by(col(self.table.id).desc())
                    .limit(max(1, min(limit, _MOST_SHOWN)))
                )
            )

    def get(self, actor: str, job_id: str) -> J:
        """One job, for a member of its workspace; to others it does not exist."""
        with db.read() as session:
            return self.found(session, actor, job_id, Role.VIEWER)

    def found(self, session: Session, actor: str, job_id: str, role: Role) -> J:
        """One job within a transaction, for who has the role."""
        row = session.get(self.table, job_id)
        if row is None:
            raise NotFoundError(f"There is no such {self.name}.")
        try:
            require(session, actor, row.workspace_id, role)
        except NotFoundError:
            raise NotFoundError(f"There is no such {self.name}.") from None
        return row

    def cancel(self, actor: str, job_id: str) -> J:
        """Stop a job: at once when it waits, within a second when a worker is at it."""
        with db.write() as session:
            row = self.found(session, actor, job_id, Role.EDITOR)
            if row.state == JobState.QUEUED:
                _end(row, JobState.CANCELLED)
            elif row.state == JobState.RUNNING:
                row.cancel_asked, row.stage = True, "Cancelling"
            elif row.state != JobState.CANCELLED:
                raise ConflictError(
                    f"This {self.name} is over already.", remedy="There is nothing left to cancel."
                )
            session.add(row)
            tell_after(session, row)
        return row

    def retry(self, actor: str, job_id: str) -> J:
        """Ask once more for a job that failed or was cancelled."""
        with db.write() as session:
            row = self.found(session, actor, job_id, Role.EDITOR)
            if row.state not in (JobState.FAILED, JobState.CANCELLED):
                raise ConflictError(
                    f"This {self.name} has not failed.", remedy="Wait for it, or cancel it first."
                )
            anew(row)
            session.add(row)
            tell_after(session, row)
        return row

    def remove(self, actor: str, job_id: str) -> J:
        """Forget a job that is over. `ConflictError` while it waits or a worker is at it."""
        with db.write() as session:
            row = self.found(session, actor, job_id, Role.EDITOR)
            if row.state not in OVER:
                raise ConflictError(
                    f"This {self.name} is still under way.", remedy="Cancel it first."
                )
            session.delete(row)
            tell_after(session, row)
        return row

    def claim(self, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[tuple[str, str]]:
        """Take up to `limit` jobs that wait or whose worker is gone: their ids and leases.

        Several dispatchers may call this at once: none gets another's.
        """
        now = clock.now()
        claimed: list[tuple[str, str]] = []
        with db.write() as session:
            due = session.exec(
                select(self.table)
                .where(col(self.table.run_at) <= now)
                .order_by(col(self.table.run_at))
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            for row in due:
                if row.cancel_asked:
                    _end(row, JobState.CANCELLED)
                    tell_after(session, row)
                elif row.attempts >= MOST_ATTEMPTS:
                    _end(row, JobState.FAILED)
                    row.error_code, row.error = "stopped", _gave_up(row.attempts)
                    tell_after(session, row)
                else:
                    row.lease = clock.new_id()
                    row.run_at = now + timedelta(seconds=lease_seconds)
                    claimed.append((row.id, row.lease))
                session.add(row)
        return claimed

    def next_due(self) -> datetime | None:
        """When the next job must be looked at, or `None` if none is waiting."""
        with db.read() as session:
            return session.exec(
                select(self.table.run_at)
                .where(col(self.table.run_at).is_not(None))
                .order_by(col(self.table.run_at))
                .limit(1)
            ).first()


def anew(row: Job) -> None:
    """Let a job that is over wait from its beginning once more."""
    row.state, row.stage, row.attempts = JobState.QUEUED, "Waiting", 0
    row.progress, row.seconds_left, row.finished_at = 0.0, None, None
    row.error, row.error_code, row.cancel_asked, row.lease = None, None, False, None
    row.run_at = clock.now()


def stage_of(state: JobState) -> str:
    """What is said of a job that is over."""
    return {JobState.DONE: "Done", JobState.CANCELLED: "Cancelled"}.get(state, "Failed")


def tell(row: Job) -> None:
    """Tell the workspace's open pages how the job stands; the topic is its table's name."""
    events.tell(
        row.workspace_id,
        str(row.__tablename__),
        id=row.id,
        state=row.state.value,
        progress=round(row.progress, 3),
        seconds_left=row.seconds_left,
        stage=row.stage,
    )


def tell_after(session: Session, row: Job) -> None:
    """Tell it once the transaction has been committed."""
    db.after_commit(session, partial(tell, row))


def _end(row: Job, state: JobState) -> None:
    row.state, row.stage, row.run_at, row.lease = state, stage_of(state), None, None
    row.seconds_left, row.finished_at = None, clock.now()


def _gave_up(attempts: int) -> str:
    return (
        f"It was begun {attempts} times and stopped half-way each time. "
        "See whether the machine is short of memory or disk, then try it once more."
    )
