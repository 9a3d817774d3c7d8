"""Finding a post, a target or an account for somebody who may see or change it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from autosched.errors import NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role, Workspace
from autosched.schedule.models import Account, Post, Target


def post_for(session: Session, actor: str, post_id: str, needed: Role) -> Post:
    """The post; to those who may not know of it, there is none (`NotFoundError`)."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFoundError("There is no such post.")
    _allow(session, actor, post.workspace_id, needed, "There is no such post.")
    return post


def target_for(
    session: Session, actor: str, target_id: str, needed: Role, *, held: bool = False
) -> Target:
    """The target, by the same rule; `held` as in `targets_of`."""
    target = session.get(Target, target_id, with_for_update=held or None)
    if target is None:
        raise NotFoundError("There is no such post on an account.")
    _allow(session, actor, target.workspace_id, needed, "There is no such post on an account.")
    return target


def account_for(session: Session, actor: str, account_id: str, needed: Role) -> Account:
    """The account, by the same rule."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError("There is no such account.")
    _allow(session, actor, account.workspace_id, needed, "There is no such account.")
    return account


def targets_of(session: Session, post_id: str, *, held: bool = False) -> list[Target]:
    """The post's targets, in the order in which they were made.

    `held`: nobody else moves them until this transaction ends.
    """
    query = select(Target).where(Target.post_id == post_id).order_by(col(Target.id))
    return list(session.exec(query.with_for_update() if held else query))


def accounts_of(
    session: Session, workspace_id: str, ids: list[str] | None = None
) -> dict[str, Account]:
    """The workspace's accounts by id, all or those asked for; `NotFoundError` for a stranger's."""
    query = select(Account).where(Account.workspace_id == workspace_id)
    if ids is not None:
        query = query.where(col(Account.id).in_(ids))
    found = {account.id: account for account in session.exec(query.order_by(col(Account.id)))}
    if ids is not None and set(ids) - set(found):
        raise NotFoundError("One of these accounts does not exist in this workspace.")
    return found


def zone_of(session: Session, workspace_id: str) -> str:
    """The workspace's IANA zone."""
    return session.get_one(Workspace, workspace_id).zone


def _allow(session: Session, actor: str, workspace_id: str, needed: Role, unknown: str) -> None:
    try:
        require(session, actor, workspace_id, needed)
    except NotFoundError as error:
        raise NotFoundError(unknown) from error
