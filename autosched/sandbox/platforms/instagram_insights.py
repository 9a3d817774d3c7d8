"""What accounts and media are told to have reached: each product type has metrics of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.meta import figure, listed, stamp
from autosched.sandbox.platforms.meta_errors import fail

if TYPE_CHECKING:
    from autosched.sandbox.platforms.instagram import Instagram

_COMMON = {"views": 3_100, "reach": 2_200, "shares": 70, "total_interactions": 520}
_LASTING = {"likes": 260, "comments": 25, "saved": 110}
METRICS: dict[str, dict[str, int]] = {
    "FEED": {**_COMMON, **_LASTING, "profile_visits": 60, "profile_activity": 15, "follows": 12},
    "REELS": {
        **_COMMON,
        **_LASTING,
        "ig_reels_avg_watch_time": 9_400,
        "ig_reels_video_view_total_time": 18_000_000,
        "reels_skip_rate": 40,
    },
    "STORY": {**_COMMON, "replies": 8, "navigation": 300},
}
"""For each product type its metrics, with the figure that each grows towards."""

RETIRED = {"impressions", "plays", "video_views", "engagement"}
ACCOUNT_METRICS = {
    "reach": 900,
    "views": 1_300,
    "accounts_engaged": 210,
    "total_interactions": 260,
    "likes": 160,
    "comments": 20,
    "shares": 25,
    "saves": 40,
    "replies": 6,
    "profile_links_taps": 9,
    "follower_count": 4,
}
SERIES = {"reach", "follower_count"}
"""Account metrics that can be had as a series too; the others are totals only."""
DAY = 86_400


class Insights:
    """The endpoints of figures."""

    def __init__(self, instagram: Instagram) -> None:
        self.instagram = instagram
        self.world = instagram.world

    def routes(self) -> list[Route]:
        """On both hosts."""
        found: list[Route] = []
        for host in ("graph.instagram.com", "graph.facebook.com"):
            graph = f"/{host}/{{version:metaver}}"
            media, user = graph + "{id:igmedia}/insights", graph + "{user:iguser}/insights"
            found += [
                self.instagram.step("metrics", "GET", media, self.media),
                self.instagram.step("account_metrics", "GET", user, self.account),
            ]
        return found

    async def media(self, request: Request) -> Response:
        """The figures of a post; one metric that its type lacks fails the whole call."""
        post = self.world.post("instagram", str(request.path_params["id"]))
        said, _ = await self.instagram.call(request, "insights", post.owner if post else "")
        if post is None:
            raise fail(33)
        known = METRICS[post.extra["product"]]
        names = _names(said, {name for each in METRICS.values() for name in each})
        lacking = [name for name in names if name not in known]
        if lacking:
            raise fail(
                100,
                f"(#100) The Media Insights API does not support the {lacking[0]} metric for this "
                "media product type.",
            )
        age = self.world.now() - post.created_at
        data: list[dict[str, Any]] = []
        for name in names:
            value = figure(post.id, name, age, known[name])
            if name == "comments":
                value = len(post.extra["comments"])
            data.append(_entry(post.id, name, "lifetime", values=[{"value": value}]))
        return JSONResponse({"data": data})

    async def account(self, request: Request) -> Response:
        """The figures of an account on a day."""
        said, person = await self.instagram.call(request, "insights")
        names = _names(said, set(ACCOUNT_METRICS))
        if said.get("period", "day") != "day":
            raise fail(100, "(#100) The period is not offered for these metrics")
        total = said.get("metric_type") == "total_value"
        late = [name for name in names if name not in SERIES]
        if late and not total:
            raise fail(
                100,
                f"(#100) The following metrics ({', '.join(late)}) should be specified with "
                "parameter metric_type=total_value",
            )
        day = int(self.world.now() // DAY)
        data: list[dict[str, Any]] = []
        for name in names:
            value = figure(f"{person.id} {day}", name, 30 * DAY, ACCOUNT_METRICS[name])
            if total:
                data.append(_entry(person.id, name, "day", total_value={"value": value}))
                continue
            values = [{"value": value, "end_time": stamp((day + 1) * DAY)}]
            data.append(_entry(person.id, name, "day", values=values))
        return JSONResponse({"data": data})


def _names(said: dict[str, Any], known: set[str]) -> list[str]:
    names = [str(name) for name in listed(said, "metric") or []]
    retired = [name for name in names if name in RETIRED]
    if retired:
        raise fail(
            100,
            f"(#100) Starting from version v22.0, the {retired[0]} metric is no longer supported.",
        )
    if not names or any(name not in known for name in names):
        allowed = ", ".join(sorted(known))
        raise fail(100, f"(#100) metric must be one of the following values: {allowed}")
    return names


def _entry(id: str, name: str, period: str, **figures: Any) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, **figures, "title": title, "description": title,
        "id": f"{id}/insights/{name}/{period}",
    }  # fmt: skip
