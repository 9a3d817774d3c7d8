"""How many of a workspace's posts need a look, for the badge beside “Attention”."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select

from autosched import db
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.schedule.models import Target, TargetState

WAITING = (
    TargetState.FAILED,
    TargetState.UNCONFIRMED,
    TargetState.NEEDS_PERSON,
    TargetState.MISSED,
)


def count(actor: str, workspace_id: str) -> int:
    """The number of targets in a state that a person must settle."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        return session.exec(
            select(func.count())
            .select_from(Target)
            .where(Target.workspace_id == workspace_id, col(Target.state).in_(WAITING))
        ).one()
