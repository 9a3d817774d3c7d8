"""What a page, its posts and its videos are told to have reached."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.meta import figure, listed, stamp
from autosched.sandbox.platforms.meta_errors import fail

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

DAY = 86_400
RANGE_SECONDS = 90 * DAY
KEPT_SECONDS = 2 * 365 * DAY
FEWEST_LIKES = 100
PAGE_METRICS = {
    "page_media_view": 900,
    "page_total_media_view_unique": 600,
    "page_post_engagements": 140,
    "page_follows": 1_840,
    "page_daily_follows_unique": 9,
    "page_daily_unfollows_unique": 3,
    "page_views_total": 120,
}
POST_METRICS = {
    "post_media_view": 2_400,
    "post_total_media_view_unique": 1_700,
    "post_clicks": 160,
    "post_reactions_by_type_total": 300,
}
VIDEO_METRICS = {
    "total_video_views": 1_500,
    "total_video_views_unique": 1_100,
    "total_video_avg_time_watched": 14_000,
    "total_video_view_total_time": 21_000_000,
    "blue_reels_play_count": 1_900,
    "post_video_avg_time_watched": 9_000,
    "post_video_view_time": 12_000_000,
    "post_video_social_actions": 90,
}


class Insights:
    """The endpoints of figures. A metric that was retired or never was fails the whole call."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world

    def routes(self) -> list[Route]:
        """Of pages, posts and videos."""
        step, graph = self.facebook.step, "/graph.facebook.com/{version:metaver}"
        video = graph + "{video:fbvideo}/video_insights"
        return [
            step("page_metrics", "GET", graph + "{page:fbpage}/insights", self.page),
            step("metrics", "GET", graph + "{post:fbpost}/insights", self.post),
            step("metrics", "GET", video, self.video),
        ]

    async def page(self, request: Request) -> Response:
        """A value a day."""
        said, _, page = await self.facebook.page_call(
            request, "read_insights", "pages_read_engagement"
        )
        metrics = _metrics(said, PAGE_METRICS)
        if said.get("period", "day") != "day":
            raise fail(100, "(#100) The period is not offered for these metrics")
        now = self.world.now()
        until = _time(said, "until", now)
        since = _time(said, "since", until - DAY)
        if until - since > RANGE_SECONDS or since > until:
            raise fail(100, "(#100) There cannot be more than 90 days between since and until")
        if since < now - KEPT_SECONDS or self.facebook.pages[page]["followers"] < FEWEST_LIKES:
            return JSONResponse({"data": []})
        ends = [since + DAY * (number + 1) for number in range(int((until - since) // DAY))]
        data: list[dict[str, Any]] = []
        for name in metrics:
            values = [
                {"value": figure(f"{page} {int(end // DAY)}", name, 30 * DAY, PAGE_METRICS[name]),
                 "end_time": stamp(end)}
                for end in ends
            ]  # fmt: skip
            data.append(_entry(page, name, "day", values))
        return JSONResponse({"data": data})

    async def post(self, request: Request) -> Response:
        """The figures of a post over its whole life."""
        said, _, page = await self.facebook.page_call(
            request, "read_insights", "pages_read_engagement"
        )
        id = f"{page}_{str(request.path_params['post']).rpartition('_')[2]}"
        post = self.world.post("facebook", id)
        if post is None or post.owner != page:
            raise fail(33)
        age = self.world.now() - post.created_at
        data: list[dict[str, Any]] = []
        for name in _metrics(said, POST_METRICS):
            value: Any = figure(id, name, age, POST_METRICS[name])
            if name == "post_reactions_by_type_total":
                value = {"like": value, "love": value // 4, "wow": value // 20}
            data.append(_entry(id, name, "lifetime", [{"value": value}]))
        return JSONResponse({"data": data})

    async def video(self, request: Request) -> Response:
        """The figures of a video or reel."""
        said, _, page = await self.facebook.page_call(
            request, "read_insights", "pages_read_engagement"
        )
        video = self.facebook.videos.find(str(request.path_params["video"]), page)
        post = self.facebook.videos.post_of(video)
        age = self.world.now() - post.created_at if post else 0.0
        asked = {"metric": ",".join(VIDEO_METRICS), **said}
        return JSONResponse(
            {
                "data": [
                    _entry(
                        video.id,
                        name,
                        "lifetime",
                        [{"value": figure(video.id, name, age, VIDEO_METRICS[name])}],
                    )
                    for name in _metrics(asked, VIDEO_METRICS)
                ]
            }
        )


def _metrics(said: dict[str, Any], known: dict[str, int]) -> list[str]:
    names = [str(name) for name in listed(said, "metric") or []]
    if not names or any(name not in known for name in names):
        raise fail(100, "(#100) The value must be a valid insights metric")
    return names


def _entry(id: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": title, "description": title,
        "id": f"{id}/insights/{name}/{period}",
    }  # fmt: skip


def _time(said: dict[str, Any], name: str, default: float) -> float:
    value = str(said.get(name) or "")
    if not value:
        return default
    try:
        if value.isdigit():
            return float(value)
        return datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise fail(100, f"(#100) Param {name} must be a time") from None
