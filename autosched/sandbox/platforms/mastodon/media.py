"""Files for posts: pictures are ready at once, all that moves or sounds is worked on first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.mastodon import probe
from autosched.sandbox.platforms.mastodon.instance import Instance, error
from autosched.sandbox.platforms.mastodon.limits import MEBIBYTE
from autosched.sandbox.platforms.mastodon.oauth import sent
from autosched.sandbox.world import Blob

PROCESSING_SECONDS = 0.3
FAILED = "Error processing thumbnail for uploaded media"


@dataclass
class Attachment:
    """A file that was uploaded. `ready` is when it can be attached; `post` what it is in."""

    blob: Blob
    kind: str
    ready: float
    failed: bool = False
    post: str = ""


class Media:
    """The files of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.world = instance, instance.world
        self._all: dict[str, Attachment] = {}

    def find(self, id: str, token: Token, step: str) -> Attachment | None:
        """Somebody's file, unless the fault `lose_container` meets it."""
        if self.world.faults.draw(self.instance.name, step, "lose_container"):
            self._all.pop(id, None)
        found = self._all.get(id)
        return found if found is not None and found.blob.owner == token.person else None

    def processing(self, attachment: Attachment) -> bool:
        """Whether it is still being worked on."""
        return attachment.ready > self.world.now()

    async def upload(self, request: Request, token: Token) -> Response:
        """A new file. The small instance and the older address answer when it is ready."""
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise self.instance.wrong("Validation failed: File can't be blank")
        said = await sent(request)
        file = said.get("file")
        if not isinstance(file, UploadFile):
            raise self.instance.wrong("Validation failed: File can't be blank")
        id = self.world.number()
        path = self.world.folder / f"mastodon-{id}"
        size, digest = await _store(file, path)
        kind, mime, wrong = await run_in_threadpool(probe.look, path, self.instance.limits)
        if wrong:
            path.unlink()
            raise self.instance.wrong(f"Validation failed: {wrong}")
        blob = Blob(id, self.instance.name, token.person, path, size, mime, digest)
        self._describe(blob, said)
        now = self.world.now()
        waits = self.instance.plain or "/api/v1/" in request.url.path
        slow = kind != "image" and not waits
        takes = self.world.faults.seconds(self.instance.name, "slow") or PROCESSING_SECONDS
        attachment = Attachment(blob, kind, now + takes if slow else now)
        if self.world.faults.draw(self.instance.name, "upload", "fail_processing"):
            attachment.failed = True
            if not slow:
                path.unlink()
                raise error(422, FAILED)
        self._all[id] = attachment
        return JSONResponse(self.told(attachment), status_code=202 if slow else 200)

    async def status(self, request: Request, token: Token) -> Response:
        """How a file stands that is in no post yet."""
        attachment = self._free(request, token, "upload_status")
        if self.processing(attachment):
            return JSONResponse(self.told(attachment), status_code=206)
        if self.world.faults.draw(self.instance.name, "upload_status", "fail_processing"):
            attachment.failed = True
        if attachment.failed:
            raise error(422, FAILED)
        return JSONResponse(self.told(attachment))

    async def change(self, request: Request, token: Token) -> Response:
        """Another description or focus."""
        attachment = self._free(request, token, "upload_edit")
        self._describe(attachment.blob, await sent(request))
        return JSONResponse(self.told(attachment))

    def told(self, attachment: Attachment) -> dict[str, Any]:
        """A file as the API shows it; its address comes when it is ready."""
        blob, ready = attachment.blob, not self.processing(attachment) and not attachment.failed
        url = f"{self.world.origin}/_sandbox/media/{blob.path.name}"
        focus = blob.extra.get("focus", "").split(",")
        return {
            "id": blob.id,
            "type": attachment.kind,
            "url": url if ready else None,
            "preview_url": url if ready else None,
            "remote_url": None,
            "meta": {"focus": {"x": float(focus[0]), "y": float(focus[1])}} if focus[0] else {},
            "description": blob.alt or None,
            "blurhash": None,
        }

    def _free(self, request: Request, token: Token, step: str) -> Attachment:
        attachment = self.find(request.path_params["id"], token, step)
        if attachment is None or attachment.post:
            raise error(404, "Record not found")
        return attachment

    def _describe(self, blob: Blob, said: dict[str, Any]) -> None:
        description, focus = said.get("description"), said.get("focus")
        if description is not None:
            longest = self.instance.limits.description
            if len(str(description)) > longest:
                raise self.instance.wrong(
                    f"Validation failed: Description is too long (maximum is {longest} characters)"
                )
            blob.alt = str(description)
        if focus:
            try:
                x, y = (float(part) for part in str(focus).split(","))
            except ValueError:
                raise self.instance.wrong("Validation failed: Focus is invalid") from None
            if max(abs(x), abs(y)) > 1:
                raise self.instance.wrong("Validation failed: Focus is invalid")
            blob.extra["focus"] = f"{x},{y}"


async def _store(file: UploadFile, path: Path) -> tuple[int, str]:
    """Write a file to the disk piece by piece; its size and its hash."""
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as out:
        while piece := await file.read(MEBIBYTE):
            size += len(piece)
            digest.update(piece)
            out.write(piece)
    return size, digest.hexdigest()
