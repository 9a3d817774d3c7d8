"""What needs a look: what failed or waits for a person, why, and what would help; and histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from autosched import db
from autosched.identity.access import require
from autosched.identity.models import Role, User
from autosched.schedule import by_hand, life
from autosched.schedule.access import target_for
from autosched.schedule.calendar import title
from autosched.schedule.models import Account, Post, Target, TargetEvent
from autosched.schedule.models import TargetState as S

SHOWN_MAX = 200


class Help(StrEnum):
    """What a person can do about it; each is one verb of the service."""

    RETRY = "retry"
    RECONNECT = "reconnect"
    EDIT = "edit"
    RESCHEDULE = "reschedule"
    PUBLISH_NOW = "publish_now"
    WENT_OUT = "went_out"
    DID_NOT = "did_not"
    ASK_AGAIN = "ask_again"
    CANCEL = "cancel"


_HELPS: Mapping[S, tuple[Help, ...]] = {
    S.FAILED: (Help.RETRY, Help.EDIT, Help.CANCEL),
    S.MISSED: (Help.PUBLISH_NOW, Help.RESCHEDULE, Help.CANCEL),
    S.NEEDS_PERSON: (Help.RETRY, Help.EDIT, Help.CANCEL),
    S.UNCONFIRMED: (Help.ASK_AGAIN, Help.WENT_OUT, Help.DID_NOT),
    S.RETRY_WAIT: (Help.RETRY, Help.CANCEL),
}
_IN_DOUBT = (Help.WENT_OUT, Help.DID_NOT, Help.ASK_AGAIN)
_ACCOUNT = (Help.RECONNECT, Help.CANCEL)
_BY_HAND = (Help.WENT_OUT, Help.EDIT, Help.CANCEL)


@dataclass(frozen=True)
class Concern:
    """A target that needs a look. `helps`: what can be done, the most helpful first.

    `code`: of what went wrong; `next_try`: when it is looked at again by itself.
    """

    target_id: str
    post_id: str
    account_id: str
    platform: str
    handle: str
    title: str
    state: str
    sentence: str
    remedy: str
    helps: tuple[Help, ...]
    due_at: datetime | None
    next_try: datetime | None
    code: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a target's history. `actor`: a person's name, “dispatcher” or “worker”."""

    at: datetime
    state_from: str | None
    state_to: str
    actor: str
    cause: str


def attention(actor: str, workspace_id: str) -> list[Concern]:
    """What failed, waits for a person, is being settled or tried again; the newest first."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        rows = session.exec(
            select(Target, Post, Account)
            .join(Post, col(Post.id) == col(Target.post_id))
            .join(Account, col(Account.id) == col(Target.account_id))
            .where(Target.workspace_id == workspace_id, col(Target.state).in_(list(_HELPS)))
            .order_by(col(Target.due_at).desc(), col(Target.id).desc())
            .limit(SHOWN_MAX)
        ).all()
    return [_concern(target, post, account) for target, post, account in rows]


def history(actor: str, target_id: str) -> list[Line]:
    """All that happened to the target, in order."""
    with db.read() as session:
        target = target_for(session, actor, target_id, Role.VIEWER)
        events = session.exec(
            select(TargetEvent)
            .where(TargetEvent.target_id == target.id)
            .order_by(col(TargetEvent.at), col(TargetEvent.id))
        ).all()
        names = _names(session, {event.actor for event in events})
    return [
        Line(
            event.at,
            str(event.state_from) if event.state_from else None,
            str(event.state_to),
            names.get(event.actor, event.actor),
            event.cause,
        )
        for event in events
    ]


def _concern(target: Target, post: Post, account: Account) -> Concern:
    helps = _HELPS[target.state]
    if target.state == S.NEEDS_PERSON and target.error_code == "account":
        helps = (Help.RECONNECT, *_IN_DOUBT) if target.doubt_since else _ACCOUNT
    elif target.doubt_since is not None and target.state == S.NEEDS_PERSON:
        helps = _IN_DOUBT
    elif target.state == S.NEEDS_PERSON and target.error_code == by_hand.CODE:
        helps = _BY_HAND
    return Concern(
        target_id=target.id,
        post_id=post.id,
        account_id=account.id,
        platform=account.platform,
        handle=account.handle,
        title=title(post.text if target.text is None else target.text),
        state=str(target.state),
        sentence=target.error or f"This post is {life.words(target.state)}.",
        remedy=target.remedy or "",
        helps=helps,
        due_at=target.due_at,
        next_try=target.run_at,
        code=target.error_code or "",
    )


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    rows = session.exec(select(User.id, User.name).where(col(User.id).in_(sorted(ids)))).all()
    return dict(rows)
