"""Taking a claimed target up: the guards that need no look outside, and all that is read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from autosched import clock, db
from autosched.identity.models import Workspace
from autosched.platforms.base import LeaseLost
from autosched.schedule import life, verdicts
from autosched.schedule.lease import until
from autosched.schedule.models import Account, AccountState, Post, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import TARGET, move

WORKER = "worker"


@dataclass(frozen=True)
class Standing:
    """What a transition needs to know of a target."""

    id: str
    workspace_id: str
    state: S


@dataclass(frozen=True)
class Job:
    """All that was read when a target was taken up. `token`: the lease under which it is held."""

    target: Standing
    token: str
    account: Account
    post: Post
    text: str
    options: dict[str, Any]
    handle: dict[str, Any]
    due_at: datetime
    ripe_at: datetime
    missed_after: timedelta
    attempts: int
    questions: int


def take_up(target_id: str, lease: str) -> Job | None:
    """Exchange the claim for a lease of the worker's own, so that the message is good but once."""
    try:
        with db.write() as session:
            target = session.get(Target, target_id)
            if target is None or target.lease != lease:
                return None
            if target.state not in (S.CLAIMED, S.UNCONFIRMED):
                return None
            job = _read(session, target)
            obstacle = _obstacle(job) if target.state == S.CLAIMED else None
            if obstacle is not None:
                _stop(session, job, obstacle, lease)
                return None
            return _begin(session, job, lease)
    except LeaseLost:
        return None


def _read(session: Session, target: Target) -> Job:
    account = session.get_one(Account, target.account_id)
    post = session.get_one(Post, target.post_id)
    workspace = session.get_one(Workspace, target.workspace_id)
    return Job(
        target=Standing(target.id, target.workspace_id, target.state),
        token=clock.new_id(),
        account=account,
        post=post,
        text=post.text if target.text is None else target.text,
        options=dict(target.options),
        handle=dict(target.handle),
        due_at=target.due_at or clock.now(),
        ripe_at=target.ripe_at or clock.now(),
        missed_after=timedelta(minutes=workspace.missed_after_minutes),
        attempts=target.attempts,
        questions=target.questions,
    )


def _obstacle(job: Job) -> life.Step | None:
    """The guards that need no look outside. The first that holds keeps the post back."""
    if job.account.state != AccountState.ACTIVE:
        return life.disconnected()
    overdue = clock.now() - (job.ripe_at if job.attempts else job.due_at)
    if overdue > job.missed_after:
        return life.too_late(overdue)
    if job.attempts >= verdicts.MAX_ATTEMPTS:
        return life.Step(
            S.FAILED,
            f"Given up: begun {job.attempts} times, and never finished.",
            code="interrupted",
            sentence=f"This post was begun {job.attempts} times, and the worker was stopped "
            "each time before it went out.",
            remedy="Look into the worker's log, then try again.",
        )
    return None


def _stop(session: Session, job: Job, step: life.Step, lease: str) -> None:
    move(
        session,
        [job.target],
        step.to,
        actor=WORKER,
        cause=step.cause,
        held=lease,
        lease=None,
        run_at=None,
        error_code=step.code,
        error=step.sentence,
        remedy=step.remedy,
    )


def _begin(session: Session, job: Job, lease: str) -> Job:
    values: dict[str, Any] = {"lease": job.token, "run_at": until()}
    if job.target.state == S.UNCONFIRMED:
        held = session.execute(
            update(TARGET)
            .where(TARGET.c.id == job.target.id, TARGET.c.lease == lease)
            .where(TARGET.c.state == S.UNCONFIRMED)
            .values(**values)
            .returning(TARGET.c.id)
        ).all()
        if not held:
            raise LeaseLost("Another worker has taken this post over.")
        return job
    attempts = job.attempts + 1
    cause = "The worker begins." if attempts == 1 else f"The worker begins try {attempts}."
    move(
        session,
        [job.target],
        S.UPLOADING,
        actor=WORKER,
        cause=cause,
        held=lease,
        attempts=attempts,
        **values,
    )
    return replace(job, attempts=attempts, target=replace(job.target, state=S.UPLOADING))
