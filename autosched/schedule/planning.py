"""When posts go out: scheduling, moving, cancelling, and ordering one out now.

A person plans in the wall-clock time of the workspace's zone. Where the clocks jump, what became
of the time is said in a sentence (`Foreseen.notice`), never done in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from autosched import clock, db, events
from autosched.errors import ConflictError, InvalidError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.schedule import attachments, life
from autosched.schedule.access import accounts_of, post_for, targets_of, zone_of
from autosched.schedule.limits import refuse_blocked
from autosched.schedule.models import Post, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import move

_GRACE = timedelta(minutes=1)
"""The minute that has begun is still now: a person picks minutes, not seconds."""
CLEAN: dict[str, Any] = {
    "lease": None,
    "attempts": 0,
    "questions": 0,
    "doubt_since": None,
    "error_code": None,
    "error": None,
    "remedy": None,
}
"""How a target stands when it is ordered anew."""


@dataclass(frozen=True)
class Foreseen:
    """A wall-clock time made exact. `notice` is empty unless the clocks play a trick on it."""

    moment: clock.Moment
    notice: str


@dataclass(frozen=True)
class Planned:
    """A post with the moment for which it was scheduled, and the notice that goes with it."""

    post: Post
    moment: clock.Moment
    notice: str


def foresee(actor: str, workspace_id: str, when: datetime, *, later: bool = False) -> Foreseen:
    """What a wall-clock time in the workspace's zone means; `InvalidError` if it has passed."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        return foresee_in(zone_of(session, workspace_id), when, later=later)


def schedule(actor: str, post_id: str, when: datetime, *, later: bool = False) -> Planned:
    """Let the post go out at `when`, a naive wall-clock time in the workspace's zone.

    `InvalidError` if the time has passed or a platform's limits are against the post,
    `ConflictError` if nothing of it can be scheduled any more. `later`: of a time that comes
    twice the second is meant.
    """
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        foreseen = plan(
            session, actor, post, targets_of(session, post_id, held=True), when, later=later
        )
        _tell(session, post)
    return Planned(post, foreseen.moment, foreseen.notice)


def reschedule(actor: str, post_id: str, when: datetime, *, later: bool = False) -> Planned:
    """Move the post to another time, as by dragging it. A draft keeps being one."""
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        targets = targets_of(session, post_id, held=True)
        if all(target.state in (S.DRAFT, S.CANCELLED) for target in targets):
            foreseen = foresee_in(zone_of(session, post.workspace_id), when, later=later)
            post.zone, post.scheduled_at = foreseen.moment.zone, foreseen.moment.utc
            session.add(post)
        else:
            foreseen = plan(session, actor, post, targets, when, later=later)
        _tell(session, post)
    return Planned(post, foreseen.moment, foreseen.notice)


def publish_now(actor: str, post_id: str) -> Post:
    """Let all of the post that can go out do so at once."""
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        movable = _movable(targets_of(session, post_id, held=True))
        _order(session, actor, post, movable, clock.now(), "Published at once.")
        _tell(session, post)
    return post


def unschedule(actor: str, post_id: str) -> Post:
    """Make a draft of a scheduled post again."""
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        waiting = [
            target
            for target in targets_of(session, post_id, held=True)
            if target.state == S.SCHEDULED
        ]
        if not waiting:
            raise _nothing("This post is not scheduled.")
        cause = "Taken off the calendar."
        move(session, waiting, S.DRAFT, actor=actor, cause=cause, due_at=None, run_at=None)
        _tell(session, post)
    return post


def cancel(actor: str, post_id: str) -> Post:
    """Keep back all of the post that is not public yet; up to the last moment this wins."""
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        targets = targets_of(session, post_id, held=True)
        able = [
            target
            for target in targets
            if target.state in life.CANCELLABLE and target.doubt_since is None
        ]
        if not able:
            raise _nothing(_standing(targets))
        clean = {**CLEAN, "run_at": None}
        move(session, able, S.CANCELLED, actor=actor, cause="Cancelled.", **clean)
        _tell(session, post)
    return post


def plan(
    session: Session,
    actor: str,
    post: Post,
    targets: Sequence[Target],
    when: datetime,
    *,
    later: bool = False,
) -> Foreseen:
    """Schedule what can be scheduled of a post, within the caller's transaction."""
    foreseen = foresee_in(zone_of(session, post.workspace_id), when, later=later)
    movable = _movable(targets)
    cause = f"Scheduled for {foreseen.moment.wall:%Y-%m-%d %H:%M} ({foreseen.moment.zone})."
    _order(session, actor, post, movable, foreseen.moment.utc, cause)
    post.zone = foreseen.moment.zone
    return foreseen


def foresee_in(zone: str, when: datetime, *, later: bool = False) -> Foreseen:
    """What a wall-clock time means in a zone; `InvalidError` if it has passed."""
    moment = clock.resolve(when, zone, later=later)
    if moment.utc <= clock.now() - _GRACE:
        raise InvalidError(
            f"{moment.wall:%d %B %Y, %H:%M} has passed already in {zone}.",
            remedy="Choose a later time, or publish it now.",
            code="past",
        )
    day = f"{when:%d %B %Y}"
    if moment.kind == "gap":
        notice = (
            f"On {day} the clocks in {zone} jump over {when:%H:%M}; "
            f"this goes out at {moment.wall:%H:%M}."
        )
    elif moment.kind == "fold":
        which = "second" if later else "first"
        notice = (
            f"On {day} the clocks in {zone} show {when:%H:%M} twice; "
            f"this goes out the {which} time."
        )
    else:
        notice = ""
    return Foreseen(moment, notice)


def _movable(targets: Sequence[Target]) -> list[Target]:
    """What can be ordered out. What was cancelled is, only if all of the post was."""
    if not targets:
        raise InvalidError("This post has no account to go out on.", remedy="Choose an account.")
    able = [
        target
        for target in targets
        if S.SCHEDULED in life.MOVES[target.state]
        and target.state not in life.DOUBTFUL
        and target.doubt_since is None
    ]
    living = [target for target in able if target.state != S.CANCELLED]
    if not living and all(target.state == S.CANCELLED for target in targets):
        living = able
    if not living:
        raise _nothing(_standing(targets))
    return living


def _order(
    session: Session, actor: str, post: Post, targets: list[Target], due: datetime, cause: str
) -> None:
    files = attachments.files(post.workspace_id, post.media)
    refuse_blocked(post, targets, accounts_of(session, post.workspace_id), files)
    post.scheduled_at = due
    session.add(post)
    move(session, targets, S.SCHEDULED, actor=actor, cause=cause, due_at=due, run_at=due, **CLEAN)


def _standing(targets: Sequence[Target]) -> str:
    return f"This post is {life.words(targets[0].state if targets else S.DRAFT)}."


def _nothing(sentence: str) -> ConflictError:
    return ConflictError(sentence, remedy="Reload the page to see how it stands now.", code="state")


def _tell(session: Session, post: Post) -> None:
    workspace_id, post_id = post.workspace_id, post.id
    db.after_commit(session, lambda: events.tell(workspace_id, "post", id=post_id))
