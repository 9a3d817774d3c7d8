"""The post that is looked at in the calendar, and what can be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx

from autosched import clock
from autosched.errors import AutoschedError
from autosched.schedule import service
from autosched.ui import words
from autosched.ui.calendar.helping import Helping
from autosched.ui.calendar.shown import Shown, gather
from autosched.ui.calendar.spoken import spoken
from autosched.ui.handlers import event
from autosched.ui.session import Session


class Panel(Session):
    """The panel's state."""

    shown: Shown = Shown()
    is_open: bool = False
    is_loading: bool = False
    asks_to_publish: bool = False
    busy: str = ""
    # The target that is to be deleted on its platform, while that is asked.
    taking_back: str = ""

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
            shown = await self.ask(gather, self.workspace_id, post_id, self.language or "en")
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
    def ask_to_take_back(self, target_id: str) -> None:
        """Deleting can't be undone, so it is asked for twice; empty: it stays."""
        self.taking_back = target_id

    @event
    async def take_back(self, target_id: str) -> Any:
        """Delete the published post on its platform."""
        self.busy = f"back:{target_id}"
        yield
        try:
            await self.ask(service.take_back, target_id)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("Taken back. It is gone there.")
        self.taking_back = ""
        await self._read(self.shown.id)
        self.busy = ""
        yield Helping.after_help

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
    post = service.post(actor, post_id)
    if post.scheduled_at is not None:
        wall = clock.wall(post.scheduled_at, post.zone)
        later = clock.resolve(wall, post.zone).utc != post.scheduled_at
        service.schedule(actor, post_id, wall, later=later)
