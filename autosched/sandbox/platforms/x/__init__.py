"""X: consent with PKCE, uploads in parts, posts with a closed body, figures, rate limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import timeline, wire
from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.x.answers import forbidden, problem
from autosched.sandbox.platforms.x.media import Uploads
from autosched.sandbox.platforms.x.oauth import Authority
from autosched.sandbox.platforms.x.posts import Posts
from autosched.sandbox.platforms.x.reads import Reads
from autosched.sandbox.rates import Rate, Standing, Windows
from autosched.sandbox.world import App, Person, World

Work = Callable[[Request, Token], Awaitable[Response]]

QUARTER = 900
PER_PERSON = {
    "me": Rate(75, QUARTER),
    "upload": Rate(500, QUARTER),
    "upload_init": Rate(1_875, QUARTER),
    "upload_append": Rate(1_875, QUARTER),
    "upload_finish": Rate(1_875, QUARTER),
    "upload_status": Rate(1_000, QUARTER),
    "alt_text": Rate(500, QUARTER),  # not documented
    "create_post": Rate(100, QUARTER),
    "delete_post": Rate(50, QUARTER),
    "list_posts": Rate(900, QUARTER),
    "metrics": Rate(900, QUARTER),  # not documented
    "analytics": Rate(300, QUARTER),  # not documented
}
PER_APP = {"create_post": Rate(10_000, 86_400)}
READ = ("tweet.read", "users.read")
WRITE = ("tweet.read", "tweet.write", "users.read")
MEDIA = ("media.write",)


class X:
    """The platform: who may do what, how often, and where."""

    name = "x"

    def __init__(self, world: World) -> None:
        self.world = world
        secret = "rB4kQv9sT2mX7hLw0zNyE5cJd8fGpU3aV6iRo1tK"  # noqa: S105  the stand-in's own
        world.apps.append(App(self.name, "sandbox-x", secret))
        for id, username, name in (
            ("2000000000000000101", "NightReminders", "Night Reminders"),
            ("2000000000000000102", "QuietVerses", "Quiet Verses"),
            ("2000000000000000103", "EastLibrary", "East Library"),
        ):
            world.people.append(Person(self.name, id, username, name))
        self.authority = Authority(world, self.name)
        self.uploads = Uploads(world, self.name)
        self.posts = Posts(world, self.name, self.uploads)
        self.reads = Reads(world, self.name)
        self._windows = Windows()

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage or a rate limit in X's words."""
        if reset_in is not None:
            return _over(Standing(100, 0, self.world.now() + reset_in, True))
        return problem(status)

    def routes(self) -> list[Route]:
        """Every route."""
        uploads, posts, reads = self.uploads, self.posts, self.reads
        open_ = (
            ("authorize", ("GET", "POST"), "/x.com/i/oauth2/authorize", self.authority.authorize),
            ("authorize", ("GET", "POST"), "/api.x.com/2/oauth2/authorize",
             self.authority.authorize),
            ("token", ("POST",), "/api.x.com/2/oauth2/token", self.authority.token),
            ("revoke", ("POST",), "/api.x.com/2/oauth2/revoke", self.authority.revoke),
            ("show_post", ("GET",), "/x.com/{username}/status/{id}", self._page),
        )  # fmt: skip
        guarded: tuple[tuple[str, str, str, tuple[str, ...], Work], ...] = (
            ("me", "GET", "users/me", READ, self._me),
            ("upload", "POST", "media/upload", MEDIA, uploads.at_once),
            ("upload_status", "GET", "media/upload", MEDIA, uploads.status),
            ("upload_init", "POST", "media/upload/initialize", MEDIA, uploads.begin),
            ("upload_append", "POST", "media/upload/{id}/append", MEDIA, uploads.append),
            ("upload_finish", "POST", "media/upload/{id}/finalize", MEDIA, uploads.finish),
            ("alt_text", "POST", "media/metadata", MEDIA, uploads.describe),
            ("create_post", "POST", "tweets", WRITE, posts.create),
            ("metrics", "GET", "tweets", READ, reads.lookup),
            ("analytics", "GET", "tweets/analytics", READ, reads.analytics),
            ("metrics", "GET", "tweets/{id}", READ, reads.one),
            ("delete_post", "DELETE", "tweets/{id}", WRITE, posts.delete),
            ("list_posts", "GET", "users/{id}/tweets", READ, reads.of_person),
        )
        return [
            *(wire.step(self.world, self, *each) for each in open_),
            *(
                wire.step(
                    self.world, self, name, method, f"/api.x.com/2/{path}",
                    self._guarded(name, scopes, work),
                )
                for name, method, path, scopes, work in guarded
            ),
        ]  # fmt: skip

    def _guarded(self, name: str, scopes: tuple[str, ...], work: Work) -> wire.Handler:
        """A handler behind its token, its scopes and its rate limits."""

        async def handler(request: Request) -> Response:
            token, how = self.authority.grants.check(wire.bearer(request), name)
            if token is None or how != "good":
                return problem(401)
            standing = self._count(name, token)
            if standing.over:
                return _over(standing)
            try:
                if not set(scopes) <= set(token.scopes):
                    raise forbidden(
                        "Your app is not permitted to perform this action.", "client-forbidden"
                    )
                response = await work(request, token)
            except wire.Refusal as refusal:
                response = refusal.response
            response.headers.update(_told(standing))
            return response

        return handler

    def _count(self, name: str, token: Token) -> Standing:
        now = self.world.now()
        mine = self._windows.count((name, token.person), PER_PERSON[name], now)
        if name not in PER_APP or mine.over:
            return mine
        whole = self._windows.count((name, "app", token.client_id), PER_APP[name], now)
        return whole if whole.over else mine

    async def _me(self, request: Request, token: Token) -> Response:
        person = self.world.person(self.name, token.person)
        assert person is not None
        return JSONResponse(
            {"data": {"id": person.id, "name": person.name, "username": person.username}}
        )

    async def _page(self, request: Request) -> Response:
        return timeline.single(self.world, self.world.post(self.name, request.path_params["id"]))


def _told(standing: Standing) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(standing.limit),
        "x-rate-limit-remaining": str(standing.left),
        "x-rate-limit-reset": str(int(standing.reset) + 1),
    }


def _over(standing: Standing) -> Response:
    response = problem(429, kind="rate-limit-exceeded")
    response.headers.update(_told(standing))
    return response


def make(world: World) -> X:
    """The platform with its app and its people moved into the world."""
    return X(world)
