"""What the page of references shows: the list, and what may be chosen from the library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.library import service as library
from autosched.library.models import Asset, Kind
from autosched.studio.models import Analysis
from autosched.studio.references import service
from autosched.studio.saved import learned
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.session import Session

_SHOWN = 60


@dataclass(frozen=True)
class Reference:
    """A reference as its card shows it; `state` as of `studio.jobs`."""

    id: str = ""
    title: str = ""
    asset_id: str = ""
    state: str = ""
    stage: str = ""
    share: float = 0.0
    seconds_left: float | None = None
    error: str = ""
    made: str = ""
    seconds: float | None = None
    shots: int | None = None
    tempo: int | None = None
    palette: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Candidate:
    """A file of the library that could be a reference."""

    id: str
    name: str
    kind: str
    duration: float | None


def reference(row: Analysis) -> Reference:
    """The row as a page shows it."""
    facts = row.facts
    tempo = facts.get("tempo")
    return Reference(
        id=row.id,
        title=row.title,
        asset_id=row.asset_id,
        state=str(row.state),
        stage=row.stage,
        share=row.progress,
        seconds_left=row.seconds_left,
        error=row.error or "",
        made=row.created_at.isoformat(),
        seconds=facts.get("seconds"),
        shots=facts.get("shots"),
        tempo=round(tempo) if tempo else None,
        palette=list(facts.get("palette", [])),
    )


def candidates(
    actor: str, workspace_id: str, *, query: str = "", limit: int = _SHOWN
) -> list[Candidate]:
    """The library's videos and pictures, newest first."""
    found: list[Asset] = []
    for kind in (Kind.VIDEO, Kind.IMAGE):
        found += library.assets(actor, workspace_id, kind=kind, query=query, limit=limit)
    newest = sorted(found, key=lambda asset: asset.id, reverse=True)[:limit]
    return [Candidate(each.id, each.name, str(each.kind), each.duration) for each in newest]


class References(Session):
    """The list of references."""

    rows: list[Reference] = []
    loaded: bool = False
    failure: str = ""
    chosen: list[str] = []
    learning: bool = False

    is_picking: bool = False
    shelf: list[Candidate] = []
    shelf_query: str = ""
    shelf_loaded: bool = False
    picked: list[str] = []
    asking: bool = False

    @rx.var
    def chosen_count(self) -> int:
        """How many references a template would be made from."""
        return len(self.chosen)

    @rx.var
    def picked_count(self) -> int:
        """How many files are picked in the library."""
        return len(self.picked)

    @event
    async def load(self) -> Any:
        """Show the list when the page opens."""
        if not self.ready or not self.workspace_id:
            return None
        self.chosen = []
        return await self._read()

    @event
    async def look_again(self) -> None:
        """Something was told: show the list as it is now."""
        if self.ready and self.loaded:
            await self._read()

    async def _read(self) -> Any:
        try:
            found = await self.ask(service.references, self.workspace_id, _SHOWN)
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return self.trouble(error) if error.status == 401 else None
        self.failure, self.loaded = "", True
        self.rows = [reference(row) for row in found]
        done = {row.id for row in self.rows if row.state == "done"}
        self.chosen = [each for each in self.chosen if each in done]
        return None

    async def _measure(self, asset_ids: list[str]) -> Any:
        try:
            await self.ask(service.request, self.workspace_id, asset_ids)
        except AutoschedError as error:
            return self.trouble(error)
        return await self._read()

    @event
    async def arrived(self, asset_id: str) -> Any:
        """A file has been sent whole: measure it, unless it is a sound."""
        try:
            asset = await self.ask(library.asset, asset_id)
        except AutoschedError as error:
            return self.trouble(error)
        if asset.kind == Kind.AUDIO:
            said = words.say(
                "A sound is kept in the library; references are videos and pictures.",
                self.language or "en",
            )
            return rx.toast.info(said)
        return await self._measure([asset_id])

    @event
    async def cancel(self, analysis_id: str) -> Any:
        """Stop measuring."""
        return await self._change(service.cancel, analysis_id)

    @event
    async def retry(self, analysis_id: str) -> Any:
        """Measure again what failed or was cancelled."""
        return await self._change(service.retry, analysis_id)

    @event
    async def remove(self, analysis_id: str) -> Any:
        """Take it off the list; the file stays."""
        return await self._change(service.remove, analysis_id)

    async def _change(self, verb: Any, analysis_id: str) -> Any:
        try:
            await self.ask(verb, analysis_id)
        except AutoschedError as error:
            return self.trouble(error)
        return await self._read()

    # ---- templates

    @event
    def choose(self, analysis_id: str) -> None:
        """Choose a reference for a template, or leave it out again."""
        if analysis_id in self.chosen:
            self.chosen = [each for each in self.chosen if each != analysis_id]
        else:
            self.chosen = [*self.chosen, analysis_id]

    @event
    def choose_none(self) -> None:
        """Leave all out."""
        self.chosen = []

    @event
    async def learn(self) -> Any:
        """Make one template from all that is chosen, and open it."""
        self.learning = True
        yield
        try:
            made = await self.ask(learned.learn, self.workspace_id, self.chosen)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("The template is made")
            yield rx.redirect(f"/templates/design?of={made.id}")
        self.learning = False

    # ---- the library

    @event
    async def open_shelf(self) -> Any:
        """Show the library's videos and pictures."""
        self.is_picking, self.shelf_loaded, self.picked = True, False, []
        yield
        yield await self._read_shelf()

    @event
    def set_picking(self, is_picking: bool) -> None:
        """Open or close the choice."""
        self.is_picking = is_picking

    @event
    async def search_shelf(self, query: str) -> Any:
        """Show the files in whose name this stands."""
        self.shelf_query = query
        return await self._read_shelf()

    async def _read_shelf(self) -> Any:
        try:
            self.shelf = await self.ask(candidates, self.workspace_id, query=self.shelf_query)
        except AutoschedError as error:
            return self.trouble(error)
        self.shelf_loaded = True
        return None

    @event
    def pick(self, asset_id: str) -> None:
        """Pick a file, or put it back."""
        if asset_id in self.picked:
            self.picked = [each for each in self.picked if each != asset_id]
        else:
            self.picked = [*self.picked, asset_id]

    @event
    async def measure_picked(self) -> Any:
        """Have all that is picked measured."""
        self.asking = True
        yield
        trouble = await self._measure(self.picked)
        self.asking = self.is_picking = False
        if trouble is not None:
            yield trouble
