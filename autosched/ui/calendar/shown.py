"""A post as the panel shows it: its words, its targets, what happened to each and what comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from autosched import clock
from autosched.errors import NotFoundError
from autosched.library import service as library
from autosched.platforms import registry
from autosched.schedule import life, service, trouble
from autosched.schedule.models import Account, Post, Target, TargetState
from autosched.ui import words
from autosched.ui.calendar.helping import why
from autosched.ui.calendar.story import Chapter, Next, is_by_hand, story, what_next


@dataclass(frozen=True)
class Medium:
    """A file of the post."""

    asset_id: str
    kind: str
    alt: str


@dataclass(frozen=True)
class Line:
    """The post on one account. `own_text`: what this account gets instead of the post's text.

    `next_kind` and `next_at` as in `story.Next`. `takes_back`: the platform lets it be deleted.
    """

    target_id: str
    post_id: str
    account_id: str
    platform: str
    handle: str
    initials: str
    avatar: str
    state: str
    at: str
    permalink: str
    own_text: str
    sentence: str
    remedy: str
    own_words: str
    helps: list[str]
    title: str = ""
    next_kind: str = ""
    next_at: str = ""
    by_hand: bool = False
    takes_back: bool = False
    history: list[Chapter] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """The post as the panel shows it. `standing` as in `schedule.life.summary`."""

    id: str = ""
    text: str = ""
    at: str = ""
    standing: str = "draft"
    version: int = 0
    media: list[Medium] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def gather(actor: str, workspace_id: str, post_id: str, language: str) -> Shown:
    """Read the post with its targets and their stories, in the reader's words."""
    post = service.post(actor, post_id)
    targets = service.targets(actor, post_id)
    concerns = {
        each.target_id: each
        for each in service.attention(actor, workspace_id)
        if each.post_id == post_id
    }
    accounts = {account.id: account for account in service.accounts(actor, workspace_id)}
    paused = _paused(actor, workspace_id)
    lines = [
        _line(
            actor,
            target,
            accounts.get(target.account_id),
            concerns.get(target.id),
            _at(post, target),
            what_next(target, clock.now(), paused.get(target.account_id)),
            language,
        )
        for target in targets
    ]
    return Shown(
        id=post.id,
        text=post.text,
        at=post.scheduled_at.isoformat() if post.scheduled_at else "",
        standing=life.summary(target.state for target in targets),
        version=post.version,
        media=_media(actor, post),
        lines=lines,
    )


def _line(
    actor: str,
    target: Target,
    account: Account | None,
    concern: service.Concern | None,
    at: str,
    coming: Next,
    language: str,
) -> Line:
    reason, remedy, own = why(concern, language) if concern else ("", "", "")
    platform = registry.platform(account.platform) if account else None
    can_delete = platform.can_delete if platform else False
    return Line(
        target_id=target.id,
        post_id=target.post_id,
        account_id=target.account_id,
        platform=account.platform if account else "",
        handle=account.handle if account else "",
        initials=initials(account.name or account.handle) if account else "?",
        avatar=(account.avatar or "") if account else "",
        state=str(target.state),
        at=at,
        permalink=target.permalink or "",
        own_text=target.text or "",
        sentence=reason,
        remedy=remedy,
        own_words=own,
        helps=[help_.value for help_ in concern.helps] if concern else [],
        title=words.known(platform.title, language) if platform else "",
        next_kind=coming.kind,
        next_at=coming.at,
        by_hand=target.state == TargetState.NEEDS_PERSON and is_by_hand(target.error_code),
        takes_back=target.state == TargetState.PUBLISHED and can_delete,
        history=happened(actor, target.id, language),
    )


def _paused(actor: str, workspace_id: str) -> dict[str, datetime]:
    """Until when accounts wait for their platform, by account."""
    return {
        account_id: each.until
        for each in trouble.troubles(actor, workspace_id)
        if each.until is not None
        for account_id in each.account_ids
    }


def happened(actor: str, target_id: str, language: str) -> list[Chapter]:
    """A target's history as a story, in the reader's words."""
    return story(service.history(actor, target_id), language)


def _media(actor: str, post: Post) -> list[Medium]:
    found = []
    for item in post.media:
        try:
            asset = library.asset(actor, item["asset_id"])
        except NotFoundError:
            continue  # the file was deleted after the post had gone out
        found.append(Medium(asset.id, str(asset.kind), item["alt"] or asset.alt))
    return found


def _at(post: Post, target: Target) -> str:
    moment = target.published_at or target.due_at or post.scheduled_at
    if target.state == TargetState.RETRY_WAIT:
        moment = target.run_at
    return moment.isoformat() if moment else ""


def initials(name: str) -> str:
    """At most two letters that stand for an account."""
    plain = name.lstrip("@/").rsplit("/", 1)[-1]
    return "".join(part[0] for part in plain.replace(".", " ").split()[:2]) or "?"
