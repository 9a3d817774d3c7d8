"""Writing posts: once for all accounts, with a variant where one account needs its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import Session, SQLModel

from autosched import clock, db, events
from autosched.errors import ConflictError, InvalidError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.schedule import attachments, life, limits
from autosched.schedule.access import accounts_of, post_for, targets_of, zone_of
from autosched.schedule.limits import AccountSurvey, refuse_blocked, survey_one, variant
from autosched.schedule.models import Account, AccountState, Post, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.planning import foresee_in, plan
from autosched.schedule.transitions import amend, begin, move

TEXT_MAX = 20_000
_POST = SQLModel.metadata.tables[str(Post.__tablename__)]

Variants = Mapping[str, Mapping[str, Any]]


def survey(
    actor: str,
    workspace_id: str,
    text: str,
    media: Sequence[Mapping[str, Any]] = (),
    account_ids: Sequence[str] = (),
    variants: Variants | None = None,
) -> list[AccountSurvey]:
    """How a draft stands on each account, as it is being written; nothing is stored."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        chosen = accounts_of(session, workspace_id, list(dict.fromkeys(account_ids)))
        written = attachments.written(session, workspace_id, media)
    files = attachments.files(workspace_id, written)
    surveys = []
    for account_id in dict.fromkeys(account_ids):
        own = variant(variants, account_id)
        words = text if own.text is None else own.text
        account = chosen[account_id]
        account.secret = None
        surveys.append(survey_one(account, words, files, own.options or {}))
    return surveys


def compose(
    actor: str,
    workspace_id: str,
    *,
    text: str,
    media: Sequence[Mapping[str, Any]] = (),
    account_ids: Sequence[str] = (),
    when: datetime | None = None,
    variants: Variants | None = None,
    later: bool = False,
    draft: bool = False,
) -> Post:
    """Write a post. With `when`, a naive wall-clock time in the workspace's zone, it is scheduled,
    and refused if a platform's limits are against it; with `draft` too the time is only noted.

    `variants`: `{account_id: {"text": …, "options": {…}}}`. `later`: of a time that comes twice
    the second is meant.
    """
    _check_text(text)
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        chosen = accounts_of(session, workspace_id, list(dict.fromkeys(account_ids)))
        post = Post(
            workspace_id=workspace_id,
            author_id=actor,
            text=text,
            media=attachments.written(session, workspace_id, media),
            zone=zone_of(session, workspace_id),
        )
        session.add(post)
        session.flush()
        targets = [
            _new_target(session, actor, post, chosen[account_id], variants)
            for account_id in dict.fromkeys(account_ids)
        ]
        session.flush()
        if when is not None and draft:
            post.scheduled_at = foresee_in(post.zone, when, later=later).moment.utc
        elif when is not None:
            plan(session, actor, post, targets, when, later=later)
        _tell(session, post)
    return post


def edit(
    actor: str,
    post_id: str,
    *,
    version: int,
    text: str | None = None,
    media: Sequence[Mapping[str, Any]] | None = None,
    account_ids: Sequence[str] | None = None,
    variants: Variants | None = None,
) -> Post:
    """Change a post; what is not given stays. `ConflictError` if somebody has changed it since
    `version`, or if it is going out just now. What has gone out stays as it went out.
    """
    if text is not None:
        _check_text(text)
    with db.write() as session:
        post = post_for(session, actor, post_id, Role.EDITOR)
        _next_version(session, post, version)
        targets = targets_of(session, post_id, held=True)
        _refuse_if_going_out(targets)
        old_text = post.text
        if text is not None:
            post.text = text
        if media is not None:
            post.media = attachments.written(session, post.workspace_id, media)
        session.add(post)
        changed = text is not None or media is not None
        for target in targets:
            _edit_target(session, target, variants, old_text, changed)
        if account_ids is not None:
            _choose_accounts(session, actor, post, targets, account_ids, variants)
        session.flush()
        session.expire_all()
        targets = targets_of(session, post_id)
        waiting = [target for target in targets if target.state in life.WAITING]
        if waiting:
            files = attachments.files(post.workspace_id, post.media)
            refuse_blocked(post, waiting, accounts_of(session, post.workspace_id), files)
        _tell(session, post)
    return post


def post(actor: str, post_id: str) -> Post:
    """One post, for a member of its workspace."""
    with db.read() as session:
        return post_for(session, actor, post_id, Role.VIEWER)


def targets(actor: str, post_id: str) -> list[Target]:
    """The post's targets, one an account."""
    with db.read() as session:
        post_for(session, actor, post_id, Role.VIEWER)
        return targets_of(session, post_id)


def _check_text(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise InvalidError(f"A text has at most {TEXT_MAX:,} characters.", code="text_long")


def _new_target(
    session: Session, actor: str, post: Post, account: Account, variants: Variants | None
) -> Target:
    if account.state == AccountState.DISCONNECTED:
        raise InvalidError(f"{account.handle} is not connected any more.", code="account")
    own = limits.variant(variants, account.id)
    target = Target(
        workspace_id=post.workspace_id,
        post_id=post.id,
        account_id=account.id,
        text=own.text,
        options=own.options or {},
    )
    session.add(target)
    begin(session, target, actor=actor, cause="Written.")
    return target


def _next_version(session: Session, post: Post, version: int) -> None:
    result = session.execute(
        update(_POST)
        .where(_POST.c.id == post.id, _POST.c.version == version)
        .values(version=version + 1, updated_at=clock.now())
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise ConflictError(
            "Somebody has changed this post while you were at it.",
            remedy="Copy what you wrote, reload the page, and put it in again.",
            code="version",
        )
    session.refresh(post)


def _refuse_if_going_out(targets: Sequence[Target]) -> None:
    for target in targets:
        if target.state in life.HELD | life.DOUBTFUL or target.doubt_since is not None:
            raise ConflictError(
                f"This post is {life.words(target.state)}, so it can't be changed now.",
                remedy="Wait a moment, or say whether it went out, and try again.",
                code="going_out",
            )


def _edit_target(
    session: Session,
    target: Target,
    variants: Variants | None,
    old_text: str,
    post_changed: bool,
) -> None:
    if target.state == S.PUBLISHED:
        if target.text is None and post_changed:
            amend(session, target, text=old_text)
        return
    changes: dict[str, Any] = {}
    if variants is not None:
        own = limits.variant(variants, target.account_id)
        changes = {"text": own.text, "options": own.options or {}}
    if changes or post_changed:
        # What was uploaded for the earlier version is not this one's.
        amend(session, target, handle={}, **changes)


def _choose_accounts(
    session: Session,
    actor: str,
    post: Post,
    targets: Sequence[Target],
    account_ids: Sequence[str],
    variants: Variants | None,
) -> None:
    wanted = list(dict.fromkeys(account_ids))
    chosen = accounts_of(session, post.workspace_id, wanted)
    waits = any(target.state in life.WAITING for target in targets)
    there = {target.account_id: target for target in targets}
    for account_id, target in there.items():
        if account_id not in wanted and target.state not in (S.PUBLISHED, S.CANCELLED):
            cause = "The account was taken out of the post."
            nothing = {"lease": None, "run_at": None}
            move(session, [target], S.CANCELLED, actor=actor, cause=cause, **nothing)
    for account_id in wanted:
        earlier = there.get(account_id)
        if earlier is None:
            target = _new_target(session, actor, post, chosen[account_id], variants)
            session.flush()
        elif earlier.state == S.CANCELLED:
            target = earlier
            cause = "The account was chosen again."
            move(session, [target], S.DRAFT, actor=actor, cause=cause)
            session.refresh(target)
        else:
            continue
        if waits and post.scheduled_at is not None:
            due: dict[str, Any] = {
                "due_at": post.scheduled_at,
                "run_at": post.scheduled_at,
                "attempts": 0,
            }
            cause = "Scheduled with the post."
            move(session, [target], S.SCHEDULED, actor=actor, cause=cause, **due)


def _tell(session: Session, post: Post) -> None:
    workspace_id, post_id = post.workspace_id, post.id
    db.after_commit(session, lambda: events.tell(workspace_id, "post", id=post_id))
