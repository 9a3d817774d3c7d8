"""Files on their way in: fetched from an address or received in pieces, and then looked at."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import httpx
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from autosched.sandbox.world import Blob, World

FETCH_SECONDS = 10.0
"""How long a fetch of a file may stand still before it counts as too slow."""


class FetchError(Exception):
    """`why` it could not be fetched: `timeout`, `unreachable`, `too_big`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Fetcher:
    """Fetches media from the addresses that a client hands over; follows no redirects."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def fetch(self, url: str, to: Path, limit: int) -> str:
        """Store what stands at `url`; its content type."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=FETCH_SECONDS, trust_env=False, limits=httpx.Limits(max_connections=40)
            )
        try:
            async with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise FetchError("unreachable")
                size = 0
                with to.open("wb") as file:
                    async for piece in answer.aiter_bytes():
                        size += len(piece)
                        if size > limit:
                            raise FetchError("too_big")
                        file.write(piece)
                kind = str(answer.headers.get("content-type", ""))
                return kind.partition(";")[0].strip().lower()
        except httpx.TimeoutException:
            raise FetchError("timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise FetchError("unreachable") from None


@dataclass
class Incoming:
    """A file that comes in pieces: `received` of `size` bytes are there."""

    path: Path
    size: int
    received: int = 0

    @property
    def complete(self) -> bool:
        """Whether all of it is there."""
        return self.received >= self.size


async def receive(request: Request, file: Incoming) -> bool:
    """Append the body to what is there; whether it kept within the size that was announced.

    What came before the connection broke stays.
    """
    with file.path.open("r+b" if file.path.exists() else "w+b") as out:
        out.seek(file.received)
        out.truncate()
        async for piece in request.stream():
            if file.received + len(piece) > file.size:
                return False
            out.write(piece)
            file.received += len(piece)
    return True


async def store(upload: UploadFile, to: Path, *, offset: int = 0) -> int:
    """Write a form's file to the disk, at `offset`; how many bytes it has."""

    def write() -> int:
        with to.open("r+b" if to.exists() else "w+b") as out:
            out.seek(offset)
            while piece := upload.file.read(1 << 20):
                out.write(piece)
            return out.tell() - offset

    return await run_in_threadpool(write)


async def as_blob(platform: str, owner: str, id: str, path: Path, mime: str) -> Blob:
    """A stored file as a blob."""

    def digest() -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return Blob(
        id, platform, owner, path, path.stat().st_size, mime, await run_in_threadpool(digest)
    )


def place(world: World, platform: str, id: str) -> Path:
    """Where a file of that identifier is kept."""
    return world.folder / f"{platform}-{id}"


@dataclass(frozen=True)
class Picture:
    """What a picture is."""

    format: str
    width: int
    height: int


def look_at_picture(path: Path) -> Picture | None:
    """Read a picture's head; `None` if it is none."""
    try:
        with Image.open(path) as image:
            return Picture(image.format or "", image.width, image.height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


@dataclass(frozen=True)
class Film:
    """What a video is. Durations in seconds, `bitrate` in bits a second."""

    container: str
    seconds: float
    width: int
    height: int
    rate: float
    codec: str
    pixels: str
    bitrate: float
    sound: str
    sound_rate: int
    channels: int
    head_first: bool
    edited: bool


def look_at_film(path: Path) -> Film | None:
    """Read a video's head; `None` if it is none."""
    try:
        with av.open(str(path)) as file:
            if not file.streams.video:
                return None
            picture = file.streams.video[0]
            sound = file.streams.audio[0] if file.streams.audio else None
            seconds = float(file.duration or 0) / 1_000_000
            size = path.stat().st_size
            head_first, edited = _boxes(path)
            return Film(
                container=file.format.name,
                seconds=seconds,
                width=picture.width,
                height=picture.height,
                rate=float(picture.average_rate or 0),
                codec=picture.codec_context.name,
                pixels=picture.pix_fmt or "",
                bitrate=8 * size / seconds if seconds else 0.0,
                sound=sound.codec_context.name if sound else "",
                sound_rate=sound.sample_rate if sound else 0,
                channels=sound.channels if sound else 0,
                head_first=head_first,
                edited=edited,
            )
    except (OSError, ValueError, av.error.FFmpegError):
        return None


def _boxes(path: Path) -> tuple[bool, bool]:
    """Whether `moov` stands before `mdat`, and whether it holds an edit list."""
    order: list[str] = []
    edited = False
    with path.open("rb") as file:
        for kind, start, end in _walk(file, 0, path.stat().st_size):
            order.append(kind)
            if kind == "moov":
                tracks = [box for box in _walk(file, start, end) if box[0] == "trak"]
                edited = any(
                    inner[0] == "edts" for _, a, b in tracks for inner in _walk(file, a, b)
                )
    if "moov" not in order or "mdat" not in order:
        return True, edited
    return order.index("moov") < order.index("mdat"), edited


def _walk(file: BinaryIO, start: int, end: int) -> list[tuple[str, int, int]]:
    """The boxes of an ISO media file between two offsets: kind, start and end of the content."""
    found: list[tuple[str, int, int]] = []
    at = start
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        elif size == 0:
            size = end - at
        if size < head:
            break
        found.append((kind.decode("latin-1"), at + head, min(at + size, end)))
        at += size
    return found


def portrait(id: str) -> bytes:
    """A plain picture for an account."""
    colour = hashlib.sha256(id.encode()).digest()
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (colour[0], colour[1], colour[2])).save(out, "JPEG")
    return out.getvalue()
