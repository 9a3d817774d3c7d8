"""What the calendar shows: the entries of the days in sight, the drafts, the filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import reflex as rx

from autosched import clock
from autosched.errors import AutoschedError
from autosched.schedule import service
from autosched.ui import words
from autosched.ui.calendar.board import STANDINGS
from autosched.ui.calendar.panel_state import Panel
from autosched.ui.calendar.spoken import clock_notice, spoken
from autosched.ui.handlers import event
from autosched.ui.session import Session

_DRAFTS_LOOKED_AT = 200


@dataclass(frozen=True)
class AccountChoice:
    """An account in the filter."""

    id: str
    platform: str
    handle: str


@dataclass(frozen=True)
class DraftCard:
    """A draft without a time, in the tray."""

    id: str
    title: str
    asset_id: str
    platforms: list[str]


class Calendar(Session):
    """The calendar's state. Times that come from the page are wall-clock times of the zone."""

    entries: list[dict[str, Any]] = []
    drafts: list[DraftCard] = []
    accounts: list[AccountChoice] = []
    only_accounts: list[str] = []
    only_states: list[str] = []
    # Counts the answers to what was dragged: the page then trusts `entries` alone again.
    revision: int = 0
    loaded: bool = False
    loading: bool = False
    # Whether nothing has ever been written here.
    is_bare: bool = False
    failure: str = ""

    _start: str = ""
    _end: str = ""

    @rx.var
    def filters(self) -> int:
        """How many filters are set."""
        return len(self.only_accounts) + len(self.only_states)

    @event
    async def load(self) -> Any:
        """Show what stands in sight, and the post that the address names."""
        trouble = await self._read()
        named = self.router.url.query_parameters.get("post")
        return Panel.open(named) if named and trouble is None and self.ready else trouble

    @event
    async def see(self, start: str, end: str) -> Any:
        """Show the days from `start` to before `end`."""
        if (start, end) == (self._start, self._end) and self.loaded:
            return
        self._start, self._end = start, end
        self.loading = True
        yield
        trouble = await self._read()
        self.loading = False
        if trouble is not None:
            yield trouble

    @event
    async def look_again(self) -> Any:
        """Something has changed, or may have."""
        trouble = await self._read()
        return trouble if trouble is not None else Panel.look_again

    async def _read(self) -> Any:
        if not self.ready or not self.workspace_id or not self._start:
            return None
        first, last = datetime.fromisoformat(self._start), datetime.fromisoformat(self._end)
        try:
            entries, newest, accounts = await self.ask(_gather, self.workspace_id, first, last)
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            return self.trouble(error) if error.status == 401 else None
        found = [dict(entry) for entry in entries]
        drafts = [
            DraftCard(
                entry["id"],
                entry["title"],
                entry["asset_id"] or "",
                list(dict.fromkeys(account["platform"] for account in entry["accounts"])),
            )
            for entry in newest
            if entry["state"] == "draft" and entry["wall"] is None
        ]
        choices = [AccountChoice(one.id, one.platform, one.handle) for one in accounts]
        if found != self.entries:
            self.entries = found
        if drafts != self.drafts:
            self.drafts = drafts
        if choices != self.accounts:
            self.accounts = choices
        self.loaded, self.failure, self.is_bare = True, "", not newest
        return None

    # ---- moving

    @event
    async def move(self, post_id: str, to: str) -> Any:
        """A card was dragged to another time."""
        entry = next((one for one in self.entries if one["id"] == post_id), None)
        if entry is not None and entry["state"] == "published":
            self.revision += 1
            said = words.say(
                "This post has gone out, so it stays where it is.", self.language or "en"
            )
            return rx.toast.error(said)
        return await self._plan(post_id, to, "Moved to {when}", entry)

    @event
    async def place(self, post_id: str, at: str) -> Any:
        """A draft was dragged out of the tray onto a day. It stays a draft, with a time."""
        return await self._plan(post_id, at, "Planned for {when}, still as a draft", None)

    @event
    async def move_back(self, post_id: str, to: str, later: bool) -> Any:
        """Undo a move."""
        return await self._plan(post_id, to, "Back at {when}", None, later=later)

    async def _plan(
        self,
        post_id: str,
        to: str,
        sentence: str,
        before: dict[str, Any] | None,
        *,
        later: bool = False,
    ) -> Any:
        asked = datetime.fromisoformat(to)
        try:
            planned = await self.ask(service.reschedule, post_id, asked, later=later)
        except AutoschedError as error:
            self.revision += 1
            trouble = await self._read()
            return trouble if trouble is not None else self.trouble(error)
        await self._read()
        self.revision += 1
        language = self.language or "en"
        moment = planned.moment
        said = words.say(sentence, language, when=spoken(moment.wall, language))
        notice, values = clock_notice(moment.kind, asked, moment.wall, later)
        action = None
        if before is not None and before["wall"]:
            was = datetime.fromisoformat(before["wall"])
            first = clock.resolve(was, self.zone).utc
            second = first != datetime.fromisoformat(before["start"])
            back = Calendar.move_back(post_id, before["wall"], second)
            action = {"label": words.say("Undo", language), "on_click": back}
        return rx.toast.success(
            said,
            description=words.say(notice, language, **values) if notice else None,
            action=action,
            duration=9000 if notice else 6000,
        )

    @event
    def plan_at(self, wall: str) -> Any:
        """Write a post for a time that was clicked."""
        return rx.redirect(f"/compose?at={quote(wall)}")

    # ---- filters

    @event
    def toggle_account(self, account_id: str) -> None:
        """Show only some accounts' posts."""
        self.only_accounts = _toggled(self.only_accounts, account_id)

    @event
    def toggle_state(self, state: str) -> None:
        """Show only posts that stand so."""
        if state in STANDINGS:
            self.only_states = _toggled(self.only_states, state)

    @event
    def show_all(self) -> None:
        """Take all filters away."""
        self.only_accounts, self.only_states = [], []


def _toggled(chosen: list[str], one: str) -> list[str]:
    return [each for each in chosen if each != one] if one in chosen else [*chosen, one]


def _gather(actor: str, workspace_id: str, first: datetime, last: datetime) -> tuple[Any, Any, Any]:
    return (
        service.calendar(actor, workspace_id, first, last),
        service.posts(actor, workspace_id, limit=_DRAFTS_LOOKED_AT),
        service.accounts(actor, workspace_id),
    )
