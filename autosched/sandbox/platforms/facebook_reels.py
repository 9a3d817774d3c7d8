"""A page's reels: begun, uploaded to the upload host, and published by the last call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.meta import CROWD, NEWEST_VERSION, chosen, paged, whole
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import Film, Incoming
from autosched.sandbox.platforms.meta_rupload import Rupload

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook
    from autosched.sandbox.platforms.facebook_videos import Videos

REELS_PER_DAY = 30 * CROWD
SECONDS = (3.0, 90.0)
RATES = (24.0, 60.0)
SMALLEST = (540, 960)
TOLERANCE = 0.02
"""Of the ratio 9:16, and of the seconds, for what a container's clock rounds."""


class Reels:
    """The endpoints of reels."""

    def __init__(self, facebook: Facebook, videos: Videos) -> None:
        self.facebook, self.videos = facebook, videos
        self.world = facebook.world
        self.finished: dict[str, list[float]] = {}
        self.rupload = Rupload(
            facebook, "video-upload", facebook.grants, facebook.fetcher, self._file, self._whole
        )

    def routes(self) -> list[Route]:
        """Start and finish, the bytes, the list."""
        step, page = self.facebook.step, "/graph.facebook.com/{version:metaver}{page:fbpage}"
        return [
            step("create_reel", "POST", page + "/video_reels", self.create),
            step("list_reels", "GET", page + "/video_reels", self.list_reels),
            *self.rupload.routes(),
        ]

    def _file(self, id: str, token: Token) -> Incoming | None:
        if self.world.faults.draw("facebook", "upload_append", "lose_container"):
            self.videos.known.pop(id, None)
        video = self.videos.known.get(id)
        if video is None or video.kind != "reel" or video.state != "uploading":
            return None
        return video.file if token.extra.get("page") == video.page else None

    def _whole(self, id: str) -> None:
        """Nothing happens before the last call."""

    async def create(self, request: Request) -> Response:
        """Begin a reel, or publish one whose bytes are all there."""
        said, _, page = await self.facebook.page_call(
            request, "pages_manage_posts", "pages_read_engagement", "pages_show_list",
            task="CREATE_CONTENT",
        )  # fmt: skip
        phase = said.get("upload_phase")
        if phase == "start":
            video = self.videos.begin(page, "reel", 0)
            version = str(request.path_params["version"]).rstrip("/") or NEWEST_VERSION
            path = f"video-upload/{version}/{video.id}"
            url = self.world.url("rupload.facebook.com", path)
            return JSONResponse({"video_id": video.id, "upload_url": url})
        if phase != "finish":
            raise fail(100, "(#100) Param upload_phase must be start or finish")
        return self._finish(said, page)

    def _finish(self, said: dict[str, Any], page: str) -> Response:
        id = str(said.get("video_id", ""))
        if self.world.faults.draw("facebook", "create_reel", "lose_container"):
            self.videos.known.pop(id, None)
        video = self.videos.find(id, page)
        aim = str(said.get("video_state", ""))
        if aim not in ("PUBLISHED", "DRAFT", "SCHEDULED"):
            raise fail(100, "(#100) Param video_state must be PUBLISHED, DRAFT or SCHEDULED")
        if video.kind != "reel" or not video.file.size or not video.file.complete:
            raise fail(100, "(#100) The video has not been uploaded completely")
        if video.state != "uploading":
            raise fail(100, "(#100) The video was published already")
        due = whole(said, "scheduled_publish_time")
        if (aim == "SCHEDULED") != (due is not None):
            raise fail(100, "(#100) A scheduled reel needs scheduled_publish_time, others do not")
        if due is not None:
            due = int(self.facebook.posts.due({**said, "published": "false"}) or 0)
        self._count(page)
        wish = self.videos.wish_of({**said, "published": "true", "scheduled_publish_time": None})
        self.videos.wish(video, {**wish, "aim": aim, "due": due})
        video.state = "processing"
        self.facebook.background(self.videos.process(video))
        return JSONResponse({"success": True, "post_id": str(video.post).partition("_")[2]})

    def _count(self, page: str) -> None:
        since = self.world.now() - 86_400
        recent = [at for at in self.finished.get(page, []) if at > since]
        if len(recent) >= REELS_PER_DAY:
            raise fail(613, "(#613) The limit of reels in 24 hours is reached")
        self.finished[page] = [*recent, self.world.now()]

    async def list_reels(self, request: Request) -> Response:
        """The page's reels."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        found = [v for v in self.videos.known.values() if (v.page, v.kind) == (page, "reel")]
        return paged(
            request, self.world, said, found[::-1], lambda video: video.id,
            lambda video: chosen(said, self.videos.node(video), ("id", "description"), "Video"),
        )  # fmt: skip

    def unfit(self, film: Film) -> str:
        """Why it cannot be a reel; nothing if it can."""
        if "mp4" not in film.container:
            return "A reel must be an MP4 file"
        if not SECONDS[0] - TOLERANCE <= film.seconds <= SECONDS[1] + 10 * TOLERANCE:
            return "A reel must be between 3 and 90 seconds long"
        if not RATES[0] - 0.1 <= film.rate <= RATES[1] + 0.1:
            return "A reel must have between 24 and 60 frames a second"
        if film.width < SMALLEST[0] or film.height < SMALLEST[1]:
            return "A reel must be at least 540 by 960 pixels"
        if abs(film.width / film.height - 9 / 16) > TOLERANCE * 9 / 16:
            return "A reel must have the ratio 9:16"
        return ""
