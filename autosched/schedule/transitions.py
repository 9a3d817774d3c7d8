"""The one way in which a target changes its state: checked, guarded, recorded, and told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import CursorResult, insert, update
from sqlmodel import Session, SQLModel

from autosched import clock, db, events
from autosched.errors import ConflictError
from autosched.platforms.base import LeaseLost
from autosched.schedule import life
from autosched.schedule.models import Target, TargetEvent, TargetState

TARGET = SQLModel.metadata.tables[str(Target.__tablename__)]
EVENT = SQLModel.metadata.tables[str(TargetEvent.__tablename__)]
# Parameters in one statement: SQLite takes 32,766, and shorter statements are parsed faster.
_CHUNK = 500
_TOLD_AT_ONCE = 50


class Standing(Protocol):
    """What must be known of a target to move it: the row, or the part of it that was read."""

    @property
    def id(self) -> str: ...
    @property
    def workspace_id(self) -> str: ...
    @property
    def state(self) -> TargetState: ...


def move(
    session: Session,
    targets: Sequence[Standing],
    to: TargetState,
    *,
    actor: str,
    cause: str,
    held: str | None = None,
    **changes: Any,
) -> None:
    """Move targets to the state `to`, with further `changes` of their columns.

    The database changes a row only while it stands as it was read, and, with `held`, while that
    lease is its own. If one does not, nothing is moved and the transaction must not be committed:
    `LeaseLost` with `held`, else `ConflictError`. Each move is a line of the history; the
    workspace's open pages are told after the commit.
    """
    standing: dict[TargetState, list[str]] = defaultdict(list)
    told: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        life.check(target.state, to)
        standing[target.state].append(target.id)
        told[target.workspace_id].append(target.id)
    for before, ids in standing.items():
        for some in _chunks(sorted(ids)):
            _move_some(session, some, before, to, held, changes)
    now = clock.now()
    lines = [
        {
            "id": clock.new_id(),
            "target_id": target.id,
            "at": now,
            "state_from": target.state,
            "state_to": to,
            "actor": actor,
            "cause": cause,
        }
        for target in targets
    ]
    if lines:
        session.execute(insert(EVENT), lines)
    for workspace_id, ids in told.items():
        tell_after_commit(session, workspace_id, ids, to)


def _move_some(
    session: Session,
    ids: list[str],
    before: TargetState,
    to: TargetState,
    held: str | None,
    changes: dict[str, Any],
) -> None:
    statement = update(TARGET).where(TARGET.c.id.in_(ids), TARGET.c.state == before)
    if held is not None:
        statement = statement.where(TARGET.c.lease == held)
    result = session.execute(statement.values(state=to, **changes))
    assert isinstance(result, CursorResult)
    if result.rowcount != len(ids):
        if held is not None:
            raise LeaseLost("Another worker has taken this post over.")
        raise ConflictError(
            "This post has just changed.",
            remedy="Reload the page to see how it stands now.",
            code="overtaken",
        )


def amend(session: Session, target: Standing, **changes: Any) -> None:
    """Change columns of a target that stays where it is; `ConflictError` if it has just moved."""
    _move_some(session, [target.id], target.state, target.state, None, changes)


def begin(session: Session, target: Target, *, actor: str, cause: str) -> None:
    """Record the first line of a new target's history."""
    session.add(TargetEvent(target_id=target.id, state_to=target.state, actor=actor, cause=cause))
    tell_after_commit(session, target.workspace_id, [target.id], target.state)


def tell_after_commit(
    session: Session, workspace_id: str, ids: list[str], state: TargetState
) -> None:
    """Tell the workspace's open pages, once for many: with ids for as many as a page would show."""
    shown = ids[:_TOLD_AT_ONCE]
    db.after_commit(
        session,
        lambda: events.tell(
            workspace_id, "target", targets=shown, count=len(ids), state=str(state)
        ),
    )


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
