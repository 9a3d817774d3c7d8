"""The stand-in put together: every platform, the control panel for tests, and the timeline."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import timeline
from autosched.sandbox.platforms import all_platforms
from autosched.sandbox.wire import transports
from autosched.sandbox.world import Post, World


def build(world: World, only: Sequence[str] = ()) -> Starlette:
    """The whole as an ASGI application, or `only` some platforms of it."""
    platforms = all_platforms(world, only)
    routes = [route for platform in platforms for route in platform.routes()]
    return Starlette(routes=[*routes, *_control(world)])


def serve(
    host: str, port: int, *, seed: int = 0, folder: Path | None = None, only: Sequence[str] = ()
) -> None:
    """Serve until SIGINT or SIGTERM, and forget everything then."""
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Breakable(H11Protocol):
        """Keeps its connection where a fault can find it, to break it off."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            made = cast(asyncio.Transport, transport)
            super().connection_made(made)
            if self.client is not None:
                transports[self.client] = made

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                transports.pop(self.client, None)
            super().connection_lost(exc)

    with tempfile.TemporaryDirectory(prefix="autosched-sandbox-") as temporary:
        world = World(f"http://{host}:{port}", folder or Path(temporary), seed)
        uvicorn.run(
            build(world, only),
            host=host,
            port=port,
            http=Breakable,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=60,
        )


def told(post: Post) -> dict[str, Any]:
    """A post as the control panel lists it."""
    return {
        "id": post.id,
        "platform": post.platform,
        "owner": post.owner,
        "text": post.text,
        "kind": post.kind,
        "media": [
            {"id": blob.id, "mime": blob.mime, "size": blob.size, "sha256": blob.sha256,
             "alt": blob.alt}
            for blob in post.blobs
        ],
        "created_at": post.created_at,
        "permalink": post.permalink,
        "deleted": post.deleted,
        "extra": post.extra,
    }  # fmt: skip


def _control(world: World) -> list[Route]:
    async def faults(request: Request) -> Response:
        if request.method == "POST":
            try:
                said = json.loads(await request.body())
                wanted = said if isinstance(said, list) else [said]
                return JSONResponse([world.faults.add(**each) for each in wanted])
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        if request.method == "DELETE":
            world.faults.clear()
        return JSONResponse(world.faults.all())

    async def posts(request: Request) -> Response:
        platform = request.query_params.get("platform")
        return JSONResponse(
            [told(post) for post in world.posts if platform in (None, post.platform)]
        )

    async def log(request: Request) -> Response:
        since = float(request.query_params.get("since", "0"))
        return JSONResponse([vars_of(seen) for seen in list(world.seen) if seen.at >= since])

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            world.ahead += float(json.loads(await request.body())["forward"])
        return JSONResponse({"now": world.now(), "ahead": world.ahead})

    async def apps(request: Request) -> Response:
        return JSONResponse(
            {
                app.platform: {"client_id": app.client_id, "client_secret": app.client_secret}
                for app in world.apps
            }
        )

    async def people(request: Request) -> Response:
        return JSONResponse(
            [
                {"platform": each.platform, "id": each.id, "username": each.username,
                 "name": each.name, "password": each.password}
                for each in world.people
            ]
        )  # fmt: skip

    async def media(request: Request) -> Response:
        wanted = request.path_params["name"]
        for post in world.posts:
            for blob in post.blobs:
                if blob.path.name == wanted and blob.path.exists():
                    return FileResponse(blob.path, media_type=blob.mime)
        return Response(status_code=404)

    async def page(request: Request) -> Response:
        return timeline.page(world, request.query_params.get("platform"))

    return [
        Route("/_sandbox/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/posts", posts),
        Route("/_sandbox/log", log),
        Route("/_sandbox/clock", clock, methods=["GET", "POST"]),
        Route("/_sandbox/apps", apps),
        Route("/_sandbox/people", people),
        Route("/_sandbox/media/{name}", media),
        Route("/", page),
    ]


def vars_of(seen: Any) -> dict[str, Any]:
    """A line of the log as JSON."""
    return {name: getattr(seen, name) for name in seen.__dataclass_fields__}
