"""The calendar: what stands in a stretch of time, as plain data that a page can draw."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import Select, select
from sqlmodel import Session, SQLModel

from autosched import clock, db
from autosched.identity.access import allows, require
from autosched.identity.models import Role
from autosched.schedule import life
from autosched.schedule.access import accounts_of, zone_of
from autosched.schedule.models import Post
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import TARGET

ENTRIES_MAX = 5000
_TITLE_MAX = 80
_CHUNK = 500
_POST = SQLModel.metadata.tables[str(Post.__tablename__)]
_MOVABLE = life.RESTING | {S.CLAIMED}


class EntryAccount(TypedDict):
    """An account on which an entry goes out."""

    id: str
    platform: str
    handle: str
    state: str


class Entry(TypedDict):
    """A post in the calendar.

    `start` in UTC and `wall` naive in the workspace's zone, both ISO 8601, or `None` for a draft
    without a time. `state` as in `life.summary`. `editable`: it can be dragged by the asker.
    """

    id: str
    title: str
    start: str | None
    wall: str | None
    state: str
    accounts: list[EntryAccount]
    asset_id: str | None
    editable: bool
    version: int


class _Row(NamedTuple):
    id: str
    text: str
    media: list[dict[str, Any]]
    scheduled_at: datetime | None
    version: int


def calendar(
    actor: str, workspace_id: str, start: datetime, end: datetime, *, cancelled: bool = False
) -> list[Entry]:
    """The entries from `start` to before `end`, in order; naive times are the workspace's own."""
    with db.read() as session:
        role = require(session, actor, workspace_id, Role.VIEWER).role
        zone = zone_of(session, workspace_id)
        first, last = _exact(start, zone), _exact(end, zone)
        query = (
            _posts(workspace_id)
            .where(_POST.c.scheduled_at >= first, _POST.c.scheduled_at < last)
            .order_by(_POST.c.scheduled_at, _POST.c.id)
            .limit(ENTRIES_MAX)
        )
        entries = _entries(session, workspace_id, zone, query, role)
    return [entry for entry in entries if cancelled or entry["state"] != "cancelled"]


def posts(
    actor: str, workspace_id: str, *, limit: int = 50, before: str | None = None
) -> list[Entry]:
    """Posts, the newest first; `before` is the id of the last one of the page before."""
    with db.read() as session:
        role = require(session, actor, workspace_id, Role.VIEWER).role
        query = _posts(workspace_id).order_by(_POST.c.id.desc()).limit(min(max(limit, 1), 200))
        if before is not None:
            query = query.where(_POST.c.id < before)
        return _entries(session, workspace_id, zone_of(session, workspace_id), query, role)


def title(text: str) -> str:
    """The first line with words in it, shortened between words where it is long."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= _TITLE_MAX:
        return line or "No words"
    head = line[:_TITLE_MAX]
    return (head.rsplit(" ", 1)[0] if " " in head[_TITLE_MAX // 2 :] else head) + "…"


def _posts(workspace_id: str) -> Select[Any]:
    columns = (_POST.c[name] for name in _Row._fields)
    return select(*columns).where(_POST.c.workspace_id == workspace_id)


def _entries(
    session: Session, workspace_id: str, zone: str, query: Select[Any], role: Role
) -> list[Entry]:
    rows = [_Row(*row) for row in session.execute(query)]
    accounts = accounts_of(session, workspace_id)
    standing: dict[str, list[tuple[str, S]]] = defaultdict(list)
    for start in range(0, len(rows), _CHUNK):
        found = session.execute(
            select(TARGET.c.post_id, TARGET.c.account_id, TARGET.c.state)
            .where(TARGET.c.post_id.in_([row.id for row in rows[start : start + _CHUNK]]))
            .order_by(TARGET.c.id)
        )
        for post_id, account_id, state in found:
            standing[post_id].append((account_id, state))
    may = allows(role, Role.EDITOR)
    return [
        Entry(
            id=row.id,
            title=title(row.text),
            start=row.scheduled_at.isoformat() if row.scheduled_at else None,
            wall=clock.wall(row.scheduled_at, zone).isoformat() if row.scheduled_at else None,
            state=life.summary(state for _, state in standing[row.id]),
            accounts=[
                EntryAccount(
                    id=account_id,
                    platform=accounts[account_id].platform,
                    handle=accounts[account_id].handle,
                    state=str(state),
                )
                for account_id, state in standing[row.id]
            ],
            asset_id=row.media[0]["asset_id"] if row.media else None,
            editable=may and all(state in _MOVABLE for _, state in standing[row.id]),
            version=row.version,
        )
        for row in rows
    ]


def _exact(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else clock.resolve(moment, zone).utc
