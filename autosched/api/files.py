"""Uploads and files over HTTP: chunks in at their offsets, ranges out, to members only.

`POST /api/v1/uploads` announces a file; `PATCH` sends raw bytes with `Upload-Offset`; `GET` says
from where to go on; `POST …/finish` makes it an asset; `DELETE` gives it up.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Literal, TypeVar, get_args
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from autosched.api.problems import Endpoint, answering, problem
from autosched.api.session import COOKIE, check_origin
from autosched.errors import InvalidError, NotFoundError, TooLargeError, UnauthenticatedError
from autosched.identity.service import who
from autosched.library import service
from autosched.library.models import Asset, Upload
from autosched.library.names import download_name

_BODY_MAX = 64 * 1024
_M = TypeVar("_M", bound=BaseModel)


class Announcement(BaseModel):
    """A file that is about to be sent; `size` in bytes."""

    workspace_id: str
    name: str = Field(max_length=4096)
    size: int = Field(ge=0, lt=2**63)


class UploadState(BaseModel):
    """An upload: the next chunk goes to `received`, and has `chunk_max` bytes at most."""

    id: str
    workspace_id: str
    name: str
    size: int
    received: int
    chunk_max: int = service.CHUNK_MAX
    asset_id: str | None = None


class AssetState(BaseModel):
    """A file of the library. The URLs serve it to members of its workspace."""

    id: str
    workspace_id: str
    kind: str
    name: str
    mime: str
    size: int
    width: int | None
    height: int | None
    duration: float | None
    fps: float | None
    has_audio: bool
    codec: str
    alt: str
    created_at: str
    url: str
    poster_url: str | None
    waveform_url: str | None


def upload_state(upload: Upload) -> UploadState:
    """The upload as it is told to a program."""
    return UploadState.model_validate(upload, from_attributes=True)


def asset_state(asset: Asset) -> AssetState:
    """The asset as it is told to a program."""
    base = f"/files/{asset.id}"
    told = asset.model_dump(include=set(AssetState.model_fields) - {"created_at"})
    return AssetState(
        **told,
        created_at=asset.created_at.isoformat(),
        url=f"{base}/original",
        poster_url=f"{base}/poster" if asset.poster else None,
        waveform_url=f"{base}/waveform" if asset.waveform else None,
    )


async def actor(request: Request) -> str:
    """The id of the user whose browser asks; `UnauthenticatedError` if it is nobody's."""
    user = await run_in_threadpool(who, request.cookies.get(COOKIE))
    if user is None:
        raise UnauthenticatedError("You are not logged in.", remedy="Log in, then try again.")
    return user.id


def writing(endpoint: Endpoint) -> Endpoint:
    """An endpoint that changes something: only for the app's own pages."""

    async def checked(request: Request) -> Response:
        check_origin(request)
        return await endpoint(request)

    return answering(checked)


@writing
async def announce(request: Request) -> Response:
    """`POST /api/v1/uploads` with `workspace_id`, `name` and `size`: 201 and where to send it."""
    user = await actor(request)
    asked = _model(Announcement, await _body(request, _BODY_MAX))
    upload = await run_in_threadpool(
        service.begin_upload, user, asked.workspace_id, asked.name, asked.size
    )
    return _upload(upload, HTTPStatus.CREATED)


@answering
async def state(request: Request) -> Response:
    """`GET /api/v1/uploads/ID`: how much has arrived."""
    user = await actor(request)
    return _upload(await run_in_threadpool(service.upload, user, request.path_params["id"]))


@writing
async def append(request: Request) -> Response:
    """`PATCH /api/v1/uploads/ID`: the body's bytes belong at `Upload-Offset`."""
    user, offset = await actor(request), request.headers.get("upload-offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
        raise InvalidError("The header Upload-Offset must be a number of bytes.", code="offset")
    chunk = await _body(request, service.CHUNK_MAX)
    try:
        upload = await run_in_threadpool(
            service.append, user, request.path_params["id"], int(offset), chunk
        )
    except service.OffsetError as error:
        return _gap(error)
    return _upload(upload)


@writing
async def finish(request: Request) -> Response:
    """`POST /api/v1/uploads/ID/finish`: the asset, or why it is refused."""
    user = await actor(request)
    try:
        asset = await run_in_threadpool(service.finish, user, request.path_params["id"])
    except service.OffsetError as error:
        return _gap(error)
    return JSONResponse(asset_state(asset).model_dump())


@writing
async def abandon(request: Request) -> Response:
    """`DELETE /api/v1/uploads/ID`: give it up."""
    user = await actor(request)
    await run_in_threadpool(service.abandon, user, request.path_params["id"])
    return Response(status_code=HTTPStatus.NO_CONTENT)


@answering
async def serve(request: Request) -> Response:
    """`GET /files/ID/VARIANT`: the file, or a range of it; with `?download=1` to be saved."""
    user, asset_id = await actor(request), request.path_params["id"]
    variant = _variant(request.path_params["variant"])
    asset = await run_in_threadpool(service.asset, user, asset_id)
    path = await run_in_threadpool(service.file, user, asset_id, variant)
    kinds = {"original": asset.mime, "poster": "image/jpeg", "waveform": "image/png"}
    return sent(request, path, asset, f"{asset.sha256}{variant}", kinds[variant])


def sent(request: Request, path: Path, asset: Asset, content: str, mime: str) -> Response:
    """A file of an asset, or made of it, to be shown or saved; `content` tells it from others."""
    tag = hashlib.sha256(content.encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        # A browser asks each time, so that who has left the workspace sees nothing more.
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src 'self'; media-src 'self'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": disposition(
            download_name(asset.name, path.suffix), bool(request.query_params.get("download"))
        ),
    }
    if _unchanged(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(path, headers=headers, media_type=mime)


def disposition(name: str, download: bool) -> str:
    """The header that names a file, in ASCII and, by RFC 5987, in its own script."""
    plain = name.encode("ascii", "replace").decode()
    plain = "".join("_" if char in '"\\%?' else char for char in plain)
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _variant(name: str) -> service.Variant:
    known: dict[str, service.Variant] = {known: known for known in get_args(service.Variant)}
    if name not in known:
        raise NotFoundError("There is no such file, or it is not yours to see.")
    return known[name]


def _unchanged(wanted: str, tag: str) -> bool:
    return any(part.strip().removeprefix("W/") in (f'"{tag}"', "*") for part in wanted.split(","))


def _upload(
    upload: Upload, status: Literal[HTTPStatus.OK, HTTPStatus.CREATED] = HTTPStatus.OK
) -> Response:
    headers = {"Upload-Offset": str(upload.received), "Cache-Control": "no-store"}
    if status == HTTPStatus.CREATED:
        headers["Location"] = f"/api/v1/uploads/{upload.id}"
    return JSONResponse(upload_state(upload).model_dump(), status_code=status, headers=headers)


def _gap(error: service.OffsetError) -> Response:
    return problem(error, {"Upload-Offset": str(error.received)}, received=error.received)


async def _body(request: Request, most: int) -> bytes:
    """The body, as long as it has no more than `most` bytes."""
    too_large = TooLargeError(
        f"At most {most} bytes can be sent at once.", remedy="Send smaller pieces."
    )
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise too_large
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise too_large
    return bytes(body)


def _model(model: type[_M], body: bytes) -> _M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        raise InvalidError(f"{place}: {first['msg']}.", code="body") from None


def routes() -> list[Route]:
    """The routes of uploads and files."""
    one = "/api/v1/uploads/{id}"
    return [
        Route("/api/v1/uploads", announce, methods=["POST"]),
        Route(one, state, methods=["GET"]),
        Route(one, append, methods=["PATCH"]),
        Route(one, abandon, methods=["DELETE"]),
        Route(f"{one}/finish", finish, methods=["POST"]),
        Route("/files/{id}/{variant}", serve, methods=["GET"]),
    ]
