"""Mastodon: a large instance, and a small one of another make with other limits."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox import wire
from autosched.sandbox.platforms.mastodon.instance import Instance
from autosched.sandbox.platforms.mastodon.limits import Limits
from autosched.sandbox.platforms.mastodon.media import Media
from autosched.sandbox.platforms.mastodon.oauth import SCOPES, Authority
from autosched.sandbox.platforms.mastodon.reads import Reads
from autosched.sandbox.platforms.mastodon.statuses import Statuses
from autosched.sandbox.world import App, Person, World

LARGE = "mastodon.social"
SMALL = "instance.sandbox"


class Server(Instance):
    """An instance with all its addresses."""

    def __init__(
        self, world: World, host: str, limits: Limits, app: App, *, plain: bool = False
    ) -> None:
        super().__init__(world, host, limits, plain=plain)
        self._app = app

    def routes(self) -> list[Route]:
        """Every route of this instance."""
        authority, media = Authority(self), Media(self)
        authority.know(self._app, SCOPES, "Sandbox")
        statuses = Statuses(self, media, authority)
        reads = Reads(self, statuses)
        guarded, everybody = self.guarded, self.open
        me = guarded("me", "read:accounts|profile", reads.me)
        kept = guarded("scheduled", "write:statuses", statuses.scheduled)
        writing = "write:statuses"
        table = (
            ("discovery", "GET", ".well-known/oauth-authorization-server", authority.discovery),
            ("authorize", "GET POST", "oauth/authorize", authority.authorize),
            ("token", "POST", "oauth/token", authority.token),
            ("revoke", "POST", "oauth/revoke", authority.revoke),
            ("register_app", "POST", "api/v1/apps", everybody("register_app", authority.register)),
            ("instance", "GET", "api/v2/instance", everybody("instance", self.about)),
            ("instance", "GET", "api/v1/instance", everybody("instance", self.about_before)),
            ("me", "GET", "api/v1/accounts/verify_credentials", me),
            ("account", "GET", "api/v1/accounts/{id}", everybody("account", reads.account)),
            ("list_posts", "GET", "api/v1/accounts/{id}/statuses",
             everybody("list_posts", reads.of_person)),
            ("upload", "POST", "api/v2/media", guarded("upload", "write:media", media.upload)),
            ("upload", "POST", "api/v1/media", guarded("upload", "write:media", media.upload)),
            ("upload_status", "GET", "api/v1/media/{id}",
             guarded("upload_status", "write:media", media.status)),
            ("upload_edit", "PUT", "api/v1/media/{id}",
             guarded("upload_edit", "write:media", media.change)),
            ("create_post", "POST", "api/v1/statuses",
             guarded("create_post", writing, statuses.create)),
            ("metrics", "GET", "api/v1/statuses", everybody("metrics", reads.several)),
            ("metrics", "GET", "api/v1/statuses/{id}", everybody("metrics", reads.one)),
            ("edit_post", "PUT", "api/v1/statuses/{id}",
             guarded("edit_post", writing, statuses.edit)),
            ("delete_post", "DELETE", "api/v1/statuses/{id}",
             guarded("delete_post", writing, statuses.delete)),
            ("scheduled", "GET", "api/v1/scheduled_statuses", kept),
            ("scheduled", "GET PUT DELETE", "api/v1/scheduled_statuses/{id}", kept),
            ("show_post", "GET", "@{username}/{id}", reads.page),
        )  # fmt: skip
        return [
            wire.step(self.world, self, step, method.split(), f"/{self.host}/{path}", handler)
            for step, method, path, handler in table
        ]


class Mastodon:
    """Both instances as one platform; each has its own apps, people and tokens."""

    name = "mastodon"

    def __init__(self, world: World) -> None:
        secret = "qN7wZ2yK5tVb9cXe4hRj8mLs1dGf6pUaWo3iTz0E"  # noqa: S105  the stand-in's own
        app = App(self.name, "sandbox-mastodon", secret)
        world.apps.append(app)
        for host, id, username, name in (
            (LARGE, "109000000000000101", "nightreminders", "Night Reminders"),
            (LARGE, "109000000000000102", "quietverses", "Quiet Verses"),
            (SMALL, "01JD0SANDB0X0000000000000A", "oldtownarchive", "Old Town Archive"),
            (SMALL, "01JD0SANDB0X0000000000000B", "harbourlibrary", "Harbour Library"),
        ):
            world.people.append(Person(self.name, id, username, name, extra={"host": host}))
        small = Limits(characters=5_000, per_address=25, attachments=6)
        self.large = Server(world, LARGE, Limits(), app)
        self.small = Server(world, SMALL, small, app, plain=True)

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """As the large instance says it."""
        return self.large.refuse(status, reset_in=reset_in)

    def routes(self) -> list[Route]:
        """Every route of both."""
        return [*self.large.routes(), *self.small.routes()]


def make(world: World) -> Mastodon:
    """The platform with its app and its people moved into the world."""
    return Mastodon(world)
