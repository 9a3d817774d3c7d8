"""What a person chooses for one account: the kind of post, the platform's options, how files are
made to fit, or to post it by hand."""

from __future__ import annotations

from typing import Any

from autosched.ui.compose import draft, offered
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event


class Options(Compose):
    """The choices of single accounts. `written` as in `state.WRITTEN`."""

    @event
    async def choose_shape(self, account_id: str, shape: str, written: list[str]) -> None:
        """Let it be another kind of post."""
        await self._choose_one(account_id, offered.SHAPE, shape, written)

    @event
    async def choose_fit(self, account_id: str, fit: str, written: list[str]) -> None:
        """Bring its files into shape in another way."""
        if fit in offered.FITS:
            value = None if fit == offered.FITS[0] else fit
            await self._choose_one(account_id, offered.FIT, value, written)

    @event
    async def post_by_hand(self, account_id: str, is_by_hand: bool, written: list[str]) -> None:
        """Have a person reminded, instead of sending it."""
        await self._choose_one(account_id, offered.BY_HAND, is_by_hand or None, written)

    @event
    async def choose_language(self, account_id: str, languages: str) -> None:
        """Say in which language the post is; empty: it is found by itself."""
        value = languages.split(",") if languages else None
        await self._choose_one(account_id, "langs", value, [])

    @event
    async def choose(self, account_id: str, name: str, told: Any) -> None:
        """Choose a value of an option, or turn it on or off."""
        option = self._option(account_id, name)
        if option is not None:
            await self._choose_one(account_id, name, offered.read(option, told), [])

    async def _choose_one(self, account_id: str, name: str, value: Any, written: list[str]) -> None:
        self._take(*written)
        options = draft.options_of(self.variants, account_id)
        self.variants = draft.with_options(
            self.variants, account_id, offered.put(options, name, value)
        )
        await self._changed()

    @event
    async def write_option(self, account_id: str, name: str, told: str) -> None:
        """The person wrote into a field."""
        before = self.variants
        self._put_written(account_id, name, told, None)
        if self.variants != before:
            await self._changed()

    @event
    async def write_part(self, account_id: str, name: str, place: int, told: str) -> None:
        """The person wrote into a further text of a thread."""
        before = self.variants
        self._put_written(account_id, name, told, place)
        if self.variants != before:
            await self._changed()

    @event
    async def add_part(self, account_id: str, name: str, written: list[str]) -> None:
        """Let a thread go on with a further text."""
        await self._set_parts(account_id, name, written, lambda parts: [*parts, ""])

    @event
    async def drop_part(self, account_id: str, name: str, place: int, written: list[str]) -> None:
        """Take a further text out of a thread."""
        await self._set_parts(
            account_id, name, written, lambda parts: [*parts[:place], *parts[place + 1 :]]
        )

    async def _set_parts(self, account_id: str, name: str, written: list[str], change: Any) -> None:
        self._take(*written)
        options = draft.options_of(self.variants, account_id)
        parts = change([str(each) for each in options.get(name) or []])
        kept = offered.put(options, name, parts or None)
        self.variants = draft.with_options(self.variants, account_id, kept)
        self.edition += 1
        await self._changed()
