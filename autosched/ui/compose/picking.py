"""The media of the post: chosen from the library, put in order, described."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.library import service as library
from autosched.schedule.attachments import MEDIA_MAX
from autosched.ui.compose.draft import MediaItem, media_item
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event

_PAGE = 60


class Picking(Compose):
    """The picker, and the strip of what is chosen."""

    is_picking: bool = False
    shelf: list[MediaItem] = []
    shelf_kind: str = ""
    shelf_query: str = ""
    shelf_loaded: bool = False
    picked: list[str] = []
    describing: MediaItem = MediaItem()
    is_describing: bool = False

    @rx.var
    def picked_count(self) -> int:
        """How many files are picked."""
        return len(self.picked)

    @event
    async def open_picker(self) -> Any:
        """Show the library."""
        self.is_picking, self.shelf_loaded = True, False
        self.picked = [item.asset_id for item in self.media]
        yield
        trouble = await self._read_shelf()
        if trouble is not None:
            yield trouble

    @event
    def set_picking(self, is_picking: bool) -> None:
        """Open or close the picker."""
        self.is_picking = is_picking

    @event
    async def show_kind(self, kind: str) -> Any:
        """Show one kind of file only."""
        self.shelf_kind = kind
        return await self._read_shelf()

    @event
    async def search_shelf(self, query: str) -> Any:
        """Show the files with these words."""
        self.shelf_query = query
        return await self._read_shelf()

    async def _read_shelf(self) -> Any:
        try:
            found = await self.ask(
                library.assets,
                self.workspace_id,
                kind=self.shelf_kind or None,
                query=self.shelf_query,
                limit=_PAGE,
            )
        except AutoschedError as error:
            return self.trouble(error)
        self.shelf = [media_item(asset) for asset in found]
        self.shelf_loaded = True
        return None

    @event
    def pick(self, asset_id: str) -> None:
        """Take a file, or put it back; the order is that of the clicks."""
        if asset_id in self.picked:
            self.picked = [each for each in self.picked if each != asset_id]
        elif len(self.picked) < MEDIA_MAX:
            self.picked = [*self.picked, asset_id]

    @event
    async def uploaded(self, asset_id: str) -> Any:
        """A file has just arrived in the library: take it."""
        trouble = await self._read_shelf()
        if asset_id not in self.picked:
            self.pick(asset_id)
        return trouble

    @event
    async def use_picked(self) -> Any:
        """Put what was picked into the post."""
        there = {item.asset_id: item for item in (*self.shelf, *self.media)}
        missing = [each for each in self.picked if each not in there]
        try:
            for asset_id in missing:
                there[asset_id] = media_item(await self.ask(library.asset, asset_id))
        except AutoschedError as error:
            return self.trouble(error)
        self.media = [there[each] for each in self.picked]
        self.is_picking = False
        await self._changed()
        return None

    @event
    async def take_out(self, asset_id: str) -> None:
        """Leave a file out of the post."""
        self.media = [item for item in self.media if item.asset_id != asset_id]
        await self._changed()

    @event
    async def step(self, asset_id: str, by: int) -> None:
        """Move a file earlier (-1) or later (1)."""
        order = list(self.media)
        place = next((n for n, item in enumerate(order) if item.asset_id == asset_id), -1)
        if place >= 0 and 0 <= place + by < len(order):
            order.insert(place + by, order.pop(place))
            self.media = order
            await self._changed()

    @event
    def describe(self, asset_id: str) -> None:
        """Ask what a file shows."""
        self.describing = next(item for item in self.media if item.asset_id == asset_id)
        self.is_describing = True

    @event
    def set_describing(self, is_describing: bool) -> None:
        """Open or close the question."""
        self.is_describing = is_describing

    @event
    async def set_alt(self, form: dict[str, Any]) -> Any:
        """Keep what a file shows, with the post; in the library too, where it says nothing yet."""
        asset_id, alt = self.describing.asset_id, str(form.get("alt", "")).strip()
        was_silent = not self.describing.alt
        self.media = [
            replace(item, alt=alt) if item.asset_id == asset_id else item for item in self.media
        ]
        self.is_describing = False
        await self._changed()
        if was_silent and alt:
            try:
                if not (await self.ask(library.asset, asset_id)).alt:
                    await self.ask(library.describe, asset_id, alt=alt)
            except AutoschedError as error:
                return self.trouble(error)
        return None
