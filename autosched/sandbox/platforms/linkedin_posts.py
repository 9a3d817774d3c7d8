"""LinkedIn's posts and comments: what is refused, what is silently cut, what cannot be read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms import linkedin_text
from autosched.sandbox.platforms.linkedin_content import Content, check_content
from autosched.sandbox.platforms.linkedin_media import Media
from autosched.sandbox.platforms.linkedin_wire import (
    NAME,
    Desk,
    body,
    closed,
    denied,
    path_urn,
    query,
    stop,
    urn,
)
from autosched.sandbox.wire import Platform, Refusal, answer, step
from autosched.sandbox.world import Post, World

COMMENTARY = 3_000
"""Counted over what is shown, without the backslashes of escaping."""
COMMENT = 1_250
DUPLICATE_SECONDS = 600.0
VISIBILITY = ("PUBLIC", "CONNECTIONS", "LOGGED_IN")
FEEDS = ("MAIN_FEED", "NONE")
POST_KINDS = ("share", "ugcPost")
WRITE_ORG = ("w_organization_social",)


@dataclass
class Sent:
    """What an author sent, by which a second sending of the same is known."""

    at: float
    urn: str


@dataclass
class Posts:
    """The resources posts and socialActions."""

    world: World
    platform: Platform
    desk: Desk
    media: Media
    recent: dict[str, Sent] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes."""
        world, platform, rest = self.world, self.platform, "/api.linkedin.com/rest"
        comments = f"{rest}/socialActions/{{urn}}/comments"
        return [
            step(world, platform, "create_post", "POST", f"{rest}/posts", self.create),
            step(world, platform, "list_posts", "GET", f"{rest}/posts", self.found),
            step(world, platform, "get_post", "GET", f"{rest}/posts/{{urn}}", self.get),
            step(world, platform, "update_post", "POST", f"{rest}/posts/{{urn}}", self.update),
            step(world, platform, "delete_post", "DELETE", f"{rest}/posts/{{urn}}", self.delete),
            step(world, platform, "comment", "POST", comments, self.comment),
            step(world, platform, "list_comments", "GET", comments, self.comments),
        ]

    async def create(self, request: Request) -> Response:
        """Publish: 201 without a body, the URN in a header; unescaped text is cut in silence."""
        token = self.desk.admit(request, "create_post", "w_member_social", "w_organization_social")
        said = await body(request)
        closed(
            said,
            "",
            {"author", "commentary", "visibility", "distribution", "lifecycleState"},
            {"content", "isReshareDisabledByAuthor"},
        )
        author = urn(said["author"], "author", "person", "organization")
        if not self.desk.speaks_for(token, author, org_scopes=WRITE_ORG):
            raise denied(request)
        _check_frame(said)
        shown = check_commentary(said["commentary"])
        content = check_content(said.get("content"), author, self.media)
        if not shown.text and not content.id:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "A post needs a commentary or content")
        self._refuse_duplicate(said)
        post = self._publish(said, author, token.person, shown, content)
        return Response(
            status_code=201,
            headers={
                "x-restli-id": post.id,
                "location": f"/posts/{post.id.replace(':', '%3A')}",
            },
        )

    def _refuse_duplicate(self, said: dict[str, Any]) -> None:
        earlier = self.recent.get(_fingerprint(said))
        if earlier is None or self.world.now() - earlier.at >= DUPLICATE_SECONDS:
            return
        if self.world.post(NAME, earlier.urn) is None:
            return
        reason = "com.linkedin.content.common.exception.BadRequestResponseException"
        inner = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
        raise Refusal(
            answer(
                422,
                {
                    "errorDetailType": "com.linkedin.common.error.BadRequest",
                    "message": f"{reason}: Content is a duplicate of {earlier.urn}",
                    "errorDetails": {"inputErrors": [inner]},
                    "status": 422,
                },
            )
        )

    def _publish(
        self,
        said: dict[str, Any],
        author: str,
        person: str,
        shown: linkedin_text.Shown,
        content: Content,
    ) -> Post:
        kind = "ugcPost" if content.kind == "video" else "share"
        id = f"urn:li:{kind}:{self.world.number()}"
        self.recent[_fingerprint(said)] = Sent(self.world.now(), id)
        return self.world.publish(
            NAME,
            person if author.startswith("urn:li:person:") else author,
            shown.text,
            content.blobs,
            id=id,
            kind=content.kind or "text",
            permalink=self.world.url("www.linkedin.com", f"feed/update/{id}/"),
            author=author,
            commentary=shown.raw,
            sent=said["commentary"],
            cut=shown.cut,
            mentions=list(shown.mentions),
            visibility=said["visibility"],
            distribution=said["distribution"],
            content=said.get("content"),
            title=content.title,
            alt=content.alt,
            reshare=not said.get("isReshareDisabledByAuthor", False),
            visible=content.ready,
            comments=[],
        )

    async def found(self, request: Request) -> Response:
        """A page's posts, newest first. A member's own posts cannot be read."""
        asked = query(request)
        token = self.desk.admit(request, "list_posts", "r_organization_social", "w_member_social")
        if asked.get("q") != "author":
            raise stop(400, "ILLEGAL_ARGUMENT", f"The finder {asked.get('q')} is not defined")
        author = urn(asked.get("author"), "author", "person", "organization")
        if not author.startswith("urn:li:organization:") or not self.desk.speaks_for(
            token, author, org_scopes=("r_organization_social",)
        ):
            raise denied(request)
        if asked.get("sortBy", "LAST_MODIFIED") not in ("CREATED", "LAST_MODIFIED"):
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "sortBy must be CREATED or LAST_MODIFIED")
        start, count = number(asked, "start", 0), number(asked, "count", 10, most=100)
        posts = self.world.posts_of(NAME, author, lagging=True)
        return answer(
            200,
            {
                "paging": {"start": start, "count": count, "links": [], "total": len(posts)},
                "elements": [_told(post) for post in posts[start : start + count]],
            },
        )

    async def get(self, request: Request) -> Response:
        """One post of a page."""
        wanted = path_urn(request, *POST_KINDS)
        token = self.desk.admit(request, "get_post", "r_organization_social", "w_member_social")
        post = self.post(wanted)
        author = str(post.extra["author"])
        if not author.startswith("urn:li:organization:") or not self.desk.speaks_for(
            token, author, org_scopes=("r_organization_social",)
        ):
            raise denied(request)
        return answer(200, _told(post))

    async def update(self, request: Request) -> Response:
        """Change the commentary."""
        wanted = path_urn(request, *POST_KINDS)
        token = self.desk.admit(request, "update_post", "w_member_social", "w_organization_social")
        if request.headers.get("x-restli-method", "").upper() != "PARTIAL_UPDATE":
            raise stop(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method must be PARTIAL_UPDATE")
        said = await body(request)
        closed(said, "", {"patch"}, set())
        change = said["patch"].get("$set") if isinstance(said["patch"], dict) else None
        if not isinstance(change, dict):
            raise stop(422, "", "ERROR :: /patch/$set :: field is required but not found\n")
        closed(change, "/patch/$set", {"commentary"}, set())
        post = self.post(wanted)
        if not self.desk.speaks_for(token, str(post.extra["author"]), org_scopes=WRITE_ORG):
            raise denied(request)
        shown = check_commentary(change["commentary"])
        post.text = shown.text
        post.extra |= {"commentary": shown.raw, "sent": change["commentary"], "cut": shown.cut}
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Delete; what is gone already is a success too."""
        wanted = path_urn(request, *POST_KINDS)
        token = self.desk.admit(request, "delete_post", "w_member_social", "w_organization_social")
        post = self.world.post(NAME, wanted)
        if post is not None:
            if not self.desk.speaks_for(token, str(post.extra["author"]), org_scopes=WRITE_ORG):
                raise denied(request)
            post.deleted = True
        return Response(status_code=204)

    async def comment(self, request: Request) -> Response:
        """Comment on a post as a member or a page."""
        wanted = path_urn(request, *POST_KINDS)
        token = self.desk.admit(request, "comment", "w_member_social", "w_organization_social")
        said = await body(request)
        closed(said, "", {"actor", "message"}, {"object"})
        actor = urn(said["actor"], "actor", "person", "organization")
        if not self.desk.speaks_for(token, actor, org_scopes=WRITE_ORG):
            raise denied(request)
        post = self.post(wanted)
        if said.get("object", wanted) != wanted:
            raise stop(400, "INVALID_VALUE_FOR_FIELD", "object is another post than the path's")
        message = said["message"]
        text = message.get("text") if isinstance(message, dict) else None
        if not isinstance(text, str) or not text:
            raise stop(422, "", "ERROR :: /message/text :: field is required but not found\n")
        if len(text) > COMMENT:
            raise stop(
                400, "FIELD_LENGTH_TOO_LONG", f"message/text has more than {COMMENT} characters"
            )
        id = self.world.number()
        made = {
            "id": id,
            "actor": actor,
            "object": wanted,
            "message": {"text": text},
            "$URN": f"urn:li:comment:({wanted},{id})",
            "created": {"actor": actor, "time": int(self.world.now() * 1000)},
        }
        post.extra["comments"].append(made)
        return answer(201, made, x_restli_id=id)

    async def comments(self, request: Request) -> Response:
        """The comments on a page's post."""
        wanted = path_urn(request, *POST_KINDS)
        token = self.desk.admit(request, "list_comments", "r_organization_social")
        post = self.post(wanted)
        if not self.desk.speaks_for(
            token, str(post.extra["author"]), org_scopes=("r_organization_social",)
        ):
            raise denied(request)
        made = post.extra["comments"]
        return answer(
            200,
            {
                "paging": {"start": 0, "count": 10, "links": [], "total": len(made)},
                "elements": made,
            },
        )

    def post(self, wanted: str) -> Post:
        """A post that stands."""
        post = self.world.post(NAME, wanted)
        if post is None:
            raise stop(404, "NOT_FOUND", f"Could not find entity {wanted}")
        return post


def check_commentary(said: Any) -> linkedin_text.Shown:
    """Read the commentary; too long a one is refused, an unescaped one is cut."""
    if not isinstance(said, str):
        raise stop(422, "", "ERROR :: /commentary :: a string is expected\n")
    shown = linkedin_text.read(said)
    length = len(linkedin_text.unescaped(said) if shown.cut else shown.text)
    if length > COMMENTARY:
        raise stop(
            400, "FIELD_LENGTH_TOO_LONG", f"commentary has more than {COMMENTARY} characters"
        )
    return shown


def number(asked: dict[str, Any], name: str, usual: int, most: int = 1_000_000) -> int:
    """A whole number of the query."""
    said = str(asked.get(name, usual))
    if not said.isdigit() or int(said) > most:
        raise stop(400, "INVALID_VALUE_FOR_FIELD", f"{name} is not a possible number")
    return int(said)


def _check_frame(said: dict[str, Any]) -> None:
    if said["visibility"] not in VISIBILITY:
        raise stop(400, "INVALID_VALUE_FOR_FIELD", f"visibility must be one of {VISIBILITY}")
    if said["lifecycleState"] != "PUBLISHED":
        raise stop(400, "INVALID_VALUE_FOR_FIELD", "lifecycleState must be PUBLISHED")
    if not isinstance(said.get("isReshareDisabledByAuthor", False), bool):
        raise stop(422, "", "ERROR :: /isReshareDisabledByAuthor :: a boolean is expected\n")
    spread = said["distribution"]
    if not isinstance(spread, dict):
        raise stop(422, "", "ERROR :: /distribution :: a record is expected\n")
    lists = {"targetEntities", "thirdPartyDistributionChannels"}
    closed(spread, "/distribution", {"feedDistribution"}, lists)
    if spread["feedDistribution"] not in FEEDS:
        raise stop(400, "INVALID_VALUE_FOR_FIELD", f"feedDistribution must be one of {FEEDS}")
    for name in lists & set(spread):
        if not isinstance(spread[name], list):
            raise stop(422, "", f"ERROR :: /distribution/{name} :: an array is expected\n")


def _fingerprint(said: dict[str, Any]) -> str:
    """Identical content: the same author, commentary and content, to the letter."""
    return json.dumps([said["author"], said["commentary"], said.get("content")], sort_keys=True)


def _told(post: Post) -> dict[str, Any]:
    extra, at = post.extra, int(post.created_at * 1000)
    said = {
        "id": post.id,
        "author": extra["author"],
        "commentary": extra["commentary"],
        "visibility": extra["visibility"],
        "distribution": extra["distribution"],
        "lifecycleState": "PUBLISHED" if extra["visible"] else "PUBLISH_REQUESTED",
        "isReshareDisabledByAuthor": not extra["reshare"],
        "createdAt": at,
        "publishedAt": at,
        "lastModifiedAt": at,
    }
    return said | ({"content": extra["content"]} if extra["content"] else {})
