"""Films for YouTube, and a channel that is connected to the stand-in."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image

from autosched.media import ffmpeg
from autosched.platforms.base import Draft, Media, PlatformError, Published
from autosched.platforms.youtube import YouTube
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected

CHUNK = 8 * 1024 * 1024


@lru_cache
def film(size: str = "180x320") -> bytes:
    """A film of a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        source = f"testsrc=size={size}:rate=24:duration=1"
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
    facts = {"width": 180, "height": 320, "duration": 1.0} | said
    return Media(path, "video", "video/mp4", len(content), **facts)


def picture(folder: Path) -> Media:
    path = folder / f"cover-{len(list(folder.iterdir()))}.jpg"
    Image.new("RGB", (1280, 720), "#334455").save(path, "JPEG")
    return Media(path, "image", "image/jpeg", path.stat().st_size, 1280, 720)


class Scene:
    """A channel at the stand-in, with a folder for the media."""

    def __init__(self, stand: Stand, folder: Path, person: int = 0) -> None:
        self.stand, self.folder = stand, folder
        self.platform = YouTube()
        self.bench: Bench = connected(self.platform, stand, person=person)
        self.before = {post["id"] for post in stand.posts("youtube")}
        self.seen = len(stand.log())

    def posts(self) -> list[dict[str, Any]]:
        """What has been uploaded since the scene began."""
        return [post for post in self.stand.posts("youtube") if post["id"] not in self.before]

    def steps(self, name: str) -> list[int]:
        """The statuses with which requests of that step were answered since; 0 for cut off."""
        log = self.stand.log()[self.seen :]
        return [line["status"] for line in log if line["step"] == name]


def refused(scene: Scene, draft: Draft, handle: dict[str, Any] | None = None) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        scene.platform.prepare(scene.bench.desk(handle), draft)
    return caught.value


def finished(scene: Scene, draft: Draft) -> Published:
    """Go on from what was remembered last."""
    desk = scene.bench.desk(scene.bench.handles[-1])
    desk.handle = scene.platform.prepare(desk, draft)
    return scene.platform.commit(desk, draft)


Make = Callable[..., Scene]
