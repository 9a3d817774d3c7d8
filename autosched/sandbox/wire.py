"""Requests and answers: routes with a name for each step, and the faults that meet them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from autosched.sandbox.faults import Fault
from autosched.sandbox.world import Seen, World

Handler = Callable[[Request], Awaitable[Response]]
_BEFORE = ("timeout_before", "reset_before", "cut", "status", "rate")
_AFTER = ("timeout_after", "reset_after", "status_after")

transports: dict[tuple[str, int], asyncio.Transport] = {}
"""The open connections by the client's address, so that one can be broken off."""


class Platform(Protocol):
    """One platform: its routes, and its own words for a refusal that was asked for."""

    name: str

    def routes(self) -> list[Route]:
        """Every route, made by `step`."""
        ...

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage (`status`), or with `reset_in` seconds a rate limit, as it would say it."""
        ...


class Refusal(Exception):
    """Raised by a handler to answer with `response` at once."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def step(
    world: World,
    platform: Platform,
    name: str,
    methods: str | Iterable[str],
    path: str,
    handler: Handler,
) -> Route:
    """A route that bears the name of a step, by which faults find it and the log shows it.

    `path` begins with the real host: `/api.x.com/2/tweets`.
    """

    async def endpoint(request: Request) -> Response:
        before = world.faults.draw(platform.name, name, *_BEFORE)
        after = world.faults.draw(platform.name, name, *_AFTER) if before is None else None
        fault = before or after
        response: Response | None = None
        began, received = time.time(), _counted(request)
        try:
            if before is not None:
                response = await _meet(request, platform, before)
            if response is None:
                response = await _answer(request, handler, cut=before is not None)
            if after is not None:
                response = await _lose(request, platform, after)
        except (ClientDisconnect, ConnectionResetError):
            response = Response(status_code=499)
        gone = response.status_code == 499
        world.seen.append(
            Seen(
                began,
                platform.name,
                name,
                request.method,
                request.url.path,
                0 if gone else response.status_code,
                fault.kind if fault else "",
                received[0],
            )
        )
        return response

    wanted = [methods] if isinstance(methods, str) else list(methods)
    return Route(path, endpoint, methods=wanted)


def _counted(request: Request) -> list[int]:
    """The bytes of the body as they come, counted in the list that is returned."""
    total, receive = [0], request._receive

    async def counting() -> Message:
        message = await receive()
        total[0] += len(message.get("body", b""))
        return message

    request._receive = counting
    return total


async def _answer(request: Request, handler: Handler, *, cut: bool) -> Response:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response
    except ClientDisconnect:
        if cut:
            _break(request)
        raise


async def _meet(request: Request, platform: Platform, fault: Fault) -> Response | None:
    if fault.kind == "timeout_before":
        await asyncio.sleep(fault.seconds)
        _break(request)
        raise ConnectionResetError
    if fault.kind == "reset_before":
        _break(request)
        raise ConnectionResetError
    if fault.kind == "cut":
        _cut_short(request)
        return None
    await request.body()
    if fault.kind == "rate":
        return platform.refuse(429, reset_in=fault.seconds)
    return platform.refuse(fault.status)


async def _lose(request: Request, platform: Platform, fault: Fault) -> Response:
    if fault.kind == "status_after":
        return platform.refuse(fault.status)
    if fault.kind == "timeout_after":
        await asyncio.sleep(fault.seconds)
    _break(request)
    raise ConnectionResetError


def _break(request: Request) -> None:
    """Break the connection off without a word."""
    client = request.scope.get("client")
    transport = transports.get(tuple(client)) if client else None
    if transport is not None:
        transport.abort()


def _cut_short(request: Request) -> None:
    """Let half of the body through, and then break off."""
    size = int(request.headers.get("content-length", "0"))
    left = size // 2
    receive: Receive = request._receive

    async def half() -> Message:
        nonlocal left
        if left <= 0:
            return {"type": "http.disconnect"}
        message = await receive()
        body = message.get("body", b"")
        message = {**message, "body": body[:left], "more_body": True}
        left -= len(body)
        return message

    request._receive = half


async def fields(request: Request) -> dict[str, Any]:
    """What was sent with a request, from its address, form or JSON; files as `UploadFile`.

    A JSON body that is not an object, or no JSON, raises `ValueError`.
    """
    found: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        form = await request.form(max_part_size=1 << 40)
        found |= {name: form.getlist(name)[-1] for name in form}
    elif kind.startswith("application/json"):
        body = await request.body()
        if body:
            said = json.loads(body)
            if not isinstance(said, dict):
                raise ValueError("a JSON object is expected")
            found |= said
    return found


async def content(value: Any) -> bytes:
    """The bytes of a form's file."""
    if isinstance(value, UploadFile):
        return await value.read()
    return value.encode() if isinstance(value, str) else b""


def answer(status: int, body: Any, **headers: str) -> Response:
    """A JSON answer; underscores in the names of headers become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(body, status_code=status, headers=named)


def bearer(request: Request, scheme: str = "bearer") -> str | None:
    """The token in the Authorization header, if it is of that scheme."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == scheme.lower() and token else None
