"""Which accounts the post goes out on, and which of them get words of their own."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.compose import draft
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event


class Choosing(Compose):
    """Accounts and their variants."""

    @event
    async def toggle(self, account_id: str, written: list[str]) -> None:
        """Choose an account, or leave it out."""
        self._take(*written)
        chosen = [line.id for line in self.accounts if line.chosen]
        there = account_id in chosen
        before = self.tab
        self._choose(
            [each for each in chosen if each != account_id] if there else [*chosen, account_id]
        )
        if self.tab != before:
            self.edition += 1
        await self._changed()

    @event
    async def show_tab(self, tab: str, written: list[str]) -> None:
        """Show everybody's words, or one account's own."""
        is_new = self._take(*written)
        self.tab = tab
        self.edition += 1
        if tab:
            self.preview_id = tab
        self._draw_preview()
        if is_new:
            await self._changed()

    @event
    async def differ(self, account_id: str, written: list[str]) -> Any:
        """Begin words of its own for an account, with everybody's to start from."""
        self._take(*written)
        own = {**self.variants.get(account_id, {}), "text": self.text}
        self.variants = {**self.variants, account_id: own}
        self.tab = self.preview_id = account_id
        self.edition += 1
        await self._changed()
        return rx.set_focus("compose-text")

    @event
    async def same_for_all(self, account_id: str) -> None:
        """Let an account have everybody's words again."""
        kept = draft.options_of(self.variants, account_id)
        bare = {key: own for key, own in self.variants.items() if key != account_id}
        self.variants = draft.with_options(bare, account_id, kept)
        self.tab = ""
        self.edition += 1
        await self._changed()

    @event
    def show_preview(self, account_id: str) -> None:
        """Show how it looks on an account."""
        self.preview_id = account_id
        self._draw_preview()
