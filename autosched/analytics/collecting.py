"""Collecting figures: often while a post is young, seldom later, and never before publishing.

Raw values are stored with their time under the platform's own name; what a platform no longer
gives is not stored at all.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from autosched import clock, db
from autosched.analytics.models import Figure
from autosched.errors import AutoschedError
from autosched.platforms import registry
from autosched.platforms.base import PlatformError, Posted
from autosched.schedule.desks import desk
from autosched.schedule.lease import Secret
from autosched.schedule.models import Account, AccountState, Target, TargetState
from autosched.schedule.transitions import TARGET

_AT_ONCE = 200
_CLAIM = timedelta(minutes=10)
_AFTER_FAILURE = timedelta(hours=1)
_RESERVE = 0.3
"""The share of every rate limit that is left to publishing."""
_STEPS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=1), timedelta(minutes=15)),
    (timedelta(hours=6), timedelta(hours=1)),
    (timedelta(days=1), timedelta(hours=4)),
    (timedelta(days=14), timedelta(days=1)),
    (timedelta(days=90), timedelta(days=7)),
)
log = logging.getLogger(__name__)


def next_look(published_at: datetime, now: datetime) -> datetime | None:
    """When the figures of a post are asked for next: ever more seldom, at last never."""
    age = now - published_at
    for until, every in _STEPS:
        if age < until:
            return now + every
    return None


def collect_due() -> int:
    """Ask for the figures of the posts whose time has come; how many were told."""
    claimed = _claim()
    by_account: dict[str, list[Target]] = defaultdict(list)
    for target in claimed:
        by_account[target.account_id].append(target)
    told = 0
    for account_id, targets in by_account.items():
        with db.read() as session:
            account = session.get_one(Account, account_id)
        told += _of_account(account, targets)
    return told


def figures(session: Session, target_id: str) -> list[Figure]:
    """Every figure of a target, in the order of time."""
    return list(
        session.exec(
            select(Figure)
            .where(Figure.target_id == target_id)
            .order_by(col(Figure.at), col(Figure.name))
        )
    )


def _claim() -> list[Target]:
    """Take what is due, by moving its time on; a crash only makes it late."""
    now = clock.now()
    with db.write() as session:
        ids = session.execute(
            update(TARGET)
            .where(
                TARGET.c.id.in_(
                    select(TARGET.c.id)
                    .where(TARGET.c.measure_at <= now)
                    .order_by(TARGET.c.measure_at)
                    .limit(_AT_ONCE)
                    .scalar_subquery()
                )
            )
            .values(measure_at=now + _CLAIM)
            .returning(TARGET.c.id)
        ).scalars()
        wanted = list(ids)
        return list(session.exec(select(Target).where(col(Target.id).in_(wanted))))


def _of_account(account: Account, targets: Sequence[Target]) -> int:
    platform = registry.platform(account.platform)
    if account.state != AccountState.ACTIVE or not platform.metrics:
        # A connected account is looked at again; one that gives no figures never.
        wait = _AFTER_FAILURE if platform.metrics else None
        _plan(targets, None if wait is None else clock.now() + wait)
        return 0
    told = 0
    for first in range(0, len(targets), platform.measure_most):
        some = targets[first : first + platform.measure_most]
        try:
            at_hand = desk(account, Secret(account), reserve=_RESERVE)
            found = platform.measure(at_hand, [_posted(target) for target in some])
        except AutoschedError as error:
            log.info("account %s: no figures for now: %s", account.id, error)
            wait = getattr(error, "retry_after", None) if isinstance(error, PlatformError) else None
            later = max(_AFTER_FAILURE, timedelta(seconds=wait or 0.0))
            _plan(targets[first:], clock.now() + later)
            return told
        told += _store(some, found)
    return told


def _posted(target: Target) -> Posted:
    handle = dict(target.handle)
    when = target.published_at or clock.now()
    return Posted(str(handle.get("remote_id", "")), handle, when)


def _store(targets: Sequence[Target], found: dict[str, dict[str, float]]) -> int:
    now = clock.now()
    with db.write() as session:
        for target in targets:
            for name, value in found.get(str(target.handle.get("remote_id", "")), {}).items():
                session.add(Figure(target_id=target.id, at=now, name=name, value=value))
            later = next_look(target.published_at or now, now)
            session.execute(update(TARGET).where(TARGET.c.id == target.id).values(measure_at=later))
    return len(found)


def _plan(targets: Sequence[Target], when: datetime | None) -> None:
    with db.write() as session:
        session.execute(
            update(TARGET)
            .where(TARGET.c.id.in_([target.id for target in targets]))
            .where(TARGET.c.state == TargetState.PUBLISHED)
            .values(measure_at=when)
        )
