"""Bluesky's files: kept for a while after the upload, and for good once a record names them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms import bluesky_lexicon
from autosched.sandbox.platforms.bluesky_cid import RAW, cid_of_digest
from autosched.sandbox.platforms.bluesky_session import WRITE_SCOPES, Sessions
from autosched.sandbox.platforms.bluesky_wire import NAME, PDS, Rations, asked, invalid, stop
from autosched.sandbox.wire import Platform, answer, step
from autosched.sandbox.world import Blob, World

MOST_BYTES = 50 * 1024 * 1024
"""What the public servers take by uploadBlob, whatever the schema of the embed allows."""
KEPT_SECONDS = 6 * 3_600.0
"""A blob that no record names is thrown away after so long."""

_MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"avif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


@dataclass
class Stored:
    """A file of an account; `until` None when a record names it."""

    blob: Blob
    until: float | None


@dataclass
class Blobs:
    """The files of all accounts."""

    world: World
    platform: Platform
    sessions: Sessions
    rations: Rations
    stored: dict[tuple[str, str], Stored] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            step(
                self.world,
                self.platform,
                name,
                method,
                f"/{PDS}/xrpc/com.atproto.{path}",
                self.rations.counted(do),
            )
            for name, method, path, do in (
                ("upload_append", "POST", "repo.uploadBlob", self.upload),
                ("get_blob", "GET", "sync.getBlob", self.get),
            )
        ]

    async def upload(self, request: Request) -> Response:
        """Take a file; its kind is read from its first bytes, whatever was said of it."""
        person = self.sessions.admit(request, "upload_append", *WRITE_SCOPES)
        self.rations.spend(request, person.id, ["blob-day"])
        said = request.headers.get("content-type", "")
        if not said:
            raise invalid("Request encoding (Content-Type) required but not provided")
        blob = await self.take(request, person.id, said, MOST_BYTES)
        return answer(200, {"blob": reference(blob)})

    async def take(self, request: Request, did: str, mime: str, most: int) -> Blob:
        """Stream a request's body to the disk as a blob of the account."""
        digest, size, first = hashlib.sha256(), 0, b""
        arriving = self.world.folder / f"{NAME}-{self.world.key(8)}.arriving"
        try:
            with arriving.open("wb") as file:
                async for piece in request.stream():
                    size += len(piece)
                    if size > most:
                        raise stop(413, "PayloadTooLarge", "request entity too large")
                    first = first if len(first) >= 16 else first + piece[:16]
                    digest.update(piece)
                    file.write(piece)
            name = cid_of_digest(digest.digest(), RAW)
            path = self.world.folder / f"{NAME}-{did.rpartition(':')[2]}-{name}"
            arriving.replace(path)
        finally:
            arriving.unlink(missing_ok=True)
        blob = Blob(name, NAME, did, path, size, sniffed(first, mime), digest.hexdigest())
        self.keep(blob)
        return blob

    def keep(self, blob: Blob) -> None:
        """Remember a blob until a record names it, or for a while."""
        known = self.find(blob.owner, blob.id)
        if known is None or known.until is not None:
            self.stored[blob.owner, blob.id] = Stored(blob, self.world.now() + KEPT_SECONDS)

    def find(self, did: str, name: str) -> Stored | None:
        """A file of an account, unless it was thrown away."""
        found = self.stored.get((did, name))
        if found is None or (found.until is not None and found.until <= self.world.now()):
            return None
        return found

    def claim(self, did: str, record: dict[str, Any], step_name: str) -> list[Blob]:
        """The blobs that a record names, kept for good from now on; refuses what is not there."""
        found: list[Blob] = []
        for said in bluesky_lexicon.blobs(record):
            name = str((said.get("ref") or {}).get("$link"))
            stored = self.find(did, name)
            lost = stored is not None and stored.until is not None and self._lost(step_name)
            if stored is None or lost:
                self.stored.pop((did, name), None)
                raise invalid(f"Could not find blob: {name}", "BlobNotFound")
            blob = stored.blob
            if said.get("mimeType") != blob.mime:
                raise invalid(
                    "Referenced Mimetype does not match stored blob. Expected:"
                    f" {blob.mime}, Got: {said.get('mimeType')}",
                    "InvalidMimeType",
                )
            if said.get("size") != blob.size:
                raise invalid(
                    "Referenced Size does not match stored blob. Expected:"
                    f" {blob.size}, Got: {said.get('size')}",
                    "InvalidSize",
                )
            found.append(replace(blob, alt=str(said.get("alt", ""))))
        for blob in found:
            self.stored[did, blob.id].until = None
        return found

    async def get(self, request: Request) -> Response:
        """A file as it was uploaded."""
        said = asked(request, "did", "cid")
        stored = self.find(said["did"], said["cid"])
        if stored is None:
            raise invalid("Blob not found", "BlobNotFound")
        return FileResponse(stored.blob.path, media_type=stored.blob.mime)

    def _lost(self, step_name: str) -> bool:
        return self.world.faults.draw(NAME, step_name, "lose_container") is not None


def reference(blob: Blob) -> dict[str, Any]:
    """A blob as records name it."""
    return {
        "$type": "blob",
        "ref": {"$link": blob.id},
        "mimeType": blob.mime,
        "size": blob.size,
    }


def sniffed(first: bytes, said: str) -> str:
    """The kind of a file by its first bytes, or what was said of it."""
    for at, magic, mime in _MAGIC:
        if first[at : at + len(magic)] == magic:
            return mime
    return said.partition(";")[0].strip()
