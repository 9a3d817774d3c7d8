"""A stand-in for YouTube: Google's log-in, resumable uploads, the Data API and Analytics."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms.youtube_auth import Auth
from autosched.sandbox.platforms.youtube_channels import Channels
from autosched.sandbox.platforms.youtube_ground import (
    ACCOUNTS,
    ANALYTICS,
    APIS,
    NAME,
    OAUTH,
    SITE,
    Ground,
    error,
)
from autosched.sandbox.platforms.youtube_reports import Reports
from autosched.sandbox.platforms.youtube_shelf import Shelf
from autosched.sandbox.platforms.youtube_thumbnails import Thumbnails
from autosched.sandbox.platforms.youtube_upload import Uploads
from autosched.sandbox.platforms.youtube_videos import Videos
from autosched.sandbox.wire import Handler, step
from autosched.sandbox.world import World

_IN_ITS_WORDS = {
    400: ("uploadLimitExceeded", "The user has exceeded the number of videos they may upload."),
    401: ("authError", "Invalid Credentials"),
    403: ("quotaExceeded", "The request cannot be completed because you have exceeded your quota."),
    404: ("notFound", "Not Found"),
    429: ("rateLimitExceeded", "Too many requests have been sent within a short time."),
}


class YouTube:
    """The platform."""

    name = NAME

    def __init__(self, world: World) -> None:
        self.world = world
        ground = Ground(world)
        shelf = Shelf(world)
        self.auth = Auth(ground)
        uploads = Uploads(world)
        self.videos = Videos(ground, shelf, uploads)
        self.thumbnails = Thumbnails(ground, shelf, uploads)
        self.channels = Channels(ground, shelf)
        self.reports = Reports(ground, shelf)

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """An outage or a limit, with `Retry-After` if it is known when it ends."""
        reason, message = _IN_ITS_WORDS.get(status, ("backendError", "Backend Error"))
        headers = {} if reset_in is None else {"Retry_After": str(max(1, round(reset_in)))}
        return error(status, reason, message, **headers)

    def routes(self) -> list[Route]:
        """Every address that there is; the Data API stands under both of its hosts."""
        videos, channels = self.videos, self.channels
        table: list[tuple[str, tuple[str, ...], str, Handler]] = [
            ("authorize", ("GET", "POST"), f"/{ACCOUNTS}/o/oauth2/v2/auth", self.auth.authorize),
            ("token", ("POST",), f"/{OAUTH}/token", self.auth.token),
            ("revoke", ("POST",), f"/{OAUTH}/revoke", self.auth.revoke),
            ("report", ("GET",), f"/{ANALYTICS}/v2/reports", self.reports.query),
            ("page", ("GET",), f"/{SITE}/watch", channels.watch),
        ]
        for host in APIS:
            api, upload = f"/{host}/youtube/v3", f"/{host}/upload/youtube/v3"
            table += [
                ("upload_init", ("POST",), f"{upload}/videos", videos.insert),
                ("upload_append", ("PUT",), f"{upload}/videos", videos.upload),
                ("thumbnail", ("POST",), f"{upload}/thumbnails/set", self.thumbnails.set),
                ("thumbnail", ("PUT",), f"{upload}/thumbnails/set", self.thumbnails.upload),
                ("read_post", ("GET",), f"{api}/videos", videos.read),
                ("update_post", ("PUT",), f"{api}/videos", videos.update),
                ("delete_post", ("DELETE",), f"{api}/videos", videos.delete),
                ("metrics", ("GET",), f"{api}/videos:batchGetStats", videos.stats),
                ("me", ("GET",), f"{api}/channels", channels.read),
                ("list_posts", ("GET",), f"{api}/playlistItems", channels.items),
            ]
        return [
            step(self.world, self, name, methods, path, handler)
            for name, methods, path, handler in table
        ]


def make(world: World) -> YouTube:
    """YouTube, with its app and its people moved in."""
    return YouTube(world)
