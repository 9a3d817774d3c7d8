"""The accounts of the workspace, and the form by which one is connected.

What is written into the form goes to the service and is kept nowhere here: it holds secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autosched.errors import AutoschedError
from autosched.schedule import service
from autosched.schedule.models import Account
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.session import Session


@dataclass(frozen=True)
class Row:
    """An account as its card shows it."""

    id: str = ""
    platform: str = ""
    handle: str = ""
    name: str = ""
    letters: str = ""
    avatar: str | None = None
    state: str = ""
    problem: str = ""


def row(account: Account) -> Row:
    """The account as a page shows it."""
    shown = account.name or account.handle
    return Row(
        id=account.id,
        platform=account.platform,
        handle=account.handle,
        name=shown,
        letters=shown.lstrip("@/")[:1],
        avatar=account.avatar,
        state=str(account.state),
        problem=account.problem or "",
    )


class Accounts(Session):
    """The state of the accounts' page."""

    rows: list[Row] = []
    loaded: bool = False
    failure: str = ""
    form: str = ""
    is_form_open: bool = False
    again: Row = Row()
    wrong: str = ""
    busy: bool = False
    leaving: Row = Row()
    is_leaving: bool = False

    @event
    async def load(self) -> Any:
        """Read the accounts."""
        if not self.ready or not self.workspace_id:
            return None
        try:
            found = [row(each) for each in await self.ask(service.accounts, self.workspace_id)]
        except AutoschedError as error:
            self.failure, self.loaded = " ".join(self._words(error)), True
            return self.trouble(error) if error.status == 401 else None
        self.failure, self.loaded = "", True
        if found != self.rows:
            self.rows = found
        return None

    def _words(self, error: AutoschedError) -> tuple[str, str]:
        return words.sentence(error, self.language or "en")

    @event
    def begin(self, platform: str) -> None:
        """Open the form of a platform for a further account."""
        self.form, self.again, self.wrong = platform, Row(), ""
        self.is_form_open = True

    @event
    def begin_again(self, account_id: str) -> None:
        """Open the form for an account that has lost its access."""
        self.again = next((one for one in self.rows if one.id == account_id), Row())
        self.form, self.wrong = self.again.platform, ""
        self.is_form_open = True

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
                await self.ask(service.connect, self.workspace_id, self.form, written)
        except AutoschedError as error:
            self.busy = False
            self.wrong = " ".join(self._words(error)).strip()
            return
        self.busy = self.is_form_open = False
        yield self.good("Connected")
        yield Accounts.load

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
        """Disconnect the account."""
        try:
            await self.ask(service.disconnect, self.leaving.id)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        self.is_leaving = False
        yield self.good("Disconnected")
        yield Accounts.load
