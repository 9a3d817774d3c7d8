"""The draft of a template while it is edited: controls, parts of others, and the way back."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from autosched.errors import AutoschedError
from autosched.studio import template as built_in
from autosched.studio.legible import legible
from autosched.studio.parts import PARTS, mixed
from autosched.studio.saved import service
from autosched.studio.template import Template
from autosched.ui import handlers
from autosched.ui.gallery import controls
from autosched.ui.gallery.shown import Glance, glance
from autosched.ui.gallery.stage import Stage

_UNDOS = 60


class Draft(Stage):
    """What is being changed, and what it was."""

    measures: Glance = Glance()
    values: dict[str, str] = {}
    revision: int = 0
    changed: bool = False
    can_undo: bool = False
    others: list[tuple[str, str]] = []
    mix_from: str = ""

    _saved: str = ""
    _undo: list[str] = []

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
        return Draft.draw_still

    @handlers.event
    def undo(self) -> Any:
        """Take the last change back."""
        if not self._undo:
            return None
        self._take(self._undo.pop())
        self.can_undo = bool(self._undo)
        return Draft.draw_still

    @handlers.event
    def mend(self) -> Any:
        """Give the words what they need to be read."""
        self._keep_undo()
        self._take(legible(self._design()).model_dump_json())
        return Draft.draw_still

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
        yield Draft.draw_still

    async def _template(self, of: str) -> Template:
        known = {each.name: each for each in built_in.templates()}
        return known[of] if of in known else await self.ask(service.template, of)

    def _keep_undo(self) -> None:
        self._undo = [*self._undo[-_UNDOS:], self._draft]
