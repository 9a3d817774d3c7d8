"""Connecting an account on the platform's own page: from the click to the browser's return.

What comes back is believed only with the state that was sent out, in the browser from which it
was sent, and once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from autosched import clock, crypto, db
from autosched.errors import AutoschedError, ForbiddenError, InvalidError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.platforms import registry
from autosched.platforms.base import Connection
from autosched.schedule import accounts
from autosched.schedule.access import account_for
from autosched.schedule.models import Account, Consent
from autosched.settings import settings

_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Choice:
    """An account that a consent gave, and whether it is connected already."""

    number: int
    handle: str
    name: str
    avatar: str | None
    connected: bool


@dataclass(frozen=True)
class Standing:
    """A consent after the browser's return: what went wrong, or what there is to choose from."""

    platform: str
    problem: str | None
    choices: tuple[Choice, ...]


def return_address(platform: str) -> str:
    """Where the platform sends the browser back to; to be registered with it to the letter."""
    return f"{settings().public_url.rstrip('/')}/connect/{platform}/back"


def begin(
    actor: str,
    workspace_id: str,
    platform: str,
    form: dict[str, str],
    *,
    login: str,
    account_id: str | None = None,
) -> str:
    """Begin a consent; the address to which the browser goes. `login`: what only it knows.

    `account_id`: connect this account again. `PlatformError`, `InvalidError` or
    `UnavailableError` says why it can't begin.
    """
    with db.read() as session:
        require(session, actor, workspace_id, Role.ADMIN)
        if account_id is not None:
            known = account_for(session, actor, account_id, Role.ADMIN)
            said = {name: str(value) for name, value in known.options.items() if value}
            form = {**said, **form}
    state, address = secrets.token_urlsafe(32), return_address(platform)
    begun = registry.platform(platform).begin(form, address, state)
    with db.write() as session:
        require(session, actor, workspace_id, Role.ADMIN)
        session.add(
            Consent(
                workspace_id=workspace_id,
                user_id=actor,
                account_id=account_id,
                platform=platform,
                state_hash=_hash(state),
                login_hash=_hash(login),
                redirect_uri=address,
                kept=crypto.seal(begun.keep),
                expires_at=clock.now() + _LASTS,
            )
        )
    return begun.url


def finish(actor: str, platform: str, answer: dict[str, str], *, login: str) -> str:
    """The browser is back with `answer` (the query of its address); the consent's id.

    One account is connected at once; several wait for `choose`. What goes wrong on the platform's
    side is kept with the consent. `ForbiddenError` for a return that nobody here has begun.
    """
    with db.write() as session:
        consent = _begun(session, actor, platform, answer.get("state", ""), login)
        consent.returned = True  # good for one return, whatever comes of it
        session.add(consent)
        keep = crypto.unseal(consent.kept)
    try:
        found = registry.platform(platform).finish(keep, answer, consent.redirect_uri)
        _take(actor, consent, found)
    except AutoschedError as error:
        with db.write() as session:
            kept = session.get_one(Consent, consent.id)
            kept.kept, kept.problem = crypto.seal({}), str(error)
            session.add(kept)
    return consent.id


def standing(actor: str, consent_id: str) -> Standing:
    """What came of a consent of one's own."""
    with db.read() as session:
        consent = _own(session, actor, consent_id)
        known = set(
            session.exec(
                select(Account.remote_id).where(
                    Account.workspace_id == consent.workspace_id,
                    Account.platform == consent.platform,
                )
            )
        )
    found = _kept(consent)
    choices = tuple(
        Choice(number, each.handle, each.name, each.avatar, each.remote_id in known)
        for number, each in enumerate(found)
    )
    return Standing(consent.platform, consent.problem, choices)


def choose(actor: str, consent_id: str, numbers: list[int]) -> list[Account]:
    """Connect these of the accounts that the consent gave; the rest is forgotten."""
    with db.read() as session:
        consent = _own(session, actor, consent_id)
    found = _kept(consent)
    if not numbers or not all(0 <= number < len(found) for number in numbers):
        raise InvalidError("Choose at least one of the accounts shown.", code="nothing_chosen")
    made = [
        accounts.store(actor, consent.workspace_id, consent.platform, found[number])
        for number in dict.fromkeys(numbers)
    ]
    _forget(consent.id)
    return made


def _take(actor: str, consent: Consent, found: list[Connection]) -> None:
    """Connect what needs no choice; keep the rest for it."""
    if consent.account_id is not None:
        with db.read() as session:
            account = account_for(session, actor, consent.account_id, Role.ADMIN)
        same = [each for each in found if each.remote_id == account.remote_id]
        if not same:
            who = found[0].handle if found else "nobody"
            raise InvalidError(
                f"This is {who}, not {account.handle}.",
                remedy=f"Log in there as {account.handle}, or connect the other as a new account.",
                code="other_account",
            )
        found = same
    if not found:
        raise InvalidError(
            "The platform gave no account that can be posted to.",
            remedy="Connect it again, and leave every page and box ticked.",
            code="no_account",
        )
    if len(found) == 1:
        accounts.store(actor, consent.workspace_id, consent.platform, found[0])
        _forget(consent.id)
        return
    with db.write() as session:
        kept = session.get_one(Consent, consent.id)
        kept.kept = crypto.seal({"found": [asdict(each) for each in found]})
        session.add(kept)


def _begun(session: Session, actor: str, platform: str, state: str, login: str) -> Consent:
    consent = session.exec(
        select(Consent).where(Consent.state_hash == _hash(state)).with_for_update()
    ).first()
    right = (
        consent is not None
        and not consent.returned
        and consent.platform == platform
        and consent.user_id == actor
        and secrets.compare_digest(consent.login_hash, _hash(login))
        and consent.expires_at > clock.now()
    )
    if consent is None or not right:
        raise ForbiddenError(
            "This answer belongs to no connection that was begun here, or it is too old.",
            remedy="Begin once more from the accounts page, in this browser.",
            code="consent_unknown",
        )
    return consent


def _own(session: Session, actor: str, consent_id: str) -> Consent:
    consent = session.get(Consent, consent_id)
    if consent is None or consent.user_id != actor or not consent.returned:
        raise NotFoundError("There is no such connection.")
    require(session, actor, consent.workspace_id, Role.ADMIN)
    return consent


def _kept(consent: Consent) -> list[Connection]:
    found: list[dict[str, Any]] = crypto.unseal(consent.kept).get("found", [])
    return [Connection(**each) for each in found]


def _forget(consent_id: str) -> None:
    """What the consent gave is with its account now, and nowhere else."""
    with db.write() as session:
        consent = session.get_one(Consent, consent_id)
        consent.kept = crypto.seal({})
        session.add(consent)


def forget_old() -> None:
    """Consents that nobody came back from."""
    with db.write() as session:
        for consent in session.exec(select(Consent).where(col(Consent.expires_at) < clock.now())):
            session.delete(consent)


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
