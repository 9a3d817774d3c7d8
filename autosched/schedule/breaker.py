"""The circuit breaker: an outage of a platform pauses that platform only, and ends gently.

After `THRESHOLD` failures in a row that were the platform's own, nothing is sent there for a
while, longer each time. Then a single post is tried; once one gets through, the rest follows
oldest first, a few at a time, then all.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from autosched import clock, db
from autosched.errors import AutoschedError
from autosched.schedule.models import Account, PlatformHealth
from autosched.settings import settings

THRESHOLD = 5
_OUTAGE_CODES = frozenset({"unreachable", "server_fault", "unclear", "strange_answer"})
_LONGEST = 600.0
_RAMP_SECONDS = 60.0
_CACHE_SECONDS = 1.0
_cache: list[tuple[float, frozenset[str]]] = [(-_CACHE_SECONDS, frozenset())]
# Platforms of many servers: an outage is one server's.
_SERVERS: Mapping[str, str] = {"mastodon": "server", "bluesky": "service"}


@dataclass(frozen=True)
class Health:
    """How a platform stands: `open` (paused until `until`), `probing` or `recovering`."""

    key: str
    state: str
    since: datetime
    until: datetime | None
    reason: str


def key(platform: str, options: Mapping[str, Any]) -> str:
    """What fails together: the platform, or for some the account's server."""
    server = options.get(_SERVERS.get(platform, ""))
    return f"{platform} {server}" if server else platform


def failed(key: str, error: Exception) -> None:
    """Note a failure, if it was the platform's own; the fifth in a row opens the breaker."""
    if not isinstance(error, AutoschedError) or error.code not in _OUTAGE_CODES:
        worked(key)  # a refusal on purpose: somebody is at home
        return
    with db.write() as session:
        health = session.get(PlatformHealth, key, with_for_update=True)
        health = health or PlatformHealth(platform=key, since=clock.now())
        health.failures += 1
        health.reason = error.sentence
        probing = health.opened > 0 and health.recovering_since is None
        if health.failures >= THRESHOLD or probing:
            pause = min(settings().lease_seconds / 4 * 2**health.opened, _LONGEST)
            health.opened = min(health.opened + 1, 12)
            health.failures, health.recovering_since = 0, None
            health.open_until = clock.now() + timedelta(seconds=pause)
        session.add(health)
    forget_cache()


def worked(key: str) -> None:
    """Note that the platform answered. While all is well this asks and writes nothing."""
    if key not in _noted():
        return
    with db.write() as session:
        health = session.get(PlatformHealth, key, with_for_update=True)
        if health is None:
            return
        if health.opened == 0:
            session.delete(health)
            return
        health.failures = 0
        if health.recovering_since is None:
            health.recovering_since, health.open_until = clock.now(), None
        elif (clock.now() - health.recovering_since).total_seconds() > _RAMP_SECONDS:
            session.delete(health)
            return
        session.add(health)


def _noted() -> frozenset[str]:
    """The keys of which anything is noted, as known a moment ago."""
    read_at, known = _cache[0]
    if time.monotonic() - read_at > _CACHE_SECONDS:
        with db.read() as session:
            known = frozenset(session.exec(select(PlatformHealth.platform)))
        _cache[0] = (time.monotonic(), known)
    return known


def forget_cache() -> None:
    """Read anew what is noted: after somebody else has changed it."""
    _cache[0] = (-_CACHE_SECONDS, frozenset())


def troubled(session: Session) -> list[PlatformHealth]:
    """What is paused, probed or recovering."""
    return list(session.exec(select(PlatformHealth).where(col(PlatformHealth.opened) > 0)))


def room(health: PlatformHealth, now: datetime) -> int | None:
    """How many posts may be on their way there at once; `None` for as many as there are."""
    if health.recovering_since is not None:
        spent = (now - health.recovering_since).total_seconds()
        return None if spent > _RAMP_SECONDS else int(2 ** (spent / 10)) + 1
    return 0 if health.open_until is not None and health.open_until > now else 1


def accounts_behind(session: Session, keys: Iterable[str]) -> dict[str, list[str]]:
    """The accounts behind each key."""
    wanted = list(keys)
    found: dict[str, list[str]] = {each: [] for each in wanted}
    platforms = {each.split(" ", 1)[0] for each in wanted}
    rows = session.exec(
        select(Account.id, Account.platform, Account.options).where(
            col(Account.platform).in_(platforms)
        )
    )
    for account_id, platform, options in rows:
        mine = key(platform, options or {})
        if mine in found:
            found[mine].append(account_id)
    return found


def health() -> list[Health]:
    """What is not well, for the dashboard."""
    now = clock.now()
    with db.read() as session:
        rows = troubled(session)
    return [
        Health(
            row.platform,
            _state(row, now),
            row.since or now,
            row.open_until,
            row.reason,
        )
        for row in rows
    ]


def _state(row: PlatformHealth, now: datetime) -> str:
    if row.recovering_since is not None:
        return "recovering"
    return "open" if row.open_until is not None and row.open_until > now else "probing"
