"""What stands in the way of a workspace's posts: platforms in trouble, accounts that end soon."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from autosched import clock, db
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.schedule import breaker
from autosched.schedule.models import Account, AccountState, Target
from autosched.schedule.models import TargetState as S

SOON = timedelta(days=7)
"""So long before its end an account is spoken of."""

_HELD_BACK = (S.SCHEDULED, S.RETRY_WAIT, S.CLAIMED)


@dataclass(frozen=True)
class Trouble:
    """A platform that does not answer as it should. `server`: for platforms of many servers, the
    one in trouble. `waiting`: posts of this workspace that are due and not out. The rest as in
    `breaker.Health`.
    """

    platform: str
    server: str
    state: str
    since: datetime
    until: datetime | None
    reason: str
    waiting: int
    account_ids: tuple[str, ...]


@dataclass(frozen=True)
class Ending:
    """An account whose access ends soon."""

    account_id: str
    platform: str
    handle: str
    at: datetime


def troubles(actor: str, workspace_id: str) -> list[Trouble]:
    """The platforms in trouble on which the workspace has accounts."""
    troubled = {each.key: each for each in breaker.health()}
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        if not troubled:
            return []
        behind = _behind(session, workspace_id, frozenset(troubled))
        waiting = _waiting(session, [each for ids in behind.values() for each in ids])
    found = []
    for key, ids in sorted(behind.items()):
        platform, _, server = key.partition(" ")
        health = troubled[key]
        found.append(
            Trouble(
                platform=platform,
                server=server,
                state=health.state,
                since=health.since,
                until=health.until,
                reason=health.reason,
                waiting=sum(waiting[each] for each in ids),
                account_ids=tuple(ids),
            )
        )
    return found


def ending(actor: str, workspace_id: str) -> list[Ending]:
    """The accounts that a person must connect again within days, the soonest first."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        rows = session.exec(
            select(Account)
            .where(
                Account.workspace_id == workspace_id,
                Account.state == AccountState.ACTIVE,
                col(Account.ends_at) < clock.now() + SOON,
            )
            .order_by(col(Account.ends_at))
        )
        return [
            Ending(account.id, account.platform, account.handle, account.ends_at)
            for account in rows
            if account.ends_at is not None
        ]


def _behind(session: Session, workspace_id: str, keys: frozenset[str]) -> dict[str, list[str]]:
    """The workspace's accounts by what is in trouble."""
    found: dict[str, list[str]] = {}
    rows = session.exec(
        select(Account.id, Account.platform, Account.options).where(
            Account.workspace_id == workspace_id, Account.state != AccountState.DISCONNECTED
        )
    )
    for account_id, platform, options in rows:
        key = breaker.key(platform, options or {})
        if key in keys:
            found.setdefault(key, []).append(account_id)
    return found


def _waiting(session: Session, account_ids: list[str]) -> Counter[str]:
    rows = session.exec(
        select(Target.account_id, func.count())
        .where(
            col(Target.account_id).in_(account_ids),
            col(Target.state).in_(_HELD_BACK),
            col(Target.due_at) <= clock.now(),
        )
        .group_by(col(Target.account_id))
    )
    return Counter(dict(rows.all()))
