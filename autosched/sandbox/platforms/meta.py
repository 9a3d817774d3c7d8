"""What Facebook and Instagram share here: versions, tokens, parameters, fields, usage headers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import wire
from autosched.sandbox.oauth import Grants, Token, same
from autosched.sandbox.platforms.meta_errors import THROTTLED, fail, minutes, outage
from autosched.sandbox.wire import Handler, Refusal
from autosched.sandbox.world import World

OLDEST_VERSION = 22
NEWEST_VERSION = "v26.0"
LONG_SECONDS = 5_183_944
"""A long-lived token: about sixty days."""
PROCESSING_SECONDS = 0.3

CROWD = 100
"""How much more than documented an app, a page or an account may do here in a day, so that a test
of a thousand posts is not stopped by the limits of a single small account."""
APP_CALLS_PER_USER_HOUR = 200
BUSINESS_CALLS_PER_PERSON_DAY = 4_800
ENGAGED = 1
"""Engaged people (or impressions) of a demo account in a day, before `CROWD`."""

_IDS = {
    "metaver": r"(?:v\d{1,3}\.\d/)?",
    "metatail": r"/?",
    "fbuser": r"1220\d{14}",
    "fbpage": r"1221\d{14}",
    "fbphoto": r"1222\d{14}",
    "fbvideo": r"1223\d{14}",
    "fbpost": r"(?:1221\d{14}_)?1224\d{14}",
    "iguser": r"17841\d{12}",
    "igcontainer": r"179\d{14}",
    "igmedia": r"180\d{14}",
    "metarest": r"(?!(?:v\d{1,3}\.\d/)?(?:17841\d{12}|179\d{14}|180\d{14})(?:/|$)).*",
}


def _register() -> None:
    for name, pattern in _IDS.items():
        kind = type(f"{name}Convertor", (StringConvertor,), {"regex": pattern})
        register_url_convertor(name, kind())


_register()

Item = TypeVar("Item")


def identifier(world: World, kind: str) -> str:
    """A new identifier of a kind: 18 digits for Facebook's, 17 for Instagram's."""
    prefix = {"photo": "1222", "video": "1223", "post": "1224", "comment": "1226"}.get(kind)
    prefix = prefix or {"container": "179", "media": "180", "remark": "181"}[kind]
    return prefix + world.number()[-14:]


class Usage:
    """How often an app or an account has called in its window."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, kind: str, key: str, window: float, now: float) -> int:
        """One call more; how many there are in the window now."""
        begun, calls = self._windows.get((kind, key), (now, 0))
        if now - begun >= window:
            begun, calls = now, 0
        self._windows[kind, key] = (begun, calls + 1)
        return calls + 1

    def left(self, kind: str, key: str, window: float, now: float) -> float:
        """Seconds until the window begins anew."""
        begun, _ = self._windows.get((kind, key), (now, 0))
        return max(0.0, begun + window - now)


class Meta(ABC):
    """What both platforms are: a name, tokens, steps that count what they are called."""

    name = ""
    business = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = Grants(world, self.name)
        self.usage = Usage()

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage, a row of the error table, or a throttle that says when it ends."""
        if reset_in is None:
            return outage(self.name, status)
        return self._throttled("0", reset_in).response

    @abstractmethod
    def routes(self) -> list[Route]:
        """Every route of the platform."""

    def step(self, name: str, methods: str | Iterable[str], path: str, handler: Handler) -> Route:
        """A route on one of Meta's hosts; a slash at the end of an API's path makes no matter."""

        async def endpoint(request: Request) -> Response:
            request.state.step = name
            try:
                check_version(request)
                response = await handler(request)
            except Refusal as refusal:
                response = refusal.response
            for header, value in getattr(request.state, "usage", {}).items():
                response.headers.setdefault(header, value)
            return response

        tail = "{tail:metatail}" if path.startswith("/graph") else ""
        return wire.step(self.world, self, name, methods, path + tail, endpoint)

    def bearer(
        self, request: Request, said: Mapping[str, Any], grants: Grants, *scopes: str
    ) -> Token:
        """The token of a call, if it is good and grants `scopes`."""
        value = said.get("access_token") or wire.bearer(request) or wire.bearer(request, "oauth")
        if not value:
            raise fail(104, "An access token is required to request this resource.")
        token = grants.find(str(value))
        if token is None:
            raise fail(190)
        if self.world.faults.draw(self.name, request.state.step, "expire_token"):
            token.ends = self.world.now()
        check_standing(grants, token)
        app = self.world.app(grants.platform, token.client_id)
        proof = said.get("appsecret_proof")
        if proof is not None and app is not None:
            meant = hmac.new(app.client_secret.encode(), token.value.encode(), hashlib.sha256)
            if not same(str(proof), meant.hexdigest()):
                raise fail(100, "Invalid appsecret_proof provided in the API argument")
        self._count(request, token)
        missing = [scope for scope in scopes if scope not in token.scopes]
        if missing:
            raise fail(10, f"(#10) This endpoint requires the '{missing[0]}' permission.")
        return token

    def processing(self) -> float:
        """Seconds that media takes to become ready."""
        return self.world.faults.seconds(self.name, "slow") or PROCESSING_SECONDS

    def _count(self, request: Request, token: Token) -> None:
        now, who = self.world.now(), str(token.extra.get("page", token.person))
        people = max(1, len(self.world.people_of(self.name)))
        hourly = APP_CALLS_PER_USER_HOUR * people * CROWD
        daily = BUSINESS_CALLS_PER_PERSON_DAY * ENGAGED * CROWD
        app_calls = self.usage.count("app", token.client_id, 3_600, now)
        calls = self.usage.count("business", who, 86_400, now)
        share = _share(app_calls, hourly)
        request.state.usage = {
            "x-app-usage": json.dumps(share),
            "x-business-use-case-usage": self._business(who, _share(calls, daily), 0),
        }
        if self.name == "facebook" and "page" in token.extra:
            request.state.usage["x-page-usage"] = json.dumps(_share(calls, daily))
        if calls > daily:
            raise self._throttled(who, self.usage.left("business", who, 86_400, now))
        if app_calls > hourly:
            raise fail(4)

    def _throttled(self, who: str, seconds: float) -> Refusal:
        refusal = fail(THROTTLED[self.name])
        full = {"call_count": 100, "total_cputime": 100, "total_time": 100}
        said = self._business(who, full, minutes(seconds))
        refusal.response.headers["x-business-use-case-usage"] = said
        return refusal

    def _business(self, who: str, share: dict[str, int], wait: int) -> str:
        said = {"type": self.business, **share, "estimated_time_to_regain_access": wait}
        return json.dumps({who: [said]})


def _share(calls: int, limit: int) -> dict[str, int]:
    percent = math.floor(100 * calls / limit)
    return {"call_count": percent, "total_cputime": percent // 2, "total_time": percent // 2}


def check_version(request: Request) -> None:
    """Refuse versions that are not served any more."""
    said = str(request.path_params.get("version", ""))
    if said and int(said[1:].partition(".")[0]) < OLDEST_VERSION:
        raise fail(2635, f"(#2635) This version is deprecated. Please update to {NEWEST_VERSION}.")


def check_standing(grants: Grants, token: Token) -> None:
    """Refuse a token that is expired or was taken back."""
    standing = grants.standing(token)
    if standing == "expired":
        raise fail(463)
    if standing != "good":
        raise fail(458)


async def parameters(request: Request) -> dict[str, Any]:
    """What was sent, wherever it stood; files as `UploadFile`."""
    try:
        return await wire.fields(request)
    except ValueError:
        raise fail(100, "(#100) The body is not a JSON object") from None


def listed(said: Mapping[str, Any], name: str) -> list[Any] | None:
    """A list, as JSON, with commas, or as `name[0]`, `name[1]`; `None` if it was not sent."""
    if name in said:
        value = said[name]
        if isinstance(value, list):
            return value
        text = str(value).strip()
        if text.startswith("["):
            try:
                return list(json.loads(text))
            except ValueError:
                raise fail(100, f"(#100) Param {name} must be an array.") from None
        return [part.strip() for part in text.split(",") if part.strip()]
    found: dict[int, Any] = {}
    for key, value in said.items():
        match = re.fullmatch(rf"{name}\[(\d+)\](?:\[(\w+)\])?", key)
        if match and match[2]:
            found.setdefault(int(match[1]), {})[match[2]] = value
        elif match:
            found[int(match[1])] = value
    return [found[number] for number in sorted(found)] if found else None


def flag(said: Mapping[str, Any], name: str, default: bool) -> bool:
    """A yes or no."""
    value = said.get(name)
    if value is None:
        return default
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise fail(100, f"(#100) Param {name} must be a boolean")
    return text in ("true", "1")


def whole(said: Mapping[str, Any], name: str) -> int | None:
    """A whole number that is not negative, if it was sent."""
    if said.get(name) in (None, ""):
        return None
    if not re.fullmatch(r"\d{1,18}", str(said[name])):
        raise fail(100, f"(#100) Param {name} must be a non-negative integer")
    return int(str(said[name]))


def wanted(said: Mapping[str, Any], default: Sequence[str]) -> list[str]:
    """The names in `fields`, without what stands behind them (`comments.summary(true){id}`)."""
    text, names, depth = str(said.get("fields") or ""), [""], 0
    for sign in text:
        depth += (sign in "{(") - (sign in "})")
        if sign == "," and depth == 0:
            names.append("")
        else:
            names[-1] += sign
    found = [re.split(r"[.{(]", name.strip(), maxsplit=1)[0] for name in names if name.strip()]
    return found or list(default)


def chosen(
    said: Mapping[str, Any], node: Mapping[str, Any], default: Sequence[str], kind: str
) -> dict[str, Any]:
    """A node with the fields that were asked for; what is `None` is left out, as Graph does."""
    names = wanted(said, default)
    for name in names:
        if name not in node:
            problem = f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})"
            raise fail(100, problem)
    return {name: node[name] for name in [*names, "id"] if node.get(name) is not None}


def paged(
    request: Request,
    world: World,
    said: Mapping[str, Any],
    items: Sequence[Item],
    key: Callable[[Item], str],
    shape: Callable[[Item], dict[str, Any]],
) -> Response:
    """A page of a list with its cursors."""
    limit = min(whole(said, "limit") or 25, 100)
    start = 0
    if said.get("after"):
        try:
            behind = base64.b64decode(str(said["after"]), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise fail(100, "(#100) Invalid cursors values") from None
        start = next((n + 1 for n, item in enumerate(items) if key(item) == behind), len(items))
    part = items[start : start + limit]
    body: dict[str, Any] = {"data": [shape(item) for item in part]}
    if part:
        before, after = (base64.b64encode(key(x).encode()).decode() for x in (part[0], part[-1]))
        body["paging"] = {"cursors": {"before": before, "after": after}}
        if start + limit < len(items):
            query = {**request.query_params, "limit": str(limit), "after": after}
            body["paging"]["next"] = f"{world.origin}{request.url.path}?{urlencode(query)}"
    return JSONResponse(body)


def stamp(at: float) -> str:
    """A time as Graph writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def figure(id: str, name: str, age: float, top: int) -> int:
    """A figure that only grows, the same for the same post and age: half of `top` in a day."""
    spread = int.from_bytes(hashlib.sha256(f"{id} {name}".encode()).digest()[:4], "big") / 2**32
    return int(top * (0.2 + 0.8 * spread) * (age / (age + 86_400))) if age > 0 else 0


async def lost(request: Request) -> Response:
    """Whatever path there is not."""
    check_version(request)
    if "access_token" in request.query_params or request.headers.get("authorization"):
        raise fail(33)
    path = str(request.path_params.get("rest", ""))
    raise fail(2500, f"Unknown path components: /{path}")
