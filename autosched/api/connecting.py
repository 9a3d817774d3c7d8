"""The way to a platform's consent page and back, and what platforms themselves fetch from here.

The page posts a form, so that no script ever holds the address; the platform sends the browser
back to `/connect/PLATFORM/back`. Files for platforms are served without a log-in, to whoever
holds the sealed address.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autosched.api.files import actor, disposition
from autosched.api.problems import answering
from autosched.api.session import COOKIE, check_origin
from autosched.errors import AutoschedError
from autosched.schedule import by_hand, consents, previewing, public
from autosched.settings import settings

_PAGE = "/accounts"


async def begin(request: Request) -> Response:
    """`POST /connect/PLATFORM` with `workspace_id`, the platform's own fields, and `account_id`
    to connect one again: the browser is sent to the platform.
    """
    form = await request.form()
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    platform = request.path_params["platform"]
    try:
        check_origin(request)
        user = await actor(request)
        workspace_id, account_id = said.pop("workspace_id", ""), said.pop("account_id", "")
        url = await run_in_threadpool(
            consents.begin,
            user,
            workspace_id,
            platform,
            said,
            login=request.cookies.get(COOKIE, ""),
            account_id=account_id or None,
        )
    except AutoschedError as error:
        return _told(error)
    return RedirectResponse(url, status_code=303)


async def back(request: Request) -> Response:
    """`GET /connect/PLATFORM/back`: the browser is back; the accounts page says what came of it."""
    try:
        user = await actor(request)
        consent_id = await run_in_threadpool(
            consents.finish,
            user,
            request.path_params["platform"],
            dict(request.query_params),
            login=request.cookies.get(COOKIE, ""),
        )
    except AutoschedError as error:
        return _told(error)
    return RedirectResponse(f"{_PAGE}?consent={quote(consent_id)}", status_code=303)


@answering
async def public_file(request: Request) -> Response:
    """`GET /public/TOKEN`: a file for a platform, while its address holds."""
    path, mime = await run_in_threadpool(public.file, request.path_params["token"])
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
    return FileResponse(path, media_type=mime, headers=headers)


@answering
async def handover(request: Request) -> Response:
    """`GET /handover/TARGET`: the package of a post that is posted by hand, as a ZIP file."""
    user, target_id = await actor(request), request.path_params["target"]
    packed = await run_in_threadpool(by_hand.package, user, target_id)
    headers = {"Content-Disposition": disposition(f"post-{target_id}.zip", download=True)}
    return Response(packed, media_type="application/zip", headers=headers)


@answering
async def fitted(request: Request) -> Response:
    """`GET /fitted/ACCOUNT/ASSET?fit=…&shape=…`: a picture as that account's platform gets it."""
    user, said = await actor(request), request.path_params
    options = {name: value for name, value in request.query_params.items() if value}
    path, mime = await run_in_threadpool(
        previewing.as_it_goes_out, user, said["account"], said["asset"], options
    )
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=600"}
    return FileResponse(path, media_type=mime, headers=headers)


@answering
async def bluesky_client(request: Request) -> Response:
    """What Bluesky's servers read to know this installation."""
    from autosched.platforms.bluesky import client_metadata

    return JSONResponse(client_metadata(settings().public_url))


def _told(error: AutoschedError) -> Response:
    """Back to the accounts page, which has words for the code."""
    return RedirectResponse(f"{_PAGE}?problem={quote(error.code)}", status_code=303)


def routes() -> list[Route]:
    """The routes of connecting, and of what platforms fetch."""
    return [
        Route("/connect/{platform}", begin, methods=["POST"]),
        Route("/connect/{platform}/back", back, methods=["GET"]),
        Route("/public/{token}", public_file, methods=["GET", "HEAD"]),
        Route("/fitted/{account}/{asset}", fitted, methods=["GET"]),
        Route("/handover/{target}", handover, methods=["GET"]),
        Route("/oauth/bluesky/client-metadata.json", bluesky_client, methods=["GET"]),
    ]
