"""The pictures that stand before videos on YouTube."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.platforms.youtube_ground import MAY_UPLOAD, Ground, missing, no
from autosched.sandbox.platforms.youtube_shelf import Shelf, Video, etag
from autosched.sandbox.platforms.youtube_upload import Session, Uploads
from autosched.sandbox.wire import answer

THUMBNAIL_MOST = 50 * 1024**2
PICTURE_KINDS = ("image/jpeg", "image/png", "application/octet-stream")


class Thumbnails:
    """The method of `thumbnails`."""

    def __init__(self, ground: Ground, shelf: Shelf, uploads: Uploads) -> None:
        self.ground, self.shelf, self.uploads = ground, shelf, uploads

    async def set(self, request: Request) -> Response:
        """Set a picture before the video, sent at once or through a session."""
        token, person = self.ground.caller(request, "thumbnail", MAY_UPLOAD)
        self.ground.asked(request, "videoId", "uploadType")
        self.ground.spend(token, "units", 50)
        if "videoId" not in request.query_params:
            raise missing("videoId")
        video = self.shelf.own(request.query_params["videoId"], person)
        if not person.extra["verified"]:
            raise no(
                403,
                "forbidden",
                "The authenticated user doesn't have permissions to upload and set custom "
                "video thumbnails.",
                domain="youtube.thumbnail",
            )
        kind = request.query_params.get("uploadType", "media")
        if kind == "resumable":
            return self.uploads.begin(
                request,
                token,
                person,
                self._pictured,
                kinds=PICTURE_KINDS,
                most=THUMBNAIL_MOST,
                asked={"video": video},
            )
        mime = request.headers.get("content-type", "").lower()
        if kind != "media" or mime not in PICTURE_KINDS:
            raise no(
                400,
                "badRequest",
                f"Media type '{mime}' is not supported. Valid media types: [image/jpeg, "
                "image/png, application/octet-stream]",
            )
        content = await request.body()
        return answer(*self._hang(video, content))

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a thumbnail."""
        return await self.uploads.put(request, "thumbnail")

    async def _pictured(self, session: Session) -> tuple[int, dict[str, Any]]:
        return self._hang(session.asked["video"], session.path.read_bytes())

    def _hang(self, video: Video, content: bytes) -> tuple[int, dict[str, Any]]:
        if not content:
            raise no(
                400,
                "mediaBodyRequired",
                "The request does not include the image content.",
                domain="youtube.thumbnail",
            )
        if len(content) > THUMBNAIL_MOST:
            raise no(413, "uploadTooLarge", "Request is too large.")
        try:
            with Image.open(io.BytesIO(content)) as picture:
                kind = picture.format
        except (OSError, ValueError):
            kind = None
        if kind not in ("JPEG", "PNG"):
            raise no(
                400,
                "invalidImage",
                "The provided image content is invalid.",
                domain="youtube.thumbnail",
            )
        video.thumbnail = True
        video.extra["thumbnail_sha256"] = hashlib.sha256(content).hexdigest()
        self.shelf.settle(video)
        said = {
            "kind": "youtube#thumbnailSetResponse",
            "etag": etag(video.post.id, "thumbnail"),
            "items": [self.shelf.thumbnails(video)],
        }
        return 200, said
