"""What every part of the stand-in for YouTube shares: its people, Google's words, its quota."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import Grants, Token
from autosched.sandbox.wire import Refusal, answer, bearer
from autosched.sandbox.world import App, Person, World

NAME = "youtube"
ACCOUNTS = "accounts.google.com"
OAUTH = "oauth2.googleapis.com"
APIS = ("www.googleapis.com", "youtube.googleapis.com")
ANALYTICS = "youtubeanalytics.googleapis.com"
SITE = "www.youtube.com"
UNAUDITED = "sandbox-youtube-unaudited"

_AUTH = "https://www.googleapis.com/auth/"
YOUTUBE, UPLOAD, READ, FORCE, FIGURES = (
    f"{_AUTH}{name}"
    for name in (
        "youtube", "youtube.upload", "youtube.readonly", "youtube.force-ssl",
        "yt-analytics.readonly",
    )
)  # fmt: skip
SCOPES = (YOUTUBE, UPLOAD, READ, FORCE, FIGURES)
MAY_UPLOAD = (UPLOAD, YOUTUBE, FORCE)
MAY_READ = (READ, YOUTUBE, FORCE)
MAY_CHANGE = (FORCE, YOUTUBE)
MAY_COUNT = (FIGURES, YOUTUBE, READ)

DAY_LIMITS = {"insert": 100, "stats": 10_000, "units": 10_000}
"""What a project may ask for in a day: uploads, batches of figures, and units for all else."""
DAY_TIMES = 100
"""The limits of a day stand a hundredfold, so that a test of a thousand posts in an hour gets
through; the unaudited app has the real ones."""
PACIFIC = ZoneInfo("America/Los_Angeles")

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_ANYWHERE = {
    "alt", "key", "fields", "prettyPrint", "quotaUser", "access_token", "oauth_token", "callback",
    "upload_protocol", "$.xgafv",
}  # fmt: skip


class Ground:
    """What the parts of the platform stand on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = Grants(world, NAME)
        self._spent: Counter[tuple[str, str, str]] = Counter()
        _settle(world)

    def caller(self, request: Request, step: str, scopes: Iterable[str]) -> tuple[Token, Person]:
        """Whose token this is; one of `scopes` must have been granted."""
        value = bearer(request)
        if value is None:
            raise no(401, "required", "Login Required.", location="Authorization", kind="header")
        token, standing = self.grants.check(value, step)
        if token is None or standing != "good":
            raise no(
                401, "authError", "Invalid Credentials", location="Authorization", kind="header"
            )
        if not set(scopes) & set(token.scopes):
            raise no(
                403,
                "insufficientPermissions",
                "Request had insufficient authentication scopes.",
            )
        person = self.world.person(NAME, token.person)
        if person is None:
            raise no(401, "authError", "Invalid Credentials")
        return token, person

    def channel(self, person: Person) -> None:
        """Refuse somebody without a channel."""
        if not person.extra["channel"]:
            raise no(401, "youtubeSignupRequired", "Unauthorized", domain="youtube.header")

    def spend(self, token: Token, bucket: str, units: int) -> None:
        """Count a call against the project's quota of the day, which ends at midnight Pacific."""
        today = datetime.fromtimestamp(self.world.now(), PACIFIC).date().isoformat()
        place = (token.client_id, bucket, today)
        limit = DAY_LIMITS[bucket] * (1 if token.client_id == UNAUDITED else DAY_TIMES)
        if self._spent[place] + units > limit:
            raise no(
                403,
                "quotaExceeded",
                "The request cannot be completed because you have exceeded your quota.",
                domain="youtube.quota",
            )
        self._spent[place] += units

    def asked(self, request: Request, *known: str) -> None:
        """Refuse parameters that the method does not have."""
        for name in request.query_params:
            if name not in known and name not in _ANYWHERE:
                raise no(
                    400,
                    "badRequest",
                    f'Invalid JSON payload received. Unknown name "{name}": '
                    "Cannot bind query parameter. Field could not be found in request message.",
                )

    def parts(self, request: Request, known: Iterable[str]) -> list[str]:
        """The parts that were asked for."""
        wanted = listed(request, "part")
        if not wanted:
            raise missing("part")
        for name in wanted:
            if name not in known:
                raise no(
                    400,
                    "unknownPart",
                    f"'{name}'",
                    domain="youtube.part",
                    location="part",
                    kind="parameter",
                )
        return wanted

    async def body(self, request: Request) -> dict[str, Any]:
        """The JSON object that was sent."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise no(400, "badContent", f"Unsupported content with type: {kind}")
        try:
            said = json.loads(await request.body())
        except ValueError:
            raise no(400, "parseError", "Parse Error") from None
        if not isinstance(said, dict):
            raise no(400, "parseError", "Parse Error")
        return said


def error(
    status: int,
    reason: str,
    message: str,
    *,
    domain: str = "global",
    location: str = "",
    kind: str = "",
    **headers: str,
) -> Response:
    """An error in Google's shape."""
    first = {"message": message, "domain": domain, "reason": reason}
    if location:
        first |= {"location": location, "locationType": kind}
    said = {"code": status, "message": message, "errors": [first]}
    if status in _STATUSES:
        said["status"] = _STATUSES[status]
    return answer(status, {"error": said}, **headers)


def no(status: int, reason: str, message: str, **more: str) -> Refusal:
    """The same, to be raised."""
    return Refusal(error(status, reason, message, **more))


def missing(name: str) -> Refusal:
    """A parameter that has to be there is not."""
    return no(
        400,
        "missingRequiredParameter",
        f"Required parameter: {name}",
        domain="youtube.parameter",
        location=name,
        kind="parameter",
    )


def listed(request: Request, name: str) -> list[str]:
    """A parameter that may come several times, or with commas."""
    given = ",".join(request.query_params.getlist(name))
    return [value.strip() for value in given.split(",") if value.strip()]


def stamp(at: float) -> str:
    """A moment as Google writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _settle(world: World) -> None:
    """Move the apps and people in. The audited app comes last: the panel shows that one."""
    world.apps.append(App(NAME, UNAUDITED, "GOCSPX-m3VtQz8LrKw1YxBd6HfNpS0aEc"))
    world.apps.append(App(NAME, "sandbox-youtube", "GOCSPX-u7JkX2sWb9PfTqLc4ZrMvGh5De"))
    world.people += [
        Person(NAME, "UCnR7xK2mQ4vT8bW1sYpL3zA", "night.reminders", "Night Reminders", extra={
            "channel": True, "verified": True, "handle": "@nightreminders"}),
        Person(NAME, "UCqV5dJ9hF6cN0gE2tZuM8kB", "quiet.verses", "Quiet Verses", extra={
            "channel": True, "verified": False, "handle": "@quietverses"}),
        Person(NAME, "108216743390514872265", "reading.desk", "Reading Desk (no channel)", extra={
            "channel": False, "verified": False, "handle": ""}),
    ]  # fmt: skip
