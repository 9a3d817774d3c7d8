"""Workspaces, their members, and the invitations by which people join."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from autosched import clock, db, events
from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.identity.access import allows, require
from autosched.identity.models import Invitation, Membership, Role, User, Workspace
from autosched.identity.service import normal_email, token_hash

INVITATION_DAYS = 7
MISSED_AFTER_MAX = 7 * 24 * 60


@dataclass(frozen=True)
class Member:
    """A person in a workspace, as its members see them."""

    user_id: str
    name: str
    email: str
    role: Role
    since: datetime


def workspaces(actor: str) -> list[tuple[Workspace, Role]]:
    """The actor's workspaces, oldest first, with the role in each."""
    with db.read() as session:
        rows = session.exec(
            select(Workspace, Membership)
            .join(Membership, col(Membership.workspace_id) == col(Workspace.id))
            .where(Membership.user_id == actor)
            .order_by(col(Workspace.created_at), col(Workspace.id))
        ).all()
        return [(workspace, membership.role) for workspace, membership in rows]


def workspace(actor: str, workspace_id: str) -> Workspace:
    """One workspace, for a member."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        return _workspace(session, workspace_id)


def create(actor: str, name: str, zone: str) -> Workspace:
    """A further workspace, owned by the actor."""
    made = Workspace(name=_name(name), zone=clock.zone(zone).key)
    with db.write() as session:
        session.add(made)
        session.flush()
        session.add(Membership(workspace_id=made.id, user_id=actor, role=Role.OWNER))
    return made


def change(
    actor: str,
    workspace_id: str,
    *,
    name: str | None = None,
    zone: str | None = None,
    missed_after_minutes: int | None = None,
) -> Workspace:
    """Rename a workspace, or change its zone or its rule for missed times.

    Posts keep the moment for which they were planned: a new zone only changes how it is shown.
    """
    with db.write() as session:
        require(session, actor, workspace_id, Role.ADMIN)
        changed = _workspace(session, workspace_id)
        if name is not None:
            changed.name = _name(name)
        if zone is not None:
            changed.zone = clock.zone(zone).key
        if missed_after_minutes is not None:
            if not 1 <= missed_after_minutes <= MISSED_AFTER_MAX:
                raise InvalidError("A post can be late by one minute to seven days.")
            changed.missed_after_minutes = missed_after_minutes
        session.add(changed)
        db.after_commit(session, lambda: events.tell(workspace_id, "member"))
    return changed


def members(actor: str, workspace_id: str) -> list[Member]:
    """Everyone in the workspace, in the order in which they came."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        rows = session.exec(
            select(User, Membership)
            .join(Membership, col(Membership.user_id) == col(User.id))
            .where(Membership.workspace_id == workspace_id)
            .order_by(col(Membership.created_at), col(User.id))
        ).all()
        return [
            Member(user.id, user.name, user.email, membership.role, membership.created_at)
            for user, membership in rows
        ]


def invite(actor: str, workspace_id: str, email: str, role: Role) -> str:
    """A token that lets the person with this address join, once, within `INVITATION_DAYS`.

    Inviting the same address again replaces the earlier link. Nobody can give a role above
    their own.
    """
    email, token = normal_email(email), secrets.token_urlsafe(24)
    with db.write() as session:
        own = require(session, actor, workspace_id, Role.ADMIN)
        if not allows(own.role, role):
            raise ForbiddenError("You can't give a role above your own.")
        joined = session.exec(
            select(Membership)
            .join(User, col(User.id) == col(Membership.user_id))
            .where(Membership.workspace_id == workspace_id, User.email == email)
        ).first()
        if joined is not None:
            raise ConflictError("This person is a member already.")
        for earlier in session.exec(
            select(Invitation).where(
                Invitation.workspace_id == workspace_id, Invitation.email == email
            )
        ):
            session.delete(earlier)
        session.flush()
        session.add(
            Invitation(
                token_hash=token_hash(token),
                workspace_id=workspace_id,
                email=email,
                role=role,
                invited_by=actor,
                expires_at=clock.now() + timedelta(days=INVITATION_DAYS),
            )
        )
    return token


def invitations(actor: str, workspace_id: str) -> list[Invitation]:
    """The invitations that are still open."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.ADMIN)
        return list(
            session.exec(
                select(Invitation).where(
                    Invitation.workspace_id == workspace_id,
                    col(Invitation.expires_at) > clock.now(),
                )
            )
        )


def withdraw(actor: str, workspace_id: str, email: str) -> None:
    """Take an invitation back."""
    with db.write() as session:
        require(session, actor, workspace_id, Role.ADMIN)
        for invitation in session.exec(
            select(Invitation).where(
                Invitation.workspace_id == workspace_id, Invitation.email == email
            )
        ):
            session.delete(invitation)


def invited_to(token: str) -> tuple[Workspace, Invitation] | None:
    """What an invitation's token opens, or `None` when it is spent, old or wrong."""
    with db.read() as session:
        invitation = session.get(Invitation, token_hash(token))
        if invitation is None or invitation.expires_at <= clock.now():
            return None
        return _workspace(session, invitation.workspace_id), invitation


def accept(actor: str, token: str) -> Workspace:
    """Join with an invitation; it is spent by this. Only its addressee can use it."""
    with db.write() as session:
        invitation = session.get(Invitation, token_hash(token))
        user = session.get(User, actor)
        if invitation is None or user is None or invitation.expires_at <= clock.now():
            raise NotFoundError(
                "This invitation has been used, taken back, or is too old.",
                remedy="Ask for a new one.",
            )
        if invitation.email != user.email:
            raise ForbiddenError(
                "This invitation is for another address.",
                remedy="Log in with the address to which it was sent.",
            )
        joined = _workspace(session, invitation.workspace_id)
        if session.get(Membership, (joined.id, actor)) is None:
            session.add(Membership(workspace_id=joined.id, user_id=actor, role=invitation.role))
        session.delete(invitation)
        db.after_commit(session, lambda: events.tell(joined.id, "member"))
    return joined


def set_role(actor: str, workspace_id: str, user_id: str, role: Role) -> None:
    """Change a member's role; nobody above the actor, and the last owner stays."""
    with db.write() as session:
        own = require(session, actor, workspace_id, Role.ADMIN)
        member = _member(session, workspace_id, user_id)
        if not allows(own.role, role) or not allows(own.role, member.role):
            raise ForbiddenError("You can't change a role above your own, or give one.")
        if member.role == Role.OWNER and role != Role.OWNER:
            _keep_an_owner(session, workspace_id)
        member.role = role
        session.add(member)
        db.after_commit(session, lambda: events.tell(workspace_id, "member"))


def remove(actor: str, workspace_id: str, user_id: str) -> None:
    """Let a member go, or leave; what they made stays. The last owner can't go."""
    with db.write() as session:
        needed = Role.VIEWER if actor == user_id else Role.ADMIN
        own = require(session, actor, workspace_id, needed)
        member = _member(session, workspace_id, user_id)
        if not allows(own.role, member.role):
            raise ForbiddenError("You can't remove someone whose role is above your own.")
        if member.role == Role.OWNER:
            _keep_an_owner(session, workspace_id)
        session.delete(member)
        db.after_commit(session, lambda: events.tell(workspace_id, "member"))


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 100:
        raise InvalidError("Please give a name of at most 100 characters.")
    return name


def _workspace(session: Session, workspace_id: str) -> Workspace:
    found = session.get(Workspace, workspace_id)
    if found is None:
        raise NotFoundError("There is no such workspace.")
    return found


def _member(session: Session, workspace_id: str, user_id: str) -> Membership:
    found = session.get(Membership, (workspace_id, user_id))
    if found is None:
        raise NotFoundError("This person is not a member.")
    return found


def _keep_an_owner(session: Session, workspace_id: str) -> None:
    owners = session.exec(
        select(func.count())
        .select_from(Membership)
        .where(Membership.workspace_id == workspace_id, Membership.role == Role.OWNER)
    ).one()
    if owners < 2:
        raise ConflictError(
            "A workspace needs an owner.", remedy="Make another member its owner first."
        )
