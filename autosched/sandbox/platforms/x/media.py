"""Uploads to X: small pictures at once, all else begun, appended in segments and finished."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox import wire
from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.x import probe
from autosched.sandbox.platforms.x.answers import body_of, closed, invalid, not_found
from autosched.sandbox.world import Blob, World

EXPIRES_SECONDS = 86_400
LARGEST_SEGMENT = 5 * probe.MEGABYTE  # said of the version before; this one is silent
MOST_SEGMENTS = 1_000
LARGEST_TOTAL = 17_179_869_184
FINISHING_AGAIN_REPEATS = True  # not documented: a second finalize gives the first one's answer
ALT_LONGEST = 1_000
PROCESSING_SECONDS = 0.3
_PREFIX = {"tweet_image": 3, "tweet_gif": 16, "tweet_video": 7, "amplify_video": 13}
_METADATA_NAMED = (
    "allow_download_status alt_text audience_policy content_expiration domain_restrictions"
    " found_media_origin geo_restrictions management_info preview_image sensitive_media_warning"
    " shared_info sticker_info upload_source"
)
_METADATA = _METADATA_NAMED.split()


@dataclass
class Upload:
    """A file on its way. `ready` is when its processing ends; `wrong` how, if badly."""

    id: str
    owner: str
    category: str
    mime: str
    total: int
    ends: float
    segments: dict[int, tuple[Path, int]] = field(default_factory=dict)
    blob: Blob | None = None
    begun: float = 0.0
    ready: float = 0.0
    processed: bool = False
    wrong: str = ""

    @property
    def key(self) -> str:
        """The media key, by which posts name it."""
        return f"{_PREFIX.get(self.category, 3)}_{self.id}"


class Uploads:
    """Every upload, by its identifier."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self._all: dict[str, Upload] = {}

    def find(self, id: str, token: Token, step: str) -> Upload | None:
        """Somebody's upload, unless it has expired or the fault `lose_container` meets it."""
        if self.world.faults.draw(self.name, step, "lose_container"):
            self._all.pop(id, None)
        upload = self._all.get(id)
        if upload is None or upload.owner != token.person or upload.ends <= self.world.now():
            return None
        return upload

    def state(self, upload: Upload) -> str:
        """`uploading`, or how the processing stands."""
        now = self.world.now()
        if upload.blob is None:
            return "uploading"
        if now < upload.begun + (upload.ready - upload.begun) / 3:
            return "pending"
        if now < upload.ready:
            return "in_progress"
        return "failed" if upload.wrong else "succeeded"

    async def at_once(self, request: Request, token: Token) -> Response:
        """A small picture in one request."""
        said = await _sent(request, ("media", "media_category", "additional_owners", "shared",
                                     "media_type"))  # fmt: skip
        category = said.get("media_category")
        if category != "tweet_image":
            raise invalid("media_category", category, "Only pictures are taken in one request.")
        content = await _bytes(said.get("media"))
        if len(content) > probe.LARGEST[category]:
            raise invalid("media", "", f"File size exceeds {probe.LARGEST[category]} bytes.")
        upload = self._new(token, category, "", len(content))
        upload.blob = self.world.keep(self.name, token.person, content, "", upload.id)
        await self._picture(upload)
        return JSONResponse({"data": self._told(upload)})

    async def begin(self, request: Request, token: Token) -> Response:
        """Begin an upload in segments."""
        said = await body_of(
            request,
            ("media_type", "total_bytes", "media_category", "additional_owners", "shared"),
        )
        category, mime, total = (
            said.get("media_category"), said.get("media_type"), said.get("total_bytes"),
        )  # fmt: skip
        if category not in probe.LARGEST:
            raise invalid("media_category", category, "The media_category is not one of the enum.")
        if mime not in probe.TYPES[category]:
            raise invalid("media_type", mime, f"The media_type does not fit {category}.")
        if isinstance(total, bool) or not isinstance(total, int) or not 0 < total <= LARGEST_TOTAL:
            raise invalid("total_bytes", total, "total_bytes must be a whole number of bytes.")
        if total > probe.LARGEST[category]:
            raise invalid("total_bytes", total, f"File size exceeds {probe.LARGEST[category]}.")
        upload = self._new(token, category, mime, total)
        return JSONResponse(
            {
                "data": {
                    "id": upload.id,
                    "media_key": upload.key,
                    "expires_after_secs": EXPIRES_SECONDS,
                }
            }
        )

    async def append(self, request: Request, token: Token) -> Response:
        """One segment; a segment that is sent again takes the place of the first."""
        upload = self._begun(request, token, "upload_append")
        said = await _sent(request, ("media", "segment_index"))
        index = str(said.get("segment_index", ""))
        if not index.isdecimal() or int(index) >= MOST_SEGMENTS:
            raise invalid("segment_index", index, "segment_index must be between 0 and 999.")
        content = await _bytes(said.get("media"))
        if not content or len(content) > LARGEST_SEGMENT:
            raise invalid("media", "", f"A segment has 1 to {LARGEST_SEGMENT} bytes.")
        others = sum(size for at, (_, size) in upload.segments.items() if at != int(index))
        if others + len(content) > upload.total:
            raise invalid("media", "", "The segments have more bytes than total_bytes.")
        path = self.world.folder / f"x-upload-{upload.id}-{int(index):03}"
        path.write_bytes(content)
        upload.segments[int(index)] = (path, len(content))
        return JSONResponse({"data": {"expires_at": int(upload.ends)}})

    async def finish(self, request: Request, token: Token) -> Response:
        """All segments are there: the file is put together and its processing begins."""
        upload = self._begun(request, token, "upload_finish", again=FINISHING_AGAIN_REPEATS)
        if await request.body() not in (b"", b"{}"):
            raise invalid("body", "", "finalize takes no body.")
        if upload.blob is not None:
            return JSONResponse({"data": self._told(upload)})
        parts = [upload.segments[at] for at in sorted(upload.segments)]
        if sorted(upload.segments) != list(range(len(parts))):
            raise invalid("id", upload.id, "Segments do not add up to provided total file size.")
        if sum(size for _, size in parts) != upload.total:
            raise invalid("id", upload.id, "Segments do not add up to provided total file size.")
        path = self.world.folder / f"{self.name}-{upload.id}"
        digest = await run_in_threadpool(_join, [part for part, _ in parts], path)
        upload.blob = Blob(
            upload.id, self.name, token.person, path, upload.total, upload.mime, digest
        )
        upload.ends = self.world.now() + EXPIRES_SECONDS
        if upload.category == "tweet_image":
            await self._picture(upload)
        elif upload.category != "subtitles":
            await self._process(upload)
        return JSONResponse({"data": self._told(upload)})

    async def status(self, request: Request, token: Token) -> Response:
        """How the processing stands."""
        asked = request.query_params
        if asked.get("command", "STATUS") != "STATUS":
            raise invalid("command", asked["command"], "command must be STATUS.")
        upload = self.find(asked.get("media_id", ""), token, "upload_status")
        if upload is None or upload.blob is None:
            raise not_found("media_id", asked.get("media_id", ""), "media")
        if self.world.faults.draw(self.name, "upload_status", "fail_processing"):
            upload.wrong, upload.ready = "InternalError", self.world.now()
        return JSONResponse({"data": self._told(upload)})

    async def describe(self, request: Request, token: Token) -> Response:
        """Alt text for a file."""
        said = await body_of(request, ("id", "metadata"))
        metadata = said.get("metadata")
        if not isinstance(metadata, dict):
            raise invalid("metadata", metadata, "metadata must be an object.")
        closed(metadata, _METADATA, "$.metadata")
        upload = self.find(str(said.get("id", "")), token, "alt_text")
        if upload is None or upload.blob is None:
            raise not_found("id", str(said.get("id", "")), "media")
        alt = metadata.get("alt_text")
        if alt is not None:
            text = alt.get("text") if isinstance(alt, dict) else None
            if not isinstance(text, str) or not 1 <= len(text) <= ALT_LONGEST:
                raise invalid("metadata.alt_text.text", text, "Alt text has 1 to 1000 characters.")
            upload.blob.alt = text
        upload.blob.extra.update(
            {name: value for name, value in metadata.items() if name != "alt_text"}
        )
        return JSONResponse({"data": {"id": upload.id, "associated_metadata": metadata}})

    def _new(self, token: Token, category: str, mime: str, total: int) -> Upload:
        ends = self.world.now() + EXPIRES_SECONDS
        upload = Upload(self.world.number(), token.person, category, mime, total, ends)
        self._all[upload.id] = upload
        return upload

    def _begun(self, request: Request, token: Token, step: str, *, again: bool = False) -> Upload:
        id = request.path_params["id"]
        upload = self.find(id, token, step)
        if upload is None:
            raise not_found("id", id, "media")
        if upload.blob is not None and not again:
            raise invalid("id", id, "The upload is finished already.")
        return upload

    async def _picture(self, upload: Upload) -> None:
        assert upload.blob is not None
        mime, wrong = await run_in_threadpool(probe.picture, upload.blob.path, upload.category)
        if wrong or (upload.mime and upload.mime != mime):
            self._all.pop(upload.id, None)
            raise invalid("media", "", wrong or "The file is not of the media_type that was named.")
        upload.mime = upload.blob.mime = mime

    async def _process(self, upload: Upload) -> None:
        assert upload.blob is not None
        if upload.category == "tweet_gif":
            _, upload.wrong = await run_in_threadpool(
                probe.picture, upload.blob.path, upload.category
            )
        else:
            upload.wrong = await run_in_threadpool(probe.video, upload.blob.path)
        if self.world.faults.draw(self.name, "upload_finish", "fail_processing"):
            upload.wrong = "InternalError"
        takes = self.world.faults.seconds(self.name, "slow") or PROCESSING_SECONDS
        upload.begun, upload.processed = self.world.now(), True
        upload.ready = upload.begun + takes

    def _told(self, upload: Upload) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": upload.id,
            "media_key": upload.key,
            "expires_after_secs": max(0, int(upload.ends - self.world.now())),
            "size": upload.total,
        }
        if upload.processed:
            said["processing_info"] = self._progress(upload)
        return said

    def _progress(self, upload: Upload) -> dict[str, Any]:
        state = self.state(upload)
        if state == "failed":
            error = {"code": 1, "name": "InvalidMedia", "message": upload.wrong}
            return {"state": state, "error": error}
        if state == "succeeded":
            return {"state": state, "progress_percent": 100}
        whole = upload.ready - upload.begun
        share = (self.world.now() - upload.begun) / whole if whole > 0 else 1.0
        return {"state": state, "check_after_secs": 1, "progress_percent": int(99 * share)}


async def _sent(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a multipart form or of JSON; neither has room for others."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return await body_of(request, known)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise invalid("content-type", "", "Send multipart/form-data or application/json.")
    form = await request.form(max_part_size=1 << 30)
    said = dict(form.items())
    closed(dict.fromkeys(said, ""), known, "$")
    if isinstance(said.get("media"), str):
        raise invalid("media", "", "media must be a file.")
    return said


async def _bytes(value: Any) -> bytes:
    if isinstance(value, UploadFile):
        return await wire.content(value)
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise invalid("media", json.dumps(value)[:80], "media must be base64.") from None


def _join(parts: list[Path], path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as whole:
        for part in parts:
            content = part.read_bytes()
            digest.update(content)
            whole.write(content)
            part.unlink()
    return digest.hexdigest()
