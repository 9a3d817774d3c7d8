"""A page's photos: published alone, or kept until a post takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.platforms.facebook_held import check_text
from autosched.sandbox.platforms.meta import chosen, flag, identifier, stamp
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.platforms.meta_media import (
    FetchError,
    as_blob,
    look_at_picture,
    place,
    store,
)
from autosched.sandbox.world import Blob

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

PHOTO_BYTES = 4 << 20
"""Real answers say 4 MB where the reference says 10."""
PHOTO_KINDS = {"JPEG", "PNG", "GIF", "BMP", "TIFF"}


@dataclass
class Photo:
    """A photo: unpublished until a post takes it, `post` then."""

    id: str
    page: str
    blob: Blob
    caption: str
    temporary: bool
    made: float
    post: str | None = None


class Photos:
    """The endpoints of photos."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world
        self.known: dict[str, Photo] = {}

    def routes(self) -> list[Route]:
        """Upload, look, delete."""
        step, graph = self.facebook.step, "/graph.facebook.com/{version:metaver}"
        return [
            step("create_photo", "POST", graph + "{page:fbpage}/photos", self.create_photo),
            step("create_photo", "POST", graph + "me/photos", self.create_photo),
            step("get_photo", "GET", graph + "{photo:fbphoto}", self.get_photo),
            step("delete_photo", "DELETE", graph + "{photo:fbphoto}", self.delete_photo),
        ]

    async def create_photo(self, request: Request) -> Response:
        """A photo, published at once or kept for a post to come."""
        said, _, page = await self.facebook.page_call(
            request, "pages_manage_posts", "pages_read_engagement", task="CREATE_CONTENT"
        )
        source, url = said.get("source"), said.get("url")
        if (isinstance(source, UploadFile)) == bool(url):
            raise fail(100, "(#100) Exactly one of source and url must be given")
        published = flag(said, "published", True)
        caption = str(said.get("message") or said.get("caption") or "")
        check_text(caption)
        due = self.facebook.posts.due(said)
        id = identifier(self.world, "photo")
        path = place(self.world, "facebook", id)
        if isinstance(source, UploadFile):
            await store(source, path)
        else:
            await self._fetch(str(url), path)
        blob = await self._checked(page, id, path)
        blob.alt = str(said.get("alt_text_custom", ""))
        temporary = flag(said, "temporary", False)
        photo = Photo(id, page, blob, caption, temporary, self.world.now())
        self.known[id] = photo
        if not published and due is None:
            return JSONResponse({"id": id})
        held = self.facebook.posts.held(page, caption, [blob], due, "photo")
        held.extra = {"photos": [id], "comments": []}
        photo.post = held.id
        self.facebook.posts.settle(held, published=published)
        return JSONResponse({"id": id, "post_id": held.id})

    async def _fetch(self, url: str, path: Path) -> None:
        try:
            await self.facebook.fetcher.fetch(url, path, PHOTO_BYTES)
        except FetchError as error:
            if error.why == "too_big":
                raise fail(1366046) from None
            raise fail(324, "(#324) Missing or invalid image file") from None

    async def _checked(self, page: str, id: str, path: Path) -> Blob:
        if path.stat().st_size > PHOTO_BYTES:
            raise fail(1366046)
        picture = look_at_picture(path)
        if picture is None or picture.format not in PHOTO_KINDS:
            raise fail(1349125)
        return await as_blob("facebook", page, id, path, f"image/{picture.format.lower()}")

    async def get_photo(self, request: Request) -> Response:
        """A photo."""
        said, _, page = await self.facebook.page_call(request, "pages_read_engagement")
        photo = self._photo(request, page)
        url = self.world.url("_sandbox", f"media/{photo.blob.path.name}")
        node = {
            "id": photo.id, "name": photo.caption or None,
            "alt_text_custom": photo.blob.alt or None,
            "created_time": stamp(photo.made), "page_story_id": photo.post,
            "images": [{"source": url}], "link": self.world.url("www.facebook.com", photo.id),
        }  # fmt: skip
        return JSONResponse(chosen(said, node, ("created_time", "id"), "Photo"))

    def _photo(self, request: Request, page: str) -> Photo:
        photo = self.known.get(str(request.path_params["photo"]))
        if photo is None or photo.page != page:
            raise fail(33)
        return photo

    async def delete_photo(self, request: Request) -> Response:
        """Delete a photo, and the post that it made alone."""
        _, _, page = await self.facebook.page_call(request, "pages_manage_posts")
        photo = self._photo(request, page)
        del self.known[photo.id]
        post = self.world.post("facebook", photo.post or "")
        if post is not None and post.kind == "photo":
            post.deleted = True
        return JSONResponse({"success": True})
