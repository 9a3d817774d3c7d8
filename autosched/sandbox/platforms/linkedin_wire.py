"""What all of LinkedIn's REST resources share: headers, tokens, daily quotas, errors, Rest.li."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import Grants, Token
from autosched.sandbox.wire import Refusal, answer, bearer
from autosched.sandbox.world import Person, World

NAME = "linkedin"

VERSIONS = ("202508", "202609")
"""The oldest version that still lives, and the newest."""

RESTLI_PROTOCOL = "2.0.0"

TEST_FACTOR = 100
"""The stand-in's quotas are so much larger, or a test of a thousand posts would end half-way."""

MEMBER_DAILY = 150 * TEST_FACTOR
APP_DAILY = 5_000 * TEST_FACTOR
"""The true numbers stand in each developer's portal only; these are a guess at their size."""

ORG_READ = ("r_organization_social", "rw_organization_admin")
ORG_SCOPES = ("w_organization_social", *ORG_READ)


def refusal(status: int, code: str, message: str, service_code: int | None = None) -> Response:
    """An error as LinkedIn words it: `message`, `status`, `code`, sometimes `serviceErrorCode`."""
    body: dict[str, Any] = {"message": message, "status": status}
    if code:
        body["code"] = code
    if service_code is not None:
        body["serviceErrorCode"] = service_code
    return answer(status, body)


def stop(status: int, code: str, message: str, service_code: int | None = None) -> Refusal:
    """The same, to be raised."""
    return Refusal(refusal(status, code, message, service_code))


def too_many() -> Response:
    """The day's quota is used up; no header says so, it ends at midnight UTC."""
    return refusal(
        429,
        "TOO_MANY_REQUESTS",
        "Resource level throttle limit for calls to this resource is reached.",
        101,
    )


@dataclass
class Desk:
    """Lets a request in, or turns it away: version, protocol, token, scope and quota."""

    world: World
    grants: Grants
    used: Counter[tuple[int, str]] = field(default_factory=Counter)

    def admit(self, request: Request, step: str, *scopes: str, versioned: bool = True) -> Token:
        """The token of a request that may pass; with `scopes` one of them must be granted."""
        if versioned:
            check_headers(request)
        token = self.token(request, step)
        if scopes and not set(scopes) & set(token.scopes):
            raise denied(request)
        self._count(token)
        return token

    def token(self, request: Request, step: str) -> Token:
        """The token in the Authorization header."""
        said = bearer(request)
        if said is None:
            raise stop(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604)
        token, standing = self.grants.check(said, step)
        if token is None:
            raise stop(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
        if standing == "revoked":
            raise stop(
                401,
                "REVOKED_ACCESS_TOKEN",
                "The token used in the request has been revoked by the user",
                65601,
            )
        if standing != "good":
            raise stop(
                401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602
            )
        return token

    def member(self, token: Token) -> Person:
        """Whose token it is."""
        person = self.world.person(NAME, token.person)
        if person is None:
            raise stop(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
        return person

    def speaks_for(self, token: Token, urn: str, *, org_scopes: tuple[str, ...]) -> bool:
        """Whether the token may act for the member or page `urn`."""
        if urn.startswith("urn:li:organization:"):
            return urn in administered(self.member(token)) and bool(
                set(org_scopes) & set(token.scopes)
            )
        return urn == member_urn(token.person) and "w_member_social" in token.scopes

    def _count(self, token: Token) -> None:
        day = math.floor(self.world.now() / 86_400)
        self.used[day, f"member {token.client_id} {token.person}"] += 1
        self.used[day, f"app {token.client_id}"] += 1
        if (
            self.used[day, f"member {token.client_id} {token.person}"] > MEMBER_DAILY
            or self.used[day, f"app {token.client_id}"] > APP_DAILY
        ):
            raise Refusal(too_many())


def check_headers(request: Request) -> None:
    """Refuse without a living version, or with another protocol than 2.0.0."""
    version = request.headers.get("linkedin-version")
    if not version:
        raise stop(
            400,
            "VERSION_MISSING",
            "A version must be present. Please specify a version by adding the LinkedIn-Version"
            " header.",
        )
    if not re.fullmatch(r"\d{6}", version):
        raise stop(400, "INVALID_VERSION", f"Requested version {version} is not a valid version")
    if not VERSIONS[0] <= version <= VERSIONS[1]:
        raise stop(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if request.headers.get("x-restli-protocol-version") != RESTLI_PROTOCOL:
        raise stop(
            400,
            "ILLEGAL_ARGUMENT",
            f"X-Restli-Protocol-Version must be {RESTLI_PROTOCOL} for this resource",
        )


def denied(request: Request) -> Refusal:
    """The token's scopes, or the member's role, do not reach that far."""
    resource = request.url.path.rpartition("/rest/")[2].split("/")[0]
    return stop(
        403,
        "ACCESS_DENIED",
        f"Not enough permissions to access: {resource}.{request.method}.{VERSIONS[1]}",
        100,
    )


def urn(value: Any, field_name: str, *kinds: str) -> str:
    """The value, if it is a URN of one of `kinds`."""
    found = re.fullmatch(r"urn:li:(\w+):([\w\-=]+)", value) if isinstance(value, str) else None
    if found is None:
        raise stop(400, "INVALID_URN_FORMAT", f"Invalid URN for field {field_name}: {value}")
    if found[1] not in kinds:
        raise stop(
            400, "INVALID_URN_TYPE", f"URN of type {found[1]} is not supported for {field_name}"
        )
    return str(value)


def path_urn(request: Request, *kinds: str) -> str:
    """The URN in the path, whose colons must be escaped as Rest.li 2.0 wants it."""
    raw = request.scope.get("raw_path", b"").decode()
    if "urn:li" in raw:
        raise stop(400, "ILLEGAL_ARGUMENT", "The URN in the path must be URL-encoded")
    return urn(request.path_params["urn"], "id", *kinds)


def member_urn(id: str) -> str:
    """The URN of a member by the `sub` of userinfo."""
    return f"urn:li:person:{id}"


def administered(person: Person) -> tuple[str, ...]:
    """The pages that somebody administers with an approved role."""
    return tuple(
        role["organization"]
        for role in person.extra["roles"]
        if role["role"] == "ADMINISTRATOR" and role["state"] == "APPROVED"
    )


async def body(request: Request) -> dict[str, Any]:
    """The JSON object of a request; anything else is refused."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise stop(415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json")
    try:
        said = json.loads(await request.body())
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise stop(400, "BAD_REQUEST", "Could not parse the JSON body")
    return said


def closed(said: dict[str, Any], path: str, required: set[str], optional: set[str]) -> None:
    """Refuse a record with fields that the schema does not know, or without those it needs."""
    for name in said:
        if name not in required | optional:
            raise stop(
                422, "", f"ERROR :: {path}/{name} :: unrecognized field found but not allowed\n"
            )
    for name in sorted(required):
        if name not in said:
            raise stop(
                422,
                "",
                f"ERROR :: {path}/{name} :: field is required but not found and has no default"
                " value\n",
            )


def query(request: Request) -> dict[str, Any]:
    """The query by Rest.li 2.0: parentheses, commas and colons are structure, URNs are escaped."""
    found: dict[str, Any] = {}
    for pair in request.url.query.split("&"):
        name, _, value = pair.partition("=")
        if name:
            found[unquote(name)] = restli(value)
    return found


def restli(said: str) -> Any:
    """One value of such a query: a string, a list for `List(…)`, a dictionary for `(a:b)`."""
    value, rest = _value(said, top=True)
    if rest:
        raise stop(400, "ILLEGAL_ARGUMENT", f"Invalid query parameter value: {unquote(said)}")
    return value


def _value(said: str, *, top: bool = False) -> tuple[Any, str]:
    if said.startswith("List("):
        items: list[Any] = []
        rest = said[5:]
        while rest and not rest.startswith(")"):
            item, rest = _value(rest)
            items.append(item)
            rest = rest.removeprefix(",")
        return items, _closed(said, rest)
    if said.startswith("("):
        record: dict[str, Any] = {}
        rest = said[1:]
        while rest and not rest.startswith(")"):
            name, colon, rest = rest.partition(":")
            if not colon:
                break
            record[unquote(name)], rest = _value(rest)
            rest = rest.removeprefix(",")
        return record, _closed(said, rest)
    if top:
        return unquote(said.replace("+", " ")), ""
    end = next((at for at, char in enumerate(said) if char in ",()"), len(said))
    if ":" in said[:end]:
        raise stop(
            400, "ILLEGAL_ARGUMENT", f"Unescaped reserved character in parameter: {said[:end]}"
        )
    return unquote(said[:end]), said[end:]


def _closed(said: str, rest: str) -> str:
    if not rest.startswith(")"):
        raise stop(400, "ILLEGAL_ARGUMENT", f"Invalid query parameter value: {unquote(said)}")
    return rest[1:]
