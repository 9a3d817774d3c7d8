"""The protocol that every platform speaks, and the plain data that passes through it.

A platform is a module with one class. It knows how to connect an account, to say before
scheduling what won't do, and to publish in recorded steps: `prepare` (all that is not public:
uploads, containers) and `commit` (the one call that makes the post public). Between any two
remote steps it calls `remember` with the handle so far, which is stored before the call
returns; after a crash the next worker is given that handle and goes on. `settle` asks the
platform whether a commit whose answer was lost took place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from autosched.errors import AutoschedError


@dataclass(frozen=True)
class Media:
    """A file to be published. `size` in bytes, `duration` in seconds, pixels as shown."""

    path: Path
    kind: str  # "video", "image" or "audio"
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    alt: str = ""


@dataclass(frozen=True)
class Draft:
    """What is to be published on one account.

    `created_at` is when the post was due (platforms date it so, and sort by it), not when it
    was written; it stays the same over all tries.
    """

    target_id: str
    text: str
    media: tuple[Media, ...]
    options: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Connection:
    """An account as connected. `secret` is sealed before it is stored."""

    remote_id: str
    handle: str
    name: str
    secret: dict[str, Any] = field(repr=False)
    options: dict[str, Any] = field(default_factory=dict)
    avatar: str | None = None


@dataclass
class Desk:
    """What a platform is handed to work with for one account and one target.

    `remember(handle)` stores the handle before it returns, and raises `LeaseLost` if another
    worker has taken the target over. `keep_secret(secret)` stores refreshed tokens before they
    are used; `stored_secret()`, where given, reads them as they stand now, since another worker
    may have refreshed them. `progress` takes a share from 0 to 1, often.
    """

    secret: dict[str, Any] = field(repr=False)
    options: dict[str, Any]
    handle: dict[str, Any]
    remember: Callable[[dict[str, Any]], None]
    keep_secret: Callable[[dict[str, Any]], None]
    progress: Callable[[float], None] = lambda share: None
    stored_secret: Callable[[], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Published:
    """The proof: where the post stands, and its identifier on the platform."""

    remote_id: str
    permalink: str | None


@dataclass(frozen=True)
class Problem:
    """What a platform's limits say against a draft. `blocking`: it can't be scheduled so."""

    code: str
    sentence: str
    blocking: bool = True


class Action(StrEnum):
    """What an error from a platform asks for."""

    RETRY = "retry"  # nothing became public: try again, at the earliest after `retry_after`
    REFRESH = "refresh"  # the tokens are old; a platform does this by itself
    RECONNECT = "reconnect"  # the account's access has ended: a person must connect it again
    FIX = "fix"  # the post itself won't do: a person must change it
    ASK = "ask"  # the platform can't tell: a person must look
    SETTLE = "settle"  # it may have become public: ask with `settle` before anything else


class PlatformError(AutoschedError):
    """A platform's refusal, classified. `retry_after` in seconds, where the platform says it."""

    code = "platform"
    status = 502

    def __init__(
        self,
        sentence: str,
        *,
        action: Action,
        remedy: str = "",
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence, remedy=remedy, code=code)
        self.action = action
        self.retry_after = retry_after


class LeaseLost(AutoschedError):
    """Another worker has taken the target over: stop at once and touch nothing."""

    code = "lease_lost"


@dataclass(frozen=True)
class Field:
    """A field of the form by which an account is connected. `secret`: never shown again."""

    name: str
    title: str
    secret: bool = False
    hint: str = ""
    default: str = ""


@dataclass(frozen=True)
class Limits:
    """What a platform takes, as data. Sizes in bytes, durations in seconds.

    `text_unit` names the rule by which the text is counted (see `platforms.counting`).
    """

    text_max: int
    text_unit: str
    text_bytes_max: int | None = None
    images_max: int = 0
    image_bytes_max: int = 0
    image_mimes: tuple[str, ...] = ()
    videos_max: int = 0
    video_bytes_max: int = 0
    video_seconds_max: float = 0.0
    video_mimes: tuple[str, ...] = ()
    mixed: bool = False


class Platform(Protocol):
    """One platform. All calls are synchronous; network errors come out as `PlatformError`."""

    name: str
    title: str
    limits: Limits
    fields: tuple[Field, ...]

    def connect(self, form: dict[str, str]) -> Connection:
        """Check the form against the platform and connect; `PlatformError` or `InvalidError`."""
        ...

    def count(self, text: str) -> int:
        """The length of `text` by the platform's own rule."""
        ...

    def check(self, draft: Draft) -> list[Problem]:
        """What stands against the draft, without asking the platform."""
        ...

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Do all that is not yet public; the handle that `commit` needs is returned."""
        ...

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Make the post public. The handle has been stored before this is called."""
        ...

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Ask whether the post is there: its proof, or `None` if it surely is not."""
        ...
