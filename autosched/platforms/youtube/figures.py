"""The figures of videos: what everybody sees, and where it is allowed YouTube's own report.

The report runs some days behind, and leaves out what has no views yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from autosched import clock
from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, PlatformError, Posted
from autosched.platforms.youtube import calls

_PUBLIC = {
    "viewCount": vocabulary.VIEWS,
    "likeCount": vocabulary.LIKES,
    "commentCount": vocabulary.COMMENTS,
}
_REPORTED = {
    "averageViewDuration": vocabulary.AVERAGE_WATCH_SECONDS,
    "shares": vocabulary.SHARES,
    "subscribersGained": vocabulary.FOLLOWS,
    "subscribersLost": "subscribersLost",
    "averageViewPercentage": "averageViewPercentage",
}
_MINUTES = "estimatedMinutesWatched"
# The report counts minutes, the common vocabulary seconds.
_SECONDS = "estimatedSecondsWatched"
METRICS = {**_PUBLIC, **_REPORTED, _SECONDS: vocabulary.WATCH_SECONDS}
MOST = 50


def measure(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures by video. A figure that its owner hides is left out."""
    params = {"part": "statistics", "id": ",".join(post.remote_id for post in posts)}
    items = calls.ask(desk, "read", "GET", f"{calls.API}/videos", params=params).get("items")
    found = {
        str(item["id"]): {
            # They come as texts.
            name: float(item["statistics"][name])
            for name in _PUBLIC
            if (item.get("statistics") or {}).get(name) is not None
        }
        for item in items or []
    }
    if found and calls.granted(desk.secret, calls.FIGURES):
        for number, more in _report(desk, posts).items():
            if number in found:
                found[number] |= more
    return found


def _report(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The report's figures; none if it can't be had just now."""
    names = (*_REPORTED, _MINUTES)
    first = min(post.published_at for post in posts).astimezone(UTC).date()
    try:
        reply = calls.ask(
            desk,
            "",
            "GET",
            calls.REPORTS,
            params={
                "ids": "channel==MINE",
                "startDate": first.isoformat(),
                "endDate": max(first, clock.now().date()).isoformat(),
                "metrics": ",".join(("views", *names)),
                "dimensions": "video",
                "filters": "video==" + ",".join(post.remote_id for post in posts),
                "sort": "-views",
                "maxResults": str(MOST),
            },
        )
    except PlatformError:
        return {}
    columns = [str(column["name"]) for column in reply.get("columnHeaders") or []]
    made = {}
    for row in reply.get("rows") or []:
        told = dict(zip(columns, row, strict=False))
        figures = {name: float(told[name]) for name in _REPORTED if told.get(name) is not None}
        if told.get(_MINUTES) is not None:
            figures[_SECONDS] = float(told[_MINUTES]) * 60
        made[str(told["video"])] = figures
    return made
