"""Finding what is due or abandoned, and claiming it: the heart of exactly-once publishing.

A claim is a lease on a target, taken in one atomic statement; with the lease in hand, and still
in the same transaction, it is decided what becomes of each (`life.called_up`). `publish` is the
worker's side, in `schedule.publishing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select, true, update
from sqlmodel import Session, SQLModel

from autosched import clock, db
from autosched.identity.models import Workspace
from autosched.schedule import breaker, life
from autosched.schedule.models import Account, AccountState, TargetState
from autosched.schedule.publishing import publish
from autosched.schedule.transitions import TARGET, move

__all__ = ["claim", "next_due", "publish"]

DISPATCHER = "dispatcher"
CLAIM_SECONDS = 30.0
"""How long a claimed target may wait in the queue before it is handed out anew."""

_ACCOUNT = SQLModel.metadata.tables[str(Account.__tablename__)]
_WORKSPACE = SQLModel.metadata.tables[str(Workspace.__tablename__)]


class _Called(NamedTuple):
    """What is read of a claimed target; `state` is the one in which it was found."""

    id: str
    workspace_id: str
    account_id: str
    state: TargetState
    due_at: datetime | None
    ripe_at: datetime
    attempts: int


def claim(
    limit: int, lease_seconds: float | None = None, *, now: datetime | None = None
) -> list[tuple[str, str]]:
    """Take up to `limit` targets whose `run_at` has passed; their ids, each with its lease.

    Whoever gets a pair may call `publish` with it; nobody else can, until the lease ends and the
    target is claimed again. Several dispatchers may call this at once: none gets another's.
    """
    now = now or clock.now()
    lease = clock.new_id()
    until = now + timedelta(seconds=lease_seconds or CLAIM_SECONDS)
    with db.write() as session:
        called = _take_what_may_go(session, now, until, limit, lease)
        active, rules = _accounts(session, called), _rules(session, called)
        gone: set[str] = set()
        steps: dict[life.Step, list[_Called]] = defaultdict(list)
        for target in called:
            step = life.called_up(
                target.state,
                overdue=now - ((target.ripe_at if target.attempts else target.due_at) or now),
                missed_after=rules[target.workspace_id],
                account_active=active[target.account_id],
                abandoned=target.state == TargetState.UPLOADING,
            )
            # A claimed target that nobody began, and a further question, are no change of state.
            if step.to != target.state:
                steps[step].append(target)
            if step.to not in (TargetState.CLAIMED, TargetState.UNCONFIRMED):
                gone.add(target.id)
        for step, targets in steps.items():
            _take(session, targets, step, lease)
    return [(target.id, lease) for target in called if target.id not in gone]


def _take_what_may_go(
    session: Session, now: datetime, until: datetime, limit: int, lease: str
) -> list[_Called]:
    """What is due, but for platforms in trouble: of those only as many as they have room for."""
    troubled = breaker.troubled(session)
    if not troubled:
        return _take_leases(session, now, until, limit, lease, true())
    behind = breaker.accounts_behind(session, (health.platform for health in troubled))
    held_back = [account for each in behind.values() for account in each]
    called = _take_leases(session, now, until, limit, lease, TARGET.c.account_id.not_in(held_back))
    for health in troubled:
        left, theirs = limit - len(called), TARGET.c.account_id.in_(behind[health.platform])
        room = breaker.room(health, now)
        if room is not None:
            on_their_way = select(func.count()).where(
                theirs, TARGET.c.state.in_(life.HELD), TARGET.c.run_at > now
            )
            left = min(left, room - (session.execute(on_their_way).scalar() or 0))
        if left > 0:
            called += _take_leases(session, now, until, left, lease, theirs)
    return called


def next_due() -> datetime | None:
    """When the next target must be looked at, or `None` if none is waiting."""
    with db.read() as session:
        return session.execute(
            select(TARGET.c.run_at)
            .where(TARGET.c.run_at.is_not(None))
            .order_by(TARGET.c.run_at)
            .limit(1)
        ).scalar()


def _take_leases(
    session: Session,
    now: datetime,
    until: datetime,
    limit: int,
    lease: str,
    which: ColumnElement[bool],
) -> list[_Called]:
    """The one atomic statement. It leaves `state` as it was, so that it can be judged after."""
    due = (
        select(TARGET.c.id)
        .where(TARGET.c.run_at <= now, which)
        .order_by(TARGET.c.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        # Without this PostgreSQL may run the selection again for every row, and overstep the limit.
        .prefix_with("MATERIALIZED")
    )
    # What was claimed and never begun has been ripe since before that claim.
    unbegun = (TARGET.c.state == TargetState.CLAIMED) & TARGET.c.ripe_at.is_not(None)
    ripe_at = case((unbegun, TARGET.c.ripe_at), else_=TARGET.c.run_at)
    rows = session.execute(
        update(TARGET)
        .where(TARGET.c.id.in_(select(due.c.id)))
        .values(lease=lease, ripe_at=ripe_at, run_at=until)
        .returning(*(TARGET.c[name] for name in _Called._fields))
    )
    # The oldest first: the database gives them back in no order of its own.
    return sorted((_Called(*row) for row in rows), key=lambda called: called.ripe_at)


def _take(session: Session, targets: Sequence[_Called], step: life.Step, lease: str) -> None:
    changes: dict[str, object] = {}
    if step.to not in (TargetState.CLAIMED, TargetState.UNCONFIRMED):
        changes = {
            "lease": None,
            "run_at": None,
            "error_code": step.code,
            "error": step.sentence,
            "remedy": step.remedy,
        }
    move(session, targets, step.to, actor=DISPATCHER, cause=step.cause, held=lease, **changes)


def _accounts(session: Session, called: Sequence[_Called]) -> dict[str, bool]:
    ids = {target.account_id for target in called}
    rows = session.execute(
        select(_ACCOUNT.c.id, _ACCOUNT.c.state).where(_ACCOUNT.c.id.in_(sorted(ids)))
    )
    return {account_id: state == AccountState.ACTIVE for account_id, state in rows}


def _rules(session: Session, called: Sequence[_Called]) -> dict[str, timedelta]:
    ids = {target.workspace_id for target in called}
    rows = session.execute(
        select(_WORKSPACE.c.id, _WORKSPACE.c.missed_after_minutes).where(
            _WORKSPACE.c.id.in_(sorted(ids))
        )
    )
    return {workspace_id: timedelta(minutes=minutes) for workspace_id, minutes in rows}
