"""Whom and what the tests of writing and planning need: a person's room, accounts, posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image
from sqlmodel import select

from autosched import clock, crypto, db
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.library import service as library
from autosched.library.models import Asset
from autosched.platforms import registry
from autosched.schedule import accounts, consents, dispatch, service
from autosched.schedule.models import Account, Post, Target
from tests.counterparts.stand import Stand
from tests.ui.conftest import PASSWORD


@dataclass(frozen=True)
class Desk:
    """A person's workspace in the running app."""

    actor: str
    id: str

    def folder(self, path: Path) -> Account:
        """An account that is a folder."""
        return service.connect(self.actor, self.id, "folder", {"path": str(path)})

    def bluesky(self, handle: str = "amina.example.org") -> Account:
        """A Bluesky account, as far as counting and checking go."""
        return self.account("bluesky", handle)

    def account(self, platform: str, handle: str = "amina", **options: Any) -> Account:
        """An account of any platform, as far as counting and checking go."""
        account = Account(
            workspace_id=self.id,
            platform=platform,
            remote_id=f"id:{handle}",
            handle=handle,
            name="Amina",
            secret=crypto.seal({}),
            options=options,
            created_by=self.actor,
        )
        with db.write() as session:
            session.add(account)
        return account

    def connected(self, platform: str, stand: Stand, person: int = 0) -> Account:
        """An account that was connected on the stand-in's consent page."""
        far, back = registry.platform(platform), consents.return_address(platform)
        begun = far.begin({}, back, "a-state")
        answer = stand.consent(begun.url, person)
        found = far.finish(begun.keep, answer, back)[0]
        return accounts.store(self.actor, self.id, platform, found)

    def picture(self, path: Path, seed: int = 1) -> Asset:
        """A picture in the library."""
        noise = np.random.default_rng(seed).integers(0, 255, (64, 80, 3), dtype=np.uint8)
        Image.fromarray(noise).save(path)
        return library.add_file(self.actor, self.id, path)

    def posts(self) -> list[Post]:
        """All posts, the oldest first."""
        with db.read() as session:
            query = select(Post).where(Post.workspace_id == self.id).order_by(Post.id)
            return list(session.exec(query))

    def post(self, post_id: str) -> Post:
        """A post as it is now."""
        return service.post(self.actor, post_id)

    def target(self, post_id: str) -> Target:
        """The post's first target as it is now."""
        return service.targets(self.actor, post_id)[0]


def desk(email: str) -> Desk:
    """The room of the person with this address."""
    user = identity.log_in(email, PASSWORD)[1]
    return Desk(user.id, workspaces.workspaces(user.id)[0][0].id)


def publish_due() -> None:
    """Do what dispatcher and worker do, once."""
    for target_id, lease in dispatch.claim(50, 60):
        dispatch.publish(target_id, lease)


def next_spring(zone: str) -> datetime:
    """The next night (naive, 00:00 of its day) in which this zone's clocks jump forward."""
    tz = ZoneInfo(zone)
    day = clock.wall(clock.now(), zone).replace(hour=0, minute=0, second=0, microsecond=0)
    day += timedelta(days=7)
    while _offset(day + timedelta(days=1), tz) <= _offset(day, tz):
        day += timedelta(days=1)
    return day


def _offset(day: datetime, tz: ZoneInfo) -> timedelta:
    return day.replace(tzinfo=tz).utcoffset() or timedelta()
