"""The protocol that every platform speaks, and the plain data that passes through it.

A platform is a module with one class. It knows how to connect an account, to say before
scheduling what won't do, and to publish in recorded steps: `prepare` (all that is not public:
uploads, containers) and `commit` (the one call that makes the post public). Between any two
remote steps it calls `remember` with the handle so far, which is stored before the call
returns; after a crash the next worker is given that handle and goes on. `settle` asks the
platform whether a commit whose answer was lost took place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from autosched.errors import AutoschedError
from autosched.platforms.limits import Limits, Shape

__all__ = [
    "Action",
    "Begun",
    "Connection",
    "Cost",
    "Desk",
    "Draft",
    "Field",
    "LeaseLost",
    "Limits",
    "Media",
    "Platform",
    "PlatformError",
    "Posted",
    "Problem",
    "Published",
    "Shape",
]


@dataclass(frozen=True)
class Media:
    """A file to be published. `size` in bytes, `duration` in seconds, pixels as shown."""

    path: Path
    kind: str  # "video", "image", "audio" or "document"
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    alt: str = ""
    name: str = ""


@dataclass(frozen=True)
class Draft:
    """What is to be published on one account.

    `created_at` is when the post was due (platforms date it so, and sort by it), not when it
    was written; it stays the same over all tries. `account`: what the platform said of the
    account when it was connected (`Connection.options`): an instance's limits, what it may do.
    """

    target_id: str
    text: str
    media: tuple[Media, ...]
    options: dict[str, Any]
    created_at: datetime
    account: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Connection:
    """An account as connected. `secret` is sealed before it is stored."""

    remote_id: str
    handle: str
    name: str
    secret: dict[str, Any] = field(repr=False)
    options: dict[str, Any] = field(default_factory=dict)
    avatar: str | None = None


class Meter(Protocol):
    """Rate limits as all workers share them. `bucket` names a limit of the platform's."""

    def take(self, bucket: str, most: int, seconds: float) -> None:
        """Count one call of at most `most` in `seconds`; a `PlatformError` if none is left."""
        ...

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        """What the platform itself said is left, and for how many seconds that holds."""
        ...


class Unmetered:
    """No limits but the platform's own refusals."""

    def take(self, bucket: str, most: int, seconds: float) -> None:
        """Let every call through."""

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        """Note nothing."""


@dataclass
class Desk:
    """What a platform is handed to work with for one account and one target.

    `remember(handle)` stores the handle before it returns, and raises `LeaseLost` if another
    worker has taken the target over. `keep_secret(secret)` stores refreshed tokens before they
    are used; `stored_secret()`, where given, reads them as they stand now, since another worker
    may have refreshed them. `progress` takes a share from 0 to 1, often. `public_url(media)`
    gives an address at which the platform can fetch a file for the next hours. `meter`: what is
    left of the platform's rate limits, shared by all workers.
    """

    secret: dict[str, Any] = field(repr=False)
    options: dict[str, Any]
    handle: dict[str, Any]
    remember: Callable[[dict[str, Any]], None]
    keep_secret: Callable[[dict[str, Any]], None]
    progress: Callable[[float], None] = lambda share: None
    stored_secret: Callable[[], dict[str, Any]] | None = None
    public_url: Callable[[Media], str] = lambda media: media.path.as_uri()
    meter: Meter = field(default_factory=lambda: Unmetered())


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
class Begun:
    """A consent that was begun: where the browser goes, and what must be there at its return."""

    url: str
    keep: dict[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What the platform charges for a post, in US dollars, and for what."""

    dollars: float
    reason: str


@dataclass(frozen=True)
class Posted:
    """A published post whose figures are asked for. `handle`: what was stored with its target."""

    remote_id: str
    handle: dict[str, Any]
    published_at: datetime


class Platform(Protocol):
    """One platform. All calls are synchronous; network errors come out as `PlatformError`.

    `sign_in`: "form" (by `fields`), "oauth" (`fields` are asked before the consent page, often
    none), or "both" (`fields` for the form, `consent_fields` for the consent).
    `text_unit` and the rest of the limits stand in the shapes. `can_delete`: whether a published
    post can be taken back. `metrics`: the platform's own names of figures, each with its name in
    the common vocabulary (`platforms.vocabulary`). `measure_most`: posts in one question.
    """

    name: str
    title: str
    sign_in: str
    fields: tuple[Field, ...]
    consent_fields: tuple[Field, ...]
    can_delete: bool
    measure_most: int

    @property
    def metrics(self) -> Mapping[str, str]: ...

    def connect(self, form: dict[str, str]) -> Connection:
        """Check the form against the platform and connect; `PlatformError` or `InvalidError`."""
        ...

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """Begin a consent; `UnavailableError` if there is no app."""
        ...

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """End a consent with what came back in the address: every account that it gave."""
        ...

    def renew(self, desk: Desk) -> None:
        """Renew the account's tokens now, if the platform has such a thing (see `tokens`)."""
        ...

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """When the tokens should be renewed ahead of time; `None` for never."""
        ...

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """When the access ends for good and a person is needed; `None` if it does not."""
        ...

    def revoke(self, desk: Desk) -> None:
        """Give the access back; a platform that knows no such thing does nothing."""
        ...

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """The kinds of post, with limits as they are for this account (its `options`)."""
        ...

    def shape(self, draft: Draft) -> Shape:
        """The draft's kind: the one chosen (`options["shape"]`), or the one that fits its media."""
        ...

    def count(self, text: str) -> int:
        """The length of `text` by the platform's own rule."""
        ...

    def check(self, draft: Draft) -> list[Problem]:
        """What stands against the draft, without asking the platform."""
        ...

    def cost(self, draft: Draft) -> Cost | None:
        """What the platform charges for this post; `None` for nothing."""
        ...

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Do all that is not yet public; the handle that `commit` needs is returned."""
        ...

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Make the post public. The handle has been stored before this is called.

        It may be called again after a sure no of `settle`. A post of several parts (a thread, a
        first comment) remembers each part when it is out, and goes on with the next.
        """
        ...

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Ask whether the post is there: its proof, or `None` if it (or its next part) surely is
        not. Where reads lag behind, a no counts only after some patience: until then raise a
        `PlatformError` with `Action.RETRY`. Where the platform can't be asked: `Action.ASK`.
        """
        ...

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Take a published post back; that it is gone already is no error."""
        ...

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """The figures of posts, by remote identifier and the platform's own names.

        A figure that the platform does not give (any more) is left out, never zero.
        """
        ...
