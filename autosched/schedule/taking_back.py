"""Taking a published post back, where the platform lets a program delete."""

from __future__ import annotations

from typing import Any

from autosched import db
from autosched.errors import ConflictError
from autosched.identity.models import Role
from autosched.platforms import registry
from autosched.schedule import life
from autosched.schedule.access import target_for
from autosched.schedule.desks import desk
from autosched.schedule.lease import Secret
from autosched.schedule.models import Account, AccountState, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import move


def take_back(actor: str, target_id: str) -> Target:
    """Delete the published post on its platform. `PlatformError` says why it could not be; the
    post then stands as before.
    """
    with db.read() as session:
        target = target_for(session, actor, target_id, Role.EDITOR)
        account = session.get_one(Account, target.account_id)
    if target.state != S.PUBLISHED:
        raise ConflictError(f"This post is {life.words(target.state)}.", code="state")
    if account.state != AccountState.ACTIVE:
        raise ConflictError(
            f"{account.handle} is not connected, so nothing can be deleted there.",
            remedy="Connect the account again, or delete the post on the platform itself.",
            code="account",
        )
    platform = registry.platform(account.platform)
    handle = dict(target.handle)
    platform.delete(desk(account, Secret(account)), str(handle.get("remote_id", "")), handle)
    with db.write() as session:
        target = target_for(session, actor, target_id, Role.EDITOR, held=True)
        cause = f"Deleted on {platform.title}."
        gone: dict[str, Any] = {"measure_at": None, "handle": {}, "permalink": None}
        move(session, [target], S.CANCELLED, actor=actor, cause=cause, **gone)
        session.refresh(target)
    return target
