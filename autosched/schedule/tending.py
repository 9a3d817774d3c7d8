"""Accounts kept in good order: tokens renewed ahead of time, people told before access ends.

A round claims what is due by moving `renew_at` on, so that two that run at once never renew the
same account; within a platform's module only one refresh runs at a time anyway.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import SQLModel, col, select

from autosched import clock, db, events
from autosched.errors import AutoschedError
from autosched.platforms import registry
from autosched.platforms.base import Action, PlatformError
from autosched.schedule.accounts import go_on_where_all_is_well
from autosched.schedule.desks import desk
from autosched.schedule.lease import Secret
from autosched.schedule.models import Account, AccountState

WARN_AHEAD = timedelta(days=7)
_AGAIN = timedelta(minutes=5)
_WARN_EVERY = timedelta(days=1)
_MOST = 50
_ACCOUNT = SQLModel.metadata.tables[str(Account.__tablename__)]
log = logging.getLogger(__name__)


def renew_due() -> int:
    """Renew the tokens of every account whose time has come; how many were."""
    now = clock.now()
    with db.write() as session:
        due = (
            select(_ACCOUNT.c.id)
            .where(_ACCOUNT.c.renew_at <= now, _ACCOUNT.c.state == AccountState.ACTIVE)
            .order_by(_ACCOUNT.c.renew_at)
            .limit(_MOST)
        )
        rows = session.execute(
            update(_ACCOUNT)
            .where(_ACCOUNT.c.id.in_(due.scalar_subquery()))
            .values(renew_at=now + _AGAIN)
            .returning(_ACCOUNT.c.id)
        ).all()
    return sum(renew(account_id) for (account_id,) in rows)


def renew(account_id: str) -> bool:
    """Renew one account's tokens; whether it went well. A refusal for good asks for a person."""
    with db.read() as session:
        account = session.get_one(Account, account_id)
    secret = Secret(account)
    try:
        registry.platform(account.platform).renew(desk(account, secret))
    except PlatformError as error:
        log.warning("account %s: not renewed: %s", account_id, error)
        if error.action == Action.RECONNECT:
            secret.refused(error.sentence)
        return False
    except AutoschedError as error:
        log.warning("account %s: not renewed: %s", account_id, error)
        return False
    return True


def nobody_forgotten() -> int:
    """Posts that wait for an account which is well go on; see `accounts`."""
    return go_on_where_all_is_well("dispatcher")


def ending_soon() -> list[Account]:
    """Accounts whose access ends within days and of which nobody was told today; now they are."""
    now = clock.now()
    warned = col(Account.warned_at)
    with db.write() as session:
        found = list(
            session.exec(
                select(Account).where(
                    Account.state == AccountState.ACTIVE,
                    col(Account.ends_at) < now + WARN_AHEAD,
                    or_(warned.is_(None), warned < now - _WARN_EVERY),
                )
            )
        )
        for account in found:
            account.warned_at = now
            session.add(account)
    for account in found:
        events.tell(account.workspace_id, "account", id=account.id)
    return found
