"""A stand-in for TikTok: log-in, direct posts, drafts, photos, and reading one's own posts.

Nobody can delete or edit through its API, and so nobody can here.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms.tiktok_auth import Auth
from autosched.sandbox.platforms.tiktok_ground import API, NAME, UPLOAD, WEB, Ground
from autosched.sandbox.platforms.tiktok_publish import Publish
from autosched.sandbox.platforms.tiktok_reads import Reads
from autosched.sandbox.platforms.tiktok_work import Work
from autosched.sandbox.wire import Handler, answer, step
from autosched.sandbox.world import World

_IN_ITS_WORDS = {
    400: "invalid_param",
    401: "access_token_invalid",
    403: "spam_risk_too_many_posts",
    429: "rate_limit_exceeded",
}


class TikTok:
    """The platform."""

    name = NAME

    def __init__(self, world: World) -> None:
        self.world = world
        self.ground = Ground(world)
        self.auth = Auth(self.ground)
        self.work = Work(self.ground)
        self.publish = Publish(self.ground, self.work)
        self.reads = Reads(self.ground)

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage or a limit; TikTok sends no word of when to come again."""
        code = _IN_ITS_WORDS.get(status, "internal_error")
        said = {"code": code, "message": code, "log_id": self.ground.log_id()}
        return answer(status, {"data": {}, "error": said})

    def routes(self) -> list[Route]:
        """Every address that there is."""
        posting = f"/{API}/v2/post/publish"
        table: list[tuple[str, tuple[str, ...], str, Handler]] = [
            ("authorize", ("GET", "POST"), f"/{WEB}/v2/auth/authorize/", self.auth.authorize),
            ("token", ("POST",), f"/{API}/v2/oauth/token/", self.auth.token),
            ("revoke", ("POST",), f"/{API}/v2/oauth/revoke/", self.auth.revoke),
            ("creator_info", ("POST",), f"{posting}/creator_info/query/",
             self.publish.creator_info),
            ("upload_init", ("POST",), f"{posting}/video/init/", self.publish.video),
            ("draft_init", ("POST",), f"{posting}/inbox/video/init/", self.publish.draft),
            ("photo_init", ("POST",), f"{posting}/content/init/", self.publish.photos),
            ("upload_append", ("PUT",), f"/{UPLOAD}/video/", self.work.upload),
            ("upload_status", ("POST",), f"{posting}/status/fetch/", self.work.status),
            ("me", ("GET",), f"/{API}/v2/user/info/", self.reads.user),
            ("list_posts", ("POST",), f"/{API}/v2/video/list/", self.reads.videos),
            ("metrics", ("POST",), f"/{API}/v2/video/query/", self.reads.query),
            ("page", ("GET",), f"/{WEB}/@{{name}}/{{kind}}/{{id}}", self.reads.page),
        ]  # fmt: skip
        return [
            step(self.world, self, name, methods, path, handler)
            for name, methods, path, handler in table
        ]


def make(world: World) -> TikTok:
    """TikTok, with its app and its people moved in."""
    return TikTok(world)
