"""The post that is looked at in the calendar: its words, its targets, what happened to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError, NotFoundError
from autosched.library import service as library
from autosched.schedule import life, service
from autosched.schedule.models import Post, Target, TargetState
from autosched.ui import words
from autosched.ui.calendar.helping import Helping, in_words, why
from autosched.ui.calendar.spoken import spoken
from autosched.ui.handlers import event
from autosched.ui.parts.status import STATES
from autosched.ui.session import Session


@dataclass(frozen=True)
class Medium:
    """A file of the post."""

    asset_id: str
    kind: str
    alt: str


@dataclass(frozen=True)
class Moment:
    """A line of a target's history."""

    at: str
    state: str
    actor: str
    cause: str


@dataclass(frozen=True)
class Line:
    """The post on one account. `own_text`: what this account gets instead of the post's text."""

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
    history: list[Moment] = field(default_factory=list)


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


class Panel(Session):
    """The panel's state."""

    shown: Shown = Shown()
    is_open: bool = False
    is_loading: bool = False
    asks_to_publish: bool = False
    busy: str = ""

    @rx.var
    def can_change(self) -> bool:
        """Whether the words and the time may still be changed."""
        return self.shown.standing in ("draft", "scheduled", "attention", "cancelled")

    @rx.var
    def can_cancel(self) -> bool:
        """Whether there is something to keep back."""
        return self.shown.standing in ("draft", "scheduled", "attention") and bool(self.shown.lines)

    @rx.var
    def can_plan(self) -> bool:
        """Whether it is a draft that has a time and an account."""
        return self.shown.standing == "draft" and self.shown.at != "" and bool(self.shown.lines)

    @rx.var
    def can_publish(self) -> bool:
        """Whether it can be sent out now."""
        return self.shown.standing in ("draft", "scheduled") and bool(self.shown.lines)

    @event
    async def open(self, post_id: str) -> Any:
        """Show a post."""
        if post_id != self.shown.id:
            self.shown = Shown(id=post_id)
        self.is_open, self.is_loading, self.asks_to_publish = True, True, False
        yield
        trouble = await self._read(post_id)
        self.is_loading = False
        if trouble is not None:
            yield trouble

    @event
    def set_open(self, is_open: bool) -> None:
        """Open or close the panel."""
        self.is_open = is_open

    @event
    async def look_again(self) -> Any:
        """The post may have changed."""
        return await self._read(self.shown.id) if self.is_open and self.shown.id else None

    async def _read(self, post_id: str) -> Any:
        try:
            shown = await self.ask(_gather, self.workspace_id, post_id, self.language or "en")
        except AutoschedError as error:
            self.is_open = False
            return self.trouble(error)
        if shown != self.shown:
            self.shown = shown
        return None

    # ---- what can be done with the post as a whole

    @event
    def ask_to_publish(self, asks: bool) -> None:
        """Publishing can't be undone, so it is asked for twice."""
        self.asks_to_publish = asks

    @event
    async def publish(self) -> Any:
        """Send the post out now."""
        self.asks_to_publish = False
        async for each in self._do("publish", service.publish_now, "It goes out now."):
            yield each

    @event
    async def cancel(self) -> Any:
        """Keep the post back."""
        async for each in self._do("cancel", service.cancel, "Cancelled. It will not go out."):
            yield each

    @event
    async def back_to_draft(self) -> Any:
        """Take the post off the schedule."""
        async for each in self._do("draft", service.unschedule, "It is a draft again."):
            yield each

    @event
    async def schedule(self) -> Any:
        """Let a draft that has a time go out then."""
        post_id = self.shown.id
        async for each in self._do("schedule", _schedule_as_noted, ""):
            yield each
        if self.shown.id == post_id and self.shown.standing == "scheduled":
            language = self.language or "en"
            at = words.say("Scheduled for {when}", language, when=self._when())
            yield rx.toast.success(at)

    def _when(self) -> str:
        from datetime import datetime

        from autosched import clock

        wall = clock.wall(datetime.fromisoformat(self.shown.at), self.zone)
        return spoken(wall, self.language or "en")

    async def _do(self, name: str, verb: Any, done: str) -> Any:
        self.busy = name
        yield
        try:
            await self.ask(verb, self.shown.id)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            if done:
                yield self.good(done)
        await self._read(self.shown.id)
        self.busy = ""
        yield Helping.after_help


def _schedule_as_noted(actor: str, post_id: str) -> None:
    """Schedule a draft for the time that is noted with it."""
    from autosched import clock

    post = service.post(actor, post_id)
    if post.scheduled_at is not None:
        wall = clock.wall(post.scheduled_at, post.zone)
        later = clock.resolve(wall, post.zone).utc != post.scheduled_at
        service.schedule(actor, post_id, wall, later=later)


def _gather(actor: str, workspace_id: str, post_id: str, language: str) -> Shown:
    post = service.post(actor, post_id)
    targets = service.targets(actor, post_id)
    concerns = {
        each.target_id: each
        for each in service.attention(actor, workspace_id)
        if each.post_id == post_id
    }
    accounts = {account.id: account for account in service.accounts(actor, workspace_id)}
    lines = []
    for target in targets:
        account = accounts.get(target.account_id)
        concern = concerns.get(target.id)
        reason, remedy, own = why(concern, language) if concern else ("", "", "")
        lines.append(
            Line(
                target_id=target.id,
                post_id=post_id,
                account_id=target.account_id,
                platform=account.platform if account else "",
                handle=account.handle if account else "",
                initials=initials(account.name or account.handle) if account else "?",
                avatar=(account.avatar or "") if account else "",
                state=str(target.state),
                at=_at(post, target),
                permalink=target.permalink or "",
                own_text=target.text or "",
                sentence=reason,
                remedy=remedy,
                own_words=own,
                helps=[help_.value for help_ in concern.helps] if concern else [],
                history=happened(actor, target.id, language),
            )
        )
    return Shown(
        id=post.id,
        text=post.text,
        at=post.scheduled_at.isoformat() if post.scheduled_at else "",
        standing=life.summary(target.state for target in targets),
        version=post.version,
        media=_media(actor, post),
        lines=lines,
    )


def happened(actor: str, target_id: str, language: str) -> list[Moment]:
    """A target's history, the newest first, in the reader's words."""
    return [
        Moment(
            line.at.isoformat(),
            line.state_to,
            line.actor,
            in_words(line.cause, language, STATES[TargetState(line.state_to)][2]),
        )
        for line in reversed(service.history(actor, target_id))
    ]


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
