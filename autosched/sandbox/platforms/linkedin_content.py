"""What a LinkedIn post may carry: one medium, two to twenty images, or an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from autosched.sandbox.platforms.linkedin_media import Asset, Media
from autosched.sandbox.platforms.linkedin_wire import closed, stop, urn
from autosched.sandbox.world import Blob

ALT_TEXT = 4_086
IMAGES = (2, 20)


@dataclass
class Content:
    """The content of a post; not `ready` when it was posted before its media were processed."""

    kind: str = ""
    id: str = ""
    blobs: list[Blob] = field(default_factory=list)
    title: str = ""
    alt: list[str] = field(default_factory=list)
    ready: bool = True


def check_content(said: Any, author: str, media: Media) -> Content:
    """Read and check `content`; its media must be uploaded, and be the author's own."""
    if said is None:
        return Content()
    if not isinstance(said, dict):
        raise stop(422, "", "ERROR :: /content :: a record is expected\n")
    closed(said, "/content", set(), {"media", "multiImage", "article"})
    if len(said) != 1 or not isinstance(next(iter(said.values())), dict):
        raise stop(422, "", "ERROR :: /content :: exactly one kind of content is expected\n")
    if "media" in said:
        return _media(said["media"], author, media)
    if "multiImage" in said:
        return _images(said["multiImage"], author, media)
    return _article(said["article"], author, media)


def _media(said: dict[str, Any], author: str, media: Media) -> Content:
    closed(said, "/content/media", {"id"}, {"title", "altText"})
    asset = _asset(said["id"], "content/media/id", ("image", "video", "document"), author, media)
    title = said.get("title") or ""
    if asset.kind == "document" and not title:
        raise stop(400, "MISSING_FIELD", "content/media/title is required for a document")
    found = Content(asset.kind, asset.urn, title=str(title))
    _take(found, asset, said, media)
    return found


def _images(said: dict[str, Any], author: str, media: Media) -> Content:
    closed(said, "/content/multiImage", {"images"}, set())
    images = said["images"]
    if not isinstance(images, list) or not IMAGES[0] <= len(images) <= IMAGES[1]:
        raise stop(
            400, "INVALID_VALUE_FOR_FIELD", f"multiImage takes {IMAGES[0]} to {IMAGES[1]} images"
        )
    found = Content("images", "multiImage")
    for number, image in enumerate(images):
        if not isinstance(image, dict):
            raise stop(422, "", "ERROR :: /content/multiImage/images :: records are expected\n")
        path = f"/content/multiImage/images/{number}"
        closed(image, path, {"id"}, {"altText"})
        _take(found, _asset(image["id"], path, ("image",), author, media), image, media)
    return found


def _article(said: dict[str, Any], author: str, media: Media) -> Content:
    closed(
        said,
        "/content/article",
        {"source", "title"},
        {"description", "thumbnail", "thumbnailAltText"},
    )
    parts = urlsplit(str(said["source"]))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise stop(400, "INVALID_VALUE_FOR_FIELD", "content/article/source is not a URL")
    found = Content("article", str(said["source"]), title=str(said["title"]))
    if "thumbnail" in said:
        asset = _asset(said["thumbnail"], "content/article/thumbnail", ("image",), author, media)
        _take(found, asset, {"altText": said.get("thumbnailAltText", "")}, media)
    return found


def _asset(id: Any, path: str, kinds: tuple[str, ...], author: str, media: Media) -> Asset:
    wanted = urn(id, path, *kinds)
    asset = media.known(media.assets.get(wanted), "create_post")
    if asset is None:
        raise stop(400, "INVALID_URN_ID", f"{path}: there is no {wanted}")
    if asset.owner != author:
        raise stop(
            400, "INVALID_VALUE_FOR_FIELD", f"{path}: the owner of {wanted} is not the author"
        )
    status = asset.status(media.world.now())
    if status == "WAITING_UPLOAD":
        raise stop(400, "MEDIA_ASSET_WAITING_UPLOAD", f"{wanted} has not been uploaded yet")
    if status == "PROCESSING_FAILED":
        raise stop(400, "MEDIA_ASSET_PROCESSING_FAILED", f"{wanted} could not be processed")
    return asset


def _take(found: Content, asset: Asset, said: dict[str, Any], media: Media) -> None:
    alt = said.get("altText") or ""
    if not isinstance(alt, str):
        raise stop(422, "", "ERROR :: altText :: a string is expected\n")
    if len(alt) > ALT_TEXT:
        raise stop(400, "FIELD_LENGTH_TOO_LONG", f"altText has more than {ALT_TEXT} characters")
    blob = asset.blob()
    blob.alt = alt
    found.blobs.append(blob)
    found.alt.append(alt)
    found.ready &= asset.status(media.world.now()) == "AVAILABLE"
