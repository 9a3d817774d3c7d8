"""The Resumable Upload API: a file comes to the app first, and a handle stands for it then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.meta import parameters, whole
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import Incoming, place, receive

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

FILE_TYPES = {"video/mp4", "video/quicktime", "image/jpeg", "image/jpg", "image/png"}
FILE_BYTES = 10 << 30
SESSION_SECONDS = 86_400
"""How long a session can be gone on with: not documented for this API."""


@dataclass
class Session:
    """An upload that was begun."""

    key: str
    client_id: str
    person: str
    kind: str
    file: Incoming
    made: float
    handle: str = ""


class Uploads:
    """The endpoints of the Resumable Upload API."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world
        self.sessions: dict[str, Session] = {}

    def routes(self) -> list[Route]:
        """Begin, go on, ask how far."""
        step, graph = self.facebook.step, "/graph.facebook.com/{version:metaver}"
        return [
            step("upload_init", "POST", graph + "{app}/uploads", self.begin),
            step("upload_append", "POST", graph + "upload:{key}", self.append),
            step("upload_status", "GET", graph + "upload:{key}", self.status),
        ]

    async def begin(self, request: Request) -> Response:
        """A new session for a file of that length and type."""
        said = await parameters(request)
        token = self.facebook.bearer(request, said, self.facebook.grants)
        if request.path_params["app"] not in (token.client_id, "app"):
            raise fail(33)
        size, kind = whole(said, "file_length"), str(said.get("file_type", ""))
        if not size or size > FILE_BYTES:
            raise fail(100, "(#100) Param file_length must be the size of the file in bytes")
        if kind not in FILE_TYPES:
            raise fail(100, f"(#100) Param file_type must be one of {', '.join(FILE_TYPES)}")
        key = self.world.key()
        file = Incoming(place(self.world, "facebook", self.world.number()), size)
        self.sessions[key] = Session(
            key, token.client_id, token.person, kind, file, self.world.now()
        )
        return JSONResponse({"id": f"upload:{key}"})

    def _session(self, request: Request) -> Session:
        token = self.facebook.bearer(request, _oauth_header(request), self.facebook.grants)
        key = str(request.path_params["key"])
        if self.world.faults.draw("facebook", request.state.step, "lose_container"):
            self.sessions.pop(key, None)
        session = self.sessions.get(key)
        if session is None or session.client_id != token.client_id:
            raise fail(33)
        if session.made + SESSION_SECONDS < self.world.now():
            raise fail(100, "(#100) The upload session has expired")
        return session

    async def append(self, request: Request) -> Response:
        """Bytes from `file_offset` on, which must be where the last ones ended."""
        session = self._session(request)
        offset = request.headers.get("file_offset", "")
        if not re.fullmatch(r"\d+", offset):
            raise fail(100, "(#100) The header file_offset is missing")
        if int(offset) != session.file.received:
            raise fail(100, f"(#100) The file_offset should be {session.file.received}")
        if not await receive(request, session.file):
            raise fail(100, "(#100) There are more bytes than file_length announced")
        if not session.file.complete:
            return JSONResponse(
                {"id": f"upload:{session.key}", "file_offset": session.file.received}
            )
        session.handle = session.handle or "4:" + self.world.key(48)
        return JSONResponse({"h": session.handle})

    async def status(self, request: Request) -> Response:
        """How many bytes are there."""
        session = self._session(request)
        return JSONResponse({"id": f"upload:{session.key}", "file_offset": session.file.received})

    def by_handle(self, handle: str, client_id: str) -> Session:
        """The file that a handle stands for."""
        for session in self.sessions.values():
            if session.handle and (session.handle, session.client_id) == (handle, client_id):
                return session
        raise fail(100, "(#100) Invalid file handle")


def _oauth_header(request: Request) -> dict[str, str]:
    """Here the token goes into a header, and nowhere else."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return {"access_token": token} if kind.lower() == "oauth" else {}
