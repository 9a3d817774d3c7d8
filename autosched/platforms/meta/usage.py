"""The headers in which Meta says how much of its limits is used, in percent.

The limits themselves grow with an account's reach and are told to nobody, so shares of a made-up
number stand for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from autosched.platforms.base import Meter

UNTOLD = 1_000_000
"""Stands for the limits whose numbers Meta keeps to itself."""
HOUR = 3600.0

_ACCOUNT, _PAGE, _APP = "x-business-use-case-usage", "x-page-usage", "x-app-usage"
_PERCENTS = ("call_count", "total_cputime", "total_time")
_WORTH_KNOWING = 50.0
_HOLDS_SECONDS = 300.0
"""For how long such a percentage counts where the header names no time."""


def before(meter: Meter) -> None:
    """Let a call through, unless an earlier answer has said that nothing is left."""
    meter.take("calls", UNTOLD, HOUR)
    meter.take("app:calls", UNTOLD, HOUR)


def after(meter: Meter, headers: Mapping[str, str]) -> None:
    """Note what an answer says of what is used, once it is worth knowing."""
    wait = seconds_to_wait(headers)
    account = 100.0 if wait else max(_used(headers, _ACCOUNT), _used(headers, _PAGE))
    for bucket, used in (("calls", account), ("app:calls", _used(headers, _APP))):
        if used >= _WORTH_KNOWING:
            left = round(UNTOLD * max(0.0, 100.0 - used) / 100)
            meter.told(bucket, left, (wait if bucket == "calls" else None) or _HOLDS_SECONDS)


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Until calls are taken again, where a header says so: it speaks in minutes."""
    minutes = [
        _figure(said, "estimated_time_to_regain_access") for said in _said(headers, _ACCOUNT)
    ]
    longest = max(minutes, default=0.0)
    return longest * 60 if longest > 0 else None


def _used(headers: Mapping[str, str], name: str) -> float:
    """The highest of the percentages in a header."""
    return max(
        (_figure(said, percent) for said in _said(headers, name) for percent in _PERCENTS),
        default=0.0,
    )


def _said(headers: Mapping[str, str], name: str) -> Iterator[dict[str, Any]]:
    """The objects in a header: one by itself, or lists of them by account."""
    try:
        body = json.loads(headers.get(name, "") or "{}")
    except ValueError:
        return
    if not isinstance(body, dict):
        return
    for each in (body, *body.values()):
        for said in each if isinstance(each, list) else [each]:
            if isinstance(said, dict):
                yield said


def _figure(said: dict[str, Any], name: str) -> float:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
