"""Time: now in UTC, and wall-clock times in a zone with their gaps and folds resolved openly.

Times are stored in UTC. A person plans in wall-clock time; twice a year such a time does not
exist (a gap) or exists twice (a fold). `resolve` says which of these happened, so that a page
can show it instead of shifting a post by an hour in silence.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from autosched.errors import InvalidError

Kind = Literal["exact", "gap", "fold"]


@dataclass(frozen=True)
class Moment:
    """A wall-clock time made exact.

    `utc` is aware, in UTC; `wall` is naive, the time that the zone's clocks will really show.
    """

    utc: datetime
    wall: datetime
    zone: str
    kind: Kind


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`; `InvalidError` if there is none."""
    if name not in _zones():
        raise InvalidError(
            f"“{name}” is not a time zone.", remedy="Choose one such as Europe/Istanbul."
        )
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # Asked once: the answer is read from hundreds of files.
    return frozenset(available_timezones())


def resolve(wall: datetime, zone_name: str, *, later: bool = False) -> Moment:
    """Turn a naive wall-clock time into a moment.

    In a gap the clocks jump forward: the time is moved by the length of the jump, to the time
    that clocks will show then. In a fold the first of the two is taken, or with `later` the second.
    """
    if wall.tzinfo is not None:
        raise InvalidError("A wall-clock time must not carry an offset.")
    tz = zone(zone_name)
    first = wall.replace(tzinfo=tz, fold=0)
    second = wall.replace(tzinfo=tz, fold=1)
    if first.utcoffset() == second.utcoffset():
        return Moment(first.astimezone(UTC), wall, zone_name, "exact")
    round_trip = first.astimezone(UTC).astimezone(tz).replace(tzinfo=None, fold=0)
    if round_trip == wall:
        chosen = second if later else first
        return Moment(chosen.astimezone(UTC), wall, zone_name, "fold")
    utc = first.astimezone(UTC)
    return Moment(utc, utc.astimezone(tz).replace(tzinfo=None, fold=0), zone_name, "gap")


def wall(moment: datetime, zone_name: str) -> datetime:
    """The naive wall-clock time that the zone's clocks show at `moment` (aware)."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A fresh identifier: 26 lower-case Crockford base32 characters, sortable by time (ULID)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def ago(**kwargs: float) -> datetime:
    """The moment that lies the given `timedelta` before now."""
    return now() - timedelta(**kwargs)
