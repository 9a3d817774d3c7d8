"""A worker's hold on one target: kept alive while it works, and asked before every record.

The lease ends by itself when the process dies or stands still, so nothing is held for ever. A
step that shows no sign of life for `STALL` seconds is not kept alive either.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from autosched import clock, crypto, db, events
from autosched.platforms import registry
from autosched.platforms.base import LeaseLost
from autosched.schedule.models import Account, AccountState
from autosched.schedule.transitions import TARGET
from autosched.settings import settings

STALL = 900.0
_PROGRESS_EVERY = 0.5
_ACCOUNT = SQLModel.metadata.tables[str(Account.__tablename__)]
log = logging.getLogger(__name__)


def until() -> datetime:
    """The end of a lease that begins, or is renewed, now."""
    return clock.now() + timedelta(seconds=settings().lease_seconds)


class Lease:
    """The hold on `target_id` by the token `token`; renewed while the `with` block runs.

    `handle` is what was stored last.
    """

    def __init__(
        self, target_id: str, workspace_id: str, token: str, handle: dict[str, Any]
    ) -> None:
        self.target_id, self.workspace_id, self.token = target_id, workspace_id, token
        self.handle = handle
        self._seconds = settings().lease_seconds
        self._done = Event()
        self._alive = self._renewed = time.monotonic()
        self._told = 0.0
        self._heart = Thread(target=self._beat, name=f"lease-{target_id}", daemon=True)

    def __enter__(self) -> Lease:
        self._heart.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._heart.join(timeout=1)

    def remember(self, handle: dict[str, Any]) -> None:
        """Store the handle, in a transaction of its own; `LeaseLost` if the lease is another's."""
        self._alive = time.monotonic()
        with db.write() as session:
            self._renew(session, handle=dict(handle))
        self.handle = dict(handle)

    def progress(self, share: float) -> None:
        """Note a sign of life, and tell the open pages how far it is (0 to 1)."""
        self._alive = time.monotonic()
        if self._alive - self._told >= _PROGRESS_EVERY:
            self._told = self._alive
            share = round(min(max(share, 0.0), 1.0), 3)
            events.tell(self.workspace_id, "target", targets=[self.target_id], progress=share)

    def make_sure(self) -> None:
        """Return only while the lease is surely ours; `LeaseLost` if it is not any more.

        After a pause of the whole process, however long, the database is asked again.
        """
        while time.monotonic() - self._renewed > self._seconds / 2:
            with db.write() as session:
                self._renew(session)

    def renewed_at(self, moment: float) -> None:
        """Note that a transaction begun at `moment` (monotonic) has set the lease's end anew."""
        self._alive = self._renewed = moment

    def _beat(self) -> None:
        while not self._done.wait(self._seconds / 4):
            if time.monotonic() - self._alive > STALL:
                log.warning("target %s: no sign of life, the lease is let go", self.target_id)
                return
            try:
                with db.write() as session:
                    self._renew(session)
            except LeaseLost:
                return
            except SQLAlchemyError as error:
                # The lease outlasts three missed beats; a longer outage costs the lease.
                log.warning("target %s: lease not renewed: %s", self.target_id, error)

    def _renew(self, session: Session, **values: Any) -> None:
        began = time.monotonic()
        result = session.execute(
            update(TARGET)
            .where(TARGET.c.id == self.target_id, TARGET.c.lease == self.token)
            .values(run_at=until(), **values)
        )
        assert isinstance(result, CursorResult)
        if result.rowcount != 1:
            raise LeaseLost("Another worker has taken this post over.")
        self._renewed = began


class Secret:
    """An account's secret at the desk of one publishing: opened, and refreshed with care."""

    def __init__(self, account: Account) -> None:
        self._account_id, self._platform = account.id, account.platform
        self._sealed = account.secret

    def opened(self) -> dict[str, Any]:
        """The secret as it was read; `UnavailableError` if no key opens it."""
        return crypto.unseal(self._sealed) if self._sealed else {}

    def stored(self) -> dict[str, Any]:
        """The secret as it stands now: another worker may have refreshed it."""
        with db.read() as session:
            account = session.get(Account, self._account_id)
        if account is not None and account.secret:
            self._sealed = account.secret
        return self.opened()

    def keep(self, secret: dict[str, Any]) -> None:
        """Store refreshed tokens, unless the account was connected anew, or let go, meanwhile."""
        sealed = crypto.seal(secret)
        platform = registry.platform(self._platform)
        # The earlier tokens may be dead already: these must not be lost with the power.
        with db.write(durable=True) as session:
            result = session.execute(
                update(_ACCOUNT)
                .where(_ACCOUNT.c.id == self._account_id, _ACCOUNT.c.secret == self._sealed)
                .values(
                    secret=sealed,
                    renew_at=platform.renew_at(secret),
                    ends_at=platform.ends_at(secret),
                )
            )
        assert isinstance(result, CursorResult)
        if result.rowcount == 1:
            self._sealed = sealed

    def refused(self, problem: str) -> None:
        """Mark the account for a person, unless it was connected anew meanwhile."""
        with db.write() as session:
            account = session.get(Account, self._account_id)
            if account is None or account.state != AccountState.ACTIVE:
                return
            if account.secret != self._sealed:
                return
            account.state, account.problem = AccountState.NEEDS_PERSON, problem
            session.add(account)
            workspace_id = account.workspace_id
            db.after_commit(
                session, lambda: events.tell(workspace_id, "account", id=self._account_id)
            )
