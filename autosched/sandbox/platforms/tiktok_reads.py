"""What can be read on TikTok: who somebody is, and the figures of their public posts."""

from __future__ import annotations

import hashlib
import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from autosched.sandbox.platforms.tiktok_ground import NAME, WEB, Ground, Rule
from autosched.sandbox.world import Person, Post

USER_FIELDS = {
    "user.info.basic": (
        "open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name",
    ),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}  # fmt: skip
VIDEO_FIELDS = (
    "id", "create_time", "cover_image_url", "share_url", "video_description", "duration", "height",
    "width", "title", "embed_html", "embed_link", "like_count", "comment_count", "share_count",
    "view_count",
)  # fmt: skip
PAGE_MOST, PAGE = 20, 10


class Reads:
    """The reading addresses, and the page of a post."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.world = ground, ground.world

    async def user(self, request: Request) -> Response:
        """The fields of the person that were asked for, each within its own scope."""
        token, person = self.ground.caller(request, "me")
        self.ground.within(token, "read")
        scope_of = {name: scope for scope, names in USER_FIELDS.items() for name in names}
        wanted = self._fields(request, tuple(scope_of))
        for name in wanted:
            if scope_of[name] not in token.scopes:
                raise self.ground.no(
                    "scope_not_authorized", f"{name} needs the scope {scope_of[name]}."
                )
        known = self._user(person)
        return self.ground.ok({"user": {name: known[name] for name in wanted}})

    async def videos(self, request: Request) -> Response:
        """The person's public posts, the newest first, a page at a time."""
        token, person = self.ground.caller(request, "list_posts", "video.list")
        self.ground.within(token, "read")
        wanted = self._fields(request, VIDEO_FIELDS)
        said = self.ground.shaped(
            await self.ground.body(request),
            {"cursor": Rule(int, least=0), "max_count": Rule(int, least=1, most=PAGE_MOST)},
            "body",
        )
        size, before = said.get("max_count", PAGE), said.get("cursor") or None
        posts = [
            post
            for post in self._public(person, lagging=True)
            if before is None or _milliseconds(post) < before
        ]
        page = posts[:size]
        return self.ground.ok(
            {
                "videos": [self._video(post, wanted) for post in page],
                "cursor": _milliseconds(page[-1]) if page else before or 0,
                "has_more": len(posts) > size,
            }
        )

    async def query(self, request: Request) -> Response:
        """Chosen posts of the person's own; what is not public is left out."""
        token, person = self.ground.caller(request, "metrics", "video.list")
        self.ground.within(token, "read")
        wanted = self._fields(request, VIDEO_FIELDS)
        said = self.ground.shaped(
            await self.ground.body(request), {"filters": Rule(dict, needed=True)}, "body"
        )
        filters = self.ground.shaped(
            said["filters"], {"video_ids": Rule(list, needed=True, least=1, most=20)}, "filters"
        )
        ids = filters["video_ids"]
        if not all(isinstance(each, str) for each in ids):
            raise self.ground.no("invalid_param", "filters.video_ids must hold texts.")
        found = [post for post in self._public(person) if post.id in ids]
        return self.ground.ok({"videos": [self._video(post, wanted) for post in found]})

    async def page(self, request: Request) -> Response:
        """The post as everybody sees it."""
        post = self.world.post(NAME, request.path_params["id"])
        if post is None or not 0 < post.extra["shown"] <= self.world.now():
            return HTMLResponse("<h1>This post is not available</h1>", status_code=404)
        media = "".join(
            f'<img src="/_sandbox/media/{blob.path.name}" width="300">'
            if blob.mime.startswith("image/")
            else f'<video src="/_sandbox/media/{blob.path.name}" width="300" controls></video>'
            for blob in post.blobs
        )
        name = html.escape(request.path_params["name"])
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><title>@{name} (sandbox)</title>"
            f"<h1>@{name}</h1>{media}<p>{html.escape(post.text)}</p>"
        )

    def _fields(self, request: Request, known: tuple[str, ...]) -> list[str]:
        wanted = [name for name in request.query_params.get("fields", "").split(",") if name]
        if not wanted:
            raise self.ground.no("invalid_param", "fields is required.")
        for name in wanted:
            if name not in known:
                raise self.ground.no("invalid_param", f"There is no field {name}.")
        return wanted

    def _public(self, person: Person, *, lagging: bool = False) -> list[Post]:
        now = self.world.now()
        return [
            post
            for post in self.world.posts_of(NAME, person.id, lagging=lagging)
            if 0 < post.extra["shown"] <= now
        ]

    def _user(self, person: Person) -> dict[str, Any]:
        picture = self.world.url(WEB, f"avatar/{person.username}")
        public = self._public(person)
        draw = _draw(person.id)
        return {
            "open_id": person.id,
            "union_id": f"union-{person.id[-12:]}",
            "avatar_url": picture,
            "avatar_url_100": picture,
            "avatar_large_url": picture,
            "display_name": person.name,
            "bio_description": f"{person.name}, here for trying things out.",
            "profile_deep_link": self.world.url(WEB, f"@{person.username}"),
            "is_verified": False,
            "username": person.username,
            "follower_count": 400 + draw % 900,
            "following_count": 10 + draw % 40,
            "likes_count": sum(self._figures(post)["like_count"] for post in public),
            "video_count": len(public),
        }

    def _video(self, post: Post, wanted: list[str]) -> dict[str, Any]:
        first = post.blobs[0].extra
        known = {
            "id": post.id,
            "create_time": int(post.created_at),
            "cover_image_url": self.world.url(WEB, f"cover/{post.id}"),
            "share_url": post.permalink,
            "video_description": post.text,
            "duration": int(first.get("seconds", 0)),
            "height": first.get("height", 0),
            "width": first.get("width", 0),
            "title": post.extra.get("title", ""),
            "embed_html": "",
            "embed_link": post.permalink,
            **self._figures(post),
        }
        return {name: known[name] for name in wanted}

    def _figures(self, post: Post) -> dict[str, int]:
        """Figures that grow with the hours, the same for all who ask at the same time."""
        hours = max(0.0, self.world.now() - post.created_at) / 3600
        views = int((60 + _draw(post.id) % 240) * hours**0.8)
        return {
            "view_count": views,
            "like_count": views // 9,
            "comment_count": views // 70,
            "share_count": views // 45,
        }


def _draw(id: str) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest()[:8], 16)


def _milliseconds(post: Post) -> int:
    return int(post.created_at * 1000)
