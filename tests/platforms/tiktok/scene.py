"""Films and pictures for TikTok, and a creator who is connected to the stand-in."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from autosched.media import ffmpeg
from autosched.platforms.base import Action, Draft, Media, PlatformError, Published
from autosched.platforms.tiktok import TikTok, uploads
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected

CHUNK = 5_242_880


@lru_cache
def film(seconds: int = 1, rate: int = 24, size: str = "360x640") -> bytes:
    """A small H.264 film."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        source = f"testsrc=size={size}:rate={rate}:duration={seconds}"
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        ffmpeg.run(["-y", "-f", "lavfi", "-i", source, *coded, str(path)])
        return path.read_bytes()


def video(folder: Path, size: int = 0, content: bytes | None = None, **said: Any) -> Media:
    """A film on the disk, with an empty box behind it if `size` bytes are wanted."""
    content = film() if content is None else content
    if left := size - len(content) if size else 0:
        content += struct.pack(">I4s", left, b"free") + bytes(left - 8)
    path = folder / f"film-{len(list(folder.iterdir()))}.mp4"
    path.write_bytes(content)
    facts = {"width": 360, "height": 640, "duration": 1.0} | said
    return Media(path, "video", "video/mp4", len(content), **facts)


def picture(folder: Path, width: int = 1080, height: int = 1350) -> Media:
    path = folder / f"picture-{len(list(folder.iterdir()))}.jpg"
    Image.new("RGB", (width, height), "#334455").save(path, "JPEG")
    return Media(path, "image", "image/jpeg", path.stat().st_size, width, height)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at a web address, as TikTok fetches from it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class Scene:
    """A creator at the stand-in, with a folder for the media."""

    def __init__(self, stand: Stand, folder: Path, person: int = 0) -> None:
        self.stand, self.folder = stand, folder
        # Six posts a minute are taken from one account: each test has a minute of its own.
        stand.forward(61)
        self.platform = TikTok()
        self.bench: Bench = connected(self.platform, stand, person=person)
        self.before = len(stand.posts("tiktok"))
        self.seen = len(stand.log())

    def posts(self) -> list[dict[str, Any]]:
        """What has come out since the scene began."""
        found = sorted(self.stand.posts("tiktok"), key=lambda post: post["id"])
        return found[self.before :]

    def steps(self, name: str) -> list[int]:
        """The statuses with which requests of that step were answered since; 0 for cut off."""
        log = self.stand.log()[self.seen :]
        return [line["status"] for line in log if line["step"] == name]


def refused(scene: Scene, draft: Draft, handle: dict[str, Any] | None = None) -> PlatformError:
    desk = scene.bench.desk(handle)
    with pytest.raises(PlatformError) as caught:
        desk.handle = scene.platform.prepare(desk, draft)
        scene.platform.commit(desk, draft)
    scene.bench.handles.append(dict(desk.handle))
    return caught.value


def settled(scene: Scene, draft: Draft, *, later: bool = False) -> Published | None:
    """Ask as the schedule does: again and again while the answer is “not yet”."""
    desk = scene.bench.desk(scene.bench.handles[-1])
    if later:
        desk.handle["upload"]["last_at"] -= uploads.URL_SECONDS / 2
    for _ in range(20):
        try:
            found = scene.platform.settle(desk, draft)
        except PlatformError as error:
            if error.action != Action.RETRY:
                raise
            time.sleep(0.2)
            continue
        scene.bench.handles.append(dict(desk.handle))
        return found
    raise AssertionError("it never came to an end")


Make = Callable[..., Scene]
