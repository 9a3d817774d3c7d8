"""What is being written: words, media, accounts and time, counted and checked as they change.

Everything that is not stored yet is kept in the browser, by post, and is there again after a
lost connection or a closed tab. What a person does is split over substates: `choosing`
(accounts and variants), `timing`, `picking` (media), `verses`, `saving`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import reflex as rx

from autosched import clock
from autosched.errors import AutoschedError, InvalidError, NotFoundError
from autosched.platforms.limits import Option
from autosched.schedule import life, service
from autosched.ui import words
from autosched.ui.compose import draft, keeping, offered, opening
from autosched.ui.compose.draft import AccountLine, MediaItem, Piece, ProblemLine, Quick, Variants
from autosched.ui.compose.standing import stands
from autosched.ui.handlers import event
from autosched.ui.session import Session

# Said only once the person has tried to let the post go: what is not begun needs no reproach.
_UNTIL_TRIED = frozenset({"empty", "alt_missing"})
# What stands in the editor and in the fields of the accounts at the moment of a click: typing is
# told only after a pause, and a click may be quicker.
WRITTEN: rx.Var[list[str]] = rx.Var(
    "(globalThis.autosched?.written?.() ?? [])",
    _var_type=list[str],
).guess_type()
_NOBODY = AccountLine("", "", "", "", "", "")


class Compose(Session):
    """The post that is being written. `tab` is the account whose own words are shown, or empty."""

    kept: str = rx.LocalStorage("", name="autosched_compose")

    loaded: bool = False
    failure: str = ""
    post_id: str = ""
    version: int = 0
    standing: str = "draft"
    text: str = ""
    media: list[MediaItem] = []
    accounts: list[AccountLine] = []
    variants: Variants = {}
    tab: str = ""
    # Changes whenever the server, not the person, has written into the editor.
    edition: int = 0
    preview_id: str = ""
    preview: list[Piece] = []

    day: str = ""
    hour: str = ""
    later: bool = False
    exact: str = ""
    clock_kind: str = ""
    wall_shown: str = ""
    time_wrong: str = ""
    quick: list[Quick] = []

    came_back: bool = False
    tried: bool = False
    trouble_line: str = ""
    # Somebody else stored another version meanwhile, and these are their words.
    in_conflict: bool = False
    theirs: str = ""
    aside: str = ""

    _key: str = ""
    _pristine: str = ""
    _theirs_version: int = 0
    _dollars: float = 0.0
    # Something was taken of which the platforms have not been asked yet.
    _is_stale: bool = False
    _options: dict[str, tuple[Option, ...]] = {}

    @rx.var
    def chosen(self) -> list[AccountLine]:
        """The accounts it goes out on."""
        return [line for line in self.accounts if line.chosen]

    @rx.var
    def own_tabs(self) -> list[AccountLine]:
        """The chosen accounts that get something of their own."""
        return [line for line in self.accounts if line.chosen and line.differs]

    @rx.var
    def common_accounts(self) -> list[AccountLine]:
        """The chosen accounts that get what all get."""
        return [line for line in self.accounts if line.chosen and not line.differs]

    @rx.var
    def shown_text(self) -> str:
        """What stands in the editor."""
        return self._text_of(self.tab)

    @rx.var
    def previewed(self) -> AccountLine:
        """The account whose preview is shown."""
        return next((line for line in self.accounts if line.id == self.preview_id), _NOBODY)

    @rx.var
    def media_count(self) -> int:
        """How many files it carries."""
        return len(self.media)

    @rx.var
    def missing_alt(self) -> int:
        """How many pictures and videos are not described yet."""
        return sum(item.kind != "audio" and not item.alt for item in self.media)

    @rx.var
    def is_fixed(self) -> bool:
        """Whether it has gone out, or is just going: nothing can be changed any more."""
        return self.standing in ("published", "publishing")

    @rx.var
    def cost(self) -> str:
        """What the platforms charge for it, all in all; empty for nothing."""
        return offered.dollars(self._dollars, self.language) if self._dollars else ""

    # ---- arriving

    @event
    async def arrive(self) -> Any:
        """Open what the address names, or an empty page."""
        if not self.ready or not self.workspace_id:
            return
        asked = self.router.url.query_parameters
        named = [f"{name}={asked[name]}" for name in ("post", "from", "asset") if name in asked]
        key = f"{self.workspace_id}/{named[0] if named else ''}"
        if self.loaded and self.post_id and asked.get("post") == self.post_id:
            self._key = key
            return  # it was just stored, and only now has its own address
        self._begin(key)
        yield
        try:
            await self._open(asked)
            self._pristine = self._content()
            self._bring_back()
            if at := asked.get("at"):
                self._set_wall(at)
            await self._foresee()
            await self._survey()
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            if error.status == 401:
                yield self.trouble(error)
        self.quick = draft.quick_times(clock.wall(clock.now(), self.zone))
        self.loaded = True
        self.edition += 1

    def _begin(self, key: str) -> None:
        self._key = key
        self.loaded, self.failure, self.came_back, self.tried = False, "", False, False
        self.post_id, self.version, self.standing, self.text = "", 0, "draft", ""
        self.media, self.accounts, self.variants, self.tab = [], [], {}, ""
        self.day, self.hour, self.later, self.exact = "", "", False, ""
        self.clock_kind, self.time_wrong, self.trouble_line = "", "", ""
        self.in_conflict, self.theirs, self.aside = False, "", ""

    async def _open(self, asked: Mapping[str, str]) -> None:
        source = asked.get("post") or asked.get("from") or ""
        assets = [asked["asset"]] if asked.get("asset") else []
        found = await self.ask(opening.gather, self.workspace_id, source, assets)
        self.accounts = [draft.account_line(account) for account in found.accounts]
        self.media, self.variants = found.media, found.variants
        post = found.post
        if post is not None:
            self.text = post.text
        if post is not None and asked.get("post"):
            self.post_id, self.version = post.id, post.version
            self.standing = life.summary(target.state for target in found.targets)
            if post.scheduled_at is not None:
                wall = clock.wall(post.scheduled_at, self.zone)
                self._set_wall(wall.isoformat())
                self.later = clock.resolve(wall, self.zone).utc != post.scheduled_at
        self._choose(found.picked)

    def _choose(self, ids: list[str]) -> None:
        self.accounts = [replace(line, chosen=line.id in ids) for line in self.accounts]
        chosen = [line.id for line in self.accounts if line.chosen]
        if self.preview_id not in chosen:
            self.preview_id = chosen[0] if chosen else ""
        if self.tab not in chosen:
            self.tab = ""

    # ---- writing

    @event
    async def write(self, tab: str, text: str) -> None:
        """The person wrote into the editor; `tab` as it was when they did."""
        if self._take(tab, text):
            await self._changed()

    def _text_of(self, tab: str) -> str:
        return draft.text_for(self.text, self.variants, tab) if tab else self.text

    def _take(self, tab: str = "", text: str | None = None, fields: str = "") -> bool:
        """Take what stands on the page (`WRITTEN`); whether any of it is new."""
        is_new = self._take_fields(fields) if fields else False
        self._is_stale = self._is_stale or is_new
        if text is None or self._text_of(tab) == text:
            return is_new
        self._is_stale = True
        if tab:
            self.variants = {**self.variants, tab: {**self.variants.get(tab, {}), "text": text}}
        else:
            self.text = text
        return True

    def _take_fields(self, fields: str) -> bool:
        before = self.variants
        for where, told in json.loads(fields):
            account_id, name, *place = where.split("|")
            self._put_written(account_id, name, told, int(place[0]) if place else None)
        return self.variants != before

    def _put_written(self, account_id: str, name: str, told: str, place: int | None) -> None:
        """Keep what stands in a field of an account's options; `place`: of a thread's part."""
        option = self._option(account_id, name)
        if option is None:
            return
        options = draft.options_of(self.variants, account_id)
        value: Any = told
        if place is not None:
            value = list(options.get(name) or [])
            if place >= len(value):
                return
            value[place] = told
        kept = offered.put(options, name, offered.read(option, value))
        if kept != options:
            self.variants = draft.with_options(self.variants, account_id, kept)

    def _option(self, account_id: str, name: str) -> Option | None:
        """The option of that name, of the kind of post that an account shows."""
        return next((each for each in self._options.get(account_id, ()) if each.name == name), None)

    async def _changed(self) -> None:
        self.trouble_line = ""
        self._keep()
        await self._survey()

    async def _survey(self) -> None:
        """Ask every chosen account's platform what it says to the post as it stands."""
        chosen = [line.id for line in self.accounts if line.chosen]
        given = (self.text, self._media(), chosen, draft.as_stored(self.variants))
        try:
            surveys = await self.ask(service.survey, self.workspace_id, *given)
        except (InvalidError, NotFoundError) as error:
            self.trouble_line = " ".join(words.sentence(error, self.language or "en"))
            return
        self._is_stale = False
        found = {each.account.id: each for each in surveys}
        self._options = {each.account.id: each.shape.options for each in surveys}
        self._dollars = sum(each.cost.dollars for each in surveys if each.cost is not None)
        lines = []
        for line in self.accounts:
            line = replace(line, differs=draft.differs(self.variants, line.id))
            if (each := found.get(line.id)) is not None:
                said = self._problems(each.problems)
                line = stands(line, each, self.variants, said, self.language or "en")
            lines.append(line)
        if lines != self.accounts:
            self.accounts = lines
        self._draw_preview()

    def _problems(self, problems: list[Any]) -> list[ProblemLine]:
        said = []
        for problem in problems:
            if not self.tried and problem.code in _UNTIL_TRIED:
                continue
            code = "option" if problem.code.startswith("option_") else problem.code
            known = words.catalogue().get(f"problem.{code}")
            in_arabic = self.language == "ar" and isinstance(known, str)
            sentence = str(known) if in_arabic else problem.sentence
            line = ProblemLine(problem.code, sentence, problem.blocking)
            if line not in said:
                said.append(line)
        return said

    def _draw_preview(self) -> None:
        found = draft.pieces(self._text_of(self.preview_id), self.previewed.platform)
        if found != self.preview:
            self.preview = found

    def _media(self) -> list[dict[str, Any]]:
        return [{"asset_id": item.asset_id, "alt": item.alt} for item in self.media]

    # ---- time

    def _set_wall(self, wall: str) -> None:
        try:
            asked = datetime.fromisoformat(wall) if wall else None
        except ValueError:
            asked = None
        self.day = f"{asked:%Y-%m-%d}" if asked else ""
        self.hour = f"{asked:%H:%M}" if asked else ""

    def _wall(self) -> datetime | None:
        try:
            chosen = self.day and self.hour
            return datetime.fromisoformat(f"{self.day}T{self.hour}") if chosen else None
        except ValueError:
            return None

    async def _foresee(self) -> None:
        self.exact, self.clock_kind, self.time_wrong = "", "", ""
        wall = self._wall()
        if wall is None:
            return
        try:
            found = await self.ask(service.foresee, self.workspace_id, wall, later=self.later)
        except AutoschedError as error:
            self.time_wrong = error.code
            return
        self.exact = found.moment.utc.isoformat()
        self.clock_kind = "" if found.moment.kind == "exact" else found.moment.kind
        self.wall_shown = f"{found.moment.wall:%H:%M}"

    # ---- keeping what is not stored

    def _content(self) -> str:
        return json.dumps(
            {
                "text": self.text,
                "media": keeping.pack(self.media),
                "chosen": [line.id for line in self.accounts if line.chosen],
                "variants": self.variants,
                "wall": f"{self.day}T{self.hour}" if self.day and self.hour else "",
                "later": self.later,
            },
            ensure_ascii=False,
        )

    def _is_dirty(self) -> bool:
        return self._content() != self._pristine

    def _keep(self) -> None:
        dirty = self._is_dirty()
        content = {**json.loads(self._content()), "version": self.version}
        content |= {"aside": self.aside, "dirty": dirty}
        self.kept = keeping.put(self.kept, self._key, content if dirty or self.aside else None)

    def _bring_back(self) -> None:
        found = keeping.find(self.kept, self._key)
        if found is None:
            return
        self.aside = str(found.get("aside") or "")
        if not found.get("dirty"):
            return
        self.text = str(found.get("text", ""))
        self.variants = dict(found.get("variants", {}))
        self.media = keeping.unpack(found.get("media"))
        self._choose(list(found.get("chosen", [])))
        self._set_wall(str(found.get("wall", "")))
        self.later = bool(found.get("later"))
        self.came_back = self._is_dirty()
        if self.post_id and found.get("version") != self.version:
            self.in_conflict, self.theirs = True, json.loads(self._pristine)["text"]
            self._theirs_version = self.version
            self.version = int(found.get("version") or 0)

    @event
    def discard(self) -> Any:
        """Throw away what is not stored, and begin from what is."""
        self.kept = keeping.put(self.kept, self._key, None)
        self.loaded = False
        return Compose.arrive
