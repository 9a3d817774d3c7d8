"""How a post on TikTok is begun: what its creator may do, and the three init addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.tiktok_ground import (
    DAY,
    NAME,
    PENDING_DRAFTS_A_DAY,
    POSTS_A_DAY,
    UNAUDITED,
    UPLOAD,
    WEB,
    Ground,
    Rule,
)
from autosched.sandbox.platforms.tiktok_work import Job, Work
from autosched.sandbox.world import Person

PRIVACY = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
VIDEO_MOST = 4 * 1024**3
CHUNK_LEAST = 5_242_880
CHUNK_MOST = 64_000_000
WHOLE_MOST = 64_000_000
CHUNKS_MOST = 1000
"""Whether a megabyte has 10⁶ or 2²⁰ bytes is not documented: what is right in both readings is
accepted, and nothing else."""
OWNED_HOSTS = ("127.0.0.1", "localhost", "::1")
"""Where files may be fetched from, as if verified in the portal. Only here may it be http."""

_TOGGLES = {"brand_content_toggle": Rule(bool), "brand_organic_toggle": Rule(bool)}
VIDEO_INFO = {
    "title": Rule(str, most=2200),
    "privacy_level": Rule(str, needed=True, choice=PRIVACY),
    "disable_duet": Rule(bool),
    "disable_comment": Rule(bool),
    "disable_stitch": Rule(bool),
    "video_cover_timestamp_ms": Rule(int, least=0),
    "is_aigc": Rule(bool),
    **_TOGGLES,
}
PHOTO_INFO = {
    "title": Rule(str, most=90),
    "description": Rule(str, most=4000),
    "privacy_level": Rule(str, choice=PRIVACY),
    "disable_comment": Rule(bool),
    "auto_add_music": Rule(bool),
    **_TOGGLES,
}
FILE_SOURCE = {
    "source": Rule(str, needed=True),
    "video_size": Rule(int, needed=True, least=1, most=VIDEO_MOST),
    "chunk_size": Rule(int, needed=True, least=1),
    "total_chunk_count": Rule(int, needed=True, least=1, most=CHUNKS_MOST),
}
URL_SOURCE = {"source": Rule(str, needed=True), "video_url": Rule(str, needed=True, least=1)}
PHOTO_SOURCE = {
    "source": Rule(str, needed=True, choice=("PULL_FROM_URL",)),
    "photo_images": Rule(list, needed=True, least=1, most=35),
    "photo_cover_index": Rule(int, least=0),
}


class Publish:
    """The creator's standing, and the beginning of posts."""

    def __init__(self, ground: Ground, work: Work) -> None:
        self.ground, self.world, self.work = ground, ground.world, work

    async def creator_info(self, request: Request) -> Response:
        """What the person may choose of. Every app has to ask before it offers to post."""
        token, person = self.ground.caller(request, "creator_info", "video.publish")
        self.ground.within(token, "creator_info")
        self.ground.shaped(await self.ground.body(request, charset=True), {}, "body")
        self._may_post(person)
        off = person.extra["off"]
        return self.ground.ok(
            {
                "creator_avatar_url": self.world.url(WEB, f"avatar/{person.username}"),
                "creator_username": person.username,
                "creator_nickname": person.name,
                "privacy_level_options": person.extra["privacy"],
                "comment_disabled": "comment" in off,
                "duet_disabled": "duet" in off,
                "stitch_disabled": "stitch" in off,
                "max_video_post_duration_sec": person.extra["seconds"],
            }
        )

    async def video(self, request: Request) -> Response:
        """Begin a video that is posted directly."""
        token, person = self.ground.caller(request, "upload_init", "video.publish")
        self.ground.within(token, "init")
        said = self.ground.shaped(
            await self.ground.body(request, charset=True),
            {"post_info": Rule(dict, needed=True), "source_info": Rule(dict, needed=True)},
            "body",
        )
        info = self.ground.shaped(said["post_info"], VIDEO_INFO, "post_info")
        self._private_enough(token, person, info["privacy_level"])
        self._may_post(person)
        return self._begun(token, person, info, said["source_info"], draft=False)

    async def draft(self, request: Request) -> Response:
        """Begin a video that goes to the person's inbox, to be finished in TikTok itself."""
        token, person = self.ground.caller(request, "draft_init", "video.upload")
        self.ground.within(token, "init")
        said = self.ground.shaped(
            await self.ground.body(request, charset=True),
            {"source_info": Rule(dict, needed=True)},
            "body",
        )
        self._may_share(person)
        return self._begun(token, person, {}, said["source_info"], draft=True)

    async def photos(self, request: Request) -> Response:
        """Begin a photo post; TikTok fetches the pictures itself."""
        ground = self.ground
        token, person = ground.caller(request, "photo_init", "video.publish", "video.upload")
        ground.within(token, "init")
        said = ground.shaped(
            await ground.body(request, charset=True),
            {
                "post_info": Rule(dict),
                "source_info": Rule(dict, needed=True),
                "post_mode": Rule(str, needed=True, choice=("DIRECT_POST", "MEDIA_UPLOAD")),
                "media_type": Rule(str, needed=True, choice=("PHOTO",)),
            },
            "body",
        )
        draft = said["post_mode"] == "MEDIA_UPLOAD"
        if ("video.upload" if draft else "video.publish") not in token.scopes:
            raise ground.no("scope_not_authorized", "The user did not authorize this post_mode.")
        info = ground.shaped(said.get("post_info", {}), PHOTO_INFO, "post_info")
        source = ground.shaped(said["source_info"], PHOTO_SOURCE, "source_info")
        if source.get("photo_cover_index", 0) >= len(source["photo_images"]):
            raise ground.no("invalid_param", "source_info.photo_cover_index is out of range.")
        for address in source["photo_images"]:
            self._owned(address)
        if draft:
            self._may_share(person)
        else:
            if "privacy_level" not in info:
                raise ground.no("invalid_param", "post_info.privacy_level is required.")
            self._private_enough(token, person, info["privacy_level"])
            self._may_post(person)
        job = self._job(token, person, "photo", info, draft=draft, start="p_pub_url~v2-1.")
        job.info["photo_cover_index"] = source.get("photo_cover_index", 0)
        job.urls = tuple(source["photo_images"])
        self.work.fetch(job, "photo_init")
        return ground.ok({"publish_id": job.publish_id})

    def _begun(
        self, token: Token, person: Person, info: dict[str, Any], said: Any, *, draft: bool
    ) -> Response:
        source = said.get("source") if isinstance(said, dict) else None
        kind = "inbox" if draft else "pub"
        if source == "PULL_FROM_URL":
            from_there = self.ground.shaped(said, URL_SOURCE, "source_info")
            self._owned(from_there["video_url"])
            start = f"v_{kind}_url~v2-1."
            job = self._job(token, person, "video", info, draft=draft, start=start)
            job.urls = (from_there["video_url"],)
            self.work.fetch(job, "draft_init" if draft else "upload_init")
            return self.ground.ok({"publish_id": job.publish_id})
        if source != "FILE_UPLOAD":
            raise self.ground.no("invalid_param", "source_info.source is not known.")
        upload = self.ground.shaped(said, FILE_SOURCE, "source_info")
        size, chunk, count = upload["video_size"], upload["chunk_size"], upload["total_chunk_count"]
        wrong = chunks_wrong(size, chunk, count)
        if wrong:
            raise self.ground.no("invalid_param", wrong)
        start = f"v_{kind}_file~v2-1."
        job = self._job(token, person, "video", info, draft=draft, start=start)
        job.size, job.chunk, job.count = size, chunk, count
        job.key = self.world.key(12)
        job.path = self.world.folder / f"{NAME}-{self.world.number()}"
        job.path.touch()
        self.work.uploads[job.key] = job
        where = f"video/?upload_id={job.publish_id.rpartition('.')[2]}&upload_token={job.key}"
        return self.ground.ok(
            {"publish_id": job.publish_id, "upload_url": self.world.url(UPLOAD, where)}
        )

    def _job(
        self,
        token: Token,
        person: Person,
        kind: str,
        info: dict[str, Any],
        *,
        draft: bool,
        start: str,
    ) -> Job:
        made = self.world.now()
        job = Job(start + self.world.number(), token, person, kind, draft, dict(info), made)
        self.work.jobs[job.publish_id] = job
        return job

    def _owned(self, address: Any) -> None:
        parts = urlsplit(address) if isinstance(address, str) else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.ground.no("invalid_param", "source_info: this is no web address.")
        if parts.hostname not in OWNED_HOSTS:
            raise self.ground.no("url_ownership_unverified", "Verify the domain in the portal.")

    def _private_enough(self, token: Token, person: Person, level: str) -> None:
        unaudited = token.client_id == UNAUDITED
        if unaudited and (level != "SELF_ONLY" or not person.extra["private"]):
            raise self.ground.no("unaudited_client_can_only_post_to_private_accounts")
        if level not in person.extra["privacy"]:
            raise self.ground.no("privacy_level_option_mismatch")

    def _may_post(self, person: Person) -> None:
        if self._begun_today(person, draft=False) >= self.ground.daily(person, POSTS_A_DAY):
            raise self.ground.no("spam_risk_too_many_posts")

    def _may_share(self, person: Person) -> None:
        if self._begun_today(person, draft=True) >= self.ground.daily(person, PENDING_DRAFTS_A_DAY):
            raise self.ground.no("spam_risk_too_many_pending_share")

    def _begun_today(self, person: Person, *, draft: bool) -> int:
        since = self.world.now() - DAY
        return sum(
            job.person.id == person.id
            and job.draft == draft
            and job.made > since
            and job.status != "FAILED"
            and (draft or job.post is not None)
            for job in self.work.jobs.values()
        )


def chunks_wrong(size: int, chunk: int, count: int) -> str:
    """What is wrong with the chunks of a video, or nothing."""
    if chunk > CHUNK_MOST:
        return f"source_info.chunk_size is above {CHUNK_MOST}."
    if chunk > size:
        return "source_info.chunk_size is larger than video_size."
    if size < CHUNK_LEAST and chunk != size:
        return "A video of less than 5 MB is sent whole: chunk_size must be video_size."
    if size >= CHUNK_LEAST and chunk < CHUNK_LEAST:
        return f"source_info.chunk_size is below {CHUNK_LEAST}."
    if count != size // chunk:
        return "source_info.total_chunk_count must be video_size / chunk_size, rounded down."
    if size > WHOLE_MOST and count < 2:
        return "A video of more than 64 MB must be sent in several chunks."
    return ""
