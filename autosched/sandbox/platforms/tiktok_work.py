"""How the bytes of a TikTok post arrive, are looked at, and become a post."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.tiktok_ground import NAME, WEB, Ground, Rule
from autosched.sandbox.platforms.tiktok_probe import look_at_photo, look_at_video
from autosched.sandbox.wire import Refusal, answer
from autosched.sandbox.world import Blob, Person, Post

URL_SECONDS = 3600.0
PROCESSING_SECONDS = 0.3
MODERATION_SECONDS = 0.4
"""Between the end of processing and the moment when a public post has an id."""
VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")
PHOTO_BYTES_MOST = 20_000_000
VIDEO_BYTES_MOST = 4 * 1024**3
REVEALED = "PUBLIC_TO_EVERYONE"
LOST = "lose_container"
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass
class Job:
    """One attempt at a post, known by its publish_id."""

    publish_id: str
    token: Token
    person: Person
    kind: str
    draft: bool
    info: dict[str, Any]
    made: float
    urls: tuple[str, ...] = ()
    size: int = 0
    chunk: int = 0
    count: int = 0
    key: str = ""
    path: Path | None = None
    received: int = 0
    downloaded: int = 0
    turn: int = 0
    lost: bool = False
    status: str = "PROCESSING_UPLOAD"
    fail_reason: str = ""
    post: Post | None = None
    shown: float = field(default=0.0)
    """When the post's id and its place in lists come to be known; 0 for never."""


class Work:
    """The uploads and the jobs, and what is done with them behind the scenes."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.world = ground, ground.world
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def upload(self, request: Request) -> Response:
        """Take a chunk. One that breaks off is dropped: it has to be sent again as a whole.

        Not documented is whether a part of a chunk would be kept; the guide has the same chunk
        sent again, and so it is here.
        """
        job = self.uploads.get(request.query_params.get("upload_token", ""))
        named = request.query_params.get("upload_id", "")
        if job is None or job.publish_id.rpartition(".")[2] != named or job.path is None:
            return _refused(403, "The upload URL is not known.")
        if job.lost or job.made + URL_SECONDS < self.world.now():
            return _refused(403, "The upload URL has expired.")
        if job.received < job.size and self.world.faults.draw(NAME, "upload_append", LOST):
            job.lost = True
            return _refused(403, "The upload URL has expired.")
        first, length = self._chunk(request, job)
        job.turn += 1
        turn, came = job.turn, 0
        with job.path.open("r+b") as file:
            file.seek(first)
            async for piece in request.stream():
                if job.turn != turn or came + len(piece) > length:
                    return _refused(400, "The chunk was sent twice at once, or is too long.")
                file.write(piece)
                came += len(piece)
        if job.turn != turn or came != length:
            return _refused(400, "The chunk is shorter than its Content-Length.")
        job.received = first + length
        done = job.received == job.size
        if done:
            self._start(self._process(job, [job.path], "upload_append"))
        return Response(
            status_code=201 if done else 206,
            headers={"Content-Range": f"bytes 0-{job.received - 1}/{job.size}"},
        )

    def _chunk(self, request: Request, job: Job) -> tuple[int, int]:
        headers = request.headers
        if "authorization" in headers:
            raise Refusal(_refused(400, "No Authorization is to be sent here."))
        if headers.get("content-type", "").lower() not in VIDEO_TYPES:
            raise Refusal(_refused(400, f"Content-Type must be one of {', '.join(VIDEO_TYPES)}."))
        said = _RANGE.fullmatch(headers.get("content-range", ""))
        if said is None:
            raise Refusal(_refused(400, "Content-Range: bytes FIRST-LAST/TOTAL is required."))
        first, last, total = (int(number) for number in said.groups())
        if headers.get("content-length") != str(last - first + 1):
            raise Refusal(_refused(400, "Content-Length does not go with Content-Range."))
        number = job.received // job.chunk
        final = number >= job.count - 1
        wanted = (job.received, job.size - 1 if final else job.received + job.chunk - 1, job.size)
        if job.received >= job.size or (first, last, total) != wanted:
            refused = _refused(416, "This is not the next chunk as it was announced.")
            refused.headers["Content-Range"] = f"bytes */{job.size}"
            raise Refusal(refused)
        return first, last - first + 1

    async def status(self, request: Request) -> Response:
        """How far an attempt has got."""
        ground = self.ground
        token, person = ground.caller(request, "upload_status", "video.publish", "video.upload")
        ground.within(token, "status")
        said = ground.shaped(
            await ground.body(request, charset=True),
            {"publish_id": Rule(str, needed=True, most=64)},
            "body",
        )
        job = self.jobs.get(said["publish_id"])
        if job is not None and job.status == "PROCESSING_UPLOAD" and job.received < job.size:
            job.lost = job.lost or bool(self.world.faults.draw(NAME, "upload_status", LOST))
        if job is None or job.lost:
            raise ground.no("invalid_publish_id", "The publish_id does not exist.")
        if job.person.id != person.id or job.token.client_id != token.client_id:
            raise ground.no("token_not_authorized_for_specified_publish_id")
        data: dict[str, Any] = {"status": job.status}
        if job.fail_reason:
            data["fail_reason"] = job.fail_reason
        data["publicaly_available_post_id"] = (
            [int(job.post.id)] if job.post and 0 < job.shown <= self.world.now() else []
        )
        if job.urls:
            data["downloaded_bytes"] = job.downloaded
        else:
            data["uploaded_bytes"] = job.received
        return ground.ok(data)

    def fetch(self, job: Job, step: str) -> None:
        """Begin to fetch what the job names."""
        job.status = "PROCESSING_DOWNLOAD"
        self._start(self._fetched(job, step))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fetched(self, job: Job, step: str) -> None:
        paths: list[Path] = []
        most = PHOTO_BYTES_MOST if job.kind == "photo" else VIDEO_BYTES_MOST
        async with httpx.AsyncClient(follow_redirects=False, timeout=30, trust_env=False) as client:
            for address in job.urls:
                path = self.world.folder / f"{NAME}-{self.world.number()}"
                reason = await self._pulled(client, job, address, path, most)
                if reason:
                    self._fail(job, reason)
                    return
                paths.append(path)
        await self._process(job, paths, step)

    async def _pulled(
        self, client: httpx.AsyncClient, job: Job, address: str, path: Path, most: int
    ) -> str:
        """Fetch one file; the reason if it failed. A redirect counts as a failure."""
        size, failed = 0, f"{job.kind}_pull_failed"
        try:
            async with client.stream("GET", address) as response:
                if response.status_code != 200:
                    return failed
                with path.open("wb") as file:
                    async for piece in response.aiter_bytes():
                        size += len(piece)
                        job.downloaded += len(piece)
                        if size > most:
                            return "file_format_check_failed"
                        file.write(piece)
        except (httpx.HTTPError, httpx.InvalidURL):
            return failed
        return "" if size else failed

    async def _process(self, job: Job, paths: list[Path], step: str) -> None:
        faults = self.world.faults
        failing = faults.draw(NAME, step, "fail_processing")
        ready = self.world.now() + (faults.seconds(NAME, "slow") or PROCESSING_SECONDS)
        while (left := ready - self.world.now()) > 0:
            await asyncio.sleep(min(left, 0.1))
        if failing:
            self._fail(job, "internal")
        elif job.token.revoked:
            self._fail(job, "auth_removed")
        else:
            blobs, reason = await run_in_threadpool(self._looked_at, job, paths)
            if reason:
                self._fail(job, reason)
            else:
                self._publish(job, blobs)

    def _looked_at(self, job: Job, paths: list[Path]) -> tuple[list[Blob], str]:
        blobs = []
        for path in paths:
            if job.kind == "photo":
                found = look_at_photo(path)
            else:
                found = look_at_video(path, job.person.extra["seconds"])
            if found.wrong:
                return [], found.wrong
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            number = path.name.removeprefix(f"{NAME}-")
            size = path.stat().st_size
            blob = Blob(number, NAME, job.person.id, path, size, found.mime, digest)
            blob.extra |= {"width": found.width, "height": found.height, "seconds": found.seconds}
            blobs.append(blob)
        return blobs, ""

    def _fail(self, job: Job, reason: str) -> None:
        job.status, job.fail_reason = "FAILED", reason

    def _publish(self, job: Job, blobs: list[Blob]) -> None:
        number, kind = self.world.number(), job.kind
        where = self.world.url(WEB, f"@{job.person.username}/{kind}/{number}")
        text = job.info.get("title", "")
        if kind == "photo":
            text = job.info.get("description") or text
        public = not job.draft and job.info.get("privacy_level") == REVEALED
        shown = self.world.now() + MODERATION_SECONDS if public else 0.0
        job.post = self.world.publish(
            NAME,
            job.person.id,
            text,
            blobs,
            id=number,
            kind=kind,
            permalink="" if job.draft else where,
            draft=job.draft,
            publish_id=job.publish_id,
            shown=shown,
            **job.info,
        )
        job.shown = shown
        job.status = "SEND_TO_USER_INBOX" if job.draft else "PUBLISH_COMPLETE"


def _refused(status: int, message: str) -> Response:
    """A refusal of the upload host. Its body is not documented."""
    return answer(status, {"error": {"code": status, "message": message}})
