"""The stage of a template's page: its draft at rest or in motion, in a format, over a file."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from autosched.errors import AutoschedError, CancelledError
from autosched.studio.frame import Format
from autosched.studio.progress import Progress
from autosched.studio.saved import previewing
from autosched.studio.template import Template
from autosched.ui import handlers
from autosched.ui.session import Session


class Stage(Session):
    """The draft, and what is seen of it."""

    shape: str = "reel"
    backdrops: list[tuple[str, str]] = []
    backdrop: str = ""
    still: str = ""
    drawing: bool = False
    moving: str = ""
    share: float = 0.0
    filming: bool = False
    wrong: str = ""

    # A template as JSON: so it is compared, kept and never shared with what is shown.
    _draft: str = ""
    _mark: int = 0
    _film: int = 0

    def _design(self) -> Template:
        return Template.model_validate_json(self._draft)

    @handlers.event
    def choose_shape(self, shape: str) -> Any:
        """Look at it in another format."""
        self.shape, self.moving = shape, ""
        return Stage.draw_still

    @handlers.event
    def choose_backdrop(self, asset: str) -> Any:
        """Look at it over a file of the library, or over its own background."""
        self.backdrop, self.moving = asset, ""
        return Stage.draw_still

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
