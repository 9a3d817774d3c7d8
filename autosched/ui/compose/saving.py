"""Storing what was written: as a draft, for a time, or to go out now; and two people at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx

from autosched import clock
from autosched.errors import AutoschedError, ConflictError
from autosched.schedule import life, service
from autosched.schedule.models import Post
from autosched.ui import words
from autosched.ui.calendar.spoken import spoken
from autosched.ui.compose import draft, keeping
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event

# What stands on the page, and whether somebody is writing into it.
_STANDING = "[window.autosched.written(), window.autosched.isWriting()]"


class Saving(Compose):
    """The page's actions. Each takes what stands in the editor (`state.WRITTEN`)."""

    busy: str = ""
    asks_to_publish: bool = False

    _meant: str = ""

    # ---- storing

    @event
    async def save(self, written: list[str]) -> Any:
        """Keep it as a draft; or store the changes of a post that is scheduled."""
        async for each in self._try("save", written):
            yield each

    @event
    async def schedule(self, written: list[str]) -> Any:
        """Let it go out at the chosen time."""
        self._take(*written)
        if self._wall() is None:
            self.trouble_line = self._say("Choose when it goes out: a day and an hour.")
            yield rx.set_focus("compose-day")
            return
        async for each in self._try("schedule", written):
            yield each

    @event
    def ask_to_publish(self, asks: bool) -> None:
        """Publishing can't be undone, so it is asked for twice."""
        self.asks_to_publish = asks

    @event
    async def publish(self, written: list[str]) -> Any:
        """Let it go out now."""
        self.asks_to_publish = False
        async for each in self._try("publish", written):
            yield each

    async def _try(self, meant: str, written: list[str]) -> Any:
        if self.busy or self.is_fixed or not self.can_edit:
            return
        self._take(*written)
        self._meant, self.busy, self.trouble_line = meant, meant, ""
        yield
        try:
            if meant != "save" and not self.chosen:
                self.trouble_line = self._say("Choose at least one account to publish on.")
            else:
                for each in await self._store(meant):
                    yield each
        except ConflictError as error:
            if error.code == "version":
                await self._meet_theirs()
            else:
                self._refuse(error)
        except AutoschedError as error:
            self._refuse(error)
            if error.status == 401:
                yield self.trouble(error)
        if self.trouble_line:
            self.tried = True
        if self.trouble_line or self._is_stale:
            await self._survey_keeping_trouble()
        self.busy = ""

    async def _survey_keeping_trouble(self) -> None:
        said = self.trouble_line
        await self._survey()
        self.trouble_line = said

    def _refuse(self, error: AutoschedError) -> None:
        self.trouble_line = " ".join(words.sentence(error, self.language or "en")).strip()
        self._keep()

    def _say(self, english: str, **values: Any) -> str:
        return words.say(english, self.language or "en", **values)

    async def _store(self, meant: str) -> list[Any]:
        wall = self._wall()
        if not self.post_id:
            # Whether it can be scheduled is asked before anything is stored.
            planned = wall if meant == "schedule" else None
            noted = wall if meant == "save" else None
            post = await self.ask(
                service.compose,
                self.workspace_id,
                text=self.text,
                media=self._media(),
                account_ids=[line.id for line in self.chosen],
                when=planned or noted,
                variants=draft.as_stored(self.variants),
                later=self.later,
                draft=planned is None,
            )
            self._stored(post)
        else:
            before = await self.ask(service.post, self.post_id)
            post = await self.ask(
                service.edit,
                self.post_id,
                version=self.version,
                text=self.text,
                media=self._media(),
                account_ids=[line.id for line in self.chosen],
                variants=self._all_variants(),
            )
            self._stored(post)
            if meant == "schedule" and wall is not None:
                await self.ask(service.schedule, post.id, wall, later=self.later)
            elif meant == "save" and wall is not None and self._moved(before, wall):
                await self.ask(service.reschedule, post.id, wall, later=self.later)
        if meant == "publish":
            await self.ask(service.publish_now, post.id)
        return self._after(meant, wall)

    def _all_variants(self) -> dict[str, Any]:
        """With an empty one for each account that has none, so that an earlier one goes."""
        kept = draft.as_stored(self.variants)
        return {line.id: kept.get(line.id, {}) for line in self.accounts}

    def _moved(self, post: Post, wall: datetime) -> bool:
        return post.scheduled_at != clock.resolve(wall, self.zone, later=self.later).utc

    def _stored(self, post: Post) -> None:
        self.kept = keeping.put(self.kept, self._key, None)
        self.post_id, self.version = post.id, post.version
        self._pristine = self._content()
        self.came_back, self.in_conflict, self.theirs = False, False, ""

    def _after(self, meant: str, wall: datetime | None) -> list[Any]:
        if meant == "publish":
            return [self.good("It goes out now."), rx.redirect(f"/calendar?post={self.post_id}")]
        if meant == "schedule" and wall is not None:
            exact = clock.resolve(wall, self.zone, later=self.later).wall
            when = spoken(exact, self.language or "en")
            return [
                self.good("Scheduled for {when}", when=when),
                rx.redirect(f"/calendar?date={exact:%Y-%m-%d}"),
            ]
        if self.standing == "scheduled":
            return [self.good("Your changes are stored"), self._own_address()]
        return [self.good("Kept as a draft"), self._own_address()]

    def _own_address(self) -> Any:
        return rx.redirect(f"/compose?post={self.post_id}", replace=True)

    # ---- two people at one post

    @event
    async def look_again(self) -> Any:
        """Somebody may have stored another version, or the post may have gone out."""
        if not self.loaded or not self.post_id or self.busy:
            return None
        try:
            post = await self.ask(service.post, self.post_id)
            targets = await self.ask(service.targets, self.post_id)
        except AutoschedError:
            return None  # the page says it with the next thing that is asked of it
        standing = life.summary(target.state for target in targets)
        if standing != self.standing:
            self.standing = standing
        if post.version == self.version or self.in_conflict:
            return None
        # What was typed last may still be on its way here: the browser is asked for it.
        return rx.call_script(_STANDING, callback=Saving.weigh)

    @event
    async def weigh(self, found: list[Any]) -> Any:
        """Show another's version at once where nobody is writing, else leave the choice."""
        written, is_writing = found
        self._take(*map(str, written))
        if is_writing or self._is_dirty():
            await self._meet_theirs()
            return None
        self.loaded = False
        return [Compose.arrive, rx.toast.info(self._say("Somebody has just changed this post."))]

    async def _meet_theirs(self) -> None:
        self._keep()
        self._show_theirs(await self.ask(service.post, self.post_id))

    def _show_theirs(self, post: Post) -> None:
        self.theirs, self._theirs_version = post.text, post.version
        self.in_conflict = True

    @event
    async def keep_mine(self, written: list[str]) -> Any:
        """Store what is written here over their version."""
        self.version, self.in_conflict = self._theirs_version, False
        async for each in self._try(self._meant or "save", written):
            yield each

    @event
    def take_theirs(self, written: list[str]) -> Any:
        """Go on with their version; what was written here stays at hand."""
        self._take(*written)
        self.aside = self.text
        self._pristine = self._content()
        self._keep()
        self.in_conflict, self.loaded = False, False
        return Compose.arrive

    @event
    async def mine_as_new(self, written: list[str]) -> Any:
        """Make a draft of its own of what is written here; theirs stays as it is."""
        self.kept = keeping.put(self.kept, self._key, None)
        self.post_id, self.version, self.standing = "", 0, "draft"
        self.in_conflict = False
        async for each in self._try("save", written):
            yield each

    @event
    async def put_back(self) -> None:
        """Put the words that were laid aside into the editor."""
        self.text, self.aside, self.tab = self.aside, "", ""
        self.edition += 1
        await self._changed()

    @event
    def drop_aside(self) -> None:
        """The words that were laid aside are not needed any more."""
        self.aside = ""
        self._keep()
