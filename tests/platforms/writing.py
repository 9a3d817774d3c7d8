"""A connected account for the tests, desks to publish from, and drafts to publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autosched.platforms.base import Connection, Desk, Draft, Media, Published
from autosched.platforms.bluesky import Bluesky
from tests.counterparts.pds import Person, Server

WHEN = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@dataclass
class Writer:
    """A person with a connected account. What is stored stays: a new desk goes on from it."""

    person: Person
    connection: Connection
    bluesky: Bluesky = field(default_factory=Bluesky)
    handles: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[dict[str, Any]] = field(default_factory=list)

    def desk(self, *, resumed: bool = False) -> Desk:
        """A desk as the next worker gets it; `resumed` with what was remembered last."""
        secret = self.secrets[-1] if self.secrets else self.connection.secret
        return Desk(
            secret=dict(secret),
            options=dict(self.connection.options),
            handle=dict(self.handles[-1]) if resumed and self.handles else {},
            remember=self.handles.append,
            keep_secret=self.secrets.append,
        )

    def publish(self, draft: Draft, desk: Desk | None = None) -> Published:
        """Prepare and commit, with everything stored between, as a worker does."""
        desk = desk or self.desk()
        desk.handle = self.bluesky.prepare(desk, draft)
        self.handles.append(desk.handle)
        return self.bluesky.commit(desk, draft)


def connected(person: Person, server: Server) -> Writer:
    form = {"identifier": person.handle, "password": person.app_password, "service": server.url}
    return Writer(person, Bluesky().connect(form))


def draft(text: str = "Peace be upon you", *media: Media, **options: Any) -> Draft:
    return Draft("01kb0example0target0000001", text, media, options, WHEN)


def picture(path: Path, alt: str = "A lamp at night", mime: str = "image/png") -> Media:
    return Media(path, "image", mime, path.stat().st_size, alt=alt)
