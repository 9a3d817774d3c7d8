"""LinkedIn's images, videos and documents: upload addresses, parts with ETags, processing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms.linkedin_probe import failure
from autosched.sandbox.platforms.linkedin_wire import (
    NAME,
    ORG_SCOPES,
    Desk,
    body,
    closed,
    denied,
    path_urn,
    refusal,
    stop,
    urn,
)
from autosched.sandbox.wire import Platform, answer, step
from autosched.sandbox.world import Blob, World

PART_BYTES = 4_194_304
MOST_BYTES = 5 * 1024**3
UPLOAD_SECONDS = 3_600.0
PROCESSING_SECONDS = 0.3

MIMES = {"image": "image/jpeg", "video": "video/mp4", "document": "application/pdf"}


@dataclass
class Part:
    """A piece of a video: its bytes by first and last, and its ETag once it is there."""

    first: int
    last: int
    etag: str = ""


@dataclass
class Asset:
    """An image, video or document from the moment its upload is begun."""

    urn: str
    kind: str
    owner: str
    key: str
    path: Path
    ends: float
    size: int = 0
    token: str = ""
    parts: list[Part] = field(default_factory=list)
    sha256: str = ""
    ready_at: float | None = None
    failure: str = ""
    mime: str = ""
    extras: dict[str, bytes] = field(default_factory=dict)

    def status(self, now: float) -> str:
        """As the API names it."""
        if self.ready_at is None:
            return "WAITING_UPLOAD"
        if now < self.ready_at:
            return "PROCESSING"
        return "PROCESSING_FAILED" if self.failure else "AVAILABLE"

    def blob(self) -> Blob:
        """As a file of a post."""
        return Blob(self.urn, NAME, self.owner, self.path, self.size, self.mime, self.sha256)


@dataclass
class Media:
    """The resources images, videos and documents, and the upload addresses."""

    world: World
    platform: Platform
    desk: Desk
    assets: dict[str, Asset] = field(default_factory=dict)
    keys: dict[str, Asset] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes."""
        world, platform, www = self.world, self.platform, "/www.linkedin.com/dms-uploads"
        found = [
            step(world, platform, "upload_append", "PUT", f"{www}/{{key}}/whole", self.whole),
            step(world, platform, "upload_append", "PUT", f"{www}/{{key}}/{{part:int}}", self.part),
            step(world, platform, "upload_extra", "PUT", f"{www}/{{key}}/{{name}}", self.extra),
        ]
        for kind in MIMES:
            path = f"/api.linkedin.com/rest/{kind}s"
            found += [
                self._actions(kind, path),
                step(world, platform, "upload_status", "GET", f"{path}/{{urn}}", self.status),
            ]
        return found

    def _actions(self, kind: str, path: str) -> Route:
        """One address for two steps: the action stands in the query."""

        async def begin(request: Request) -> Response:
            return await self.begin(request, kind)

        steps = {
            "initializeUpload": step(self.world, self.platform, "upload_init", "POST", path, begin),
            "finalizeUpload": step(
                self.world, self.platform, "upload_finish", "POST", path, self.finish
            ),
        }
        if kind != "video":
            del steps["finalizeUpload"]

        async def act(request: Request) -> Response:
            wanted = request.query_params.get("action", "")
            if wanted not in steps:
                message = f"The action {wanted} is not defined on {kind}s"
                return refusal(400, "ILLEGAL_ARGUMENT", message)
            done: Response = await steps[wanted].endpoint(request)
            return done

        return Route(path, act, methods=["POST"])

    async def begin(self, request: Request, kind: str) -> Response:
        """Hand out the addresses to upload to."""
        token = self.desk.admit(request, "upload_init", "w_member_social", "w_organization_social")
        said = await body(request)
        closed(said, "", {"initializeUploadRequest"}, set())
        asked = said["initializeUploadRequest"]
        if not isinstance(asked, dict):
            raise stop(422, "", "ERROR :: /initializeUploadRequest :: a record is expected\n")
        needed = {"owner", "fileSizeBytes"} if kind == "video" else {"owner"}
        optional = {"uploadCaptions", "uploadThumbnail"} if kind == "video" else set()
        closed(asked, "/initializeUploadRequest", needed, optional)
        owner = urn(asked["owner"], "owner", "person", "organization")
        if not self.desk.speaks_for(token, owner, org_scopes=("w_organization_social",)):
            raise denied(request)
        size = asked.get("fileSizeBytes", 0)
        if kind == "video" and not (type(size) is int and 0 < size <= MOST_BYTES):
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "fileSizeBytes is not a possible size")
        return answer(200, {"value": self._made(kind, owner, size, asked)})

    def _made(self, kind: str, owner: str, size: int, asked: dict[str, Any]) -> dict[str, Any]:
        name = (
            f"urn:li:{kind}:{'D4D10AQ' if kind == 'document' else 'C5622AQ'}{self.world.number()}"
        )
        key = self.world.key(12)
        asset = Asset(
            name,
            kind,
            owner,
            key,
            self.world.folder / f"{NAME}-{name.rpartition(':')[2]}",
            self.world.now() + UPLOAD_SECONDS,
            mime=MIMES[kind],
        )
        self.assets[name] = self.keys[key] = asset
        ends = int(asset.ends * 1000)
        if kind != "video":
            url = self._url(key, "whole")
            return {"uploadUrlExpiresAt": ends, "uploadUrl": url, kind: name}
        asset.size, asset.token = size, self.world.key(16)
        asset.parts = [
            Part(first, min(first + PART_BYTES, size) - 1) for first in range(0, size, PART_BYTES)
        ]
        asset.path.touch()
        value = {
            "uploadUrlsExpireAt": ends,
            "video": name,
            "uploadInstructions": [
                {
                    "uploadUrl": self._url(key, str(number)),
                    "firstByte": part.first,
                    "lastByte": part.last,
                }
                for number, part in enumerate(asset.parts)
            ],
            "uploadToken": asset.token,
        }
        for name in ("captions", "thumbnail"):
            if asked.get(f"upload{name.title()}"):
                value[f"{name}UploadUrl"] = self._url(key, name)
        return value

    async def whole(self, request: Request) -> Response:
        """Take an image or a document; it needs the token that the video parts must not have."""
        token = self.desk.token(request, "upload_append")
        asset = self._upload(request, "upload_append")
        if not self.desk.speaks_for(token, asset.owner, org_scopes=("w_organization_social",)):
            raise denied(request)
        if asset.kind == "video":
            raise stop(404, "NOT_FOUND", "There is no such upload")
        digest, size = hashlib.sha256(), 0
        arriving = asset.path.with_suffix(".arriving")
        with arriving.open("wb") as file:
            async for piece in request.stream():
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        arriving.replace(asset.path)
        asset.size, asset.sha256 = size, digest.hexdigest()
        await self._process(asset, "upload_append")
        return Response(status_code=201)

    async def part(self, request: Request) -> Response:
        """Take a part of a video, exactly as long as was said; a second time does no harm."""
        asset = self._upload(request, "upload_append")
        number = int(request.path_params["part"])
        if asset.kind != "video" or number >= len(asset.parts):
            raise stop(404, "NOT_FOUND", "There is no such upload")
        if "authorization" in request.headers:
            raise stop(400, "BAD_REQUEST", "The upload address takes no Authorization header")
        if request.headers.get("content-type") != "application/octet-stream":
            raise stop(400, "BAD_REQUEST", "The part must be sent as application/octet-stream")
        if asset.ready_at is not None:
            raise stop(400, "EXPIRED_UPLOAD_URL", "The upload was finalized already")
        part = asset.parts[number]
        length = part.last - part.first + 1
        if request.headers.get("content-length") != str(length):
            raise stop(400, "BAD_REQUEST", f"The part must have a Content-Length of {length}")
        digest = hashlib.sha256()
        with asset.path.open("r+b") as file:
            file.seek(part.first)
            async for piece in request.stream():
                digest.update(piece)
                file.write(piece)
        part.etag = f"/ambry-video/signedId/{digest.hexdigest()[:40]}.bin"
        return Response(status_code=200, headers={"etag": f'"{part.etag}"'})

    async def extra(self, request: Request) -> Response:
        """Take a video's own cover picture, or its captions."""
        asset = self._upload(request, "upload_extra")
        name = str(request.path_params["name"])
        if asset.kind != "video" or name not in ("captions", "thumbnail"):
            raise stop(404, "NOT_FOUND", "There is no such upload")
        asset.extras[name] = await request.body()
        return Response(status_code=201)

    async def finish(self, request: Request) -> Response:
        """Put a video together from its parts, which must be named in their order."""
        token = self.desk.admit(
            request, "upload_finish", "w_member_social", "w_organization_social"
        )
        said = await body(request)
        closed(said, "", {"finalizeUploadRequest"}, set())
        asked = said["finalizeUploadRequest"]
        if not isinstance(asked, dict):
            raise stop(422, "", "ERROR :: /finalizeUploadRequest :: a record is expected\n")
        closed(asked, "/finalizeUploadRequest", {"video", "uploadToken", "uploadedPartIds"}, set())
        asset = self._asset(urn(asked["video"], "video", "video"), "upload_finish")
        if not self.desk.speaks_for(token, asset.owner, org_scopes=("w_organization_social",)):
            raise denied(request)
        if asked["uploadToken"] != asset.token:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "The uploadToken is not of this upload")
        if not all(part.etag for part in asset.parts):
            raise stop(400, "MEDIA_ASSET_WAITING_UPLOAD", "Parts of the video are missing")
        if asked["uploadedPartIds"] != [part.etag for part in asset.parts]:
            raise stop(
                400, "INVALID_VALUE_FOR_FIELD", "uploadedPartIds does not name the parts in order"
            )
        if asset.ready_at is None:  # asking again after a lost answer changes nothing
            asset.sha256 = await run_in_threadpool(_digest, asset.path)
            await self._process(asset, "upload_finish")
        return Response(status_code=200)

    async def status(self, request: Request) -> Response:
        """Tell how far an upload is. For images and documents a member's scopes do not suffice."""
        wanted = path_urn(request, "image", "video", "document")
        kind = wanted.split(":")[2]
        token = self.desk.admit(request, "upload_status", *(() if kind == "video" else ORG_SCOPES))
        if f"/rest/{kind}s/" not in request.url.path:
            raise stop(400, "INVALID_URN_TYPE", f"URN of type {kind} is not supported here")
        asset = self._asset(wanted, "upload_status")
        if not self.desk.speaks_for(token, asset.owner, org_scopes=ORG_SCOPES):
            raise denied(request)
        status = asset.status(self.world.now())
        said: dict[str, Any] = {"id": asset.urn, "owner": asset.owner, "status": status}
        if status == "AVAILABLE":
            said["downloadUrl"] = self.world.url("media.licdn.com", f"dms/{asset.key}")
        if status == "PROCESSING_FAILED" and kind == "video":
            said["processingFailureReason"] = asset.failure
        return answer(200, said)

    def known(self, found: Asset | None, step_name: str) -> Asset | None:
        """The upload, unless the fault `lose_container` makes it unknown, for good."""
        if found is not None and self.world.faults.draw(NAME, step_name, "lose_container"):
            self.assets.pop(found.urn, None)
            self.keys.pop(found.key, None)
            return None
        return found

    def _asset(self, wanted: str, step_name: str) -> Asset:
        asset = self.known(self.assets.get(wanted), step_name)
        if asset is None:
            raise stop(404, "NOT_FOUND", f"Could not find entity {wanted}")
        return asset

    def _upload(self, request: Request, step_name: str) -> Asset:
        asset = self.known(self.keys.get(str(request.path_params["key"])), step_name)
        if asset is None:
            raise stop(404, "NOT_FOUND", "There is no such upload")
        if asset.ends <= self.world.now():
            raise stop(400, "EXPIRED_UPLOAD_URL", "The upload URL has expired")
        return asset

    async def _process(self, asset: Asset, step_name: str) -> None:
        found = await run_in_threadpool(failure, asset.kind, asset.path, asset.size)
        asset.mime, asset.failure = found.mime or asset.mime, found.reason
        if self.world.faults.draw(NAME, step_name, "fail_processing"):
            asset.failure = "Media processing failed"
        slow = self.world.faults.seconds(NAME, "slow") or PROCESSING_SECONDS
        asset.ready_at = self.world.now() + slow

    def _url(self, key: str, part: str) -> str:
        return self.world.url("www.linkedin.com", f"dms-uploads/{key}/{part}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
