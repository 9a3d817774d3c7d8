"""Channels on YouTube, the playlist of their uploads, and the page on which one watches."""

from __future__ import annotations

import base64
import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from autosched.sandbox.platforms.youtube_ground import (
    MAY_READ,
    NAME,
    Ground,
    listed,
    missing,
    no,
    stamp,
)
from autosched.sandbox.platforms.youtube_shelf import Shelf, Video, draw, etag
from autosched.sandbox.wire import answer
from autosched.sandbox.world import Person

FOUNDED = 1_577_836_800.0
CHANNEL_PARTS = ("id", "snippet", "contentDetails", "statistics", "status")
ITEM_PARTS = ("id", "snippet", "contentDetails", "status")
PAGE, PAGE_MOST = 5, 50


class Channels:
    """The methods of `channels` and `playlistItems`."""

    def __init__(self, ground: Ground, shelf: Shelf) -> None:
        self.ground, self.world, self.shelf = ground, ground.world, shelf

    async def read(self, request: Request) -> Response:
        """One's own channel, or others by identifier or handle."""
        token, person = self.ground.caller(request, "me", MAY_READ)
        self.ground.asked(request, "part", "mine", "id", "forHandle", "maxResults", "hl")
        self.ground.spend(token, "units", 1)
        parts = self.ground.parts(request, CHANNEL_PARTS)
        asked = request.query_params
        filters = [name for name in ("mine", "id", "forHandle") if name in asked]
        if len(filters) != 1:
            raise no(
                400,
                "missingRequiredParameter" if not filters else "incompatibleParameters",
                "Expected one of: mine, id, forHandle",
                domain="youtube.parameter",
                location="parameters.",
                kind="other",
            )
        handle = asked.get("forHandle", "").removeprefix("@")
        items = [
            self._channel(each, parts)
            for each in self.world.people_of(NAME)
            if each.extra["channel"]
            and (
                (asked.get("mine") == "true" and each.id == person.id)
                or each.id in listed(request, "id")
                or (handle and each.extra["handle"] == f"@{handle}")
            )
        ]
        return answer(200, _page("youtube#channelListResponse", items, len(items), len(items)))

    def _channel(self, person: Person, parts: list[str]) -> dict[str, Any]:
        videos = self.shelf.of(person)
        views = sum(int(self.shelf.statistics(video)["viewCount"]) for video in videos)
        public = [v for v in videos if v.said["status"]["privacyStatus"] == "public"]
        text = {"title": person.name, "description": f"{person.name}, for trying things out."}
        picture = {"url": self.world.url("yt3.ggpht.com", person.username), "width": 88}
        known: dict[str, Any] = {
            "snippet": {
                **text,
                "customUrl": person.extra["handle"],
                "publishedAt": stamp(FOUNDED),
                "thumbnails": {"default": {**picture, "height": 88}},
                "localized": text,
            },
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": uploads_of(person)}},
            "statistics": {
                "viewCount": str(views),
                "subscriberCount": str(200 + draw(person.id) % 5000),
                "hiddenSubscriberCount": False,
                "videoCount": str(len(public)),
            },
            "status": {
                "privacyStatus": "public",
                "isLinked": True,
                "longUploadsStatus": "allowed" if person.extra["verified"] else "eligible",
                "madeForKids": False,
            },
        }
        chosen = {part: known[part] for part in parts if part in known}
        tag = etag(person.id, *parts)
        return {"kind": "youtube#channel", "etag": tag, "id": person.id, **chosen}

    async def items(self, request: Request) -> Response:
        """The uploads of a channel, the newest first; what is private only its owner sees."""
        token, person = self.ground.caller(request, "list_posts", MAY_READ)
        self.ground.asked(request, "part", "playlistId", "maxResults", "pageToken", "videoId")
        self.ground.spend(token, "units", 1)
        parts = self.ground.parts(request, ITEM_PARTS)
        asked = request.query_params
        if "playlistId" not in asked:
            raise missing("playlistId")
        people = [each for each in self.world.people_of(NAME) if each.extra["channel"]]
        owner = next((each for each in people if uploads_of(each) == asked["playlistId"]), None)
        if owner is None:
            raise no(
                404,
                "playlistNotFound",
                "The playlist identified with the request's playlistId parameter cannot be found.",
                domain="youtube.playlistItem",
                location="playlistId",
                kind="parameter",
            )
        size, start = _place(asked.get("maxResults"), asked.get("pageToken"))
        videos = [
            video
            for video in self.shelf.of(owner)
            if (owner.id == person.id or video.said["status"]["privacyStatus"] == "public")
            and asked.get("videoId") in (None, video.post.id)
        ]
        items = [
            self._item(video, start + number, parts)
            for number, video in enumerate(videos[start : start + size])
        ]
        said = _page("youtube#playlistItemListResponse", items, len(videos), size)
        if start + size < len(videos):
            said["nextPageToken"] = _token(start + size)
        if start:
            said["prevPageToken"] = _token(max(0, start - size))
        return answer(200, said)

    def _item(self, video: Video, position: int, parts: list[str]) -> dict[str, Any]:
        said, person = video.said["snippet"], video.person
        made = stamp(video.post.created_at)
        known: dict[str, Any] = {
            "snippet": {
                "publishedAt": made,
                "channelId": person.id,
                "title": said["title"],
                "description": said.get("description", ""),
                "thumbnails": self.shelf.thumbnails(video),
                "channelTitle": person.name,
                "playlistId": uploads_of(person),
                "position": position,
                "resourceId": {"kind": "youtube#video", "videoId": video.post.id},
                "videoOwnerChannelId": person.id,
                "videoOwnerChannelTitle": person.name,
            },
            "contentDetails": {
                "videoId": video.post.id,
                "videoPublishedAt": stamp(video.published or video.post.created_at),
            },
            "status": {"privacyStatus": video.said["status"]["privacyStatus"]},
        }
        id = base64.urlsafe_b64encode(f"{uploads_of(person)}.{video.post.id}".encode()).decode()
        chosen = {part: known[part] for part in parts if part in known}
        return {"kind": "youtube#playlistItem", "etag": etag(id, *parts), "id": id, **chosen}

    async def watch(self, request: Request) -> Response:
        """The video as everybody sees it."""
        video = self.shelf.get(request.query_params.get("v", ""))
        private = video is not None and video.said["status"]["privacyStatus"] == "private"
        if video is None or private or self.shelf.upload_status(video) == "failed":
            return HTMLResponse("<h1>This video isn't available</h1>", status_code=404)
        said = video.said["snippet"]
        source = f"/_sandbox/media/{video.post.blobs[0].path.name}"
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><title>{html.escape(said['title'])} (sandbox)"
            f'</title><video src="{source}" width="480" controls></video>'
            f"<h1>{html.escape(said['title'])}</h1><p>{html.escape(video.person.name)}</p>"
            f"<p>{html.escape(said.get('description', ''))}</p>"
        )


def uploads_of(person: Person) -> str:
    """The playlist of all that a channel has sent in."""
    return f"UU{person.id.removeprefix('UC')}"


def _page(kind: str, items: list[dict[str, Any]], total: int, size: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "etag": etag(kind, *(item["etag"] for item in items)),
        "items": items,
        "pageInfo": {"totalResults": total, "resultsPerPage": size},
    }


def _place(said: str | None, token: str | None) -> tuple[int, int]:
    if said is not None and not (said.isdecimal() and int(said) <= PAGE_MOST):
        raise no(400, "invalidParameter", f"Invalid value '{said}' for maxResults.")
    start = "0"
    if token is not None:
        try:
            start = base64.urlsafe_b64decode(token).decode().removeprefix("from ")
        except ValueError:
            start = "?"
    if not start.isdecimal():
        raise no(400, "invalidPageToken", "The request specifies an invalid page token.")
    return int(said) if said is not None else PAGE, int(start)


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(f"from {start}".encode()).decode()
