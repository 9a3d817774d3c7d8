"""A desk without the schedule behind it: what was remembered and kept stands where tests see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autosched.platforms.base import Connection, Desk, Draft, Media, Platform
from tests.counterparts.stand import Stand

REDIRECT = "http://127.0.0.1:8000/connect/back"


class Killed(BaseException):
    """The worker is killed at this very step."""


@dataclass
class Bench:
    """An account as connected, and the desks at which it is worked."""

    platform: Platform
    connection: Connection
    secrets: list[dict[str, Any]] = field(default_factory=list)
    handles: list[dict[str, Any]] = field(default_factory=list)
    kill_after: int | None = None
    public: str = ""

    def desk(self, handle: dict[str, Any] | None = None) -> Desk:
        """A desk with a handle; after `kill_after` records the worker dies."""
        now = self.secrets[-1] if self.secrets else self.connection.secret

        def remember(stored: dict[str, Any]) -> None:
            self.handles.append(dict(stored))
            if self.kill_after is not None:
                self.kill_after -= 1
                if self.kill_after < 0:
                    raise Killed

        return Desk(
            secret=dict(now),
            options=dict(self.connection.options),
            handle=dict(handle or {}),
            remember=remember,
            keep_secret=lambda secret: self.secrets.append(dict(secret)),
            stored_secret=lambda: dict(self.secrets[-1] if self.secrets else now),
            public_url=lambda media: f"{self.public}/{media.path.name}",
        )

    def draft(self, text: str, *media: Media, target: str = "target", **options: Any) -> Draft:
        """What is to go out on this account."""
        account = dict(self.connection.options)
        return Draft(target, text, media, options, datetime.now(UTC), account)

    def publish(self, draft: Draft) -> Any:
        """The whole way without a fault: `Published`."""
        desk = self.desk()
        desk.handle = self.platform.prepare(desk, draft)
        return self.platform.commit(desk, draft)


def connected(
    platform: Platform,
    stand: Stand,
    *,
    person: int = 0,
    account: int = 0,
    form: dict[str, str] | None = None,
) -> Bench:
    """Go through the consent as the n-th person, and take the n-th account that it gives."""
    begun = platform.begin(form or {}, REDIRECT, "a-state")
    answer = stand.consent(begun.url, person)
    assert answer.pop("state") == "a-state"
    return Bench(platform, platform.finish(begun.keep, answer, REDIRECT)[account])
