"""What home shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import reflex as rx

from autosched import clock
from autosched.errors import AutoschedError
from autosched.library import service as library
from autosched.platforms import registry
from autosched.schedule import service as schedule
from autosched.schedule import trouble
from autosched.schedule.calendar import Entry
from autosched.studio import service as studio
from autosched.studio.jobs import JobState
from autosched.studio.models import Render
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.library.state import Item, item
from autosched.ui.session import Session

_DAYS = 14
_NEXT = 5
_VIDEOS = 6
_STILL_AHEAD = ("scheduled", "retry_wait", "claimed", "uploading", "committing")
_SHOWN = (
    "coming",
    "making",
    "videos",
    "has_video",
    "has_account",
    "has_post",
    "troubled",
    "ending",
)
_UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Coming:
    """A post that goes out soon."""

    id: str
    title: str
    start: str
    state: str
    platforms: list[str]
    asset_id: str


@dataclass(frozen=True)
class Making:
    """A video under way."""

    id: str
    title: str
    share: float
    seconds_left: float | None
    waits: bool


@dataclass(frozen=True)
class Troubled:
    """A platform in trouble. Moments in ISO 8601; `state` as in `trouble.Trouble`."""

    platform: str
    title: str
    server: str
    state: str
    since: str
    until: str
    waiting: int


@dataclass(frozen=True)
class Soon:
    """An account whose access ends soon."""

    id: str
    platform: str
    handle: str
    at: str


@dataclass(frozen=True)
class Survey:
    """All that home shows of a workspace."""

    coming: list[Coming]
    making: list[Making]
    videos: list[Item]
    has_video: bool
    has_account: bool
    has_post: bool
    troubled: list[Troubled]
    ending: list[Soon]


def survey(actor: str, workspace_id: str, language: str = "en") -> Survey:
    """Look at the workspace as this person may see it, in their language."""
    now = clock.now()
    entries = schedule.calendar(actor, workspace_id, now, now + timedelta(days=_DAYS))
    renders = studio.renders(actor, workspace_id, limit=20)
    videos = library.assets(actor, workspace_id, kind="video", limit=_VIDEOS)
    return Survey(
        coming=[_coming(each) for each in entries if each["state"] in _STILL_AHEAD][:_NEXT],
        making=[_making(each) for each in reversed(renders) if each.state in _UNDER_WAY],
        videos=[item(each) for each in videos],
        has_video=bool(renders or videos),
        has_account=bool(schedule.accounts(actor, workspace_id)),
        has_post=bool(schedule.posts(actor, workspace_id, limit=1)),
        troubled=[_troubled(each, language) for each in trouble.troubles(actor, workspace_id)],
        ending=[
            Soon(each.account_id, each.platform, each.handle, each.at.isoformat())
            for each in trouble.ending(actor, workspace_id)
        ],
    )


def _troubled(one: trouble.Trouble, language: str) -> Troubled:
    return Troubled(
        platform=one.platform,
        title=words.known(registry.platform(one.platform).title, language),
        server=one.server.removeprefix("https://"),
        state=one.state,
        since=one.since.isoformat(),
        until=one.until.isoformat() if one.until else "",
        waiting=one.waiting,
    )


def _coming(entry: Entry) -> Coming:
    return Coming(
        id=entry["id"],
        title=entry["title"],
        start=entry["start"] or "",
        state=entry["state"],
        platforms=sorted({account["platform"] for account in entry["accounts"]}),
        asset_id=entry["asset_id"] or "",
    )


def _making(render: Render) -> Making:
    return Making(
        id=render.id,
        title=render.title,
        share=render.progress,
        seconds_left=render.seconds_left,
        waits=render.state == JobState.QUEUED,
    )


class Home(Session):
    """The state of home."""

    loaded: bool = False
    failure: str = ""
    coming: list[Coming] = []
    making: list[Making] = []
    videos: list[Item] = []
    has_video: bool = False
    has_account: bool = False
    has_post: bool = False
    troubled: list[Troubled] = []
    ending: list[Soon] = []

    @rx.var
    def has_trouble(self) -> bool:
        """Whether there is anything to tell of platforms or accounts."""
        return bool(self.troubled or self.ending)

    @rx.var
    def is_new(self) -> bool:
        """Whether a first step is still to be made."""
        return not (self.has_video and self.has_account and self.has_post)

    @rx.var
    def first_name(self) -> str:
        """By what the person is greeted."""
        return (self.person_name.split() or [""])[0]

    @event
    async def load(self) -> Any:
        """Look anew."""
        if not self.ready or not self.workspace_id:
            return None
        try:
            found = await self.ask(survey, self.workspace_id, self.language or "en")
        except AutoschedError as error:
            if error.status == 401:
                return self.trouble(error)
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return None
        self.failure, self.loaded = "", True
        for name in _SHOWN:
            if getattr(self, name) != getattr(found, name):
                setattr(self, name, getattr(found, name))
        return None

    @event
    async def stop(self, render_id: str) -> Any:
        """Cancel a video under way."""
        try:
            await self.ask(studio.cancel, render_id)
        except AutoschedError as error:
            return self.trouble(error)
        return Home.load
