"""Saved templates over HTTP: their previews for the gallery, and files out and in.

`GET /saved-templates/ID/still` and `/moving` show one (with `?version=N` as it was), `/export`
is its file. `GET /previews/WORKSPACE/KEY` is a moving preview of what is still being edited.
`POST /api/v1/saved-templates?workspace=ID` takes a file's content in.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from autosched.api.files import actor, disposition, writing
from autosched.api.problems import answering
from autosched.errors import InvalidError, NotFoundError, TooLargeError
from autosched.studio.saved import exchange, previewing, service
from autosched.studio.saved.models import SavedTemplate
from autosched.studio.template import Template
from autosched.studio.timeline import ENGINE

# Whoever points at one card after another must not keep the server's threads waiting.
_PATIENCE = 5.0
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie",
}


@answering
async def still(request: Request) -> Response:
    """The template at rest, as a JPEG; drawn now where nobody has looked before."""
    user, found, template, tag = await _asked(request)
    headers = _SAFE | {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match", "") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    asset = await run_in_threadpool(previewing.footage, user, found)
    picture = await run_in_threadpool(
        previewing.preview_still, user, found.workspace_id, template, asset=asset
    )
    return Response(picture, media_type="image/jpeg", headers=headers)


@answering
async def moving(request: Request) -> Response:
    """The template in motion, as a short MP4; drawn now where nobody has looked before."""
    user, found, template, _ = await _asked(request)
    asset = await run_in_threadpool(previewing.footage, user, found)
    path = await run_in_threadpool(
        previewing.preview_motion,
        user,
        found.workspace_id,
        template,
        asset=asset,
        patience=_PATIENCE,
    )
    return FileResponse(path, media_type="video/mp4", headers=_SAFE | {"Cache-Control": "private"})


@answering
async def edited(request: Request) -> Response:
    """A moving preview by its key, for members of the workspace."""
    user, place = await actor(request), request.path_params
    path = await run_in_threadpool(previewing.moving, user, place["workspace"], place["key"])
    if path is None:
        raise NotFoundError("This preview is gone.", remedy="Draw it again.")
    return FileResponse(path, media_type="video/mp4", headers=_SAFE | {"Cache-Control": "private"})


@answering
async def export(request: Request) -> Response:
    """The template as one file, to be saved."""
    user, found, template, _ = await _asked(request)
    asset = await run_in_threadpool(previewing.footage, user, found)
    picture = await run_in_threadpool(
        previewing.preview_still, user, found.workspace_id, template, asset=asset
    )
    name, content = await run_in_threadpool(service.export, user, found.id, preview=picture)
    headers = _SAFE | {
        "Content-Disposition": disposition(name, download=True),
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/json", headers=headers)


@writing
async def take_in(request: Request) -> Response:
    """The template in the body, kept in the workspace: 201 with its id, name and title."""
    user = await actor(request)
    workspace_id = request.query_params.get("workspace", "")
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > exchange.LARGEST_BYTES:
            raise TooLargeError(
                "A template file has at most 2 MB.", remedy="Choose the file that was exported."
            )
    found = await run_in_threadpool(service.import_file, user, workspace_id, bytes(content))
    return JSONResponse(
        {"id": found.id, "name": found.name, "title": found.title},
        status_code=HTTPStatus.CREATED,
    )


async def _asked(request: Request) -> tuple[str, SavedTemplate, Template, str]:
    """Who asks, for which template, the template itself, and a tag of its content."""
    user, template_id = await actor(request), request.path_params["id"]
    wanted = request.query_params.get("version", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 6):
        raise InvalidError("A version is a number.", code="version")
    found = await run_in_threadpool(service.row, user, template_id)
    number = int(wanted) if wanted else found.version
    template = await run_in_threadpool(service.template, user, template_id, number)
    return user, found, template, f'"{found.id}-{number}-{ENGINE}"'


def routes() -> list[Route]:
    """The routes of saved templates."""
    one = "/saved-templates/{id}"
    return [
        Route(f"{one}/still", still, methods=["GET"]),
        Route(f"{one}/moving", moving, methods=["GET"]),
        Route(f"{one}/export", export, methods=["GET"]),
        Route("/previews/{workspace}/{key}", edited, methods=["GET"]),
        Route("/api/v1/saved-templates", take_in, methods=["POST"]),
    ]
