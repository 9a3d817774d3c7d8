"""`rupload.facebook.com`: the bytes of reels, with an offset and the whole size in headers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import wire
from autosched.sandbox.oauth import Grants, Token
from autosched.sandbox.platforms.meta import Meta, check_version
from autosched.sandbox.platforms.meta_errors import debug_info
from autosched.sandbox.platforms.meta_media import Fetcher, FetchError, Incoming, receive
from autosched.sandbox.wire import Refusal

ALREADY_THERE_STATUS = 400
"""For an offset that is not where the last bytes ended; how it is answered is not documented."""

PART_STATUS = 206
"""Fewer bytes than the file has are kept, and the answer says that they were not all."""

Find = Callable[[str, Token], Incoming | None]
Done = Callable[[str], None]


def rupload_refusal(status: int, kind: str, message: str, *, retriable: bool = False) -> Refusal:
    """A refusal in the words of the upload host."""
    return Refusal(debug_info(status, kind, message, retriable=retriable))


class Rupload:
    """One kind of upload on that host: `find` knows its files, `done` is told when one is whole.

    To `wire.step` it stands for its platform, with the upload host's words for a refusal.
    """

    def __init__(
        self, platform: Meta, prefix: str, grants: Grants, fetcher: Fetcher, find: Find, done: Done
    ) -> None:
        self.platform = platform
        self.name = platform.name
        self.prefix, self.grants, self.fetcher = prefix, grants, fetcher
        self.find, self.done = find, done

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage or a throttle."""
        kind = "RateLimitError" if reset_in is not None or status == 429 else "ServiceError"
        status = status if status < 600 else 500
        return debug_info(status, kind, "Request processing failed", retriable=True)

    def routes(self) -> list[Route]:
        """Bytes in, and how far they are."""
        path = f"/rupload.facebook.com/{self.prefix}/{{version:metaver}}{{id}}"
        return [
            self._step("upload_append", "POST", path, self.append),
            self._step("upload_status", "GET", path, self.status),
        ]

    def _step(
        self, name: str, method: str, path: str, handler: Callable[[Request], Awaitable[Response]]
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            request.state.step = name
            check_version(request)
            return await handler(request)

        return wire.step(self.platform.world, self, name, method, path, endpoint)

    def _file(self, request: Request) -> Incoming:
        value = wire.bearer(request, "oauth")
        token = self.grants.find(value)
        if token is not None and self.platform.world.faults.draw(
            self.name, request.state.step, "expire_token"
        ):
            token.ends = self.platform.world.now()
        if token is None or self.grants.standing(token) != "good":
            raise rupload_refusal(401, "NotAuthorizedError", "The access token is not valid")
        file = self.find(str(request.path_params["id"]), token)
        if file is None:
            raise rupload_refusal(404, "NotFoundError", "There is no such upload")
        return file

    async def append(self, request: Request) -> Response:
        """Bytes from `offset` on, or the address of a file to fetch."""
        file = self._file(request)
        url = request.headers.get("file_url")
        if url:
            await self._fetch(url, file)
        else:
            await self._take(request, file)
        self.done(str(request.path_params["id"]))
        return JSONResponse({"success": True, "message": "Upload successful."})

    async def _fetch(self, url: str, file: Incoming) -> None:
        try:
            await self.fetcher.fetch(url, file.path, 1 << 30)
        except FetchError as error:
            raise rupload_refusal(
                400, "FileUrlProcessingError", f"The file could not be fetched: {error.why}",
                retriable=error.why == "timeout",
            ) from None  # fmt: skip
        file.size = file.received = file.path.stat().st_size

    async def _take(self, request: Request, file: Incoming) -> None:
        offset, size = (request.headers.get(name, "") for name in ("offset", "file_size"))
        if not re.fullmatch(r"\d{1,15}", offset) or not re.fullmatch(r"[1-9]\d{0,14}", size):
            raise rupload_refusal(
                400, "HeaderError", "The headers offset and file_size must be given"
            )
        if file.size and file.size != int(size):
            raise rupload_refusal(400, "HeaderError", "The file_size is not what it was before")
        file.size = int(size)
        if int(offset) != file.received:
            raise rupload_refusal(
                ALREADY_THERE_STATUS, "OffsetInvalidError", "Request starting offset is invalid"
            )
        if not await receive(request, file):
            raise rupload_refusal(400, "SizeError", "There are more bytes than file_size says")
        if not file.complete:
            raise rupload_refusal(
                PART_STATUS, "PartialRequestError",
                "Partial request (did not match length of file)", retriable=True,
            )  # fmt: skip

    async def status(self, request: Request) -> Response:
        """The offset from which to go on."""
        return JSONResponse({"offset": self._file(request).received})
