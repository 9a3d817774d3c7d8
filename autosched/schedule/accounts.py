"""Accounts: connecting, connecting again, and letting go. Secrets go in sealed, and never out."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from autosched import clock, crypto, db, events
from autosched.errors import AutoschedError, ConflictError, InvalidError
from autosched.identity.access import require
from autosched.identity.models import Role, Workspace
from autosched.platforms import registry
from autosched.platforms.base import Connection, Desk
from autosched.schedule import life
from autosched.schedule.access import account_for
from autosched.schedule.models import Account, AccountState, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import move

log = logging.getLogger(__name__)


def connect(actor: str, workspace_id: str, platform: str, form: dict[str, str]) -> Account:
    """Connect an account with what the person wrote into the platform's form.

    The same account connected again is refreshed, and its waiting posts go on. `PlatformError`
    or `InvalidError` says what the platform has against it.
    """
    with db.read() as session:
        require(session, actor, workspace_id, Role.ADMIN)
    return store(actor, workspace_id, platform, registry.platform(platform).connect(form))


def store(actor: str, workspace_id: str, platform: str, connection: Connection) -> Account:
    """Keep what a platform gave as an account, new or the one that it is already."""
    try:
        with db.write() as session:
            require(session, actor, workspace_id, Role.ADMIN)
            account = session.exec(
                select(Account).where(
                    Account.workspace_id == workspace_id,
                    Account.platform == platform,
                    Account.remote_id == connection.remote_id,
                )
            ).first() or Account(
                workspace_id=workspace_id,
                platform=platform,
                remote_id=connection.remote_id,
                handle=connection.handle,
                created_by=actor,
            )
            _store(session, actor, account, connection)
    except IntegrityError as error:
        raise ConflictError(
            "Somebody has connected this account this very moment.", remedy="Reload the page."
        ) from error
    return _without_secret(account)


def reconnect(actor: str, account_id: str, form: dict[str, str]) -> Account:
    """Give an account fresh access; it must be the same one. Its waiting posts go on."""
    with db.read() as session:
        account = account_for(session, actor, account_id, Role.ADMIN)
    platform = registry.platform(account.platform)
    known = {field.name: account.options.get(field.name) for field in platform.fields}
    written = {name: value for name, value in known.items() if isinstance(value, str)}
    connection = platform.connect({**written, **form})
    with db.write() as session:
        account = account_for(session, actor, account_id, Role.ADMIN)
        if connection.remote_id != account.remote_id:
            raise InvalidError(
                f"This is {connection.handle}, not {account.handle}.",
                remedy=f"Log in as {account.handle}, or connect the other as a further account.",
                code="other_account",
            )
        _store(session, actor, account, connection)
    return _without_secret(account)


def accounts(actor: str, workspace_id: str) -> list[Account]:
    """The workspace's accounts that have not been let go, in the order of their names."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        found = session.exec(
            select(Account)
            .where(
                Account.workspace_id == workspace_id,
                Account.state != AccountState.DISCONNECTED,
            )
            .order_by(col(Account.platform), col(Account.handle))
        ).all()
    return [_without_secret(account) for account in found]


def disconnect(actor: str, account_id: str) -> Account:
    """Let the account go: its access is given back, its secret wiped, its posts wait.

    A platform that does not answer keeps nobody: the access is then gone on this side alone.
    """
    with db.write() as session:
        account = account_for(session, actor, account_id, Role.ADMIN)
        sealed, account.secret = account.secret, None
        shared = _shared_grant(session, account)
        account.state, account.problem = AccountState.DISCONNECTED, None
        account.renew_at = account.ends_at = None
        session.add(account)
        session.flush()
        step = life.disconnected()
        waiting = _targets(session, account_id, S.SCHEDULED, S.RETRY_WAIT, S.CLAIMED, S.UPLOADING)
        move(
            session,
            waiting + _targets(session, account_id, S.UNCONFIRMED),
            step.to,
            actor=actor,
            cause="The account was disconnected.",
            lease=None,
            run_at=None,
            error_code=step.code,
            error=step.sentence,
            remedy=step.remedy,
        )
        _tell(session, account)
    if sealed is not None and not shared:
        _give_back(account, sealed)
    return _without_secret(account)


def _shared_grant(session: Session, account: Account) -> bool:
    """Whether another connected account lives by the same consent: to revoke it would end both."""
    grant = account.options.get("grant")
    if not grant:
        return False
    others = session.exec(
        select(Account).where(
            Account.platform == account.platform,
            Account.id != account.id,
            Account.state == AccountState.ACTIVE,
        )
    )
    return any(other.options.get("grant") == grant for other in others)


def _give_back(account: Account, sealed: str) -> None:
    desk = Desk(
        secret={},
        options=dict(account.options),
        handle={},
        remember=lambda handle: None,
        keep_secret=lambda secret: None,
    )
    try:
        desk.secret = crypto.unseal(sealed)
        registry.platform(account.platform).revoke(desk)
    except AutoschedError as error:
        log.warning("account %s: its access was not given back: %s", account.id, error)


def _store(session: Session, actor: str, account: Account, connection: Connection) -> None:
    account.handle, account.name = connection.handle, connection.name
    account.avatar, account.options = connection.avatar, connection.options
    account.secret = crypto.seal(connection.secret)
    account.state, account.problem = AccountState.ACTIVE, None
    platform = registry.platform(account.platform)
    account.renew_at = platform.renew_at(connection.secret)
    account.ends_at, account.warned_at = platform.ends_at(connection.secret), None
    session.add(account)
    session.flush()
    _go_on(session, actor, account)
    _tell(session, account)


def go_on_where_all_is_well(actor: str) -> int:
    """Let go on what waits for accounts that are connected; how many accounts had such.

    A worker that was refused while its account was being connected again comes to its end only
    after that: without this its post would wait for ever.
    """
    with db.write() as session:
        found = session.exec(
            select(Account)
            .where(
                Account.state == AccountState.ACTIVE,
                col(Account.id).in_(
                    select(Target.account_id).where(
                        Target.state == S.NEEDS_PERSON, Target.error_code == "account"
                    )
                ),
            )
            .with_for_update()
        ).all()
        for account in found:
            _go_on(session, actor, account)
    return len(found)


def _go_on(session: Session, actor: str, account: Account) -> None:
    """Let go on what waited for the account: doubt is settled, what is too late asks first."""
    waiting = [
        target
        for target in _targets(session, account.id, S.NEEDS_PERSON)
        if target.error_code == "account"
    ]
    rule = timedelta(minutes=session.get_one(Workspace, account.workspace_id).missed_after_minutes)
    now = clock.now()
    cause = "The account is connected again."
    for target in waiting:
        due = target.due_at or now
        if target.doubt_since is not None:
            asked: dict[str, Any] = {"questions": 0, "run_at": now}
            move(session, [target], S.UNCONFIRMED, actor=actor, cause=cause, **asked)
        elif now - due > rule:
            late = life.too_late(now - due)
            move(
                session,
                [target],
                late.to,
                actor=actor,
                cause=f"{cause} {late.cause}",
                error_code=late.code,
                error=late.sentence,
                remedy=late.remedy,
            )
        else:
            again: dict[str, Any] = {"attempts": 0, "run_at": due}
            again |= {"error_code": None, "error": None, "remedy": None}
            move(session, [target], S.SCHEDULED, actor=actor, cause=cause, **again)


def _targets(session: Session, account_id: str, *states: S) -> list[Target]:
    return list(
        session.exec(
            select(Target)
            .where(Target.account_id == account_id, col(Target.state).in_(states))
            .order_by(col(Target.id))
            .with_for_update()
        )
    )


def _tell(session: Session, account: Account) -> None:
    workspace_id, account_id = account.workspace_id, account.id
    db.after_commit(session, lambda: events.tell(workspace_id, "account", id=account_id))


def _without_secret(account: Account) -> Account:
    """A copy that knows nothing of the database or of the secret."""
    return Account.model_validate(account.model_dump(exclude={"secret"}))
