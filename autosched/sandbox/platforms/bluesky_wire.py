"""What all of Bluesky's methods share: errors, JSON bodies, and points counted by window."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.wire import Handler, Refusal, answer
from autosched.sandbox.world import Person, World

NAME = "bluesky"
PDS = "bsky.social"
APPVIEW = "public.api.bsky.app"
VIDEO = "video.bsky.app"
SERVICE_DID = "did:web:bsky.social"

TEST_FACTOR = 100
"""Everybody comes from one address here, and a test uploads a day's blobs in an hour."""

RATIONS: dict[str, tuple[int, int]] = {
    "ip": (3_000 * TEST_FACTOR, 300),
    "session-short": (30, 300),
    "session-day": (300, 86_400),
    "write-hour": (5_000, 3_600),
    "write-day": (35_000, 86_400),
    "blob-day": (1_000 * TEST_FACTOR, 86_400),
}
"""Points and the seconds of their window."""

CREATE, UPDATE, DELETE = 3, 2, 1

_WORDS = {
    500: ("InternalServerError", "Internal Server Error"),
    502: ("UpstreamFailure", "Upstream service unreachable"),
    503: ("NotEnoughResources", "Not Enough Resources"),
    504: ("UpstreamTimeout", "Upstream timeout"),
}


def error(status: int, name: str, message: str, **headers: str) -> Response:
    """An error as every XRPC method words it."""
    return answer(status, {"error": name, "message": message}, **headers)


def stop(status: int, name: str, message: str, **headers: str) -> Refusal:
    """The same, to be raised."""
    return Refusal(error(status, name, message, **headers))


def invalid(message: str, name: str = "InvalidRequest") -> Refusal:
    """A 400."""
    return stop(400, name, message)


def outage(status: int) -> Response:
    """A server's failure."""
    return error(status, *_WORDS.get(status, ("InternalServerError", "Internal Server Error")))


@dataclass
class Window:
    """What is left of a ration until it begins anew."""

    limit: int
    seconds: int
    ends: float
    used: int = 0

    @property
    def remaining(self) -> int:
        """The points left."""
        return max(0, self.limit - self.used)

    def headers(self) -> dict[str, str]:
        """As every answer tells it."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(math.ceil(self.ends)),
            "ratelimit-policy": f"{self.limit};w={self.seconds}",
        }


@dataclass
class Rations:
    """Points spent by address and account."""

    world: World
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def spend(self, request: Request, whose: str, names: Iterable[str], points: int = 1) -> None:
        """Take points from each ration, or refuse with 429 when one is used up."""
        now = self.world.now()
        for name in names:
            window = self.windows.get((name, whose))
            if window is None or window.ends <= now:
                limit, seconds = RATIONS[name]
                window = self.windows[name, whose] = Window(limit, seconds, now + seconds)
            window.used += points
            request.state.windows.append(window)
            if window.used > window.limit:
                raise Refusal(exceeded(window, now))

    def counted(self, handler: Handler) -> Handler:
        """The handler, with each request counted by its address and the headers that tell so."""

        async def answered(request: Request) -> Response:
            request.state.windows = []
            request.state.nonce = ""
            try:
                address = request.client.host if request.client else ""
                self.spend(request, address, ["ip"])
                response = await handler(request)
            except Refusal as refusal:
                response = refusal.response
            if request.state.windows:
                tightest = min(request.state.windows, key=lambda each: each.remaining)
                response.headers.update(tightest.headers())
            if request.state.nonce:
                response.headers["DPoP-Nonce"] = request.state.nonce
            return response

        return answered


def exceeded(window: Window, now: float) -> Response:
    """The 429, with the time to wait."""
    wait = {"retry-after": str(max(1, math.ceil(window.ends - now)))}
    response = error(429, "RateLimitExceeded", "Rate Limit Exceeded")
    response.headers.update(window.headers() | wait)
    return response


async def body(request: Request, *required: str) -> dict[str, Any]:
    """The JSON object of a request, with the strings it must have."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    raw = await request.body()
    if not kind and not raw:
        raise invalid("Request encoding (Content-Type) required but not provided")
    if kind != "application/json":
        raise invalid(f"Wrong request encoding (Content-Type): {kind}")
    try:
        said = json.loads(raw)
    except ValueError:
        raise invalid("Could not parse the JSON body") from None
    if not isinstance(said, dict):
        raise invalid("Input must be an object")
    for name in required:
        if not isinstance(said.get(name), str):
            raise invalid(f'Missing required key "{name}" at $')
    return said


def asked(request: Request, *required: str) -> dict[str, str]:
    """The query, with what it must have."""
    for name in required:
        if not request.query_params.get(name):
            raise invalid(f'Missing required key "{name}" at $')
    return dict(request.query_params)


def whole(said: dict[str, str], name: str, usual: int, most: int) -> int:
    """A whole number of the query, from 1 to `most`."""
    value = said.get(name, str(usual))
    if not value.isdigit() or not 1 <= int(value) <= most:
        raise invalid(f"{name} must be a whole number from 1 to {most}")
    return int(value)


def somebody(world: World, actor: str) -> Person | None:
    """An account by its DID or handle."""
    return next(
        (each for each in world.people_of(NAME) if actor.lower() in (each.id, each.username)), None
    )


def service(world: World, host: str) -> str:
    """A service's address without a slash at its end, as identifiers of servers are written."""
    return world.url(host).rstrip("/")


def did_doc(world: World, person: Person) -> dict[str, Any]:
    """The account's DID document: its handle, its key, its server."""
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
        ],
        "id": person.id,
        "alsoKnownAs": [f"at://{person.username}"],
        "verificationMethod": [
            {
                "id": f"{person.id}#atproto",
                "type": "Multikey",
                "controller": person.id,
                "publicKeyMultibase": person.extra["key"],
            }
        ],
        "service": [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": service(world, PDS),
            }
        ],
    }
