"""Bluesky: an account's server with its OAuth, the public view, the directory, and films."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.oauth import Grants
from autosched.sandbox.platforms.bluesky_blobs import Blobs
from autosched.sandbox.platforms.bluesky_dpop import Proofs
from autosched.sandbox.platforms.bluesky_oauth import OAuth
from autosched.sandbox.platforms.bluesky_repo import Repos
from autosched.sandbox.platforms.bluesky_session import Sessions
from autosched.sandbox.platforms.bluesky_video import Video
from autosched.sandbox.platforms.bluesky_view import View
from autosched.sandbox.platforms.bluesky_wire import (
    NAME,
    RATIONS,
    Rations,
    Window,
    exceeded,
    outage,
)
from autosched.sandbox.wire import Platform
from autosched.sandbox.world import App, Person, World

_PEOPLE = (
    ("night-reminders", "Night Reminders", "sgjbv7w7rwjqksmvmee5zzqz", "lamp-oil7-wick-glow", True),
    ("quiet-verses", "Quiet Verses", "qlagyxmtyompp2auavoqtjhv", "calm-reed-ink5-page", True),
    ("dawn-library", "Dawn Library", "exxsfq7kl2xibo5ocja5w4tc", "dawn-shlf-book-4key", False),
)
_KEYS = (
    "zQ3shroaTSKDEVGRNVH3rrLma8YjHbHQGQ13svRtdxNKWxior",
    "zQ3shXsNb1CGtRq9hV7cP1tiHxKQGTFazqpGNBBhkw2EMCzAo",
    "zQ3shkrG5iXBCzYuMFj3xsTRXRyjbMBUmC3oDQfWGMv27Cn9P",
)


class Bluesky:
    """The platform. Its app in the world is for lists only: OAuth here knows no registration."""

    name = NAME

    def __init__(self, world: World) -> None:
        self.world = world
        world.apps.append(App(NAME, "sandbox-bluesky", "bs-4tR8yW2nQ6kM0vZ5"))
        for (handle, name, did, word, confirmed), key in zip(_PEOPLE, _KEYS, strict=True):
            extra = {"app_password": word, "email_confirmed": confirmed, "key": key}
            person = Person(NAME, f"did:plc:{did}", f"{handle}.bsky.social", name, extra=extra)
            world.people.append(person)

    def routes(self) -> list[Route]:
        """Every route."""
        world, grants, rations = self.world, Grants(self.world, NAME), Rations(self.world)
        at_resource = Proofs(world, resource=True, secret=world.key().encode())
        at_issuer = Proofs(world, resource=False, secret=world.key().encode())
        sessions = Sessions(world, self, grants, rations, at_resource, world.key().encode())
        blobs = Blobs(world, self, sessions, rations)
        repos = Repos(world, self, sessions, rations, blobs)
        return [
            *OAuth(world, self, grants, rations, at_issuer).routes(),
            *sessions.routes(),
            *blobs.routes(),
            *repos.routes(),
            *Video(world, self, grants, rations, blobs).routes(),
            *View(world, self, sessions, rations, repos).routes(),
        ]

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """In Bluesky's words; its 429 tells when the window ends."""
        if status != 429 and reset_in is None:
            return outage(status)
        limit, seconds = RATIONS["write-hour"]
        now = self.world.now()
        ends = now + (reset_in if reset_in is not None else seconds)
        return exceeded(Window(limit, seconds, ends, used=limit), now)


def make(world: World) -> Platform:
    """Bluesky with its people."""
    return Bluesky(world)
