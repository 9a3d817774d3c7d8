"""Connecting pages: one consent gives an account for every page on which the person may post."""

from __future__ import annotations

from typing import Any

from autosched.errors import ForbiddenError
from autosched.platforms import oauth
from autosched.platforms.base import Begun, Connection, Desk
from autosched.platforms.facebook.errors import ROWS, TITLE
from autosched.platforms.meta import login
from autosched.platforms.meta.graph import Graph, version

NEEDED = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
WISHED = ("pages_manage_engagement", "read_insights")
"""For first comments and for figures: without them all else goes on."""
OWN = ("pages_manage_posts", "pages_manage_engagement", "read_insights")
"""What is given back at the end. The rights to see pages may be in use for Instagram."""


def begin(redirect_uri: str, state: str) -> Begun:
    """The consent page."""
    return login.begin(stranger(), (*NEEDED, *WISHED), redirect_uri, state)


def finish(answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """Every page on which the person may post."""
    person = login.person(stranger(), answer, redirect_uri)
    granted = login.granted(person)
    oauth.require(NEEDED, granted, TITLE)
    pages = login.pages(person, "username", "link", "picture")
    if not pages:
        raise ForbiddenError(
            "There is no page on which this person may post.",
            remedy="Ask for the right to create content on the page, or agree again and tick the "
            "page; a personal profile can't be posted to by programs: use reminders for it.",
            code="no_page",
        )
    return [_connection(page, person.token, granted, len(pages)) for page in pages]


def revoke(desk: Desk) -> None:
    """Give the rights back, where no other page hangs on the same consent."""
    if desk.secret.get("pages") == 1 and desk.secret.get("person"):
        graph = Graph(TITLE, ROWS, version("facebook"), meter=desk.meter)
        login.revoke(graph, str(desk.secret["person"]), OWN)


def stranger() -> Graph:
    """The API before there is a token."""
    return Graph(TITLE, ROWS, version("facebook"))


def _connection(page: dict[str, Any], person: str, granted: list[str], count: int) -> Connection:
    name = str(page.get("name") or page["id"])
    picture = page.get("picture")
    avatar = picture.get("data", {}).get("url") if isinstance(picture, dict) else None
    return Connection(
        remote_id=str(page["id"]),
        handle=str(page.get("username") or name),
        name=name,
        secret={
            "access": str(page["access_token"]),
            "page": str(page["id"]),
            "person": person,
            "pages": count,
            "scopes": granted,
        },
        options={"rights": granted, "url": page.get("link")},
        avatar=avatar,
    )
