"""Facebook Pages: `www.facebook.com`, `graph.facebook.com`, `graph-video` and `rupload`."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms import facebook_login
from autosched.sandbox.platforms.facebook_held import Held
from autosched.sandbox.platforms.facebook_insights import Insights
from autosched.sandbox.platforms.facebook_login import Login
from autosched.sandbox.platforms.facebook_photos import Photos
from autosched.sandbox.platforms.facebook_posts import Posts
from autosched.sandbox.platforms.facebook_uploads import Uploads
from autosched.sandbox.platforms.facebook_videos import Videos
from autosched.sandbox.platforms.meta import Meta, lost, parameters
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import Fetcher, portrait
from autosched.sandbox.world import App, Post, World

APP_ID = "sandbox-facebook"
APP_SECRET = "5b8c1f0e7d2a4c96b3e8a1d47f60c259"  # noqa: S105  the app exists only here


class Facebook(Meta):
    """Pages and what is on them."""

    name = "facebook"
    business = "pages"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.alone = True
        self.fetcher = Fetcher()
        self.tasks: set[asyncio.Task[None]] = set()
        self.held: dict[str, Held] = {}
        world.apps.append(App(self.name, APP_ID, APP_SECRET))
        world.people += facebook_login.people()
        self.pages: dict[str, dict[str, Any]] = {
            page["id"]: page
            for person in world.people_of(self.name)
            for page in person.extra["pages"]
        }
        self.login = Login(self)
        self.uploads = Uploads(self)
        self.videos = Videos(self)
        self.photos = Photos(self)
        self.posts = Posts(self)
        self.insights = Insights(self)

    def routes(self) -> list[Route]:
        """Every route; the one for unknown paths is the last."""
        graph = "/graph.facebook.com/"
        return [
            *self.login.routes(),
            *self.uploads.routes(),
            *self.videos.routes(),
            *self.photos.routes(),
            *self.posts.routes(),
            *self.insights.routes(),
            self.step("picture", "GET", "/scontent.xx.fbcdn.net/{id}.jpg", self.picture),
            self.step("permalink", "GET", "/www.facebook.com/{rest:path}", self.permalink),
            self.step(
                "unknown", ["GET", "POST", "DELETE"],
                graph + "{version:metaver}{rest:metarest}", lost,
            ),
        ]  # fmt: skip

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on after the answer."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def picture_of(self, id: str) -> dict[str, Any]:
        """A profile picture as Graph tells of it."""
        url = self.world.url("scontent.xx.fbcdn.net", f"{id}.jpg")
        return {"data": {"height": 64, "is_silhouette": False, "url": url, "width": 64}}

    async def picture(self, request: Request) -> Response:
        """A profile picture."""
        return Response(portrait(str(request.path_params["id"])), media_type="image/jpeg")

    async def permalink(self, request: Request) -> Response:
        """A post as anybody sees it."""
        url = self.world.url("www.facebook.com", str(request.path_params["rest"]))
        for post in list(self.world.posts):
            if post.permalink == url and not post.deleted:
                return HTMLResponse(page_of(post))
        return HTMLResponse("This content isn't available right now", status_code=404)

    async def page_call(
        self, request: Request, *scopes: str, task: str | None = None
    ) -> tuple[dict[str, Any], Token, str]:
        """What was sent, the page's token and the page, for a call that only the page may make."""
        self.release()
        said = await parameters(request)
        token = self.bearer(request, said, self.grants, *scopes)
        page = self.page_of(token, request.path_params.get("page"))
        if task is not None and task not in self.pages[page]["tasks"]:
            raise fail(200, f"(#200) The person does not have the task {task} on this Page")
        return said, token, page

    def page_of(self, token: Token, asked: str | None = None) -> str:
        """The page that a token speaks for; `asked` must be the same."""
        page = token.extra.get("page")
        if page is None:
            raise fail(210, "(#210) A page access token is required to request this resource.")
        if asked not in (None, page):
            raise fail(33)
        return str(page)

    def publish(self, held: Held) -> Post:
        """Make a post public."""
        self.held.pop(held.id, None)
        return self.world.publish(
            self.name,
            held.page,
            held.text,
            held.blobs,
            id=held.id,
            kind=held.kind,
            permalink=held.permalink,
            **held.extra,
        )

    def release(self) -> None:
        """Publish what was scheduled and is due."""
        now = self.world.now()
        for held in list(self.held.values()):
            if held.due is not None and held.due <= now:
                self.publish(held)


def facebook_of(world: World) -> Facebook:
    """The one Facebook of a world: Instagram accounts are reached through it too."""
    kept = vars(world)
    if "facebook" not in kept:
        kept["facebook"] = Facebook(world)
    found: Facebook = kept["facebook"]
    return found


def make(world: World) -> Facebook:
    """Facebook as a platform that serves its own routes."""
    facebook = facebook_of(world)
    facebook.alone = False
    return facebook


def page_of(post: Post) -> str:
    """A post as a plain page."""
    text = html.escape(post.text).replace("\n", "<br>")
    return (
        "<!doctype html><meta charset=utf-8><title>Post</title>"
        f"<body style='font:16px system-ui;max-width:34em;margin:8vh auto'><p>{text}</p>"
        f"<p>{len(post.blobs)} media, {html.escape(post.kind)}</p>"
    )
