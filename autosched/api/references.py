"""What was measured of a reference, over HTTP: its pictures, and its look as a `.cube`."""

from __future__ import annotations

import mimetypes
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.api.files import actor, disposition, sent
from autosched.api.problems import answering
from autosched.errors import NotFoundError
from autosched.library import service as library
from autosched.library.names import download_name


@answering
async def picture(request: Request) -> Response:
    """`GET /references/ID/NAME`: the shots on one sheet, a scope; to members only."""
    from autosched.studio.references import service  # heavy: only where references are looked at

    user, name = await actor(request), request.path_params["name"]
    row = await run_in_threadpool(service.reference, user, request.path_params["id"])
    asset = await run_in_threadpool(library.asset, user, row.asset_id)
    path = await run_in_threadpool(service.picture, user, row.id, name)
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return sent(request, path, asset, path.name, mime)


@answering
async def cube(request: Request) -> Response:
    """`GET /references/ID/look.cube`: the look as a LUT, to be saved."""
    from autosched.studio.references import service

    user, analysis_id = await actor(request), request.path_params["id"]
    row = await run_in_threadpool(service.reference, user, analysis_id)
    found = await run_in_threadpool(service.report, user, analysis_id)
    if found.grade.lut is None:
        raise NotFoundError("This reference has no look that could be carried over.")
    headers = {
        "Content-Disposition": disposition(download_name(row.title, ".cube"), download=True),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.grade.lut, headers=headers, media_type="text/plain")


@answering
async def tried(request: Request) -> Response:
    """`GET /references/ID/tried/ASSET`: a file's still in the reference's look; to members."""
    from autosched.studio.references import service, trying

    user, asset_id = await actor(request), request.path_params["asset"]
    row = await run_in_threadpool(service.reference, user, request.path_params["id"])
    asset = await run_in_threadpool(library.asset, user, asset_id)
    reference = await run_in_threadpool(library.asset, user, row.asset_id)
    headers = {
        "ETag": f'"{asset.sha256[:24]}{reference.sha256[:24]}{row.version}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match", "").removeprefix("W/") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    picture = await run_in_threadpool(trying.tried, user, row.id, asset_id)
    return Response(picture, headers=headers, media_type="image/jpeg")


def routes() -> list[Route]:
    """The routes of references."""
    return [
        Route("/references/{id}/look.cube", cube, methods=["GET"]),
        Route("/references/{id}/tried/{asset}", tried, methods=["GET"]),
        Route("/references/{id}/{name}", picture, methods=["GET"]),
    ]
