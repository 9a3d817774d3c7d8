"""Instagram, by both log-ins: its own (`graph.instagram.com`) and Facebook's."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms import instagram_login
from autosched.sandbox.platforms.facebook import facebook_of, page_of
from autosched.sandbox.platforms.instagram_containers import Containers
from autosched.sandbox.platforms.instagram_insights import Insights
from autosched.sandbox.platforms.instagram_login import Login
from autosched.sandbox.platforms.instagram_media import Media
from autosched.sandbox.platforms.meta import Meta, chosen, lost, parameters
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import portrait
from autosched.sandbox.world import App, Person, World

APP_ID = "sandbox-instagram"
APP_SECRET = "c41f7a9d3e6045b28f90d1b7e52a8c36"  # noqa: S105  the app exists only here

OWN, SHARED = "graph.instagram.com", "graph.facebook.com"
SCOPES = {
    OWN: {
        "basic": ("instagram_business_basic",),
        "publish": ("instagram_business_basic", "instagram_business_content_publish"),
        "insights": ("instagram_business_basic", "instagram_business_manage_insights"),
        "comments": ("instagram_business_basic", "instagram_business_manage_comments"),
    },
    SHARED: {
        "basic": ("instagram_basic", "pages_show_list"),
        "publish": (
            "instagram_basic",
            "instagram_content_publish",
            "pages_read_engagement",
            "pages_show_list",
        ),
        "insights": ("instagram_basic", "instagram_manage_insights", "pages_read_engagement"),
        "comments": ("instagram_basic", "instagram_manage_comments", "pages_read_engagement"),
        "delete": ("instagram_basic", "instagram_manage_contents", "pages_read_engagement"),
    },
}
"""What each log-in must have granted for what."""


class Instagram(Meta):
    """Professional accounts and what they post."""

    name = "instagram"
    business = "instagram"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.apps.append(App(self.name, APP_ID, APP_SECRET))
        world.people += instagram_login.people()
        self.facebook = facebook_of(world)
        self.login = Login(self)
        self.media = Media(self)
        self.containers = Containers(self)
        self.insights = Insights(self)

    def routes(self) -> list[Route]:
        """Every route; Facebook's too where nobody else serves them, as its log-in is needed."""
        own = f"/{OWN}/{{version:metaver}}"
        found = [
            *self.login.routes(),
            self.step("me", "GET", own + "me", self.me),
            *self.containers.routes(),
            *self.media.routes(),
            *self.insights.routes(),
        ]
        for host in (OWN, SHARED):
            path = f"/{host}/{{version:metaver}}{{user:iguser}}"
            found.append(self.step("me", "GET", path, self.me))
        return [
            *found,
            self.step("picture", "GET", "/scontent.cdninstagram.com/{id}.jpg", self.picture),
            self.step("permalink", "GET", "/www.instagram.com/{rest:path}", self.permalink),
            self.step("unknown", ["GET", "POST", "DELETE"], own + "{rest:path}", lost),
            *(self.facebook.routes() if self.facebook.alone else []),
        ]

    async def call(
        self, request: Request, need: str, user: str | None = None
    ) -> tuple[dict[str, Any], Person]:
        """What was sent and the account it is for, if the token may do what is needed.

        `user`: the account that the path names, if another than in `{user}`.
        """
        self.facebook.release()
        said = await parameters(request)
        host = self.host(request)
        scopes = SCOPES[host].get(need)
        if scopes is None:
            raise fail(10, "(#10) This is not offered with Instagram Login")
        asked = user or request.path_params.get("user")
        if host == OWN:
            token = self.bearer(request, said, self.grants, *scopes)
            mine = token.person
        else:
            token = self.bearer(request, said, self.facebook.grants, *scopes)
            mine = self.linked(token, str(asked))
        if asked not in (None, mine):
            raise fail(33)
        person = self.world.person(self.name, mine)
        if person is None:
            raise fail(33)
        return said, person

    def host(self, request: Request) -> str:
        """By which host a call came."""
        return OWN if request.url.path.startswith(f"/{OWN}/") else SHARED

    def linked(self, token: Token, asked: str) -> str:
        """The account if it belongs to a page that the token opens; nothing otherwise."""
        who, page = self.world.person("facebook", token.person), token.extra.get("page")
        for each in who.extra["pages"] if who else []:
            if each.get("instagram") == asked and page in (None, each["id"]):
                return asked
        return ""

    async def me(self, request: Request) -> Response:
        """The account. Its `id` is the app's own for it; `user_id` is what the other paths want."""
        said, person = await self.call(request, "basic")
        count = len(self.world.posts_of(self.name, person.id, lagging=True))
        node: dict[str, Any] = {
            "id": person.extra["app_scoped_id"],
            "user_id": person.id,
            "username": person.username,
            "name": person.name,
            "account_type": person.extra["account_type"],
            "profile_picture_url": self.world.url("scontent.cdninstagram.com", f"{person.id}.jpg"),
            "followers_count": person.extra["followers"],
            "follows_count": 12,
            "media_count": count,
            "biography": "",
        }
        if self.host(request) == SHARED:
            node["id"] = person.id
            del node["user_id"], node["account_type"]
        return JSONResponse(chosen(said, node, ("id",), "IGUser"))

    async def picture(self, request: Request) -> Response:
        """A profile picture."""
        return Response(portrait(str(request.path_params["id"])), media_type="image/jpeg")

    async def permalink(self, request: Request) -> Response:
        """A post as anybody sees it."""
        url = self.world.url("www.instagram.com", str(request.path_params["rest"]))
        for post in list(self.world.posts):
            if post.permalink == url and not post.deleted:
                return HTMLResponse(page_of(post))
        return HTMLResponse("Sorry, this page isn't available.", status_code=404)


def make(world: World) -> Instagram:
    """Instagram with its app and its people."""
    return Instagram(world)
