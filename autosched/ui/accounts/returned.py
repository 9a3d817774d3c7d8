"""The browser is back from a platform's page: what came of it, and which of several to connect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.platforms import registry
from autosched.schedule import consents
from autosched.ui import words
from autosched.ui.accounts.state import Accounts
from autosched.ui.handlers import event

# What may go wrong before the platform's page, or on the way back, by its code.
PROBLEMS = {
    "address_unfit": (
        "The platform needs a public address of this installation: set AUTOSCHED_PUBLIC_URL."
    ),
    "consent_unknown": (
        "This answer belongs to nothing that was begun in this browser, or it came too late."
        " Please connect the account once more."
    ),
    "cross_site": (
        "This request came from another site. Open the app's own page and try again there."
    ),
    "forbidden": "An owner or an admin of this workspace connects accounts.",
    "invalid": "What was written won't do. Look at it once more, and try again.",
    "no_app": "This installation is not known to the platform yet. Its card says what to set.",
    "no_consent_page": "This account's server has no such page. Use an app password instead.",
    "no_sandbox": "The stand-in for the platforms does not answer. Is it running?",
    "no_server": "At this address there is no such server. Look at it once more.",
    "server_fault": "The platform has a fault of its own just now. Try again in a while.",
    "unauthenticated": "Your log-in has ended meanwhile. Please connect the account once more.",
    "unknown_handle": "Nobody has this handle. Look at it once more, and try again.",
    "unreachable": "The platform could not be reached. Try again in a while.",
}
_OTHER = "The account could not be connected. Please try again."


@dataclass(frozen=True)
class Chance:
    """An account that the consent gave."""

    number: int
    handle: str
    name: str
    letters: str
    avatar: str | None
    connected: bool
    chosen: bool


class Returned(Accounts):
    """What the address tells of a consent."""

    told: str = ""
    told_by_platform: str = ""
    chances: list[Chance] = []
    chances_of: str = ""
    choosing: bool = False

    _consent: str = ""

    @rx.var
    def chosen_count(self) -> int:
        """How many are ticked."""
        return sum(each.chosen for each in self.chances)

    @event
    async def look(self) -> Any:
        """Tell what came of the consent that the address names."""
        if not self.ready or not self.workspace_id:
            return None
        asked = self.router.url.query_parameters
        code, self._consent = asked.get("problem", ""), asked.get("consent", "")
        self.told, self.told_by_platform, self.chances, self.chances_of = "", "", [], ""
        if code:
            self.told = words.known(PROBLEMS.get(code, _OTHER), self.language or "en")
        if not self._consent:
            return None
        try:
            standing = await self.ask(consents.standing, self._consent)
        except AutoschedError as error:
            self.told = " ".join(words.sentence(error, self.language or "en"))
            return None
        if standing.problem:
            self._tell(standing.problem)
            return None
        if not standing.choices:
            return [self.good("Connected"), _clean()]
        self.chances_of = registry.platform(standing.platform).title
        self.chances = [
            Chance(
                number=each.number,
                handle=each.handle,
                name=each.name or each.handle,
                letters=(each.name or each.handle).lstrip("@/")[:1],
                avatar=each.avatar,
                connected=each.connected,
                chosen=each.connected,
            )
            for each in standing.choices
        ]
        return None

    def _tell(self, problem: str) -> None:
        """The platform's answer in the reader's language, or in its own words below ours."""
        language = self.language or "en"
        said = words.known(problem, language)
        is_foreign = language == "ar" and said == problem
        self.told = words.say("The account was not connected.", language) if is_foreign else said
        self.told_by_platform = problem if is_foreign else ""

    @event
    def put_away(self) -> Any:
        """The person has read it."""
        self.told, self.told_by_platform, self.chances = "", "", []
        return _clean()

    @event
    def toggle(self, number: int) -> None:
        """Tick one, or take the tick away."""
        self.chances = [
            replace(each, chosen=not each.chosen) if each.number == number else each
            for each in self.chances
        ]

    @event
    async def connect_chosen(self) -> Any:
        """Connect the ticked ones; the rest is forgotten."""
        self.choosing = True
        yield
        numbers = [each.number for each in self.chances if each.chosen]
        try:
            await self.ask(consents.choose, self._consent, numbers)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        finally:
            self.choosing = False
        self.chances = []
        yield self.good("Connected")
        yield _clean()
        yield Accounts.load


def _clean() -> Any:
    return rx.redirect("/accounts", replace=True)
