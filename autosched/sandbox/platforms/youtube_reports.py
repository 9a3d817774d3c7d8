"""The reports of YouTube Analytics: figures by day or by video, some days behind."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.platforms.youtube_ground import (
    MAY_COUNT,
    PACIFIC,
    Ground,
    missing,
    no,
)
from autosched.sandbox.platforms.youtube_shelf import Shelf, Video, figure
from autosched.sandbox.wire import answer
from autosched.sandbox.world import Person

LAG_DAYS = 2
"""How far the figures run behind is not documented."""
SHARES = {
    "views": 1.0,
    "estimatedMinutesWatched": 0.6,
    "likes": 1 / 11,
    "comments": 1 / 60,
    "shares": 1 / 45,
    "subscribersGained": 1 / 200,
    "subscribersLost": 1 / 900,
}
"""Each metric that adds up, as a share of the views."""
RATES = {"averageViewDuration": 36, "averageViewPercentage": 61.5}
DIMENSIONS = ("day", "video")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Reports:
    """The one method of the Analytics API that is needed."""

    def __init__(self, ground: Ground, shelf: Shelf) -> None:
        self.ground, self.world, self.shelf = ground, ground.world, shelf

    async def query(self, request: Request) -> Response:
        """A table of figures of one's own channel."""
        _, person = self.ground.caller(request, "report", MAY_COUNT)
        self.ground.asked(
            request,
            *("ids", "startDate", "endDate", "metrics", "dimensions", "filters", "sort"),
            *("maxResults", "startIndex", "currency", "includeHistoricalChannelData"),
        )
        asked = request.query_params
        for name in ("ids", "startDate", "endDate", "metrics"):
            if not asked.get(name):
                raise missing(name)
        if asked["ids"] not in ("channel==MINE", f"channel=={person.id}"):
            raise no(403, "forbidden", "Forbidden")
        metrics = asked["metrics"].split(",")
        dimensions = [name for name in asked.get("dimensions", "").split(",") if name]
        unknown = [name for name in metrics if name not in SHARES and name not in RATES]
        unknown += [name for name in dimensions if name not in DIMENSIONS]
        if unknown:
            raise no(400, "badRequest", f"Unknown identifier ({unknown[0]}) given.")
        first, last = _day(asked["startDate"], "startDate"), _day(asked["endDate"], "endDate")
        if last < first:
            raise no(400, "badRequest", "endDate is before startDate.")
        videos = self._filtered(person, asked.get("filters", ""))
        rows = self._rows(videos, first, last, metrics, dimensions)
        rows = _sorted(rows, asked.get("sort", ""), [*dimensions, *metrics])
        start = _number(asked.get("startIndex"), 1) - 1
        rows = rows[start : start + _number(asked.get("maxResults"), len(rows) or 1)]
        headers = [
            {"name": name, "columnType": "DIMENSION", "dataType": "STRING"} for name in dimensions
        ] + [
            {
                "name": name,
                "columnType": "METRIC",
                "dataType": "FLOAT" if name == "averageViewPercentage" else "INTEGER",
            }
            for name in metrics
        ]
        return answer(
            200,
            {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers, "rows": rows},
        )

    def _filtered(self, person: Person, filters: str) -> list[Video]:
        videos = self.shelf.of(person)
        for each in filter(None, filters.split(";")):
            name, _, values = each.partition("==")
            if name != "video" or not values:
                raise no(400, "badRequest", f"Unknown filter ({each}) given.")
            wanted = values.split(",")
            videos = [video for video in videos if video.post.id in wanted]
        return videos

    def _rows(
        self,
        videos: list[Video],
        first: date,
        last: date,
        metrics: list[str],
        dimensions: list[str],
    ) -> list[list[Any]]:
        today = datetime.fromtimestamp(self.world.now(), PACIFIC).date()
        last = min(last, today - timedelta(days=LAG_DAYS))
        sums: dict[tuple[str, ...], dict[str, float]] = {}
        for video in videos:
            day = max(first, _day_of(video))
            while day <= last and video.published is not None:
                key = tuple(
                    day.isoformat() if name == "day" else video.post.id for name in dimensions
                )
                views = _views(video, day)
                sums.setdefault(key, dict.fromkeys(SHARES, 0.0))
                for name, share in SHARES.items():
                    sums[key][name] += views * share
                day += timedelta(days=1)
        return [
            [*key, *(RATES[name] if name in RATES else int(sums[key][name]) for name in metrics)]
            for key in sorted(sums)
        ]


def _views(video: Video, day: date) -> int:
    begin = datetime(day.year, day.month, day.day, tzinfo=PACIFIC).timestamp()
    age = begin - (video.published or 0.0)
    return figure(video.post.id, age + 86_400) - figure(video.post.id, age)


def _day_of(video: Video) -> date:
    return datetime.fromtimestamp(video.published or 0.0, PACIFIC).date()


def _day(text: str, name: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise no(400, "invalid", f"Invalid value '{text}' for {name}: YYYY-MM-DD is expected.")


def _number(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    if not text.isdecimal() or int(text) < 1:
        raise no(400, "invalid", f"Invalid value '{text}': at least 1 is expected.")
    return int(text)


def _sorted(rows: list[list[Any]], sort: str, names: list[str]) -> list[list[Any]]:
    for each in reversed([name for name in sort.split(",") if name]):
        name = each.removeprefix("-")
        if name not in names:
            raise no(400, "badRequest", f"Unknown sort ({each}) given.")
        place = names.index(name)
        rows = sorted(rows, key=lambda row: row[place], reverse=each.startswith("-"))
    return rows
