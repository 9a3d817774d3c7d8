"""What every part of the stand-in for TikTok shares: its people, its words, its limits."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import Grants, Token
from autosched.sandbox.wire import Refusal, answer, bearer
from autosched.sandbox.world import App, Person, World

NAME = "tiktok"
WEB = "www.tiktok.com"
API = "open.tiktokapis.com"
UPLOAD = "open-upload.tiktokapis.com"
UNAUDITED = "sandbox-tiktok-unaudited"

SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.publish",
    "video.upload",
    "video.list",
)

STATUSES = {
    "ok": 200,
    "invalid_param": 400,
    "invalid_publish_id": 400,
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "token_not_authorized_for_specified_publish_id": 403,
    "spam_risk_too_many_posts": 403,
    "spam_risk_too_many_pending_share": 403,
    "unaudited_client_can_only_post_to_private_accounts": 403,
    "url_ownership_unverified": 403,
    "privacy_level_option_mismatch": 403,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
}
"""Each error code and the HTTP status it comes with. That of a publish_id that is somebody
else's is not documented."""

MINUTE_LIMITS = {"init": 6, "creator_info": 20, "status": 30, "read": 600}
"""Requests of one person through one app within a sliding minute."""

DAY = 86_400.0
POSTS_A_DAY = 15
PENDING_DRAFTS_A_DAY = 5
DAILY_TIMES = 100
"""The limits of a day stand a hundredfold, so that a test of a thousand posts in an hour gets
through; a person with `extra["real_days"]` has the real ones."""


@dataclass(frozen=True)
class Rule:
    """What a field of a body may be. `least` and `most` bound a number, or a text's length."""

    kind: type
    needed: bool = False
    least: int | None = None
    most: int | None = None
    choice: tuple[str, ...] = ()


class Ground:
    """What the parts of the platform stand on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = Grants(world, NAME)
        self._asked: dict[tuple[str, ...], deque[float]] = defaultdict(deque)
        _settle(world)

    def log_id(self) -> str:
        """The identifier that every answer bears."""
        return self.world.key(16).upper().replace("-", "0").replace("_", "0")

    def ok(self, data: Mapping[str, Any]) -> Response:
        """A good answer."""
        error = {"code": "ok", "message": "", "log_id": self.log_id()}
        return answer(200, {"data": dict(data), "error": error})

    def error(self, code: str, message: str = "") -> Response:
        """An error as the API says it."""
        said = {"code": code, "message": message or code, "log_id": self.log_id()}
        return answer(STATUSES[code], {"data": {}, "error": said})

    def no(self, code: str, message: str = "") -> Refusal:
        """The same, to be raised."""
        return Refusal(self.error(code, message))

    def caller(self, request: Request, step: str, *scopes: str) -> tuple[Token, Person]:
        """Whose token this is; one of `scopes` must have been granted, if any are named."""
        token, standing = self.grants.check(bearer(request), step)
        if token is None or standing != "good":
            raise self.no(
                "access_token_invalid",
                "The access token is invalid or not found in the request.",
            )
        if scopes and not set(scopes) & set(token.scopes):
            raise self.no(
                "scope_not_authorized",
                f"The user did not authorize the scope required: {', '.join(scopes)}",
            )
        person = self.world.person(NAME, token.person)
        if person is None:
            raise self.no("access_token_invalid", "The account is gone.")
        return token, person

    def within(self, token: Token, bucket: str) -> None:
        """Count a request against the limit of a minute."""
        asked = self._asked[(bucket, token.client_id, token.person)]
        now = self.world.now()
        while asked and asked[0] <= now - 60:
            asked.popleft()
        if len(asked) >= MINUTE_LIMITS[bucket]:
            raise self.no("rate_limit_exceeded", "The API rate limit was exceeded.")
        asked.append(now)

    def daily(self, person: Person, limit: int) -> int:
        """A limit of a day as it stands for this person."""
        return limit if person.extra.get("real_days") else limit * DAILY_TIMES

    async def body(self, request: Request, *, charset: bool = False) -> dict[str, Any]:
        """The JSON object that was sent; `charset`: its type must name UTF-8."""
        kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
        named = rest.replace(" ", "").replace('"', "") == "charset=utf-8"
        if kind.strip() != "application/json" or (charset and not named):
            raise self.no("invalid_param", "Content-Type must be application/json; charset=UTF-8.")
        try:
            said = json.loads(await request.body() or b"{}")
        except ValueError:
            raise self.no("invalid_param", "The body is not JSON.") from None
        if not isinstance(said, dict):
            raise self.no("invalid_param", "The body is not a JSON object.")
        return said

    def shaped(self, said: Any, rules: Mapping[str, Rule], where: str) -> dict[str, Any]:
        """The object, if it holds what `rules` ask for and nothing else."""
        if not isinstance(said, dict):
            raise self.no("invalid_param", f"{where} must be an object.")
        for name in said:
            if name not in rules:
                raise self.no("invalid_param", f"{where} has no field {name}.")
        for name, rule in rules.items():
            if name not in said:
                if rule.needed:
                    raise self.no("invalid_param", f"{where}.{name} is required.")
                continue
            self._fits(said[name], rule, f"{where}.{name}")
        return dict(said)

    def _fits(self, value: Any, rule: Rule, where: str) -> None:
        if not isinstance(value, rule.kind) or (rule.kind is int and isinstance(value, bool)):
            raise self.no("invalid_param", f"{where} must be of type {rule.kind.__name__}.")
        if rule.choice and value not in rule.choice:
            raise self.no("invalid_param", f"{where} must be one of {', '.join(rule.choice)}.")
        size = None
        if isinstance(value, str):
            size = utf16(value)
        elif isinstance(value, list):
            size = len(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            size = value
        if size is not None and rule.least is not None and size < rule.least:
            raise self.no("invalid_param", f"{where} is below {rule.least}.")
        if size is not None and rule.most is not None and size > rule.most:
            raise self.no("invalid_param", f"{where} is above {rule.most}.")


def utf16(text: str) -> int:
    """The length of a text in UTF-16 code units, by which TikTok counts."""
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)


def _settle(world: World) -> None:
    """Move the apps and people in. The audited app comes last: the panel shows that one."""
    world.apps.append(App(NAME, UNAUDITED, "Yd7mTq2ZrW9cKx4HfLs8BvNpE3uJaG6t"))
    world.apps.append(App(NAME, "sandbox-tiktok", "hR5vXw8KqMn2TzJc9LbYfD4sGpAe7UiV"))
    everyone = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    private = ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    world.people += [
        Person(NAME, "-000TkNightReminders41c7", "night.reminders", "Night Reminders", extra={
            "privacy": everyone, "private": False, "seconds": 600, "off": ()}),
        Person(NAME, "-000TkQuietVerses9e02b", "quietverses", "Quiet Verses", extra={
            "privacy": everyone, "private": False, "seconds": 180, "off": ("duet", "stitch")}),
        Person(NAME, "-000TkStudyCircle77d5a", "studycircle", "Morning Study Circle", extra={
            "privacy": private, "private": True, "seconds": 60, "off": ("comment",),
            "real_days": True}),
    ]  # fmt: skip
