"""What the stand-in knows: people, apps, files and posts. All of it is gone when it stops."""

from __future__ import annotations

import hashlib
import itertools
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autosched.sandbox.faults import Faults


@dataclass
class App:
    """A developer's app. Its redirect addresses are loopback ones, or those it was made with."""

    platform: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = ()


@dataclass
class Person:
    """Somebody with an account. `extra` holds what only one platform knows (pages, a channel)."""

    platform: str
    id: str
    username: str
    name: str
    password: str = "sandbox"  # noqa: S105  shown on the log-in page
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Blob:
    """A file that was uploaded or fetched: on the disk at `path`, `size` bytes."""

    id: str
    platform: str
    owner: str
    path: Path
    size: int
    mime: str
    sha256: str
    alt: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Post:
    """What became public (or a draft in somebody's inbox, `extra["draft"]`)."""

    id: str
    platform: str
    owner: str
    text: str
    kind: str
    blobs: list[Blob]
    created_at: float
    permalink: str
    extra: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True)
class Seen:
    """A line of the log: one request as it was answered. `status` 0: it was cut off.

    `received`: bytes of its body that came.
    """

    at: float
    platform: str
    step: str
    method: str
    path: str
    status: int
    fault: str = ""
    received: int = 0


class World:
    """The state of all platforms. Guard changes of it with `lock`; handlers may run in threads.

    `origin` is where the stand-in is reached, such as `http://127.0.0.1:9400`.
    """

    def __init__(self, origin: str, folder: Path, seed: int = 0) -> None:
        self.origin = origin.rstrip("/")
        self.folder = folder
        self.lock = threading.RLock()
        self.random = random.Random(seed)
        self.faults = Faults(self.random)
        self.ahead = 0.0
        self.seen: deque[Seen] = deque(maxlen=20_000)
        self._numbers = itertools.count(1)
        self.people: list[Person] = []
        self.apps: list[App] = []
        self.posts: list[Post] = []

    def now(self) -> float:
        """Unix seconds by the stand-in's clock, which can be put forward."""
        return time.time() + self.ahead

    def number(self) -> str:
        """A new identifier of 19 digits, growing with time as the platforms' own do."""
        return str(1_900_000_000_000_000_000 + next(self._numbers) * 1_000 + secrets.randbelow(999))

    def key(self, size: int = 24) -> str:
        """A new random token that fits in an address."""
        return secrets.token_urlsafe(size)

    def url(self, host: str, path: str = "") -> str:
        """Where `https://host/path` stands here."""
        return f"{self.origin}/{host}/{path.lstrip('/')}"

    def app(self, platform: str, client_id: str) -> App | None:
        """The app of that identifier, if the platform knows it."""
        return next(
            (app for app in self.apps if (app.platform, app.client_id) == (platform, client_id)),
            None,
        )

    def person(self, platform: str, id: str) -> Person | None:
        """Somebody by identifier."""
        return next((each for each in self.people_of(platform) if each.id == id), None)

    def people_of(self, platform: str) -> list[Person]:
        """Everybody with an account on the platform."""
        return [person for person in self.people if person.platform == platform]

    def keep(
        self, platform: str, owner: str, content: bytes, mime: str, id: str | None = None
    ) -> Blob:
        """Store a file and return it as a blob."""
        blob_id = id or self.number()
        path = self.folder / f"{platform}-{blob_id.replace('/', '_')}"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return Blob(blob_id, platform, owner, path, len(content), mime, digest)

    def publish(
        self,
        platform: str,
        owner: str,
        text: str,
        blobs: Iterable[Blob] = (),
        *,
        id: str | None = None,
        kind: str = "post",
        permalink: str = "",
        **extra: Any,
    ) -> Post:
        """Make a post public: it stands on the timeline from now on."""
        with self.lock:
            post = Post(
                id or self.number(),
                platform,
                owner,
                text,
                kind,
                list(blobs),
                self.now(),
                permalink,
                dict(extra),
            )
            self.posts.append(post)
        return post

    def posts_of(self, platform: str, owner: str, *, lagging: bool = False) -> list[Post]:
        """Somebody's posts that were not deleted, the newest first.

        `lagging`: as a read shows them that runs behind, while the fault `lag` stands.
        """
        behind = self.faults.seconds(platform, "lag") if lagging else 0.0
        until = self.now() - behind
        with self.lock:
            found = [
                post
                for post in self.posts
                if (post.platform, post.owner) == (platform, owner)
                and not post.deleted
                and post.created_at <= until
            ]
        return found[::-1]

    def post(self, platform: str, id: str) -> Post | None:
        """A post by identifier, unless it was deleted."""
        with self.lock:
            return next(
                (
                    post
                    for post in reversed(self.posts)
                    if (post.platform, post.id) == (platform, id) and not post.deleted
                ),
                None,
            )
