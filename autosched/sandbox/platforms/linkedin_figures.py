"""LinkedIn's figures of posts and pages: they grow with age, and are the same on every run."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms.linkedin_wire import (
    NAME,
    ORG_READ,
    Desk,
    administered,
    denied,
    member_urn,
    query,
    stop,
    urn,
)
from autosched.sandbox.wire import Platform, answer, step
from autosched.sandbox.world import Post, World

DAY_MS = 86_400_000
MONTHS_KEPT_MS = 366 * DAY_MS
MEMBER_METRICS = {
    "IMPRESSION": 900,
    "MEMBERS_REACHED": 700,
    "RESHARE": 12,
    "REACTION": 60,
    "COMMENT": 15,
    "POST_SAVE": 9,
    "LINK_CLICKS": 25,
    "POST_SEND": 4,
    "PROFILE_VIEW_FROM_CONTENT": 11,
    "FOLLOWER_GAINED_FROM_CONTENT": 3,
}
PAGE_METRICS = {
    "impressionCount": 1_500,
    "uniqueImpressionsCount": 1_100,
    "clickCount": 80,
    "likeCount": 70,
    "commentCount": 14,
    "shareCount": 10,
}


@dataclass
class Figures:
    """The resources of statistics, and the pages themselves."""

    world: World
    platform: Platform
    desk: Desk

    def routes(self) -> list[Route]:
        """The routes."""
        rest = "/api.linkedin.com/rest"
        return [
            step(self.world, self.platform, name, "GET", f"{rest}/{path}", handler)
            for name, path, handler in (
                ("list_pages", "organizationAcls", self.roles),
                ("get_page", "organizations/{id}", self.page),
                ("metrics", "organizationalEntityShareStatistics", self.shares),
                ("metrics", "memberCreatorPostAnalytics", self.member),
                ("followers", "organizationalEntityFollowerStatistics", self.followers),
                ("followers", "networkSizes/{urn}", self.network),
            )
        ]

    async def roles(self, request: Request) -> Response:
        """The pages that the member has a role on."""
        asked = query(request)
        token = self.desk.admit(request, "list_pages", *ORG_READ)
        if asked.get("q") != "roleAssignee":
            raise stop(400, "ILLEGAL_ARGUMENT", f"The finder {asked.get('q')} is not defined")
        person = self.desk.member(token)
        found = [
            role | {"roleAssignee": member_urn(person.id)}
            for role in person.extra["roles"]
            if asked.get("role", role["role"]) == role["role"]
            and asked.get("state", role["state"]) == role["state"]
        ]
        return answer(200, {"paging": _paging(found), "elements": found})

    async def page(self, request: Request) -> Response:
        """A page by the number in its URN."""
        token = self.desk.admit(request, "get_page", *ORG_READ)
        wanted = f"urn:li:organization:{request.path_params['id']}"
        if wanted not in administered(self.desk.member(token)):
            raise denied(request)
        name, vanity = PAGES[wanted]
        return answer(
            200,
            {
                "id": int(wanted.rpartition(":")[2]),
                "localizedName": name,
                "vanityName": vanity,
                "primaryOrganizationType": "NONE",
            },
        )

    async def shares(self, request: Request) -> Response:
        """A page's figures: of all posts, of some, or of some days."""
        asked = query(request)
        token = self.desk.admit(request, "metrics", *ORG_READ)
        if asked.get("q") != "organizationalEntity":
            raise stop(400, "ILLEGAL_ARGUMENT", f"The finder {asked.get('q')} is not defined")
        page = self._own_page(request, token.person, asked.get("organizationalEntity"))
        chosen = {kind: _urns(asked, f"{kind}s", kind) for kind in ("share", "ugcPost")}
        spans = self._spans(asked.get("timeIntervals"))
        elements = []
        for span in spans:
            if not any(chosen.values()):
                posts = self.world.posts_of(NAME, page)
                elements.append(self._element(page, "", posts, span))
            for kind, urns in chosen.items():
                for id in urns:
                    post = self.world.post(NAME, id)
                    if post is not None and post.owner == page:
                        elements.append(self._element(page, kind, [post], span))
        return answer(200, {"paging": _paging(elements), "elements": elements})

    async def member(self, request: Request) -> Response:
        """One figure of one of the member's own posts."""
        asked = query(request)
        token = self.desk.admit(request, "metrics", "r_member_postAnalytics")
        if asked.get("q") != "entity":
            raise stop(400, "ILLEGAL_ARGUMENT", f"The finder {asked.get('q')} is not defined")
        metric = asked.get("queryType")
        if metric not in MEMBER_METRICS:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", f"There is no queryType {metric}")
        if asked.get("aggregation", "TOTAL") not in ("TOTAL", "DAILY"):
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "aggregation must be TOTAL or DAILY")
        entity = asked.get("entity")
        if not isinstance(entity, dict) or len(entity) != 1 or not {"share", "ugc"} & set(entity):
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "entity must be (share:…) or (ugc:…)")
        ((name, id),) = entity.items()
        post = self.world.post(NAME, urn(id, "entity", "share" if name == "share" else "ugcPost"))
        if post is None:
            raise stop(404, "NOT_FOUND", f"Could not find entity {id}")
        if post.owner != token.person:
            raise denied(request)
        elements = []
        daily = asked.get("aggregation") == "DAILY"
        for span in self._days(post) if daily else [None]:
            element: dict[str, Any] = {
                "count": self._count(post, metric, MEMBER_METRICS[metric], span),
                "metricType": {"MemberCreatorPostAnalyticsMetricTypeV1": metric},
                "targetEntity": {name: id},
            }
            elements.append(element | ({"dateRange": _dates(span)} if span else {}))
        return answer(200, {"paging": _paging(elements), "elements": elements})

    async def followers(self, request: Request) -> Response:
        """How many follow a page, by kind."""
        asked = query(request)
        token = self.desk.admit(request, "followers", *ORG_READ)
        page = self._own_page(request, token.person, asked.get("organizationalEntity"))
        counts = {"organicFollowerCount": self._size(page), "paidFollowerCount": 0}
        element = {
            "organizationalEntity": page,
            "followerCountsByAssociationType": [{"followerCounts": counts}],
        }
        return answer(200, {"paging": _paging([element]), "elements": [element]})

    async def network(self, request: Request) -> Response:
        """How many follow a page."""
        self.desk.admit(request, "followers", *ORG_READ)
        if request.query_params.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
            raise stop(
                400, "INVALID_VALUE_FOR_FIELD", "edgeType must be COMPANY_FOLLOWED_BY_MEMBER"
            )
        page = urn(request.path_params["urn"], "id", "organization")
        return answer(200, {"firstDegreeSize": self._size(page)})

    def _own_page(self, request: Request, person_id: str, said: Any) -> str:
        page = urn(said, "organizationalEntity", "organization")
        person = self.world.person(NAME, person_id)
        if person is None or page not in administered(person):
            raise denied(request)
        return page

    def _element(
        self, page: str, kind: str, posts: list[Post], span: tuple[int, int] | None
    ) -> dict[str, Any]:
        sums: dict[str, float] = {
            name: sum(self._count(post, name, most, span) for post in posts)
            for name, most in PAGE_METRICS.items()
        }
        acted = sum(sums[name] for name in list(PAGE_METRICS)[2:])
        sums["engagement"] = acted / sums["impressionCount"] if sums["impressionCount"] else 0.0
        found: dict[str, Any] = {"organizationalEntity": page, "totalShareStatistics": sums}
        if kind:
            found[kind] = posts[0].id
        if span:
            found["timeRange"] = {"start": span[0], "end": span[1]}
        return found

    def _count(self, post: Post, name: str, most: int, span: tuple[int, int] | None) -> int:
        until = self.world.now()
        if span is None:
            return grown(post.id, name, most, until - post.created_at)
        first, last = (min(at / 1000, until) - post.created_at for at in span)
        return grown(post.id, name, most, last) - grown(post.id, name, most, first)

    def _spans(self, said: Any) -> list[tuple[int, int] | None]:
        if said is None:
            return [None]
        try:
            start, end = int(said["timeRange"]["start"]), int(said["timeRange"]["end"])
            size = said["timeGranularityType"]
        except (TypeError, KeyError, ValueError):
            size, start, end = "", 0, 0
        if size not in ("DAY", "MONTH") or start >= end:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "timeIntervals is not a possible range")
        if start < self.world.now() * 1000 - MONTHS_KEPT_MS:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "timeIntervals begins over 12 months ago")
        length = DAY_MS if size == "DAY" else 30 * DAY_MS
        return [(at, min(at + length, end)) for at in range(start, end, length)]

    def _days(self, post: Post) -> list[tuple[int, int]]:
        first = int(post.created_at * 1000) // DAY_MS * DAY_MS
        return [(at, at + DAY_MS) for at in range(first, int(self.world.now() * 1000), DAY_MS)]

    def _size(self, page: str) -> int:
        return 400 + int(page[-3:]) + len(self.world.posts_of(NAME, page))


PAGES = {
    "urn:li:organization:10100001": ("Lantern House Academy", "lantern-house-academy"),
    "urn:li:organization:10100002": ("Night Reminders", "night-reminders"),
    "urn:li:organization:10100003": ("Quiet Verses Press", "quiet-verses-press"),
}


def grown(id: str, name: str, most: int, age: float) -> int:
    """A figure that a post has reached at `age` seconds; it never falls."""
    seed = int.from_bytes(hashlib.sha256(f"{id} {name}".encode()).digest()[:4], "big") / 2**32
    return int(most * (0.3 + 0.7 * seed) * (1 - math.exp(-max(age, 0.0) / 40_000)))


def _urns(asked: dict[str, Any], name: str, kind: str) -> list[str]:
    said = asked.get(name, [])
    if not isinstance(said, list):
        raise stop(400, "INVALID_VALUE_FOR_FIELD", f"{name} must be List(…)")
    return [urn(each, name, kind) for each in said]


def _dates(span: tuple[int, int]) -> dict[str, Any]:
    from datetime import UTC, datetime

    days = [datetime.fromtimestamp(at / 1000, UTC) for at in span]
    return {
        name: {"year": day.year, "month": day.month, "day": day.day}
        for name, day in zip(("start", "end"), days, strict=True)
    }


def _paging(elements: list[Any]) -> dict[str, Any]:
    return {"start": 0, "count": max(10, len(elements)), "links": [], "total": len(elements)}
