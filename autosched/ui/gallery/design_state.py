"""One template on its page: opened, kept as versions, restored, renamed, thrown away."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.errors import AutoschedError, ConflictError
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.studio import template as built_in
from autosched.studio.saved import previewing, service
from autosched.studio.template import Template
from autosched.ui import handlers, words
from autosched.ui.gallery.draft import Draft
from autosched.ui.gallery.shown import Origin, Row, version_row
from autosched.ui.gallery.state import copy

_BACKDROPS = 60


class Design(Draft):
    """A template and its versions. The services check everything again when it is saved."""

    of: str = ""
    own: bool = False
    title: str = ""
    version: int = 0
    trashed: bool = False
    origins: list[Origin] = []
    history: list[Row] = []
    view: str = "glance"
    note: str = ""
    conflict: bool = False
    busy: bool = False
    loaded: bool = False
    failed: str = ""

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

    @handlers.event
    def show(self, view: str) -> None:
        """At a glance, the editor, or the versions."""
        self.view = view

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

    # ---- keeping

    @handlers.event
    def set_note(self, note: str) -> None:
        """What is different, in the editor's words."""
        self.note = note

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
