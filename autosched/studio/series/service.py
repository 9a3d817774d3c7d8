"""Series as a team sees them: asked for at once, watched as one, and each video by itself.

Every video is an ordinary render: it is made, cancelled, tried again and taken up after a crash
like any other. The series only counts them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from autosched import clock, db
from autosched.errors import NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.studio import assets, jobs
from autosched.studio import spec as specs
from autosched.studio.jobs import JobState
from autosched.studio.models import RENDERS, Render, SeriesRow
from autosched.studio.saved.resolving import filled, pinned
from autosched.studio.series import members, timing
from autosched.studio.spec import Spec


@dataclass(frozen=True)
class Standing:
    """How a series stands: how many of its videos are in which state, and how far all are."""

    row: SeriesRow
    total: int
    states: dict[JobState, int]
    progress: float

    @property
    def is_over(self) -> bool:
        """Whether nothing of it waits or is being made."""
        return not any(self.states.get(state) for state in jobs.UNDER_WAY)


def request(actor: str, workspace_id: str, data: dict[str, Any]) -> SeriesRow:
    """Ask for a series; its videos begin as workers are free, neighbours in turn.

    Every video is checked before any is asked for: the error is that of the first that won't do.
    """
    series = members.parse(data)
    series = series.model_copy(update={"spec": pinned(series.spec, actor, workspace_id)})
    row = SeriesRow(workspace_id=workspace_id, created_by=actor, title=series.name[:120], data=data)
    renders, now = [], clock.now()
    for each in members.members(series):
        checked = specs.parse(filled(each.spec, actor, workspace_id))
        assets.check(actor, workspace_id, checked)
        # A microsecond apart: so they are claimed, and shown, in their order.
        turn = now + timedelta(microseconds=each.number)
        renders.append(
            Render(
                created_at=turn,
                run_at=turn,
                workspace_id=workspace_id,
                created_by=actor,
                title=_title(each, several=len(series.languages) > 1)[:120],
                spec=each.spec,
                template=checked.design.name,
                format=each.format.value,
                series_id=row.id,
                series_group=each.group,
            )
        )
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        session.add(row)
    RENDERS.add(actor, renders)
    return row


def newest(actor: str, workspace_id: str, limit: int = 50) -> list[Standing]:
    """The workspace's series, newest first."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        rows = session.exec(
            select(SeriesRow)
            .where(SeriesRow.workspace_id == workspace_id)
            .order_by(col(SeriesRow.id).desc())
            .limit(max(1, min(limit, 200)))
        ).all()
        return [_standing(session, row) for row in rows]


def standing(actor: str, series_id: str) -> Standing:
    """How one series stands, for a member of its workspace."""
    with db.read() as session:
        return _standing(session, _row(session, actor, series_id, Role.VIEWER))


def renders(actor: str, series_id: str) -> list[Render]:
    """The videos of a series in their order."""
    with db.read() as session:
        _row(session, actor, series_id, Role.VIEWER)
        return _renders(session, series_id)


def cancel(actor: str, series_id: str) -> Standing:
    """Stop all that waits or is being made; what is done stays."""
    for each in renders(actor, series_id):
        if each.state in jobs.UNDER_WAY:
            RENDERS.cancel(actor, each.id)
    return standing(actor, series_id)


def retry(actor: str, series_id: str) -> Standing:
    """Ask once more for all that failed or was cancelled."""
    for each in renders(actor, series_id):
        if each.state in (JobState.FAILED, JobState.CANCELLED):
            RENDERS.retry(actor, each.id)
    return standing(actor, series_id)


def timed(row: Render, spec: Spec) -> Spec:
    """A video of a series at the length that it shares with the others of its verses."""
    if row.series_id is None:
        return spec
    with db.read() as session:
        found = _renders(session, row.series_id)
    beside = [each for each in found if each.series_group == row.series_group]
    if len(beside) < 2:
        return spec
    given = [assets.resolved(each.spec, row.created_by, row.workspace_id) for each in beside]
    return timing.timed(spec, timing.together(given))


def _title(member: members.Member, *, several: bool) -> str:
    told = members.spoken(member.reference)
    return f"{told} ({member.language}, {member.format})" if several else told


def _renders(session: Session, series_id: str) -> list[Render]:
    ordered = select(Render).where(Render.series_id == series_id).order_by(col(Render.created_at))
    return list(session.exec(ordered))


def _standing(session: Session, row: SeriesRow) -> Standing:
    found = session.exec(
        select(Render.state, Render.progress).where(Render.series_id == row.id)
    ).all()
    done = sum(1.0 if state in jobs.OVER else progress for state, progress in found)
    states = dict(Counter(JobState(state) for state, _ in found))
    return Standing(row, len(found), states, done / max(1, len(found)))


def _row(session: Session, actor: str, series_id: str, role: Role) -> SeriesRow:
    row = session.get(SeriesRow, series_id)
    nothing = NotFoundError("There is no such series.")
    if row is None:
        raise nothing
    try:
        require(session, actor, row.workspace_id, role)
    except NotFoundError:
        raise nothing from None
    return row
