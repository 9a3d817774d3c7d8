"""The gallery: built-in templates and the workspace's, found, taken in, learned from references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.studio import template as built_in
from autosched.studio.jobs import JobState
from autosched.studio.references import service as references
from autosched.studio.saved import learned, service
from autosched.ui import handlers, words
from autosched.ui.gallery.shown import Card, built_in_card, own_card
from autosched.ui.session import Session


@dataclass(frozen=True)
class Reference:
    """A measured reference that a template can be learned from."""

    id: str
    asset: str
    name: str
    chosen: bool = False


class Gallery(Session):
    """What the gallery shows."""

    cards: list[Card] = []
    wanted: str = "all"
    query: str = ""
    loaded: bool = False
    failed: str = ""
    learning: bool = False
    busy: bool = False
    references: list[Reference] = []

    @rx.var
    def found(self) -> list[Card]:
        """The cards that are wanted, in whose title or sources the words stand."""
        asked = self.query.casefold().split()
        return [
            card
            for card in self.cards
            if (self.wanted in ("all", "trash") or card.own == (self.wanted == "own"))
            and all(
                word in f"{card.title} {card.sources} {card.description}".casefold()
                for word in asked
            )
        ]

    @rx.var
    def has_own(self) -> bool:
        """Whether the workspace has a template of its own."""
        return any(card.own for card in self.cards)

    @rx.var
    def chosen_count(self) -> int:
        """How many references are chosen to learn from."""
        return sum(each.chosen for each in self.references)

    @handlers.event
    async def load(self) -> Any:
        """Fill the page."""
        if self.ready and self.workspace_id:
            yield await self._read()

    @handlers.event
    async def look_again(self) -> Any:
        """Something was told: look anew."""
        if self.loaded and self.workspace_id:
            await self._read()

    async def _read(self) -> Any:
        trashed = self.wanted == "trash"
        try:
            rows = await self.ask(service.saved, self.workspace_id, trashed=trashed)
        except AutoschedError as error:
            self.failed = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return self.trouble(error) if error.status == 401 else None
        own = [own_card(row) for row in rows]
        built = [] if trashed else [built_in_card(each) for each in built_in.templates()]
        self.cards, self.failed, self.loaded = [*own, *built], "", True
        return None

    @handlers.event
    async def choose(self, wanted: str) -> Any:
        """Show all, the workspace's own, the built-in ones, or the trash."""
        self.wanted = wanted
        yield await self._read()

    @handlers.event
    def search(self, query: str) -> None:
        """Show the templates in whose title or sources this stands."""
        self.query = query

    @handlers.event
    async def duplicate(self, of: str) -> Any:
        """A copy of a template, opened."""
        try:
            row = await self.ask(copy, self.workspace_id, of)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield rx.redirect(f"/templates/design?of={row.id}")

    @handlers.event
    async def untrash(self, of: str) -> Any:
        """Take a template out of the trash."""
        try:
            await self.ask(service.untrash, of)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            await self._read()
            yield self.good("It is back in the gallery")

    @handlers.event
    async def taken_in(self, answer: dict[str, str]) -> Any:
        """A file was sent to the server: what it said."""
        if answer.get("id"):
            yield self.good("“{title}” was added", title=answer.get("title", ""))
            yield rx.redirect(f"/templates/design?of={answer['id']}")
        elif answer.get("detail"):
            sentence = words.known(answer["detail"], self.language or "en")
            yield rx.toast.error(sentence, description=answer.get("remedy", ""), duration=9000)

    # ---- learning from references

    @handlers.event
    async def ask_to_learn(self) -> Any:
        """Open the choice of references."""
        try:
            rows = await self.ask(references.references, self.workspace_id)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        self.references = [
            Reference(row.id, row.asset_id, row.title) for row in rows if row.state == JobState.DONE
        ]
        self.learning = True

    @handlers.event
    def set_learning(self, learning: bool) -> None:
        """Close the choice."""
        self.learning = learning

    @handlers.event
    def toggle(self, reference: str) -> None:
        """Choose a reference, or leave it out."""
        self.references = [
            Reference(row.id, row.asset, row.name, row.chosen != (row.id == reference))
            for row in self.references
        ]

    @handlers.event
    async def learn(self) -> Any:
        """Make a template from the chosen references, and open it."""
        self.busy = True
        yield
        chosen = [row.id for row in self.references if row.chosen]
        try:
            row = await self.ask(learned.learn, self.workspace_id, chosen)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            self.learning = False
            yield rx.redirect(f"/templates/design?of={row.id}")
        finally:
            self.busy = False


def copy(actor: str, workspace_id: str, of: str) -> Any:
    """A copy of one of the workspace's templates, or of a built-in one by its name."""
    if any(each.name == of for each in built_in.templates()):
        return service.create(actor, workspace_id, built_in.template(of))
    return service.duplicate(actor, of)
