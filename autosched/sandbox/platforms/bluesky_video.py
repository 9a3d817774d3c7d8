"""video.bsky.app: takes films with a token of the account's own server, and works on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.oauth import Grants
from autosched.sandbox.platforms.bluesky_blobs import Blobs, reference
from autosched.sandbox.platforms.bluesky_wire import (
    NAME,
    PDS,
    SERVICE_DID,
    VIDEO,
    Rations,
    asked,
    invalid,
    stop,
)
from autosched.sandbox.wire import Platform, answer, step
from autosched.sandbox.world import Blob, Person, World

MOST_BYTES = 300_000_000
MOST_SECONDS = 180.0
PROCESSING_SECONDS = 0.3
DAILY_VIDEOS = 25 * 100
DAILY_BYTES = 10_000_000_000 * 100
"""A hundredfold of what an account may send in a day, so that tests are not stopped."""
STATES = ("CREATED", "ENCODING", "ENCODED", "SCANNING", "SCANNED", "UPLOADING", "UPLOADED")


@dataclass
class Job:
    """A film at work."""

    id: str
    blob: Blob
    began: float
    seconds: float
    failure: str = ""


@dataclass
class Video:
    """The service for films."""

    world: World
    platform: Platform
    grants: Grants
    rations: Rations
    blobs: Blobs
    jobs: dict[str, Job] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            step(
                self.world,
                self.platform,
                name,
                method,
                f"/{VIDEO}/xrpc/app.bsky.video.{path}",
                self.rations.counted(do),
            )
            for name, method, path, do in (
                ("upload_video", "POST", "uploadVideo", self.upload),
                ("upload_status", "GET", "getJobStatus", self.status),
                ("upload_limits", "GET", "getUploadLimits", self.limits),
            )
        ]

    async def upload(self, request: Request) -> Response:
        """Take a film and begin to work on it; one that is known already is named with its blob."""
        person = self._admit(request, "upload_video", "com.atproto.repo.uploadBlob", _servers(self))
        said = asked(request, "did", "name")
        if said["did"] != person.id:
            raise stop(401, "AuthenticationRequired", "did is another account than the token's")
        if request.headers.get("content-type") != "video/mp4":
            raise invalid("Wrong request encoding (Content-Type): video/mp4 is expected")
        if not person.extra["email_confirmed"]:
            raise stop(403, "unconfirmed_email", "The account's address must be confirmed first")
        blob = await self.blobs.take(request, person.id, "video/mp4", MOST_BYTES)
        for job in self.jobs.values():
            if job.blob.id == blob.id and job.blob.owner == person.id and not job.failure:
                told = self._told(job) | {"error": "already_exists", "message": "already processed"}
                return answer(409, told)
        failure = await run_in_threadpool(_failure, blob)
        if self.world.faults.draw(NAME, "upload_video", "fail_processing"):
            failure = "The film could not be encoded"
        seconds = self.world.faults.seconds(NAME, "slow") or PROCESSING_SECONDS
        job = Job(self.world.key(9), blob, self.world.now(), seconds, failure)
        self.jobs[job.id] = job
        return answer(200, {"jobStatus": self._told(job)})

    async def status(self, request: Request) -> Response:
        """How far a film is."""
        said = asked(request, "jobId")
        if self.world.faults.draw(NAME, "upload_status", "lose_container"):
            self.jobs.pop(said["jobId"], None)
        job = self.jobs.get(said["jobId"])
        if job is None:
            raise invalid("Job not found", "JobNotFound")
        return answer(200, {"jobStatus": self._told(job)})

    async def limits(self, request: Request) -> Response:
        """What the account may still send today."""
        person = self._admit(
            request, "upload_limits", "app.bsky.video.getUploadLimits", (f"did:web:{VIDEO}",)
        )
        day = self.world.now() - 86_400
        sent = [
            job.blob
            for job in self.jobs.values()
            if job.blob.owner == person.id and job.began > day
        ]
        videos = DAILY_VIDEOS - len(sent)
        left = DAILY_BYTES - sum(blob.size for blob in sent)
        can = bool(person.extra["email_confirmed"]) and videos > 0 and left > 0
        found: dict[str, Any] = {
            "canUpload": can,
            "remainingDailyVideos": videos,
            "remainingDailyBytes": left,
        }
        return answer(200, found if can else found | {"error": "unconfirmed_email"})

    def _told(self, job: Job) -> dict[str, Any]:
        share = (self.world.now() - job.began) / job.seconds
        told: dict[str, Any] = {"jobId": job.id, "did": job.blob.owner}
        if share < 1:
            state = STATES[int(share * len(STATES))]
            return told | {"state": f"JOB_STATE_{state}", "progress": int(share * 100)}
        if job.failure:
            return told | {
                "state": "JOB_STATE_FAILED",
                "error": "ProcessingFailed",
                "failureCode": "PROCESSING_FAILED",
                "message": job.failure,
            }
        self.blobs.keep(job.blob)
        return told | {
            "state": "JOB_STATE_COMPLETED",
            "progress": 100,
            "blob": reference(job.blob),
        }

    def _admit(self, request: Request, step_name: str, lxm: str, aud: tuple[str, ...]) -> Person:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise stop(401, "AuthMissing", "Authentication Required")
        token = self.grants.find(value, "service")
        if token is None:
            raise stop(401, "BadJwt", "poorly formatted jwt")
        if self.world.faults.draw(NAME, step_name, "expire_token"):
            token.ends = self.world.now()
        if self.grants.standing(token) != "good":
            raise stop(401, "JwtExpired", "jwt expired")
        if token.extra["aud"] not in aud:
            raise stop(401, "BadJwtAudience", "jwt audience does not match service did")
        if token.extra["lxm"] != lxm:
            raise stop(
                401, "BadJwtLexiconMethod", f"bad jwt lexicon method (lxm). must match: {lxm}"
            )
        person = self.world.person(NAME, token.person)
        if person is None:
            raise stop(403, "AccountNotFound", "Account not found")
        return person


def _servers(video: Video) -> tuple[str, ...]:
    """The account's server by the names that it can be written with here."""
    place = video.world.origin.partition("://")[2]
    host = place.partition(":")[0]
    escaped = place.replace(":", "%3A")
    return (SERVICE_DID, f"did:web:{host}", f"did:web:{escaped}", f"did:web:{escaped}:{PDS}")


def _failure(blob: Blob) -> str:
    import av

    try:
        with av.open(str(blob.path)) as film:
            if not film.streams.video or "mp4" not in film.format.name:
                return "The file is not an MP4 film"
            if (film.duration or 0) / av.time_base > MOST_SECONDS:
                return "The film is too long"
    except (av.FFmpegError, OSError, ValueError):
        return "The film cannot be read"
    return ""
