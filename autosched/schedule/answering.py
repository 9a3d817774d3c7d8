"""A person's word on a target: try again, it went out, it did not."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from autosched import clock, db
from autosched.errors import ConflictError
from autosched.identity.models import Role
from autosched.schedule import attachments, life
from autosched.schedule.access import accounts_of, target_for
from autosched.schedule.limits import refuse_blocked
from autosched.schedule.models import Post, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.planning import CLEAN
from autosched.schedule.transitions import move

_RETRIED = frozenset({S.FAILED, S.MISSED, S.NEEDS_PERSON, S.RETRY_WAIT, S.UNCONFIRMED})
_ANSWERED = frozenset({S.MISSED, S.NEEDS_PERSON, S.UNCONFIRMED})


def retry(actor: str, target_id: str) -> Target:
    """Try again now. While it is in doubt whether the post is public, only the platform is asked
    again: it is not sent a second time.
    """
    with db.write() as session:
        target = target_for(session, actor, target_id, Role.EDITOR, held=True)
        if target.state not in _RETRIED:
            raise _not_now(target)
        if target.state == S.UNCONFIRMED or target.doubt_since is not None:
            now: dict[str, Any] = {"questions": 0, "run_at": clock.now(), "lease": None}
            move(session, [target], S.UNCONFIRMED, actor=actor, cause="Asked to check now.", **now)
        else:
            _order_now(session, actor, target, "Asked to try again.")
        session.refresh(target)
    return target


def answer(actor: str, target_id: str, went_out: bool) -> Target:
    """Say whether the post is public, where only a person can know. If it is not, it goes out now.

    `ConflictError` if nobody is waiting for the answer, or the platform was quicker.
    """
    with db.write() as session:
        target = target_for(session, actor, target_id, Role.EDITOR, held=True)
        if target.state not in _ANSWERED:
            raise _not_now(target)
        if went_out:
            done = {**CLEAN, "attempts": target.attempts, "run_at": None}
            seen = target.doubt_since or clock.now()
            cause = "Said to have gone out."
            move(
                session, [target], S.PUBLISHED, actor=actor, cause=cause, published_at=seen, **done
            )
        else:
            _order_now(session, actor, target, "Said not to have gone out: it goes out now.")
        session.refresh(target)
    return target


def cancel_target(actor: str, target_id: str) -> Target:
    """Keep the post back on this one account."""
    with db.write() as session:
        target = target_for(session, actor, target_id, Role.EDITOR, held=True)
        if target.state not in life.CANCELLABLE or target.doubt_since is not None:
            raise _not_now(target)
        clean = {**CLEAN, "run_at": None}
        move(session, [target], S.CANCELLED, actor=actor, cause="Cancelled.", **clean)
        session.refresh(target)
    return target


def _order_now(session: Session, actor: str, target: Target, cause: str) -> None:
    post = session.get_one(Post, target.post_id)
    files = attachments.files(post.workspace_id, post.media)
    refuse_blocked(post, [target], accounts_of(session, post.workspace_id), files)
    now = clock.now()
    move(session, [target], S.SCHEDULED, actor=actor, cause=cause, due_at=now, run_at=now, **CLEAN)


def _not_now(target: Target) -> ConflictError:
    doubt = "; first say whether it went out" if target.doubt_since is not None else ""
    return ConflictError(
        f"This post is {life.words(target.state)}{doubt}.",
        remedy="Reload the page to see how it stands now.",
        code="state",
    )
