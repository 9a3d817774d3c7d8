"""Videos on YouTube: sent in, read, changed, deleted, and their figures."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.platforms import youtube_shelf as shelves
from autosched.sandbox.platforms.youtube_ground import (
    MAY_CHANGE,
    MAY_READ,
    MAY_UPLOAD,
    NAME,
    UNAUDITED,
    Ground,
    listed,
    missing,
    no,
    stamp,
)
from autosched.sandbox.platforms.youtube_rules import OWNERS_PARTS, PARTS, described
from autosched.sandbox.platforms.youtube_shelf import Shelf, Video
from autosched.sandbox.platforms.youtube_upload import Session, Uploads
from autosched.sandbox.wire import answer
from autosched.sandbox.world import Blob

PROCESSING_SECONDS = 0.3
FILE_MOST = 256 * 1024**3
VIDEO_KINDS = ("video/", "application/octet-stream")
IDS_MOST = 50
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Videos:
    """The methods of `videos`."""

    def __init__(self, ground: Ground, shelf: Shelf, uploads: Uploads) -> None:
        self.ground, self.world, self.shelf = ground, ground.world, shelf
        self.uploads = uploads

    async def insert(self, request: Request) -> Response:
        """Begin an upload with the description of the video."""
        token, person = self.ground.caller(request, "upload_init", MAY_UPLOAD)
        self.ground.asked(
            request, "part", "uploadType", "notifySubscribers", "autoLevels", "stabilize"
        )
        self.ground.channel(person)
        self.ground.spend(token, "insert", 1)
        parts = self.ground.parts(request, PARTS)
        if request.query_params.get("uploadType") != "resumable":
            raise no(400, "badRequest", "uploadType must be resumable.")
        said = described(await self.ground.body(request), parts)
        if "snippet" not in said:
            raise no(400, "invalidTitle", "The request metadata specifies no video title.")
        said.setdefault("status", {"privacyStatus": "public"})
        notify = request.query_params.get("notifySubscribers", "true") == "true"
        return self.uploads.begin(
            request,
            token,
            person,
            self._arrived,
            kinds=VIDEO_KINDS,
            most=FILE_MOST,
            asked={"said": said, "parts": parts, "notify": notify},
        )

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a video."""
        return await self.uploads.put(request, "upload_append")

    async def _arrived(self, session: Session) -> tuple[int, dict[str, Any]]:
        """All bytes are there: the video exists, and is processed from now on."""
        faults = self.world.faults
        found, digest = await run_in_threadpool(self._measured, session)
        if faults.draw(NAME, "upload_append", "fail_processing"):
            found = shelves.Found(failure="conversion")
        said = session.asked["said"]
        asked = said["status"]["privacyStatus"]
        if session.token.client_id == UNAUDITED:
            said["status"]["privacyStatus"] = "private"
            said["status"].pop("publishAt", None)
        id = "".join(secrets.choice(_ALPHABET) for _ in range(11))
        number = session.path.name.removeprefix(f"{NAME}-")
        blob = Blob(
            number, NAME, session.person.id, session.path, session.total, found.mime, digest
        )
        post = self.world.publish(
            NAME,
            session.person.id,
            said["snippet"]["title"],
            [blob],
            id=id,
            kind=shelves.kind_of(found),
            permalink=shelves.address(self.world, id),
        )
        wait = faults.seconds(NAME, "slow") or PROCESSING_SECONDS
        ready = self.world.now() + wait
        video = Video(post, session.person, said, found, ready, session.total)
        video.extra = {"notifySubscribers": session.asked["notify"], "asked_privacy": asked}
        self.shelf.videos[id] = video
        self.shelf.settle(video)
        return 201, self.shelf.shown(video, session.asked["parts"], owner=True)

    def _measured(self, session: Session) -> tuple[shelves.Found, str]:
        with session.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return shelves.look_at(session.path, session.person.extra["verified"]), digest

    async def read(self, request: Request) -> Response:
        """The videos of the identifiers that were asked for; those unknown are left out."""
        token, person = self.ground.caller(request, "read_post", MAY_READ)
        self.ground.asked(request, "part", "id", "hl", "maxResults")
        self.ground.spend(token, "units", 1)
        parts = self.ground.parts(request, PARTS)
        items = []
        for video in self._chosen(request):
            owner = video.person.id == person.id
            if not owner and video.said["status"]["privacyStatus"] == "private":
                continue
            if not owner and set(parts) & set(OWNERS_PARTS):
                raise no(
                    403,
                    "forbidden",
                    "The request cannot access user rating or owner's information.",
                    domain="youtube.video",
                )
            items.append(self.shelf.shown(video, parts, owner=owner))
        return answer(
            200,
            {
                "kind": "youtube#videoListResponse",
                "etag": shelves.etag(*(item["etag"] for item in items)),
                "items": items,
                "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
            },
        )

    async def stats(self, request: Request) -> Response:
        """Figures of up to fifty videos at once, from a quota of its own."""
        token, person = self.ground.caller(request, "metrics", MAY_READ)
        self.ground.asked(request, "part", "id")
        self.ground.spend(token, "stats", 1)
        parts = self.ground.parts(request, ("id", "snippet", "statistics", "contentDetails"))
        items = []
        for video in self._chosen(request):
            private = video.said["status"]["privacyStatus"] == "private"
            if private and video.person.id != person.id:
                continue
            figures = self.shelf.statistics(video)
            known: dict[str, Any] = {
                "snippet": {"publishTime": stamp(video.published or video.post.created_at)},
                "statistics": {
                    name: figures[name] for name in ("viewCount", "likeCount", "commentCount")
                },
                "contentDetails": {"duration": f"{int(video.found.seconds)}s"},
            }
            item = {"kind": "youtube#videoStats", "etag": shelves.etag(video.post.id)}
            chosen = {part: known[part] for part in parts if part in known}
            items.append({**item, "id": video.post.id, **chosen})
        said = {"kind": "youtube#batchGetStatsResponse", "etag": shelves.etag(), "items": items}
        return answer(200, said)

    def _chosen(self, request: Request) -> list[Video]:
        ids = listed(request, "id")
        if not ids:
            raise missing("id")
        if len(ids) > IDS_MOST:
            raise no(
                400,
                "invalidFilters",
                f"The number of IDs specified cannot exceed {IDS_MOST}.",
                domain="youtube.parameter",
                location="id",
                kind="parameter",
            )
        found = [self.shelf.get(id) for id in dict.fromkeys(ids)]
        return [video for video in found if video is not None]

    async def update(self, request: Request) -> Response:
        """Write parts of a video anew; what is not said in a part falls back to what it was
        before anybody said it."""
        token, person = self.ground.caller(request, "update_post", MAY_CHANGE)
        self.ground.asked(request, "part")
        self.ground.spend(token, "units", 50)
        parts = self.ground.parts(request, PARTS)
        body = await self.ground.body(request)
        said = described(body, parts)
        video = self.shelf.own(str(body.get("id", "")), person)
        if "snippet" in said and "categoryId" not in body.get("snippet", {}):
            raise no(
                400,
                "invalidCategoryId",
                "The snippet.categoryId property specifies an invalid category ID.",
                domain="youtube.video",
            )
        if said.get("status", {}).get("publishAt") and video.published is not None:
            raise no(
                400,
                "invalidPublishAt",
                "The video has been published before.",
                domain="youtube.video",
            )
        if token.client_id == UNAUDITED and "status" in said:
            said["status"] = {**said["status"], "privacyStatus": "private"}
            said["status"].pop("publishAt", None)
        video.said |= said
        self.shelf.settle(video)
        return answer(200, self.shelf.shown(video, parts, owner=True))

    async def delete(self, request: Request) -> Response:
        """Delete a video."""
        token, person = self.ground.caller(request, "delete_post", MAY_CHANGE)
        self.ground.asked(request, "id")
        self.ground.spend(token, "units", 50)
        if "id" not in request.query_params:
            raise missing("id")
        self.shelf.own(request.query_params["id"], person).post.deleted = True
        return Response(status_code=204)
