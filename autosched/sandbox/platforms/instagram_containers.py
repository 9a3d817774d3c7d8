"""Containers: what is to be posted, first made, then processed, then published once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms import instagram_rules as rules
from autosched.sandbox.platforms.meta import (
    CROWD,
    NEWEST_VERSION,
    chosen,
    flag,
    identifier,
    listed,
    whole,
)
from autosched.sandbox.platforms.meta_errors import INSTAGRAM, fail
from autosched.sandbox.platforms.meta_media import (
    FetchError,
    Film,
    Incoming,
    as_blob,
    look_at_film,
    look_at_picture,
    place,
)
from autosched.sandbox.platforms.meta_rupload import Rupload
from autosched.sandbox.world import Blob, Person

if TYPE_CHECKING:
    from autosched.sandbox.platforms.instagram import Instagram

LIFE_SECONDS = 86_400
CONTAINERS_PER_DAY = 400 * CROWD
PUBLISHED_PER_DAY = 100 * CROWD
"""The guide says 100, the reference 50: clients must read it from `content_publishing_limit`."""

RESUMABLE_WITH_INSTAGRAM_LOGIN = False
"""The documentation offers resumable uploads with Facebook Login only."""

PUBLISHED_AGAIN = 2207006
"""How a second publishing of the same container is refused; it is not documented."""

CHILDREN = (2, 10)
KINDS = ("IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL")
KEPT = (
    "alt_text", "user_tags", "location_id", "collaborators", "is_ai_generated", "share_to_feed",
    "cover_url", "thumb_offset", "trial_params", "audio_name", "is_paid_partnership",
)  # fmt: skip


@dataclass
class Container:
    """A container. It is ready at `ready`, unless there is a `problem` (a subcode) by then."""

    id: str
    owner: str
    kind: str
    child: bool
    made: float
    caption: str
    ready: float | None = None
    problem: int = 0
    blobs: list[Blob] = field(default_factory=list)
    children: list[Container] = field(default_factory=list)
    file: Incoming | None = None
    film: Film | None = None
    thumb: int | None = None
    media: str | None = None
    asked: dict[str, Any] = field(default_factory=dict)


class Containers:
    """The endpoints that make, tell of and publish containers."""

    def __init__(self, instagram: Instagram) -> None:
        self.instagram = instagram
        self.world = instagram.world
        self.fetcher = instagram.facebook.fetcher
        self.known: dict[str, Container] = {}
        self.created: dict[str, list[float]] = {}
        self.rupload = Rupload(
            instagram, "ig-api-upload", instagram.facebook.grants, self.fetcher, self._file,
            self._whole,
        )  # fmt: skip

    def routes(self) -> list[Route]:
        """On both hosts."""
        found = [*self.rupload.routes()]
        step = self.instagram.step
        for host in ("graph.instagram.com", "graph.facebook.com"):
            graph = f"/{host}/{{version:metaver}}"
            user = graph + "{user:iguser}"
            found += [
                step("create_container", "POST", user + "/media", self.create),
                step("container_status", "GET", graph + "{id:igcontainer}", self.status),
                step("publish", "POST", user + "/media_publish", self.publish),
                step("publishing_limit", "GET", user + "/content_publishing_limit", self.limit),
            ]
        return found

    async def create(self, request: Request) -> Response:
        """A new container. A picture is fetched before the answer, a video after it."""
        said, person = await self.instagram.call(request, "publish")
        kind = _kind(said)
        container = Container(
            identifier(self.world, "container"),
            person.id,
            kind,
            flag(said, "is_carousel_item", False),
            self.world.now(),
            str(said.get("caption", "")),
        )
        self._check(said, container, person)
        self._count(person)
        container.asked = {name: said[name] for name in KEPT if name in said}
        uri = ""
        if kind == "CAROUSEL":
            container.children = self._children(said, person)
            self._ready(container)
        elif said.get("upload_type") is not None:
            uri = self._resumable(request, said, container)
        elif said.get("image_url"):
            await self._take_picture(str(said["image_url"]), container)
        elif said.get("video_url"):
            work = self._take_film(str(said["video_url"]), container)
            self.instagram.facebook.background(work)
        else:
            raise fail(100, "(#100) The parameter image_url or video_url is required")
        if said.get("cover_url"):
            await self._look_at(str(said["cover_url"]), f"{container.id}-cover", story=True)
        self.known[container.id] = container
        return JSONResponse({"id": container.id, **({"uri": uri} if uri else {})})

    def _check(self, said: dict[str, Any], container: Container, person: Person) -> None:
        kind, child = container.kind, container.child
        rules.check_caption(container.caption)
        rules.check_people(said)
        if child and container.caption:
            raise fail(100, "(#100) A carousel item cannot have a caption")
        if child and kind not in ("IMAGE", "VIDEO"):
            raise fail(2207023)
        if kind == "VIDEO" and not child:
            raise fail(2207023)
        if kind == "STORIES" and person.extra["account_type"] != "BUSINESS":
            raise fail(10, "(#10) Stories can be published by business accounts only")
        if bool(said.get("image_url")) and bool(said.get("video_url")):
            raise fail(100, "(#100) Only one of image_url and video_url can be given")
        if said.get(
            {"IMAGE": "video_url", "REELS": "image_url", "VIDEO": "image_url"}.get(kind, "")
        ):
            raise fail(2207023)
        alt = str(said.get("alt_text", ""))
        if alt and (kind != "IMAGE" or len(alt) > rules.ALT_TEXT_MAX):
            raise fail(100, "(#100) alt_text is for images only, of up to 1,000 characters")
        if str(said.get("thumb_offset", "0")).startswith("-"):
            raise fail(2207057)
        container.thumb = whole(said, "thumb_offset")

    def _count(self, person: Person) -> None:
        since = self.world.now() - 86_400
        recent = [at for at in self.created.get(person.id, []) if at > since]
        if len(recent) >= CONTAINERS_PER_DAY:
            raise fail(4, "(#4) The limit of containers in 24 hours is reached")
        recent.append(self.world.now())
        self.created[person.id] = recent

    def _children(self, said: dict[str, Any], person: Person) -> list[Container]:
        ids = [str(id) for id in listed(said, "children") or []]
        if not CHILDREN[0] <= len(ids) <= CHILDREN[1] or len(set(ids)) != len(ids):
            raise fail(2207028)
        found = [self._find(id, person, "create_container", 2207006) for id in ids]
        for child in found:
            if not child.child:
                raise fail(2207023)
            state = self.state(child)
            if state != "FINISHED":
                raise fail({"EXPIRED": 2207020, "IN_PROGRESS": 2207027}.get(state, 2207032))
        return found

    def _resumable(self, request: Request, said: dict[str, Any], container: Container) -> str:
        if said["upload_type"] != "resumable" or container.kind not in rules.VIDEO_BYTES:
            raise fail(100, "(#100) Only videos can be uploaded, with upload_type=resumable")
        own = self.instagram.host(request) == "graph.instagram.com"
        if own and not RESUMABLE_WITH_INSTAGRAM_LOGIN:
            raise fail(100, "(#100) Resumable uploads are not offered with Instagram Login")
        container.file = Incoming(place(self.world, "instagram", container.id), 0)
        version = str(request.path_params["version"]).rstrip("/") or NEWEST_VERSION
        path = f"ig-api-upload/{version}/{container.id}"
        return self.world.url("rupload.facebook.com", path)

    def _ready(self, container: Container) -> None:
        """From now on it is processed."""
        container.ready = self.world.now() + self.instagram.processing()
        if self.world.faults.draw("instagram", "create_container", "fail_processing"):
            container.problem = container.problem or 2207053

    async def _look_at(self, url: str, id: str, *, story: bool) -> Blob:
        path = place(self.world, "instagram", id)
        try:
            mime = await self.fetcher.fetch(url, path, rules.IMAGE_BYTES)
        except FetchError as error:
            number = {"timeout": 2207003, "too_big": 2207004}.get(error.why, 2207052)
            raise fail(number) from None
        if mime != "image/jpeg":
            raise fail(2207005)
        rules.check_picture(look_at_picture(path), story=story)
        return await as_blob("instagram", "", id, path, mime)

    async def _take_picture(self, url: str, container: Container) -> None:
        story = container.kind == "STORIES"
        blob = await self._look_at(url, container.id, story=story)
        blob.owner = container.owner
        blob.alt = str(container.asked.get("alt_text", ""))
        container.blobs = [blob]
        self._ready(container)

    async def _take_film(self, url: str, container: Container) -> None:
        path = place(self.world, "instagram", container.id)
        kind = container.kind
        try:
            mime = await self.fetcher.fetch(url, path, rules.VIDEO_BYTES[kind])
        except FetchError as error:
            container.problem = {"timeout": 2207003, "too_big": 2207026}.get(error.why, 2207052)
            container.ready = self.world.now()
            return
        if mime not in ("video/mp4", "video/quicktime"):
            container.problem, container.ready = 2207026, self.world.now()
            return
        await self._judge(container)

    async def _judge(self, container: Container) -> None:
        """Look at a video that is here."""
        path = place(self.world, "instagram", container.id)
        film = await run_in_threadpool(look_at_film, path)
        container.film = film
        container.problem = rules.unfit(film, container.kind, path.stat().st_size)
        if film and container.thumb is not None and container.thumb >= film.seconds * 1_000:
            container.problem = container.problem or 2207057
        owner, id = container.owner, container.id
        container.blobs = [await as_blob("instagram", owner, id, path, "video/mp4")]
        self._ready(container)

    def _file(self, id: str, token: Token) -> Incoming | None:
        """Where the bytes of a resumable upload go."""
        if self.world.faults.draw("instagram", "upload_append", "lose_container"):
            self.known.pop(id, None)
        container = self.known.get(id)
        if container is None or self.state(container) == "EXPIRED":
            return None
        who = self.instagram.linked(token, container.owner)
        return container.file if who == container.owner and container.ready is None else None

    def _whole(self, id: str) -> None:
        self.instagram.facebook.background(self._judge(self.known[id]))

    def state(self, container: Container) -> str:
        """IN_PROGRESS, FINISHED, ERROR, EXPIRED or PUBLISHED."""
        now = self.world.now()
        if container.media is not None:
            return "PUBLISHED"
        if container.made + LIFE_SECONDS <= now:
            return "EXPIRED"
        if container.ready is None or container.ready > now:
            return "IN_PROGRESS"
        return "ERROR" if container.problem else "FINISHED"

    def _find(self, id: str, person: Person, step: str, number: int) -> Container:
        if self.world.faults.draw("instagram", step, "lose_container"):
            self.known.pop(id, None)
        container = self.known.get(id)
        if container is None or container.owner != person.id:
            raise fail(number)
        return container

    async def status(self, request: Request) -> Response:
        """How it stands with a container."""
        id = str(request.path_params["id"])
        known = self.known.get(id)
        owner = known.owner if known else None
        said, person = await self.instagram.call(request, "basic", owner or "")
        container = self._find(id, person, "container_status", 33)
        state = self.state(container)
        text = {
            "PUBLISHED": "Published: Media has been posted successfully.",
            "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
            "IN_PROGRESS": "In Progress: Media is still being processed.",
            "EXPIRED": "Expired: The container was not published within 24 hours.",
        }.get(state)
        if text is None:
            row = INSTAGRAM[container.problem]
            text = f"Error: Media upload has failed with error code {row.subcode}"
        node: dict[str, Any] = {"id": id, "status_code": state, "status": text}
        node["copyright_check_status"] = None
        node["video_status"] = None
        if container.file is not None:
            phase = "complete" if container.ready is not None else "in_progress"
            node["video_status"] = {
                "uploading_phase": {
                    "status": phase, "bytes_transferred": container.file.received,
                },
                "processing_phase": {"status": "complete" if state == "FINISHED" else phase},
            }  # fmt: skip
        return JSONResponse(chosen(said, node, ("id",), "IGContainer"))

    async def publish(self, request: Request) -> Response:
        """Publish a container: this one time."""
        said, person = await self.instagram.call(request, "publish")
        id = str(said.get("creation_id", ""))
        container = self._find(id, person, "publish", 2207006)
        state = self.state(container)
        refused = {"PUBLISHED": PUBLISHED_AGAIN, "EXPIRED": 2207020, "IN_PROGRESS": 2207027}
        if state != "FINISHED":
            raise fail(refused.get(state, 2207032))
        if container.child:
            raise fail(100, "(#100) A carousel item cannot be published by itself")
        for child in container.children:
            if self.state(child) != "FINISHED":
                raise fail(refused.get(self.state(child), 2207032))
        if self.used(person) >= self.quota(person):
            raise fail(2207042)
        media = self.instagram.media.post(person, container)
        for each in (container, *container.children):
            each.media = media.id
        return JSONResponse({"id": media.id})

    def used(self, person: Person) -> int:
        """How many posts the account has published by the API in a day."""
        since = self.world.now() - 86_400
        recent = (
            post
            for post in self.world.posts
            if (post.platform, post.owner) == ("instagram", person.id) and post.created_at > since
        )
        return sum(1 for _ in recent)

    def quota(self, person: Person) -> int:
        """How many it may publish in a day."""
        return int(person.extra.get("quota") or PUBLISHED_PER_DAY)

    async def limit(self, request: Request) -> Response:
        """How much of the day's quota is used."""
        said, person = await self.instagram.call(request, "publish")
        node = {
            "quota_usage": self.used(person),
            "config": {"quota_total": self.quota(person), "quota_duration": 86_400},
            "id": None,
        }
        return JSONResponse({"data": [chosen(said, node, ("quota_usage",), "PublishingLimit")]})


def _kind(said: dict[str, Any]) -> str:
    kind = said.get("media_type")
    if kind is None:
        return "VIDEO" if said.get("video_url") and not said.get("image_url") else "IMAGE"
    if kind not in KINDS:
        raise fail(2207023)
    return str(kind)
