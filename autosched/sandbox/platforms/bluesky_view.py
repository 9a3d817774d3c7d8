"""What everybody sees of Bluesky: profiles and counts (behind time, if so told), names, pages."""

from __future__ import annotations

import hashlib
import html
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.bluesky_repo import Repos
from autosched.sandbox.platforms.bluesky_session import Sessions
from autosched.sandbox.platforms.bluesky_wire import (
    APPVIEW,
    NAME,
    PDS,
    SERVICE_DID,
    Rations,
    asked,
    did_doc,
    error,
    invalid,
    somebody,
    whole,
)
from autosched.sandbox.wire import Handler, Platform, answer, step
from autosched.sandbox.world import Person, Post, World

POSTS = 25
COUNTS = {
    "likeCount": 240,
    "repostCount": 50,
    "replyCount": 25,
    "quoteCount": 12,
    "bookmarkCount": 30,
}


@dataclass
class View:
    """The public view of the network, the directory of accounts, and the pages of posts."""

    world: World
    platform: Platform
    sessions: Sessions
    rations: Rations
    repos: Repos

    def routes(self) -> list[Route]:
        """The routes. The account's own server passes questions for the view on."""
        pds, view = f"/{PDS}/xrpc", f"/{APPVIEW}/xrpc"
        found = [
            self._step("resolve", f"{host}/com.atproto.identity.resolveHandle", self.resolve)
            for host in (pds, view)
        ]
        for name, path, handler in (
            ("metrics", "app.bsky.feed.getPosts", self.posts),
            ("profile", "app.bsky.actor.getProfile", self.profile),
            ("feed", "app.bsky.feed.getAuthorFeed", self.feed),
        ):
            found.append(self._step(name, f"{view}/{path}", handler))
            found.append(self._step(name, f"{pds}/{path}", self._passed_on(name, handler)))
        return [
            *found,
            self._step("describe", f"{pds}/com.atproto.server.describeServer", self.server),
            self._step("describe", f"{pds}/_health", self.health),
            self._step("resolve", "/plc.directory/{did}", self.directory),
            self._step("page", "/bsky.app/profile/{handle}/post/{key}", self.page),
            *(
                self._step("resolve", f"/{each.username}/.well-known/atproto-did", self._did(each))
                for each in self.world.people_of(NAME)
            ),
            step(
                self.world,
                self.platform,
                "unknown",
                ("GET", "POST"),
                f"{pds}/{{method}}",
                self.unknown,
            ),
        ]

    def _step(self, name: str, path: str, handler: Handler) -> Route:
        return step(self.world, self.platform, name, "GET", path, self.rations.counted(handler))

    def _passed_on(self, name: str, handler: Handler) -> Handler:
        async def passed(request: Request) -> Response:
            self.sessions.admit(request, name, "transition:generic")
            return await handler(request)

        return passed

    def _did(self, person: Person) -> Handler:
        async def told(_request: Request) -> Response:
            return PlainTextResponse(person.id)

        return told

    async def server(self, _request: Request) -> Response:
        """What the server says of itself."""
        return answer(
            200,
            {
                "did": SERVICE_DID,
                "availableUserDomains": [f".{PDS}"],
                "inviteCodeRequired": False,
                "phoneVerificationRequired": False,
                "links": {},
                "contact": {},
            },
        )

    async def health(self, _request: Request) -> Response:
        """That it runs."""
        return answer(200, {"version": "0.5.35"})

    async def unknown(self, _request: Request) -> Response:
        """A method that there is not."""
        return error(501, "MethodNotImplemented", "Method Not Implemented")

    async def resolve(self, request: Request) -> Response:
        """The account behind a handle."""
        person = somebody(self.world, asked(request, "handle")["handle"])
        if person is None or request.query_params["handle"].startswith("did:"):
            raise invalid("Unable to resolve handle", "HandleNotFound")
        return answer(200, {"did": person.id})

    async def directory(self, request: Request) -> Response:
        """The DID document."""
        wanted = str(request.path_params["did"])
        person = self.world.person(NAME, wanted)
        if person is None:
            return answer(404, {"message": f"DID not registered: {wanted}"})
        return answer(200, did_doc(self.world, person))

    async def posts(self, request: Request) -> Response:
        """Posts with their counts; what is not there is left out."""
        wanted = request.query_params.getlist("uris")
        if not 1 <= len(wanted) <= POSTS:
            raise invalid(f"uris must have 1 to {POSTS} elements")
        seen = [post for uri in wanted if (post := self.world.post(NAME, uri)) is not None]
        late = self.world.now() - self.world.faults.seconds(NAME, "lag")
        shown = [self._shown(post) for post in seen if post.created_at <= late]
        return answer(200, {"posts": shown})

    async def feed(self, request: Request) -> Response:
        """Somebody's posts, newest first."""
        said = asked(request, "actor")
        person = self._person(said["actor"])
        posts = self.world.posts_of(NAME, person.id, lagging=True)[: whole(said, "limit", 50, 100)]
        return answer(200, {"feed": [{"post": self._shown(post)} for post in posts]})

    async def profile(self, request: Request) -> Response:
        """An account and its counts."""
        person = self._person(asked(request, "actor")["actor"])
        posts = self.world.posts_of(NAME, person.id, lagging=True)
        return answer(
            200,
            self._author(person)
            | {
                "description": "",
                "followersCount": 300 + len(person.username) * 7 + len(posts),
                "followsCount": len(person.username),
                "postsCount": len(posts),
                "indexedAt": _iso(self.world.now()),
                "labels": [],
            },
        )

    async def page(self, request: Request) -> Response:
        """A post as a page to look at."""
        handle, key = request.path_params["handle"], request.path_params["key"]
        person = somebody(self.world, str(handle))
        post = next(
            (
                each
                for each in self.world.posts_of(NAME, person.id if person else "")
                if each.extra["rkey"] == key
            ),
            None,
        )
        if person is None or post is None:
            return HTMLResponse("<h1>Post not found</h1>", status_code=404)
        who, text = html.escape(person.name), html.escape(post.text).replace("\n", "<br>")
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><title>{who}</title><h1>{who}</h1>"
            f"<p>@{html.escape(person.username)}</p><p>{text}</p><p>{len(post.blobs)} media</p>"
        )

    def _person(self, actor: str) -> Person:
        person = somebody(self.world, actor)
        if person is None:
            raise invalid("Profile not found")
        return person

    def _author(self, person: Person) -> dict[str, Any]:
        return {
            "did": person.id,
            "handle": person.username,
            "displayName": person.name,
            "createdAt": "2025-01-01T00:00:00.000Z",
        }

    def _shown(self, post: Post) -> dict[str, Any]:
        person = self.world.person(NAME, post.owner)
        age = self.world.now() - post.created_at
        return {
            "uri": post.id,
            "cid": post.extra["cid"],
            "author": self._author(person) if person else {},
            "record": post.extra["record"],
            "indexedAt": _iso(post.created_at),
            "labels": [],
        } | {name: grown(post.id, name, most, age) for name, most in COUNTS.items()}


def grown(id: str, name: str, most: int, age: float) -> int:
    """A count that a post has reached at `age` seconds; it never falls."""
    digest = hashlib.sha256(f"{name} {id}".encode()).digest()
    share = 0.25 + 0.75 * int.from_bytes(digest[:3], "big") / 2**24
    return int(most * share * (1 - math.exp(-max(age, 0.0) / 30_000)))


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
