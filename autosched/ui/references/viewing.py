"""What the page of one reference shows: its timeline, its figures, the shot under the playhead."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.errors import AutoschedError, ConflictError
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.studio.analysis.report import Shot
from autosched.studio.references import service
from autosched.studio.references.storing import Measured
from autosched.studio.saved import learned
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.references.axis import Axis, axis
from autosched.ui.references.figures import Figure, Found, found, shot
from autosched.ui.references.state import Candidate, Reference, candidates, reference
from autosched.ui.session import Session

_OTHERS = 8


class Viewing(Session):
    """One reference."""

    shown: Reference = Reference()
    kind: str = ""
    axis: Axis = Axis()
    found: Found = Found()
    has_report: bool = False
    columns: int = 1
    sheet_rows: int = 1
    tile: str = "16 / 9"
    pictures: list[str] = []
    shot_number: int = 0
    shot: list[Figure] = []
    loaded: bool = False
    failure: str = ""
    learning: bool = False
    others: list[Candidate] = []
    tried: str = ""
    asking_to_remove: bool = False

    _shots: tuple[Shot, ...] = ()

    @event
    async def load(self) -> Any:
        """Show the reference that the address names."""
        if not self.ready or not self.workspace_id:
            return None
        wanted = self.router.url.query_parameters.get("id", "")
        if wanted != self.shown.id:
            self.loaded, self.has_report, self.shown = False, False, Reference(id=wanted)
        self.asking_to_remove = False
        return await self._read(wanted)

    @event
    async def look_again(self) -> None:
        """Something was told: see how far it is, or show what has been found."""
        if self.ready and self.loaded and not self.has_report:
            await self._read(self.shown.id)

    async def _read(self, analysis_id: str) -> Any:
        try:
            row = await self.ask(service.reference, analysis_id)
            asset = await self.ask(library.asset, row.asset_id)
            self.shown, self.kind = reference(row), str(asset.kind)
            if row.state == "done":
                self._fill(await self.ask(service.measured, analysis_id))
                await self._find_others(row.asset_id)
        except ConflictError:
            # Measured by an older version: it can be measured again.
            self.has_report = False
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return self.trouble(error) if error.status == 401 else None
        self.failure, self.loaded = "", True
        return None

    def _fill(self, measured: Measured) -> None:
        report, sheet = measured.report, measured.sheet
        self.axis, self.found = axis(report, sheet), found(report)
        self.pictures = list(measured.pictures)
        if sheet is not None:
            self.columns, self.sheet_rows = sheet.columns, -(-sheet.tiles // sheet.columns)
            self.tile = f"{sheet.width} / {sheet.height}"
        self._shots, self.has_report = report.shots, True
        self._look_at(0)

    async def _find_others(self, asset_id: str) -> None:
        """The files on which the look can be tried."""
        if not self.found.has_lut:
            return
        found = await self.ask(candidates, self.workspace_id, limit=_OTHERS + 1)
        self.others = [each for each in found if each.id != asset_id][:_OTHERS]
        if self.tried not in [each.id for each in self.others]:
            self.tried = self.others[0].id if self.others else ""

    @event
    def try_on(self, asset_id: str) -> None:
        """Show the look on another file."""
        self.tried = asset_id

    def _look_at(self, number: int) -> None:
        if 0 <= number < len(self._shots):
            self.shot_number, self.shot = number, shot(self._shots[number])

    @event
    def look_at(self, number: int) -> None:
        """The playhead has come into another shot."""
        self._look_at(number)

    @event
    async def cancel(self) -> Any:
        """Stop measuring."""
        return await self._change(service.cancel)

    @event
    async def retry(self) -> Any:
        """Measure again what failed or was cancelled."""
        return await self._change(service.retry)

    @event
    async def again(self) -> Any:
        """Measure by the present version what an older one has measured."""
        try:
            await self.ask(service.request, self.workspace_id, [self.shown.asset_id])
        except AutoschedError as error:
            return self.trouble(error)
        return await self._read(self.shown.id)

    async def _change(self, verb: Any) -> Any:
        try:
            await self.ask(verb, self.shown.id)
        except AutoschedError as error:
            return self.trouble(error)
        return await self._read(self.shown.id)

    @event
    def ask_to_remove(self, asking: bool) -> None:
        """Show or hide the question whether to take it off the list."""
        self.asking_to_remove = asking

    @event
    async def remove(self) -> Any:
        """Take it off the list; the file stays in the library."""
        try:
            await self.ask(service.remove, self.shown.id)
        except AutoschedError as error:
            return self.trouble(error)
        return rx.redirect("/references")

    @event
    async def learn(self) -> Any:
        """Make a template from it, and open it."""
        self.learning = True
        yield
        try:
            made = await self.ask(learned.learn, self.workspace_id, [self.shown.id])
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("The template is made")
            yield rx.redirect(f"/templates/design?of={made.id}")
        self.learning = False

    @rx.var
    def is_picture(self) -> bool:
        """Whether it has no time."""
        return self.kind == Kind.IMAGE
