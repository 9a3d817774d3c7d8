"""A page's posts: text, links, lists, comments, editing and deleting."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.facebook_held import Held, check_text
from autosched.sandbox.platforms.facebook_photos import Photo
from autosched.sandbox.platforms.meta import (
    chosen,
    figure,
    flag,
    identifier,
    listed,
    paged,
    parameters,
    stamp,
    whole,
)
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.world import Blob, Post

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

ATTACHED_MAX = 10
"""How many photos one post may have is not documented."""
SCHEDULE_FROM, SCHEDULE_UNTIL = 600, 30 * 86_400
"""The documentation names 30 and 75 days: the shorter."""
DUPLICATE_SECONDS = 3_600
"""For how long the same words as in the page's newest post are refused; not documented."""
COMMENT_MAX = 8_000


class Posts:
    """The endpoints of posts and photos."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world

    def routes(self) -> list[Route]:
        """Posts, photos and comments."""
        step, graph = self.facebook.step, "/graph.facebook.com/{version:metaver}"
        page, post = graph + "{page:fbpage}", graph + "{post:fbpost}"
        lists = [
            step("list_posts", "GET", f"{own}/{edge}", self.list_posts)
            for own in (page, graph + "me")
            for edge in ("published_posts", "posts", "feed")
        ]
        return [
            step("create_post", "POST", page + "/feed", self.create_post),
            step("create_post", "POST", graph + "me/feed", self.create_post),
            *lists,
            step("scheduled_posts", "GET", page + "/scheduled_posts", self.scheduled_posts),
            step("page", "GET", page, self.page),
            step("get_post", "GET", post, self.get_post),
            step("edit_post", "POST", post, self.edit_post),
            step("delete_post", "DELETE", post, self.delete_post),
            step("comment", "POST", post + "/comments", self.comment),
            step("list_comments", "GET", post + "/comments", self.list_comments),
        ]

    async def page(self, request: Request) -> Response:
        """The page itself, asked with its own token or that of a person with a role on it."""
        said = await parameters(request)
        facebook = self.facebook
        token = facebook.bearer(request, said, facebook.grants)
        id = str(request.path_params["page"])
        person = self.world.person("facebook", token.person)
        known = [page["id"] for page in person.extra["pages"]] if person else []
        if id not in known or token.extra.get("page", id) != id:
            raise fail(33)
        said = said if said.get("fields") else {**said, "fields": "name,id"}
        return JSONResponse(facebook.login.page_node(said, token, facebook.pages[id]))

    async def create_post(self, request: Request) -> Response:
        """Text, a link, or photos that were uploaded before."""
        said, _, page = await self.facebook.page_call(
            request, "pages_manage_posts", "pages_read_engagement", task="CREATE_CONTENT"
        )
        text, link = str(said.get("message", "")), str(said.get("link", ""))
        attached = listed(said, "attached_media")
        if not text and not link and not attached:
            raise fail(100, "(#100) The status you are trying to publish is a duplicate or empty")
        check_text(text)
        if link:
            check_link(link)
        due = self.due(said)
        if due is None and flag(said, "published", True):
            self._check_duplicate(page, text, link, attached)
        photos = self._attached(page, attached or [], scheduled=due is not None)
        held = self.held(page, text, [photo.blob for photo in photos], due, "post")
        held.extra = {"link": link, "photos": [photo.id for photo in photos], "comments": []}
        for photo in photos:
            photo.post = held.id
        self.settle(held, published=flag(said, "published", True))
        return JSONResponse({"id": held.id})

    def _check_duplicate(self, page: str, text: str, link: str, attached: list[Any] | None) -> None:
        newest = next(iter(self.world.posts_of("facebook", page)), None)
        if newest is None or attached or newest.blobs:
            return
        alike = (newest.text, newest.extra.get("link", "")) == (text, link)
        if alike and self.world.now() - newest.created_at < DUPLICATE_SECONDS:
            raise fail(506)

    def _attached(self, page: str, attached: list[Any], *, scheduled: bool) -> list[Photo]:
        found: list[Photo] = []
        if len(attached) > ATTACHED_MAX:
            raise fail(100, f"(#100) No more than {ATTACHED_MAX} photos can be attached")
        for each in attached:
            try:
                item = json.loads(each) if isinstance(each, str) else each
                id = str(item["media_fbid"])
            except (ValueError, TypeError, KeyError):
                raise fail(100, "(#100) Param attached_media must name a media_fbid") from None
            photo = self.facebook.photos.known.get(id)
            if photo is None or photo.page != page:
                raise fail(33)
            if photo.post is not None or photo in found:
                raise fail(1366051)
            if scheduled and not photo.temporary:
                raise fail(100, "(#100) Photos of a scheduled post must be uploaded as temporary")
            found.append(photo)
        return found

    def due(self, said: dict[str, Any]) -> float | None:
        """When it is to be published, if later; then `published` must be false."""
        at = whole(said, "scheduled_publish_time")
        if at is None:
            return None
        if flag(said, "published", True):
            raise fail(
                100, "(#100) You cannot specify a scheduled publish time on a published post"
            )
        ahead = at - self.world.now()
        if not SCHEDULE_FROM <= ahead <= SCHEDULE_UNTIL:
            raise fail(100, "(#100) The specified scheduled publish time is invalid.")
        return float(at)

    def held(self, page: str, text: str, blobs: list[Blob], due: float | None, kind: str) -> Held:
        """A post that is not public yet."""
        short = identifier(self.world, "post")
        name = self.facebook.pages[page]["username"]
        link = self.world.url("www.facebook.com", f"{name}/posts/{short}")
        return Held(f"{page}_{short}", page, text, blobs, due, self.world.now(), kind, link)

    def settle(self, held: Held, *, published: bool) -> None:
        """Publish it, or keep it for later."""
        if held.due is None and published:
            self.facebook.publish(held)
        else:
            self.facebook.held[held.id] = held

    async def list_posts(self, request: Request) -> Response:
        """The page's public posts, the newest first."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        posts = self.world.posts_of("facebook", page, lagging=True)

        def shape(post: Post) -> dict[str, Any]:
            return chosen(said, self.node(post), ("created_time", "message", "id"), "PagePost")

        return paged(request, self.world, said, posts, lambda post: post.id, shape)

    async def scheduled_posts(self, request: Request) -> Response:
        """What waits for its time."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        held = [each for each in self.facebook.held.values() if each.page == page and each.due]

        def shape(each: Held) -> dict[str, Any]:
            return chosen(said, self.held_node(each), ("created_time", "message", "id"), "PagePost")

        return paged(request, self.world, said, held, lambda each: each.id, shape)

    def held_node(self, held: Held) -> dict[str, Any]:
        """A post that is not public, as Graph tells of it."""
        post = Post(
            held.id, "facebook", held.page, held.text, held.kind, held.blobs, held.made,
            held.permalink, held.extra,
        )  # fmt: skip
        due = int(held.due) if held.due else None
        return {**self.node(post), "is_published": False, "scheduled_publish_time": due}

    def node(self, post: Post) -> dict[str, Any]:
        """A post as Graph tells of it."""
        age = self.world.now() - post.created_at
        comments = post.extra.get("comments", [])
        page = self.facebook.pages[post.owner]
        shares = figure(post.id, "shares", age, 40)
        media = [self._attachment(post, blob) for blob in post.blobs]
        more = [{"subattachments": {"data": media}, "type": "album", "media_type": "album"}]
        link = post.extra.get("link")
        if link and not media:
            media = [{"type": "share", "media_type": "link", "unshimmed_url": link}]
        return {
            "id": post.id,
            "message": post.text or None,
            "created_time": stamp(post.created_at),
            "updated_time": stamp(post.created_at),
            "permalink_url": post.permalink,
            "is_published": True,
            "scheduled_publish_time": None,
            "status_type": {"video": "added_video", "reel": "added_video"}.get(
                post.kind, "added_photos" if post.blobs else "mobile_status_update"
            ),
            "from": {"name": page["name"], "id": page["id"]},
            "attachments": {"data": more if len(media) > 1 else media} if media else None,
            "shares": {"count": shares} if shares else None,
            "comments": {
                "data": [],
                "summary": {"order": "ranked", "total_count": len(comments), "can_comment": True},
            },
            "reactions": {
                "data": [],
                "summary": {"total_count": figure(post.id, "reactions", age, 300)},
            },
            "likes": {"data": [], "summary": {"total_count": figure(post.id, "likes", age, 200)}},
        }

    def _attachment(self, post: Post, blob: Blob) -> dict[str, Any]:
        url = self.world.url("_sandbox", f"media/{blob.path.name}")
        kind = "video_inline" if blob.mime.startswith("video/") else "photo"
        said: dict[str, Any] = {
            "type": kind, "media_type": "video" if kind != "photo" else "photo",
            "media": {"image": {"src": url}, "source": url}, "target": {"id": blob.id},
            "url": post.permalink,
        }  # fmt: skip
        if blob.alt:
            said["description"] = blob.alt
        return said

    def _post(self, request: Request, page: str) -> Post | Held:
        id = str(request.path_params["post"])
        id = id if "_" in id else f"{page}_{id}"
        post = self.world.post("facebook", id) or self.facebook.held.get(id)
        if post is None or not id.startswith(f"{page}_"):
            raise fail(33)
        return post

    async def get_post(self, request: Request) -> Response:
        """A post."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        post = self._post(request, page)
        node = self.node(post) if isinstance(post, Post) else self.held_node(post)
        return JSONResponse(chosen(said, node, ("created_time", "message", "id"), "PagePost"))

    async def edit_post(self, request: Request) -> Response:
        """Change the words of a post."""
        said, _, page = await self.facebook.page_call(
            request, "pages_manage_posts", task="CREATE_CONTENT"
        )
        post = self._post(request, page)
        if "message" not in said:
            raise fail(100, "(#100) Param message is missing")
        check_text(str(said["message"]))
        post.text = str(said["message"])
        return JSONResponse({"success": True})

    async def delete_post(self, request: Request) -> Response:
        """Take a post away."""
        _, _, page = await self.facebook.page_call(
            request, "pages_manage_posts", task="CREATE_CONTENT"
        )
        post = self._post(request, page)
        if isinstance(post, Post):
            post.deleted = True
        self.facebook.held.pop(post.id, None)
        return JSONResponse({"success": True})

    async def comment(self, request: Request) -> Response:
        """Write a comment as the page."""
        said, _, page = await self.facebook.page_call(
            request, "pages_manage_engagement", task="MODERATE"
        )
        post = self._post(request, page)
        text = str(said.get("message", ""))
        if not isinstance(post, Post) or not 0 < len(text) <= COMMENT_MAX:
            raise fail(100, "(#100) There is no such post, or no message of a possible length")
        id = f"{post.id.partition('_')[2]}_{identifier(self.world, 'comment')}"
        remark = {"id": id, "text": text, "at": self.world.now()}
        post.extra.setdefault("comments", []).append(remark)
        return JSONResponse({"id": id})

    async def list_comments(self, request: Request) -> Response:
        """The comments of a post."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        post = self._post(request, page)
        owner = {"name": self.facebook.pages[page]["name"], "id": page}

        def shape(each: dict[str, Any]) -> dict[str, Any]:
            node = {"id": each["id"], "message": each["text"], "created_time": stamp(each["at"]),
                    "from": owner}  # fmt: skip
            return chosen(said, node, ("created_time", "from", "message", "id"), "Comment")

        found: list[dict[str, Any]] = post.extra.get("comments", [])
        return paged(request, self.world, said, found, lambda each: str(each["id"]), shape)


def check_link(link: str) -> None:
    """Refuse a link that nothing could be behind."""
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.search(r"\.|^localhost$", host):
        raise fail(1609005)
