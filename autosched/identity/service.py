"""Registering, logging in and out. Workspaces and their members are in `identity.workspaces`."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from autosched import clock, db
from autosched.errors import ConflictError, ForbiddenError, InvalidError, UnauthenticatedError
from autosched.identity.models import Invitation, Login, Membership, Role, User, Workspace
from autosched.settings import settings

LOGIN_DAYS = 30
PASSWORD_MIN = 10
_PASSWORD_MAX = 1024
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", re.ASCII)
_hasher = PasswordHasher()
# Verified against when the address is unknown, so that the time of an answer tells nothing.
_DECOY = _hasher.hash(secrets.token_hex(16))


def register(
    name: str,
    email: str,
    password: str,
    *,
    language: str = "en",
    zone: str = "UTC",
    invitation: str = "",
) -> User:
    """Make an account with a workspace of its own. The first one owns the installation.

    Where the installation takes no new accounts, an `invitation`'s token to this address lets
    in; it is spent by `workspaces.accept`.

    `InvalidError` for what can't be an address, a name or a safe password, `ConflictError` if
    the address is taken, `ForbiddenError` if this installation takes no new accounts.
    """
    name, email = name.strip(), normal_email(email)
    if not name or len(name) > 100:
        raise InvalidError("Please give a name of at most 100 characters.", code="name")
    check_password(password)
    clock.zone(zone)
    user = User(name=name, email=email, password_hash=_hasher.hash(password), language=language)
    workspace = Workspace(name=f"{name}’s workspace"[:100], zone=zone)
    try:
        with db.write() as session:
            first = _count_users(session) == 0
            if not (first or settings().open_registration or _invited(session, email, invitation)):
                raise ForbiddenError(
                    "This installation takes no new accounts.",
                    remedy="Ask its owner for an invitation.",
                    code="registration_closed",
                )
            user.is_installation_owner = first
            session.add_all([user, workspace])
            session.flush()
            session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
    except IntegrityError as error:
        raise ConflictError(
            "There is an account with this address already.",
            remedy="Log in instead.",
            code="email_taken",
        ) from error
    return user


def check_password(password: str) -> None:
    """`InvalidError` unless the password is long enough to be safe (argon2 does the rest)."""
    if len(password) < PASSWORD_MIN:
        raise InvalidError(
            f"A password needs at least {PASSWORD_MIN} characters.",
            remedy="A short sentence is easy to remember and hard to guess.",
            code="password_short",
        )
    if len(password) > _PASSWORD_MAX:
        raise InvalidError("This password is too long.", code="password_long")


def normal_email(email: str) -> str:
    """The address in the form in which it is stored; `InvalidError` if it can't be one."""
    email = email.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise InvalidError("This does not look like an e-mail address.", code="email")
    return email


def log_in(email: str, password: str) -> tuple[str, User]:
    """Check the password and open a log-in; its token, for the browser's cookie, and the user.

    `UnauthenticatedError` says the same for an unknown address and a wrong password.
    """
    with db.read() as session:
        user = session.exec(select(User).where(User.email == email.strip().lower())).first()
    try:
        _hasher.verify(user.password_hash if user else _DECOY, password[:_PASSWORD_MAX])
    except (VerificationError, InvalidHashError):
        user = None
    if user is None:
        raise UnauthenticatedError(
            "The address or the password is not right.",
            remedy="Check both, and that Caps Lock is off.",
            code="wrong_login",
        )
    return open_login(user), user


def open_login(user: User) -> str:
    """A fresh token that stands for this user for `LOGIN_DAYS` days."""
    token = secrets.token_urlsafe(32)
    with db.write() as session:
        session.add(
            Login(
                token_hash=token_hash(token),
                user_id=user.id,
                expires_at=clock.now() + timedelta(days=LOGIN_DAYS),
            )
        )
    return token


def who(token: str | None) -> User | None:
    """The user for whom the browser's token stands, or `None`."""
    if not token:
        return None
    with db.read() as session:
        login = session.get(Login, token_hash(token))
        if login is None or login.expires_at <= clock.now():
            return None
        return session.get(User, login.user_id)


def log_out(token: str) -> None:
    """End the log-in; doing it twice does no harm."""
    with db.write() as session:
        login = session.get(Login, token_hash(token))
        if login is not None:
            session.delete(login)


def set_language(actor: str, language: str) -> None:
    """Remember in which language the person reads the app."""
    if language not in ("en", "ar"):
        raise InvalidError("The app speaks English and Arabic.")
    with db.write() as session:
        user = session.get(User, actor)
        if user is not None:
            user.language = language
            session.add(user)


def is_fresh() -> bool:
    """Whether nobody has registered yet."""
    with db.read() as session:
        return _count_users(session) == 0


def token_hash(token: str) -> str:
    """What is stored of a token: enough to know it again, useless to a thief."""
    return hashlib.sha256(token.encode()).hexdigest()


def _invited(session: Session, email: str, token: str) -> bool:
    invitation = session.get(Invitation, token_hash(token)) if token else None
    if invitation is None:
        return False
    return invitation.email == email and invitation.expires_at > clock.now()


def _count_users(session: Session) -> int:
    return session.exec(select(func.count()).select_from(User)).one()
