"""One template on its page: what it measures, its versions, and the draft that is being edited."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import reflex as rx
from pydantic import ValidationError

from autosched.errors import AutoschedError, CancelledError, ConflictError
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.studio import template as built_in
from autosched.studio.frame import Format
from autosched.studio.legible import legible
from autosched.studio.parts import PARTS, mixed
from autosched.studio.progress import Progress
from autosched.studio.saved import previewing, service
from autosched.studio.template import Template
from autosched.ui import handlers, words
from autosched.ui.gallery import controls
from autosched.ui.gallery.shown import Glance, Origin, Row, glance, version_row
from autosched.ui.gallery.state import copy
from autosched.ui.session import Session

_UNDOS = 60
_BACKDROPS = 60


class Design(Session):
    """A template and its draft. The services check everything again when it is saved."""

    of: str = ""
    own: bool = False
    title: str = ""
    version: int = 0
    trashed: bool = False
    origins: list[Origin] = []
    history: list[Row] = []
    view: str = "glance"
    shape: str = "reel"
    measures: Glance = Glance()
    values: dict[str, str] = {}
    revision: int = 0
    changed: bool = False
    can_undo: bool = False
    others: list[tuple[str, str]] = []
    backdrops: list[tuple[str, str]] = []
    backdrop: str = ""
    mix_from: str = ""
    note: str = ""
    still: str = ""
    drawing: bool = False
    moving: str = ""
    share: float = 0.0
    filming: bool = False
    wrong: str = ""
    conflict: bool = False
    busy: bool = False
    loaded: bool = False
    failed: str = ""

    # Templates as JSON: so they are compared, kept and never shared with what is shown.
    _draft: str = ""
    _saved: str = ""
    _undo: list[str] = []
    _mark: int = 0
    _film: int = 0

    # ---- opening

    @handlers.event
    async def load(self) -> Any:
        """Open the template of the address, `?of=`: an id, or the name of a built-in one."""
        if not self.ready or not self.workspace_id:
            return
        of = self.router.url.query_parameters.get("of") or "night-sky"
        if of != self.of:
            self.of, self.view, self.still, self.moving = of, "glance", "", ""
            self.note, self.backdrop = "", ""
        self.loaded, self.conflict = False, False
        await self._open()
        self.loaded = True
        if self.failed == "":
            yield Design.draw_still

    @handlers.event
    async def look_again(self) -> Any:
        """Somebody saved something: its versions anew; a draft is left alone."""
        if not self.loaded or not self.own or self.busy:
            return
        try:
            row = await self.ask(service.row, self.of)
            if row.version == self.version and row.title == self.title:
                return
            self.title, self.trashed = row.title, row.trashed_at is not None
            await self._read_history()
        except AutoschedError:
            return
        if row.version == self.version:
            return
        if self.changed:
            self.conflict = True
            return
        await self._open()
        yield Design.draw_still

    async def _open(self) -> None:
        self.failed, self.wrong = "", ""
        known = {each.name: each for each in built_in.templates()}
        try:
            if self.of in known:
                template, self.own, self.version = known[self.of], False, 0
                self.origins, self.history, footage = [], [], None
                self.trashed = False
            else:
                row = await self.ask(service.row, self.of)
                template = await self.ask(service.template, self.of, row.version)
                self.own, self.version = True, row.version
                self.trashed = row.trashed_at is not None
                self.origins = [
                    Origin(each.name, each.analysis or "") for each in service.sources(row)
                ]
                footage = await self.ask(previewing.footage, row)
                await self._read_history()
            rows = await self.ask(service.saved, self.workspace_id)
            files = await self.ask(library.assets, self.workspace_id, limit=_BACKDROPS)
        except AutoschedError as error:
            self.failed = " ".join(words.sentence(error, self.language or "en"))
            return
        self.others = [(each.id, each.title) for each in rows if each.id != self.of]
        self.others += [(each.name, each.title) for each in known.values() if each.name != self.of]
        self.backdrops = [
            (file.id, file.name)
            for file in files
            if file.kind != Kind.AUDIO and (file.render_id is None or file.id == footage)
        ]
        if self.backdrop not in {each for each, _ in self.backdrops}:
            self.backdrop = footage or ""
        self.title = template.title
        self._saved = template.model_dump_json()
        self._undo = []
        self._take(self._saved)

    async def _read_history(self) -> None:
        found = await self.ask(service.history, self.of)
        self.history = [version_row(each, self.language or "en") for each in found]

    def _take(self, draft: str, *, redraw: bool = True) -> None:
        """Let this be the draft; `redraw` makes the controls stand anew."""
        self._draft = draft
        template = self._design()
        self.values = controls.values(template)
        self.measures = glance(template)
        self.changed = draft != self._saved
        self.can_undo = bool(self._undo)
        self.moving = ""
        if redraw:
            self.revision += 1

    def _design(self) -> Template:
        return Template.model_validate_json(self._draft)

    # ---- editing

    @handlers.event
    def show(self, view: str) -> None:
        """At a glance, the editor, or the versions."""
        self.view = view

    @handlers.event
    def choose_shape(self, shape: str) -> Any:
        """Look at it in another format."""
        self.shape, self.moving = shape, ""
        return Design.draw_still

    @handlers.event
    def choose_backdrop(self, asset: str) -> Any:
        """Look at it over a file of the library, or over its own background."""
        self.backdrop, self.moving = asset, ""
        return Design.draw_still

    @handlers.event
    def set_value(self, place: str, value: Any) -> Any:
        """Move a control."""
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if self.values.get(place) == text:
            return None
        try:
            made = controls.changed(self._design(), place, text)
        except (ValidationError, ValueError, KeyError, AutoschedError) as error:
            self.wrong = str(error) if isinstance(error, AutoschedError) else ""
            self.revision += 1
            return None
        self._keep_undo()
        # Where a control changes what others show, they stand anew.
        redraw = place.startswith(("palette", "background", "pace.shots", "transition"))
        self._take(made.model_dump_json(), redraw=redraw)
        return Design.draw_still

    @handlers.event
    def undo(self) -> Any:
        """Take the last change back."""
        if not self._undo:
            return None
        self._take(self._undo.pop())
        self.can_undo = bool(self._undo)
        return Design.draw_still

    @handlers.event
    async def discard(self) -> Any:
        """Take all changes back; to what somebody else has saved meanwhile, where they have."""
        if self.conflict:
            self.conflict = False
            await self._open()
        else:
            self._undo = []
            self._take(self._saved)
        yield Design.draw_still

    @handlers.event
    def mend(self) -> Any:
        """Give the words what they need to be read."""
        self._keep_undo()
        self._take(legible(self._design()).model_dump_json())
        return Design.draw_still

    @handlers.event
    def choose_mix(self, other: str) -> None:
        """The template that parts are to be taken from."""
        self.mix_from = other

    @handlers.event
    async def mix(self, part: str) -> Any:
        """Take a part of another template."""
        if not self.mix_from or part not in PARTS:
            return
        try:
            other = await self._template(self.mix_from)
            made = mixed(self._design(), {part: other})
        except AutoschedError as error:
            yield self.trouble(error)
            return
        self._keep_undo()
        self._take(made.model_dump_json())
        yield Design.draw_still

    async def _template(self, of: str) -> Template:
        known = {each.name: each for each in built_in.templates()}
        return known[of] if of in known else await self.ask(service.template, of)

    def _keep_undo(self) -> None:
        self._undo = [*self._undo[-_UNDOS:], self._draft]

    @handlers.event
    def set_note(self, note: str) -> None:
        """What is different, in the editor's words."""
        self.note = note

    # ---- keeping

    @handlers.event
    async def save(self) -> Any:
        """Save the draft as the next version; of a built-in one as a template of the workspace."""
        async for event in self._keep(self.version):
            yield event

    @handlers.event
    async def save_on_top(self) -> Any:
        """Save the draft after what somebody else has saved meanwhile."""
        try:
            row = await self.ask(service.row, self.of)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        async for event in self._keep(row.version):
            yield event

    @handlers.event
    async def save_copy(self) -> Any:
        """Keep the draft as a template of its own."""
        async for event in self._keep(0):
            yield event

    async def _keep(self, based_on: int) -> Any:
        self.busy = True
        yield
        template = self._design()
        try:
            if self.own and based_on:
                await self.ask(service.edit, self.of, template, based_on=based_on, note=self.note)
                await self._open()
                yield self.good("Saved as version {number}", number=self.version)
            else:
                title = f"{self.title[:52]} (2)" if self.own else self.title
                row = await self.ask(service.create, self.workspace_id, template, title=title)
                self._saved = self._draft
                yield self.good("“{title}” was added", title=row.title)
                yield rx.redirect(f"/templates/design?of={row.id}")
            self.conflict, self.note = False, ""
        except ConflictError as error:
            if error.code != "edited_meanwhile":
                yield self.trouble(error)
            else:
                self.conflict = True
                await self._read_history()
        except AutoschedError as error:
            yield self.trouble(error)
        finally:
            self.busy = False

    @handlers.event
    async def rename(self, title: str) -> Any:
        """Give it another title."""
        if title.strip() == self.title or not self.own:
            return
        try:
            row = await self.ask(service.rename, self.of, title)
        except AutoschedError as error:
            self.revision += 1
            yield self.trouble(error)
        else:
            self.title = row.title
            self._draft, self._saved = (
                Template.model_validate_json(each)
                .model_copy(update={"title": row.title})
                .model_dump_json()
                for each in (self._draft, self._saved)
            )
            yield self.good("Saved")

    @handlers.event
    async def restore(self, number: int) -> Any:
        """Make an old version the newest again."""
        try:
            await self.ask(service.restore_version, self.of, number)
            await self._open()
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("Version {number} is back", number=number)
            yield Design.draw_still

    @handlers.event
    async def duplicate(self) -> Any:
        """A copy of it, opened."""
        try:
            row = await self.ask(copy, self.workspace_id, self.of)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield rx.redirect(f"/templates/design?of={row.id}")

    @handlers.event
    async def trash(self) -> Any:
        """Put it into the trash."""
        try:
            await self.ask(service.trash, self.of)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("It is in the trash")
            yield rx.redirect("/templates")

    @handlers.event
    async def untrash(self) -> Any:
        """Take it out of the trash."""
        try:
            await self.ask(service.untrash, self.of)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            self.trashed = False

    # ---- looking

    @handlers.background
    async def draw_still(self) -> None:
        """Draw the draft at rest, by the engine; only the newest is shown."""
        async with self:
            if not self._draft or not self.workspace_id:
                return
            self._mark += 1
            mark, template = self._mark, self._design()
            workspace, format, asset = self.workspace_id, Format(self.shape), self.backdrop or None
            self.drawing = True
        picture, wrong = b"", ""
        # Whoever moves a slide moves it further: only the last place is drawn.
        await asyncio.sleep(0.15)
        async with self:
            if self._mark != mark:
                return
        try:
            picture = await self.ask(
                previewing.preview_still, workspace, template, asset=asset, format=format
            )
        except AutoschedError as error:
            wrong = str(error)
        async with self:
            if self._mark != mark:
                return
            self.drawing, self.wrong = False, wrong
            if picture:
                self.still = "data:image/jpeg;base64," + base64.b64encode(picture).decode()

    @handlers.background
    async def play(self) -> Any:
        """Draw the draft in motion, telling how far it is."""
        async with self:
            if self.filming or not self._draft:
                return
            self._film += 1
            film, template = self._film, self._design()
            workspace, format, asset = self.workspace_id, Format(self.shape), self.backdrop or None
            self.filming, self.share, self.moving = True, 0.0, ""
        told = {"share": 0.0, "stop": 0.0}

        def progress(now: Progress) -> None:
            told["share"] = now.share

        drawing = asyncio.create_task(
            self.ask(
                previewing.preview_motion,
                workspace,
                template,
                asset=asset,
                format=format,
                progress=progress,
                cancelled=lambda: bool(told["stop"]),
            )
        )
        while not drawing.done():
            await asyncio.wait([drawing], timeout=0.25)
            async with self:
                self.share = told["share"]
                told["stop"] = float(self._film != film)
        async with self:
            if self._film == film:
                self.filming = False
            try:
                path = drawing.result()
            except CancelledError:
                return
            except AutoschedError as error:
                self.wrong = str(error)
                return
            if self._draft == template.model_dump_json():
                self.moving = f"/previews/{workspace}/{path.stem}"

    @handlers.event
    def stop(self) -> None:
        """Give the moving preview up; or show the still again."""
        self._film += 1
        self.filming, self.moving = False, ""
