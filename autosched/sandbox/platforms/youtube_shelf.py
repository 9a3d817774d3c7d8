"""The videos that YouTube has, and how each is shown, part by part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from autosched.sandbox.platforms.youtube_ground import NAME, SITE, no, stamp
from autosched.sandbox.platforms.youtube_rules import moment_of
from autosched.sandbox.world import Person, Post, World

HOURS_12, MINUTES_15 = 12 * 3600.0, 15 * 60.0
SHORT_SECONDS = 180.0
TOO_SMALL = 16


@dataclass(frozen=True)
class Found:
    """What a file turned out to be; `failure` or `rejection` is why it is not shown."""

    mime: str = "application/octet-stream"
    container: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    codec: str = ""
    failure: str = ""
    rejection: str = ""


@dataclass
class Video:
    """A video. `said` holds what its owner wrote of it; `ready` is when processing ends."""

    post: Post
    person: Person
    said: dict[str, dict[str, Any]]
    found: Found
    ready: float
    size: int
    published: float | None = None
    thumbnail: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


class Shelf:
    """All videos."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.videos: dict[str, Video] = {}

    def get(self, id: str) -> Video | None:
        """A video that was not deleted, its planned publication carried out."""
        video = self.videos.get(id)
        if video is None or video.post.deleted:
            return None
        self._keep_date(video)
        return video

    def own(self, id: str, person: Person) -> Video:
        """Somebody's own video, to be changed."""
        video = self.get(id)
        if video is None:
            raise no(
                404,
                "videoNotFound",
                "The video that you are trying to work on cannot be found.",
                domain="youtube.video",
                location="id",
                kind="parameter",
            )
        if video.person.id != person.id:
            raise no(403, "forbidden", "Forbidden", domain="youtube.common")
        return video

    def of(self, person: Person) -> list[Video]:
        """Somebody's videos, the newest first, as lists show them; failed ones are not there."""
        found = [self.get(p.id) for p in self.world.posts_of(NAME, person.id, lagging=True)]
        return [video for video in found if video and self.upload_status(video) in _LISTED]

    def upload_status(self, video: Video) -> str:
        """How far it has got."""
        if self.world.now() < video.ready:
            return "uploaded"
        if video.found.failure:
            return "failed"
        return "rejected" if video.found.rejection else "processed"

    def settle(self, video: Video) -> None:
        """After its owner has written: let the post say what the video says."""
        self._keep_date(video)
        status, snippet = video.said["status"], video.said["snippet"]
        if video.published is None and status["privacyStatus"] != "private":
            video.published = self.world.now()
        paid = video.said.get("paidProductPlacementDetails", {})
        video.post.text = snippet["title"]
        video.post.extra = {**snippet, **status, **paid, **video.extra}

    def _keep_date(self, video: Video) -> None:
        status = video.said["status"]
        moment = moment_of(status.get("publishAt", ""))
        if moment is not None and moment <= self.world.now():
            del status["publishAt"]
            status["privacyStatus"] = "public"
            video.published = moment
            self.settle(video)

    def shown(self, video: Video, parts: list[str], *, owner: bool) -> dict[str, Any]:
        """The Video resource with the parts that were asked for."""
        made: dict[str, Any] = {
            "kind": "youtube#video",
            "etag": etag(video.post.id, *parts, str(self.upload_status(video))),
            "id": video.post.id,
        }
        known = {
            "snippet": self._snippet,
            "status": self._status,
            "statistics": lambda video: self.statistics(video),
            "contentDetails": self._content,
            "processingDetails": self._processing,
            "fileDetails": self._file,
        }
        for part in parts:
            if part in known:
                made[part] = known[part](video)
            elif part == "player":
                made[part] = {"embedHtml": f'<iframe src="{video.post.permalink}"></iframe>'}
            elif part in video.said:
                made[part] = dict(video.said[part])
        if not owner and "status" in made:
            made["status"].pop("selfDeclaredMadeForKids", None)
        return made

    def thumbnails(self, video: Video) -> dict[str, Any]:
        """The sizes in which the thumbnail stands."""
        sizes = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
        return {
            name: {
                "url": self.world.url("i.ytimg.com", f"vi/{video.post.id}/{name}.jpg"),
                "width": width,
                "height": height,
            }
            for name, (width, height) in sizes.items()
        }

    def _snippet(self, video: Video) -> dict[str, Any]:
        said = video.said["snippet"]
        text = {"title": said["title"], "description": said.get("description", "")}
        return {
            "publishedAt": stamp(video.published or video.post.created_at),
            "channelId": video.person.id,
            **said,
            **text,
            "thumbnails": self.thumbnails(video),
            "channelTitle": video.person.name,
            "liveBroadcastContent": "none",
            "localized": text,
        }

    def _status(self, video: Video) -> dict[str, Any]:
        said = {"license": "youtube", "embeddable": True, "publicStatsViewable": True}
        made = {"uploadStatus": self.upload_status(video), **said, **video.said["status"]}
        if made["uploadStatus"] == "failed":
            made["failureReason"] = video.found.failure
        if made["uploadStatus"] == "rejected":
            made["rejectionReason"] = video.found.rejection
        return {**made, "madeForKids": bool(made.get("selfDeclaredMadeForKids"))}

    def statistics(self, video: Video) -> dict[str, str]:
        """Figures as the texts that YouTube makes of them; nobody sees what is private."""
        now = self.world.now()
        views = 0 if video.published is None else figure(video.post.id, now - video.published)
        return {
            "viewCount": str(views),
            "likeCount": str(views // 11),
            "favoriteCount": "0",
            "commentCount": str(views // 60),
        }

    def _content(self, video: Video) -> dict[str, Any]:
        done = self.upload_status(video) == "processed"
        return {
            "duration": f"PT{int(video.found.seconds)}S" if done else "P0D",
            "dimension": "2d",
            "definition": "hd" if min(video.found.width, video.found.height) >= 720 else "sd",
            "caption": "false",
            "licensedContent": False,
            "contentRating": {},
            "projection": "rectangular",
            "hasCustomThumbnail": video.thumbnail,
        }

    def _processing(self, video: Video) -> dict[str, Any]:
        status = self.upload_status(video)
        words = {"uploaded": "processing", "processed": "succeeded", "failed": "failed"}
        made: dict[str, Any] = {"processingStatus": words.get(status, "terminated")}
        if status == "uploaded":
            left = max(0.0, video.ready - self.world.now())
            made["processingProgress"] = {"timeLeftMs": str(int(left * 1000))}
        if status == "failed":
            made["processingFailureReason"] = "transcodeFailed"
        available = "available" if status == "processed" else "inProgress"
        return {**made, "fileDetailsAvailability": "available", "thumbnailsAvailability": available}

    def _file(self, video: Video) -> dict[str, Any]:
        found = video.found
        return {
            "fileName": "upload",
            "fileSize": str(video.size),
            "fileType": "other" if found.failure == "invalidFile" else "video",
            "container": found.container,
            "durationMs": str(int(found.seconds * 1000)),
            "videoStreams": [
                {"widthPixels": found.width, "heightPixels": found.height, "codec": found.codec}
            ],
        }


_LISTED = ("uploaded", "processed")


def look_at(path: Path, verified: bool) -> Found:
    """Measure a file. Who has not verified the channel may not go beyond 15 minutes."""
    try:
        with av.open(str(path)) as found:
            if not found.streams.video:
                return Found(failure="invalidFile")
            context = found.streams.video[0].codec_context
            container = found.format.name
            width, height, codec = context.width, context.height, context.name
            seconds = (found.duration or 0) / av.time_base
    except av.DecoderNotFoundError:
        return Found(failure="codec")
    except (av.FFmpegError, OSError, ValueError):
        return Found(failure="invalidFile")
    mime = "video/mp4" if "mp4" in container else "video/webm"
    failure = "tooSmall" if min(width, height) < TOO_SMALL else ""
    over = seconds > (HOURS_12 if verified else MINUTES_15)
    rejection = "length" if over else ""
    return Found(mime, container, width, height, seconds, codec, failure, rejection)


def kind_of(found: Found) -> str:
    """Upright or square, and three minutes at most: that alone makes a Short."""
    short = found.seconds <= SHORT_SECONDS and found.height >= found.width > 0
    return "short" if short else "video"


def address(world: World, id: str) -> str:
    """Where a video is watched."""
    return world.url(SITE, f"watch?v={id}")


def figure(id: str, seconds: float) -> int:
    """Views that grow with the hours, the same for all who ask at the same time."""
    return int((80 + draw(id) % 400) * (max(0.0, seconds) / 3600) ** 0.8)


def draw(id: str) -> int:
    """A number that belongs to an identifier."""
    return int(hashlib.sha256(id.encode()).hexdigest()[:8], 16)


def etag(*values: str) -> str:
    """A tag that changes with what it stands for."""
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:27]
