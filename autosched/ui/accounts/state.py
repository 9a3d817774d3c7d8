"""The accounts of the workspace, and the forms by which one is connected.

What is written into a form goes to the service and is kept nowhere here: it holds secrets.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.platforms.registry import platform, platforms
from autosched.schedule import service, trouble
from autosched.schedule.models import Account
from autosched.settings import settings
from autosched.ui import words
from autosched.ui.accounts.offers import Offer, Row, lacks_app, offer, offer_again, row
from autosched.ui.handlers import event
from autosched.ui.session import Session


@dataclass(frozen=True)
class _Seen:
    accounts: list[Account]
    troubles: list[trouble.Trouble]


def _look(actor: str, workspace_id: str) -> _Seen:
    return _Seen(service.accounts(actor, workspace_id), trouble.troubles(actor, workspace_id))


def _lacking() -> list[str]:
    return [each.name for each in platforms() if lacks_app(each)]


class Accounts(Session):
    """The state of the accounts' page. `again`: the account that is connected once more."""

    rows: list[Row] = []
    offers: list[Offer] = []
    sandbox: str = ""
    loaded: bool = False
    failure: str = ""
    asked: Offer = Offer()
    by_form: bool = False
    is_form_open: bool = False
    again: Row = Row()
    wrong: str = ""
    busy: bool = False
    leaving: Row = Row()
    is_leaving: bool = False

    _lacking: list[str] = []
    _options: dict[str, dict[str, Any]] = {}

    @event
    async def arrive(self) -> Any:
        """Read all, what this installation lacks too, and open what the address asks for."""
        if not self.ready or not self.workspace_id:
            return None
        # The tab may be back from a platform's page, to which a dialog here has led.
        self.is_form_open = self.is_leaving = self.busy = False
        self._lacking = await asyncio.to_thread(_lacking)
        self.sandbox = settings().sandbox
        told = await self._read()
        wanted = self.router.url.query_parameters.get("reconnect")
        if wanted and any(one.id == wanted for one in self.rows) and self.can_administer:
            self._ask_again(wanted)
        return told

    @event
    async def load(self) -> Any:
        """Read the accounts anew."""
        return await self._read() if self.ready and self.workspace_id else None

    async def _read(self) -> Any:
        language = self.language or "en"
        try:
            seen = await self.ask(_look, self.workspace_id)
        except AutoschedError as error:
            self.failure, self.loaded = " ".join(self._words(error)), True
            return self.trouble(error) if error.status == 401 else None
        self.failure, self.loaded = "", True
        self._options = {each.id: dict(each.options) for each in seen.accounts}
        rows = [row(each, language, seen.troubles) for each in seen.accounts]
        offers = [offer(each, language, lacks=each.name in self._lacking) for each in platforms()]
        if rows != self.rows:
            self.rows = rows
        if offers != self.offers:
            self.offers = offers
        return None

    def _words(self, error: AutoschedError) -> tuple[str, str]:
        return words.sentence(error, self.language or "en")

    # ---- connecting

    @event
    def begin(self, name: str) -> None:
        """Ask what a platform needs before a further account of it can be connected."""
        self.asked, self.again, self.wrong = self._offer(name), Row(), ""
        self.by_form = self.asked.sign_in == "form"
        self.is_form_open = True

    @event
    def begin_again(self, account_id: str) -> None:
        """Ask what is needed to give an account fresh access."""
        self._ask_again(account_id)

    def _ask_again(self, account_id: str) -> None:
        self.again = next((one for one in self.rows if one.id == account_id), Row())
        known = self._options.get(account_id, {})
        self.asked = offer_again(self._offer(self.again.platform), self.again, known)
        self.by_form, self.wrong = not self.again.by_consent, ""
        self.is_form_open = True

    def _offer(self, name: str) -> Offer:
        lacks = name in self._lacking
        return offer(platform(name), self.language or "en", lacks=lacks)

    @event
    def choose_way(self, way: str) -> None:
        """By the platform's own page, or by a form here."""
        self.by_form, self.wrong = way == "form", ""

    @event
    def set_form_open(self, is_open: bool) -> None:
        """Close the form."""
        self.is_form_open = is_open

    @event
    async def send(self, form: dict[str, Any]) -> Any:
        """Connect with what was written."""
        self.busy, self.wrong = True, ""
        yield
        written = {name: str(value) for name, value in form.items()}
        try:
            if self.again.id:
                await self.ask(service.reconnect, self.again.id, written)
            else:
                await self.ask(service.connect, self.workspace_id, self.asked.name, written)
        except AutoschedError as error:
            self.busy = False
            self.wrong = " ".join(self._words(error)).strip()
            return
        self.busy = self.is_form_open = False
        yield self.good("Connected")
        yield Accounts.load

    # ---- letting go

    @event
    def ask_to_leave(self, account_id: str) -> None:
        """Ask whether to disconnect."""
        self.leaving = next((one for one in self.rows if one.id == account_id), Row())
        self.is_leaving = True

    @event
    def set_leaving(self, is_open: bool) -> None:
        """Close the question."""
        self.is_leaving = is_open

    @event
    async def leave(self) -> Any:
        """Disconnect the account; who has hit the wrong one is led back with one click."""
        left = self.leaving
        self.busy = True
        yield
        try:
            await self.ask(service.disconnect, left.id)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        finally:
            self.busy = self.is_leaving = False
        language = self.language or "en"
        yield rx.toast.success(
            words.say("{account} is disconnected", language, account=left.name),
            action={
                "label": words.say("Connect again", language),
                "on_click": Accounts.begin(left.platform),
            },
            duration=9000,
        )
        yield Accounts.load
