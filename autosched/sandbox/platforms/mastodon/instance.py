"""One instance: what it says of itself, whom it lets in, and how often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox import wire
from autosched.sandbox.oauth import Grants, Token
from autosched.sandbox.platforms.mastodon.limits import MIMES, Limits
from autosched.sandbox.rates import Rate, Standing, Windows
from autosched.sandbox.world import Person, World

HUNDREDFOLD = 100  # so that a test from one address can post a thousand times in an hour
PER_ACCOUNT = Rate(300, 300)
PER_ADDRESS = Rate(300 * HUNDREDFOLD, 300)
PER_STEP = {"upload": Rate(30 * HUNDREDFOLD, 1_800), "delete_post": Rate(30, 1_800)}
MAINTENANCE_SECONDS = 5

Work = Callable[[Request, Token], Awaitable[Response]]
OpenWork = Callable[[Request, Token | None], Awaitable[Response]]


class Instance:
    """A server of its own. `plain`: a smaller kind of server that has not all of the API.

    It ignores the idempotency key and PKCE, has no discovery document, and answers 400 where
    the other answers 422.
    """

    name = "mastodon"

    def __init__(self, world: World, host: str, limits: Limits, *, plain: bool = False) -> None:
        self.world, self.host, self.limits, self.plain = world, host, limits, plain
        self.grants = Grants(world, self.name)
        self._windows = Windows()

    def url(self, path: str) -> str:
        """An address of this instance."""
        return self.world.url(self.host, path)

    def people(self) -> list[Person]:
        """Who has an account here."""
        return [
            person for person in self.world.people_of(self.name)
            if person.extra["host"] == self.host
        ]  # fmt: skip

    def person(self, id: str) -> Person | None:
        """Somebody with an account here."""
        return next((person for person in self.people() if person.id == id), None)

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage or a rate limit in its words; during maintenance it says when to come back."""
        if reset_in is not None:
            limit = PER_ACCOUNT.limit
            return _over(Standing(limit, 0, self.world.now() + reset_in, True))
        response = error(status, HTTPStatus(status).phrase).response
        if status == 503:
            said = str(MAINTENANCE_SECONDS)
            # The smaller kind says it twice in one header, against the standard.
            date = format_datetime(datetime.fromtimestamp(self.world.now(), UTC), usegmt=True)
            response.headers["retry-after"] = f"{said}, {date}" if self.plain else said
        return response

    def wrong(self, message: str) -> wire.Refusal:
        """What was sent is not as it must be."""
        return error(400, f"Bad Request: {message}") if self.plain else error(422, message)

    def guarded(self, step: str, scope: str, work: Work) -> wire.Handler:
        """A handler that needs a token with `scope`."""

        async def checked(request: Request, token: Token | None) -> Response:
            if token is None:
                raise error(401, "The access token is invalid")
            if not covers(token.scopes, scope):
                raise error(403, "This action is outside the authorized scopes")
            return await work(request, token)

        return self.open(step, checked)

    def open(self, step: str, work: OpenWork) -> wire.Handler:
        """A handler for everybody; a token that comes along must be good all the same."""

        async def handler(request: Request) -> Response:
            said = wire.bearer(request)
            token, how = self.grants.check(said, step) if said else (None, "good")
            standing = self._count(request, step, token)
            if standing.over:
                return _over(standing)
            try:
                if how != "good":
                    kind = {"revoked": "was revoked", "expired": "expired"}.get(how, "is invalid")
                    raise error(401, f"The access token {kind}")
                response = await work(request, token)
            except wire.Refusal as refusal:
                response = refusal.response
            response.headers.update(_told(standing))
            return response

        return handler

    def _count(self, request: Request, step: str, token: Token | None) -> Standing:
        now = self.world.now()
        address = request.client.host if request.client else ""
        found = [self._windows.count(("address", address), PER_ADDRESS, now)]
        if token is not None:
            found.append(self._windows.count(("account", token.person), PER_ACCOUNT, now))
            if step in PER_STEP:
                found.append(self._windows.count((step, token.person), PER_STEP[step], now))
        return next((standing for standing in found if standing.over), found[-1])

    async def about(self, request: Request, token: Token | None) -> Response:
        """The instance's numbers and names, version 2."""
        limits = self.limits
        said: dict[str, Any] = {
            "domain": self.host,
            "title": "Sandbox" if self.plain else "Mastodon",
            "version": "0.20.0+sandbox" if self.plain else "4.5.0",
            "source_url": self.url("source"),
            "description": "A stand-in on this machine.",
            "usage": {"users": {"active_month": len(self.people())}},
            "thumbnail": {"url": ""},
            "languages": ["en"],
            "configuration": self._configuration(limits),
            "registrations": {"enabled": False, "approval_required": False, "message": None},
            "contact": {"email": "", "account": None},
            "rules": [],
        }
        if not self.plain:
            said["api_versions"] = {"mastodon": 7}
        return JSONResponse(said)

    async def about_before(self, request: Request, token: Token | None) -> Response:
        """The same, version 1, which older clients ask."""
        return JSONResponse(
            {
                "uri": self.host,
                "title": "Sandbox",
                "version": "2.7.2 (compatible; Sandbox 0.20.0)" if self.plain else "4.5.0",
                "short_description": "",
                "description": "",
                "email": "",
                "urls": {},
                "stats": {},
                "languages": ["en"],
                "registrations": False,
                "configuration": self._configuration(self.limits),
            }
        )

    def _configuration(self, limits: Limits) -> dict[str, Any]:
        return {
            "urls": {"streaming": ""},
            "accounts": {"max_featured_tags": 10},
            "statuses": {
                "max_characters": limits.characters,
                "max_media_attachments": limits.attachments,
                "characters_reserved_per_url": limits.per_address,
            },
            "media_attachments": {
                "supported_mime_types": list(MIMES),
                "description_limit": limits.description,
                "image_size_limit": limits.image_bytes,
                "image_matrix_limit": limits.image_pixels,
                "video_size_limit": limits.video_bytes,
                "video_frame_rate_limit": limits.video_rate,
                "video_matrix_limit": limits.video_pixels,
            },
            "polls": {
                "max_options": limits.poll_options,
                "max_characters_per_option": limits.poll_letters,
                "min_expiration": limits.poll_shortest,
                "max_expiration": limits.poll_longest,
            },
        }


def error(status: int, message: str, description: str = "") -> wire.Refusal:
    """A refusal as the API writes it."""
    body = {"error": message} | ({"error_description": description} if description else {})
    return wire.Refusal(JSONResponse(body, status_code=status))


def covers(granted: tuple[str, ...], scope: str) -> bool:
    """Whether `write:media` and the like were given, alone or with the whole of `write`.

    Of several with `|` between one is enough.
    """
    return any(each in granted or each.partition(":")[0] in granted for each in scope.split("|"))


def iso(seconds: float) -> str:
    """A time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _told(standing: Standing) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(standing.limit),
        "x-ratelimit-remaining": str(standing.left),
        "x-ratelimit-reset": iso(standing.reset),
    }


def _over(standing: Standing) -> Response:
    response = error(429, "Too many requests").response
    response.headers.update(_told(standing))
    return response
