"""Google's resumable uploads: a session, 308 and ranges, and a final answer that is repeated."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.youtube_ground import NAME, error, no
from autosched.sandbox.wire import answer
from autosched.sandbox.world import Person, World

GRANULE = 262_144
"""Chunks are multiples of it, and what came before a break is kept in multiples of it."""
SESSION_SECONDS = 7 * 86_400.0
"""How long a session lives is not documented."""
STRAY_STATUS = 400
"""How a chunk is refused that does not begin where the last one ended is not documented."""
_CHUNK = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_QUESTION = re.compile(r"bytes \*/(\d+|\*)")

Finish = Callable[["Session"], Awaitable[tuple[int, dict[str, Any]]]]


@dataclass
class Session:
    """An upload that was begun. `final` is its last answer, once there is one."""

    token: Token
    person: Person
    total: int
    mime: str
    path: Path
    finish: Finish
    asked: dict[str, Any]
    made: float
    received: int = 0
    chunk: int = 0
    turn: int = 0
    final: tuple[int, dict[str, Any]] | None = None
    finishing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Uploads:
    """The sessions."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}

    def begin(
        self,
        request: Request,
        token: Token,
        person: Person,
        finish: Finish,
        *,
        kinds: tuple[str, ...],
        most: int,
        asked: dict[str, Any],
    ) -> Response:
        """Open a session for a file of one of `kinds`; its address is the handle of all."""
        mime = request.headers.get("x-upload-content-type", "").lower()
        said = request.headers.get("x-upload-content-length", "")
        if not mime.startswith(kinds):
            raise no(
                400,
                "badRequest",
                f"Media type '{mime}' is not supported. Valid media types: {', '.join(kinds)}",
            )
        if not said.isdecimal():
            raise no(400, "badRequest", "X-Upload-Content-Length is required.")
        if int(said) == 0:
            raise no(
                400,
                "mediaBodyRequired",
                "The request does not include the video content.",
                domain="youtube.video",
            )
        if int(said) > most:
            raise no(413, "uploadTooLarge", "Request is too large.")
        key = self.world.key(32)
        path = self.world.folder / f"{NAME}-{self.world.number()}"
        path.touch()
        now = self.world.now()
        self.sessions[key] = Session(token, person, int(said), mime, path, finish, asked, now)
        where = request.url.include_query_params(upload_id=key)
        address = f"{self.world.origin}{where.path}?{where.query}"
        return Response(headers={"Location": address, "X-GUploader-UploadID": key})

    async def put(self, request: Request, step: str) -> Response:
        """Take bytes, or tell how many there are."""
        key = request.query_params.get("upload_id", "")
        session = self.sessions.get(key)
        if session is not None and session.final is None:
            old = session.made + SESSION_SECONDS < self.world.now()
            if old or self.world.faults.draw(NAME, step, "lose_container"):
                del self.sessions[key]
                session = None
        if session is None:
            return error(404, "notFound", "The upload session is not found or has expired.")
        if session.final is not None:
            await _drain(request)
            return _final(session.final)
        session.turn += 1
        first, length = _wanted(request, session)
        if length:
            await self._take(request, session, first, length)
        if session.received < session.total:
            return _more(session)
        async with session.finishing:
            if session.final is None:
                session.final = await session.finish(session)
        return _final(session.final)

    async def _take(self, request: Request, session: Session, first: int, length: int) -> None:
        """Write what comes. If it breaks off, all full granules of it stay."""
        turn, came = session.turn, 0
        with session.path.open("r+b") as file:
            file.seek(first)
            try:
                async for piece in request.stream():
                    if session.turn != turn:
                        raise no(503, "backendError", "Another request has taken over.")
                    if came + len(piece) > length:
                        raise no(400, "badRequest", "There is more than was announced.")
                    file.write(piece)
                    came += len(piece)
            except ClientDisconnect:
                if session.turn == turn:
                    session.received = (first + came) // GRANULE * GRANULE
                raise
        if came != length:
            raise no(400, "badRequest", "There is less than was announced.")
        session.received = first + length


def _wanted(request: Request, session: Session) -> tuple[int, int]:
    """Where the bytes of a request begin, and how many they are; none for a question."""
    said = request.headers.get("content-range")
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise no(411, "lengthRequired", "Content-Length is required.")
    if said is None:
        if int(size) != session.total or session.received:
            raise no(400, "badRequest", "Without Content-Range the whole file is expected.")
        return 0, session.total
    question = _QUESTION.fullmatch(said)
    if question is not None:
        if size != "0" or question[1] not in ("*", str(session.total)):
            raise no(400, "badRequest", "Failed to parse Content-Range header.")
        return session.received, 0
    chunk = _CHUNK.fullmatch(said)
    if chunk is None:
        raise no(400, "badRequest", "Failed to parse Content-Range header.")
    first, last, total = (int(number) for number in chunk.groups())
    length = last - first + 1
    if total != session.total or not first <= last < total or int(size) != length:
        raise no(400, "badRequest", "Content-Range does not go with the file or the body.")
    if first != session.received:
        raise no(STRAY_STATUS, "badRequest", "Content-Range begins at the wrong byte.")
    if last + 1 < total:
        if length % GRANULE:
            raise no(400, "badRequest", f"Chunks must be multiples of {GRANULE} bytes.")
        if session.chunk not in (0, length):
            raise no(400, "badRequest", "Chunks must be of equal size.")
        session.chunk = length
    return first, length


def _more(session: Session) -> Response:
    """308: go on. Without a Range header nothing has been kept."""
    headers = {"Content-Length": "0"}
    if session.received:
        headers["Range"] = f"bytes=0-{session.received - 1}"
    return Response(status_code=308, headers=headers)


def _final(final: tuple[int, dict[str, Any]]) -> Response:
    return answer(*final)


async def _drain(request: Request) -> None:
    async for _ in request.stream():
        pass
