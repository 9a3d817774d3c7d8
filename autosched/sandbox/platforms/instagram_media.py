"""Published media: what an account has posted, its comments, and its end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.meta import (
    chosen,
    figure,
    flag,
    identifier,
    paged,
    stamp,
)
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.world import Person, Post

if TYPE_CHECKING:
    from autosched.sandbox.platforms.instagram import Instagram
    from autosched.sandbox.platforms.instagram_containers import Container

COMMENT_MAX = 300
"""Comments are shorter than captions."""
STORY_SECONDS = 86_400
_SHOWN = ("id",)


class Media:
    """The endpoints of media."""

    def __init__(self, instagram: Instagram) -> None:
        self.instagram = instagram
        self.world = instagram.world

    def routes(self) -> list[Route]:
        """On both hosts."""
        found: list[Route] = []
        step = self.instagram.step
        for host in ("graph.instagram.com", "graph.facebook.com"):
            graph = f"/{host}/{{version:metaver}}"
            media, user = graph + "{id:igmedia}", graph + "{user:iguser}"
            found += [
                step("list_media", "GET", user + "/media", self.list_media),
                step("list_stories", "GET", user + "/stories", self.list_stories),
                step("get_media", "GET", media, self.get_media),
                step("delete_media", "DELETE", media, self.delete_media),
                step("list_children", "GET", media + "/children", self.list_children),
                step("comment", "POST", media + "/comments", self.comment),
                step("list_comments", "GET", media + "/comments", self.list_comments),
            ]
        path = "/graph.instagram.com/{version:metaver}me/media"
        return [*found, step("list_media", "GET", path, self.list_media)]

    def post(self, person: Person, container: Container) -> Post:
        """Make a container public."""
        id = identifier(self.world, "media")
        short = hashlib.sha256(id.encode()).hexdigest()[:11]
        blobs = [*container.blobs, *(blob for c in container.children for blob in c.blobs)]
        film = bool(blobs) and blobs[0].mime.startswith("video/")
        product = {"REELS": "REELS", "STORIES": "STORY"}.get(container.kind, "FEED")
        path = {
            "REELS": f"reel/{short}/", "STORY": f"stories/{person.username}/{id}",
        }.get(product, f"p/{short}/")  # fmt: skip
        kind = {"CAROUSEL": "carousel", "REELS": "reel", "STORIES": "story"}
        return self.world.publish(
            "instagram",
            person.id,
            container.caption,
            blobs,
            id=id,
            kind=kind.get(container.kind, "image"),
            permalink=self.world.url("www.instagram.com", path),
            container=container.id,
            product=product,
            media_type="CAROUSEL_ALBUM" if container.children else "VIDEO" if film else "IMAGE",
            children=[child.id for child in container.children],
            shortcode=short,
            comments=[],
            **container.asked,
        )

    async def _media(self, request: Request, need: str) -> tuple[dict[str, Any], Person, Post]:
        post = self.world.post("instagram", str(request.path_params["id"]))
        said, person = await self.instagram.call(request, need, post.owner if post else "")
        if post is None:
            raise fail(33)
        return said, person, post

    def node(self, post: Post) -> dict[str, Any]:
        """Media as Graph tells of it."""
        person = self.world.person("instagram", post.owner)
        assert person is not None
        age = self.world.now() - post.created_at
        urls = [self.world.url("_sandbox", f"media/{blob.path.name}") for blob in post.blobs]
        film = post.extra["media_type"] == "VIDEO"
        shared = flag(post.extra, "share_to_feed", True) if post.kind == "reel" else None
        return {
            "id": post.id,
            "ig_id": post.id,
            "caption": post.text or None,
            "alt_text": post.blobs[0].alt or None,
            "timestamp": stamp(post.created_at),
            "permalink": post.permalink,
            "shortcode": post.extra["shortcode"],
            "media_type": post.extra["media_type"],
            "media_product_type": post.extra["product"],
            "media_url": urls[0],
            "thumbnail_url": urls[0] if film else None,
            "username": person.username,
            "owner": {"id": person.id},
            "is_shared_to_feed": shared,
            "is_comment_enabled": True,
            "like_count": figure(post.id, "likes", age, 260),
            "comments_count": len(post.extra["comments"]),
            "children": {"data": [{"id": id} for id in post.extra["children"]]}
            if post.extra["children"]
            else None,
        }

    async def list_media(self, request: Request) -> Response:
        """The account's posts, the newest first; stories have a list of their own."""
        return await self._listed(request, stories=False)

    async def list_stories(self, request: Request) -> Response:
        """Stories of the last day."""
        return await self._listed(request, stories=True)

    async def _listed(self, request: Request, *, stories: bool) -> Response:
        said, person = await self.instagram.call(request, "basic")
        since = self.world.now() - STORY_SECONDS if stories else 0.0
        found = [
            post
            for post in self.world.posts_of("instagram", person.id, lagging=True)
            if (post.kind == "story") == stories and post.created_at > since
        ]

        def shape(post: Post) -> dict[str, Any]:
            return chosen(said, self.node(post), _SHOWN, "IGMedia")

        return paged(request, self.world, said, found, lambda post: post.id, shape)

    async def get_media(self, request: Request) -> Response:
        """One of them."""
        said, _, post = await self._media(request, "basic")
        return JSONResponse(chosen(said, self.node(post), _SHOWN, "IGMedia"))

    async def list_children(self, request: Request) -> Response:
        """What is in a carousel."""
        _, _, post = await self._media(request, "basic")
        return JSONResponse({"data": [{"id": id} for id in post.extra["children"]]})

    async def delete_media(self, request: Request) -> Response:
        """Take a post away: with Facebook Login only."""
        _, _, post = await self._media(request, "delete")
        post.deleted = True
        return JSONResponse({"success": True, "deleted_id": post.id})

    async def comment(self, request: Request) -> Response:
        """Write a comment as the account."""
        said, person, post = await self._media(request, "comments")
        text = str(said.get("message", ""))
        if post.kind == "story" or not 0 < len(text) <= COMMENT_MAX:
            raise fail(100, "(#100) There can be no such comment")
        id = identifier(self.world, "remark")
        remark = {"id": id, "text": text, "at": self.world.now(), "username": person.username}
        post.extra["comments"].append(remark)
        return JSONResponse({"id": id})

    async def list_comments(self, request: Request) -> Response:
        """The comments of a post."""
        said, _, post = await self._media(request, "comments")

        def shape(each: dict[str, Any]) -> dict[str, Any]:
            node = {
                "id": each["id"], "text": each["text"], "timestamp": stamp(each["at"]),
                "username": each["username"], "like_count": 0,
                "from": {"id": post.owner, "username": each["username"]},
            }  # fmt: skip
            return chosen(said, node, ("timestamp", "text", "id"), "IGComment")

        found: list[dict[str, Any]] = post.extra["comments"]
        return paged(request, self.world, said, found[::-1], lambda each: str(each["id"]), shape)
