"""A page's videos and reels: uploads in three manners, processing, and how it stands with them."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.facebook_held import Held, check_text
from autosched.sandbox.platforms.facebook_reels import Reels
from autosched.sandbox.platforms.meta import chosen, flag, identifier, paged, stamp, whole
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import (
    FetchError,
    Film,
    Incoming,
    as_blob,
    look_at_film,
    place,
    store,
)
from autosched.sandbox.world import Post

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

SIMPLE_BYTES, VIDEO_BYTES = 1 << 30, 10 << 30
VIDEO_SECONDS = 4 * 3_600
PIECE_BYTES = 4 << 20
"""What the platform asks for at a time in the older upload by phases; it chooses that itself."""
UPLOAD_SECONDS = 86_400
"""How long an upload may stay unfinished before the video counts as expired."""


@dataclass
class Video:
    """A video or reel from its first byte to its post. `aim`: PUBLISHED, DRAFT or SCHEDULED."""

    id: str
    page: str
    kind: str
    file: Incoming
    made: float
    state: str = "uploading"
    aim: str = ""
    title: str = ""
    text: str = ""
    due: float | None = None
    post: str | None = None
    session: str = ""
    problem: str = ""
    film: Film | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class Videos:
    """The endpoints of videos; those of reels beside them."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world
        self.known: dict[str, Video] = {}
        self.reels = Reels(facebook, self)

    def routes(self) -> list[Route]:
        """Videos, and the routes of reels."""
        step = self.facebook.step
        found = [*self.reels.routes()]
        for host in ("graph.facebook.com", "graph-video.facebook.com"):
            page = f"/{host}/{{version:metaver}}{{page:fbpage}}"
            found.append(step("create_video", "POST", page + "/videos", self.create))
        graph = "/graph.facebook.com/{version:metaver}"
        return [
            *found,
            step("list_videos", "GET", graph + "{page:fbpage}/videos", self.list_videos),
            step("video_status", "GET", graph + "{video:fbvideo}", self.get_video),
            step("delete_video", "DELETE", graph + "{video:fbvideo}", self.delete_video),
        ]

    def begin(self, page: str, kind: str, size: int) -> Video:
        """A new video, of which nothing has come yet."""
        id = identifier(self.world, "video")
        file = Incoming(place(self.world, "facebook", id), size)
        video = Video(id, page, kind, file, self.world.now())
        self.known[id] = video
        return video

    async def create(self, request: Request) -> Response:
        """A video in one go, by address, by handle, or in phases."""
        said, token, page = await self.facebook.page_call(
            request, "pages_manage_posts", "pages_read_engagement", task="CREATE_CONTENT"
        )
        phase = said.get("upload_phase")
        if phase is not None:
            return await self._phase(said, page, str(phase))
        source, url = said.get("source"), said.get("file_url")
        handle = said.get("fbuploader_video_file_chunk")
        if (isinstance(source, UploadFile)) + bool(url) + bool(handle) != 1:
            problem = "(#100) One of source, file_url and fbuploader_video_file_chunk must be given"
            raise fail(100, problem)
        wish = self.wish_of(said)
        if handle:
            kept = self.facebook.uploads.by_handle(str(handle), token.client_id)
            video = self.begin(page, "video", kept.file.size)
            await run_in_threadpool(_copy, kept.file.path, video.file.path)
            video.file.received = kept.file.size
        elif isinstance(source, UploadFile):
            if (source.size or 0) > SIMPLE_BYTES:
                raise fail(100, "(#100) Files of more than 1 GB must be uploaded resumably")
            video = self.begin(page, "video", source.size or 0)
            video.file.received = await store(source, video.file.path)
        else:
            video = self.begin(page, "video", 0)
        self.wish(video, wish)
        video.state = "processing"
        self.facebook.background(self.process(video, str(url or "")))
        return JSONResponse({"id": video.id})

    def wish_of(self, said: dict[str, Any]) -> dict[str, Any]:
        """What a client asks to become of its video."""
        text = str(said.get("description", ""))
        check_text(text)
        due = self.facebook.posts.due(said)
        aim = "PUBLISHED" if flag(said, "published", True) else "DRAFT"
        kept = {name: said[name] for name in ("is_ai_generated",) if name in said}
        return {
            "text": text, "title": str(said.get("title", "")), "due": due,
            "aim": "SCHEDULED" if due else aim, "extra": kept,
        }  # fmt: skip

    def wish(self, video: Video, wish: dict[str, Any]) -> None:
        """Note what shall become of a video."""
        for name, value in wish.items():
            setattr(video, name, value)
        video.post = f"{video.page}_{identifier(self.world, 'post')}"

    async def _phase(self, said: dict[str, Any], page: str, phase: str) -> Response:
        if phase == "start":
            size = whole(said, "file_size")
            if not size or size > VIDEO_BYTES:
                raise fail(100, "(#100) Param file_size must be the size of the file in bytes")
            video = self.begin(page, "video", size)
            video.session = self.world.number()
            answer = {"video_id": video.id, "upload_session_id": video.session}
            return JSONResponse({**answer, **_offsets(video)})
        if phase not in ("transfer", "finish", "cancel"):
            raise fail(100, "(#100) Param upload_phase must be start, transfer, finish or cancel")
        video = self._in_session(said, page)
        if phase == "cancel":
            del self.known[video.id]
            return JSONResponse({"success": True})
        if phase == "transfer":
            return await self._transfer(said, video)
        if not video.file.complete:
            raise fail(1363037, error_data=_offsets(video))
        if video.state != "uploading":
            raise fail(100, "(#100) The upload session is finished already")
        self.wish(video, self.wish_of(said))
        video.state = "processing"
        self.facebook.background(self.process(video))
        return JSONResponse({"success": True})

    def _in_session(self, said: dict[str, Any], page: str) -> Video:
        session = str(said.get("upload_session_id", ""))
        step = "create_video"
        for video in list(self.known.values()):
            if session and (video.session, video.page) == (session, page):
                if self.world.faults.draw("facebook", step, "lose_container"):
                    del self.known[video.id]
                    break
                return video
        raise fail(100, "(#100) Invalid upload session id")

    async def _transfer(self, said: dict[str, Any], video: Video) -> Response:
        piece, start = said.get("video_file_chunk"), whole(said, "start_offset")
        if not isinstance(piece, UploadFile):
            raise fail(100, "(#100) Param video_file_chunk must be a file")
        due = min(PIECE_BYTES, video.file.size - video.file.received)
        if start != video.file.received or not 0 < (piece.size or 0) <= due:
            raise fail(1363037, error_data=_offsets(video))
        video.file.received += await store(piece, video.file.path, offset=video.file.received)
        return JSONResponse(_offsets(video))

    async def process(self, video: Video, url: str = "") -> None:
        """Fetch it where it must be, look at it, and publish it when it is ready."""
        ready = self.world.now() + self.facebook.processing()
        fails = self.world.faults.draw("facebook", f"create_{video.kind}", "fail_processing")
        if url:
            try:
                await self.facebook.fetcher.fetch(url, video.file.path, VIDEO_BYTES)
            except FetchError as error:
                video.state, video.problem = "error", f"The file could not be had: {error.why}"
                return
            video.file.size = video.file.received = video.file.path.stat().st_size
        video.film = await run_in_threadpool(look_at_film, video.file.path)
        while self.world.now() < ready:
            await asyncio.sleep(0.05)
        video.problem = "Video processing failed" if fails else self._unfit(video)
        if video.problem:
            video.state = "error"
            return
        blob = await as_blob("facebook", video.page, video.id, video.file.path, "video/mp4")
        video.state = "ready"
        if video.aim == "DRAFT":
            return
        path = f"reel/{video.id}/"
        if video.kind == "video":
            name = self.facebook.pages[video.page]["username"]
            path = f"{name}/videos/{video.id}/"
        held = Held(
            str(video.post), video.page, video.text, [blob], video.due, self.world.now(),
            video.kind, self.world.url("www.facebook.com", path),
            {"video": video.id, "title": video.title, "comments": [], **video.extra},
        )  # fmt: skip
        if video.due is not None and video.due > self.world.now():
            self.facebook.held[held.id] = held
        else:
            self.facebook.publish(held)

    def _unfit(self, video: Video) -> str:
        film = video.film
        if film is None:
            return "The video file is not of a supported format"
        if video.kind == "reel":
            return self.reels.unfit(film)
        return "The video is too long" if film.seconds > VIDEO_SECONDS else ""

    def find(self, id: str, page: str) -> Video:
        """A video of the page."""
        video = self.known.get(id)
        if video is None or video.page != page:
            raise fail(33)
        return video

    async def get_video(self, request: Request) -> Response:
        """How it stands with a video, and where it can be seen."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        video = self.find(str(request.path_params["video"]), page)
        return JSONResponse(chosen(said, self.node(video), ("id",), "Video"))

    async def list_videos(self, request: Request) -> Response:
        """The page's videos."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        until = self.world.now() - self.world.faults.seconds("facebook", "lag")
        found = [v for v in self.known.values() if v.page == page and v.made <= until]
        return paged(
            request, self.world, said, found[::-1], lambda video: video.id,
            lambda video: chosen(said, self.node(video), ("id", "description"), "Video"),
        )  # fmt: skip

    async def delete_video(self, request: Request) -> Response:
        """Take a video and its post away."""
        _, _, page = await self.facebook.page_call(request, "pages_manage_posts")
        video = self.find(str(request.path_params["video"]), page)
        del self.known[video.id]
        post = self.post_of(video)
        if post is not None:
            post.deleted = True
        self.facebook.held.pop(str(video.post), None)
        return JSONResponse({"success": True})

    def post_of(self, video: Video) -> Post | None:
        """The public post of a video, if there is one."""
        return self.world.post("facebook", video.post or "")

    def node(self, video: Video) -> dict[str, Any]:
        """A video as Graph tells of it."""
        post = self.post_of(video)
        return {
            "id": video.id,
            "title": video.title or None,
            "description": video.text or None,
            "created_time": stamp(video.made),
            "length": video.film.seconds if video.film else None,
            "permalink_url": post.permalink if post else None,
            "post_id": post.id.partition("_")[2] if post else None,
            "published": post is not None,
            "status": self.status(video),
        }

    def status(self, video: Video) -> dict[str, Any]:
        """The phases of a video."""
        state = video.state
        if state == "uploading":
            late = video.made + UPLOAD_SECONDS < self.world.now()
            state = "expired" if late else "upload_complete" if video.file.complete else state
        done = video.file.complete and state != "uploading"
        processing: dict[str, Any] = {
            "status": {"processing": "in_progress", "ready": "complete", "error": "error"}.get(
                state, "not_started"
            )
        }
        if video.problem:
            processing["errors"] = [{"code": 1_363_026, "message": video.problem}]
        publishing: dict[str, Any] = {"status": "not_started"}
        post = self.post_of(video)
        if post is not None:
            publishing = {
                "status": "complete", "publish_status": "published",
                "publish_time": stamp(post.created_at),
            }  # fmt: skip
        elif state == "ready":
            publishing["publish_status"] = "scheduled" if video.aim == "SCHEDULED" else "draft"
        return {
            "video_status": state,
            "uploading_phase": {
                "status": "complete" if done else "in_progress" if video.file.received
                else "not_started",
                "bytes_transferred": video.file.received,
            },
            "processing_phase": processing,
            "publishing_phase": publishing,
        }  # fmt: skip


def _offsets(video: Video) -> dict[str, str]:
    end = min(video.file.received + PIECE_BYTES, video.file.size)
    return {"start_offset": str(video.file.received), "end_offset": str(end)}


def _copy(one: Path, other: Path) -> None:
    shutil.copyfile(one, other)
