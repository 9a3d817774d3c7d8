"""LinkedIn: members and pages, media in parts, posts whose unescaped text is silently cut."""

from __future__ import annotations

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from autosched.sandbox.oauth import Grants
from autosched.sandbox.platforms.linkedin_auth import Auth
from autosched.sandbox.platforms.linkedin_figures import PAGES, Figures
from autosched.sandbox.platforms.linkedin_media import Media
from autosched.sandbox.platforms.linkedin_posts import Posts
from autosched.sandbox.platforms.linkedin_wire import NAME, Desk, refusal, too_many
from autosched.sandbox.wire import Platform, step
from autosched.sandbox.world import App, Person, World

_WORDS = {
    500: ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
    502: ("BAD_GATEWAY", "Bad Gateway"),
    503: ("SERVICE_UNAVAILABLE", "Service Unavailable"),
    504: ("GATEWAY_TIMEOUT", "A gateway timeout occurred"),
    409: ("CONFLICT", "Conflicting concurrent update, please try again"),
}


class LinkedIn:
    """The platform."""

    name = NAME

    def __init__(self, world: World) -> None:
        self.world = world
        world.apps.append(App(NAME, "sandbox-linkedin", "WPL_AP1.9vWcTq7LmX2rHs5B"))
        for id, username, name, roles in (
            ("Lh4nT9kQ2s", "night-reminders", "Night Reminders", (
                ("ADMINISTRATOR", 10100001, "APPROVED"),
                ("ADMINISTRATOR", 10100002, "APPROVED"),
            )),
            ("Qv7xR1mZ8d", "quiet-verses", "Quiet Verses", (
                ("ADMINISTRATOR", 10100003, "APPROVED"),
                ("CONTENT_ADMINISTRATOR", 10100001, "APPROVED"),
                ("ADMINISTRATOR", 10100002, "REQUESTED"),
            )),
            ("Dw3bY6pJ5f", "dawn-library", "Dawn Library", ()),
        ):  # fmt: skip
            held = [
                {"role": role, "organization": f"urn:li:organization:{page}", "state": state}
                for role, page, state in roles
            ]
            world.people.append(Person(NAME, id, username, name, extra={"roles": held}))
        self.grants = Grants(world, NAME)
        self.desk = Desk(world, self.grants)

    def routes(self) -> list[Route]:
        """Every route."""
        world, desk = self.world, self.desk
        media = Media(world, self, desk)
        return [
            *Auth(world, self, self.grants, desk).routes(),
            *media.routes(),
            *Posts(world, self, desk, media).routes(),
            *Figures(world, self, desk).routes(),
            step(world, self, "page", "GET", "/www.linkedin.com/feed/update/{urn}/", self.shown),
        ]

    def refuse(self, status: int, *, reset_in: float | None = None) -> Response:
        """In LinkedIn's words; its 429 does not say for how long."""
        if status == 429 or reset_in is not None:
            return too_many()
        code, message = _WORDS.get(status, ("", "The request could not be served"))
        return refusal(status, code, message)

    async def shown(self, request: Request) -> Response:
        """A post as a page to look at."""
        post = self.world.post(NAME, str(request.path_params["urn"]))
        if post is None or not post.extra["visible"]:
            return HTMLResponse("<h1>This post cannot be displayed</h1>", status_code=404)
        person = self.world.person(NAME, post.owner)
        who = person.name if person else PAGES[post.owner][0]
        text = html.escape(post.text).replace("\n", "<br>")
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><title>{html.escape(who)}</title>"
            f"<h1>{html.escape(who)}</h1><p>{text}</p><p>{len(post.blobs)} media</p>"
        )


def make(world: World) -> Platform:
    """LinkedIn with its people and pages."""
    return LinkedIn(world)
