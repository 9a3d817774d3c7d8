"""What the library shows: the files found, and the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from autosched.errors import AutoschedError
from autosched.library import service
from autosched.library.models import Asset
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.session import Session

_PAGE = 60


@dataclass(frozen=True)
class Item:
    """A file as the grid and the preview show it."""

    id: str = ""
    kind: str = ""
    name: str = ""
    alt: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration: float | None = None
    made: str = ""
    is_render: bool = False


def item(asset: Asset) -> Item:
    """The asset as a page shows it."""
    return Item(
        id=asset.id,
        kind=str(asset.kind),
        name=asset.name,
        alt=asset.alt,
        mime=asset.mime,
        size=asset.size,
        width=asset.width or 0,
        height=asset.height or 0,
        duration=asset.duration,
        made=asset.created_at.isoformat(),
        is_render=asset.render_id is not None,
    )


class Library(Session):
    """The library's state."""

    items: list[Item] = []
    kind: str = ""
    query: str = ""
    has_more: bool = False
    loaded: bool = False
    loading_more: bool = False
    failure: str = ""
    shown: Item = Item()
    is_open: bool = False
    asking_to_delete: bool = False
    deleting: bool = False

    @event
    async def load(self) -> Any:
        """Show the first page anew; with `?open=ID` also that file."""
        if not self.ready or not self.workspace_id:
            return
        wanted = self.router.url.query_parameters.get("open")
        if wanted:
            yield Library.open(wanted)
        yield await self._read(_PAGE)

    @event
    async def look_again(self) -> Any:
        """Show what is shown, as it is now."""
        if self.ready and self.loaded:
            await self._read(max(_PAGE, len(self.items)))

    async def _read(self, count: int) -> Any:
        try:
            found = await self.ask(
                service.assets,
                self.workspace_id,
                kind=self.kind or None,
                query=self.query,
                limit=count + 1,
            )
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return self.trouble(error) if error.status == 401 else None
        fresh = [item(asset) for asset in found[:count]]
        self.failure, self.loaded = "", True
        self.has_more = len(found) > count
        if fresh != self.items:
            self.items = fresh
        return None

    @event
    async def show_more(self) -> Any:
        """Add the next page below."""
        if not self.items:
            return
        self.loading_more = True
        yield
        try:
            found = await self.ask(
                service.assets,
                self.workspace_id,
                kind=self.kind or None,
                query=self.query,
                limit=_PAGE + 1,
                before=self.items[-1].id,
            )
            self.items = [*self.items, *(item(asset) for asset in found[:_PAGE])]
            self.has_more = len(found) > _PAGE
        except AutoschedError as error:
            yield self.trouble(error)
        self.loading_more = False

    @event
    async def choose_kind(self, kind: str) -> Any:
        """Show one kind only, or all with an empty one."""
        self.kind = kind
        return await self._read(_PAGE)

    @event
    async def search(self, query: str) -> Any:
        """Show the files in whose name or description this stands."""
        self.query = query
        return await self._read(_PAGE)

    @event
    async def arrived(self, _asset_id: str) -> Any:
        """A file has been sent whole."""
        await self._read(max(_PAGE, len(self.items)))

    @event
    async def open(self, asset_id: str) -> Any:
        """Look at one file."""
        self.asking_to_delete = False
        try:
            self.shown = item(await self.ask(service.asset, asset_id))
        except AutoschedError as error:
            return self.trouble(error)
        self.is_open = True
        return None

    @event
    def set_open(self, is_open: bool) -> None:
        """Close the preview."""
        self.is_open = is_open
        self.asking_to_delete = False

    @event
    async def rename(self, name: str) -> Any:
        """Give the file another name."""
        if name.strip() == self.shown.name:
            return None
        return await self._describe(name=name)

    @event
    async def set_alt(self, alt: str) -> Any:
        """Say what the file shows, for those who can't see it."""
        if alt.strip() == self.shown.alt:
            return None
        return await self._describe(alt=alt)

    async def _describe(self, **facts: str) -> Any:
        try:
            self.shown = item(await self.ask(service.describe, self.shown.id, **facts))
        except AutoschedError as error:
            self.shown = replace(self.shown)
            return self.trouble(error)
        self.items = [self.shown if one.id == self.shown.id else one for one in self.items]
        return self.good("Saved")

    @event
    def ask_to_delete(self, asking: bool) -> None:
        """Show or hide the question whether to delete."""
        self.asking_to_delete = asking

    @event
    async def delete(self) -> Any:
        """Remove the file from the library."""
        self.deleting = True
        yield
        try:
            await self.ask(service.remove, self.shown.id)
            self.items = [one for one in self.items if one.id != self.shown.id]
            self.is_open = False
            yield self.good("Deleted")
        except AutoschedError as error:
            yield self.trouble(error)
        self.deleting = self.asking_to_delete = False
