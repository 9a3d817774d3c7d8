"""Files to post, as the library would hand them over, and a page of a person to post on."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

from autosched.platforms.base import Desk, Draft, Media
from tests.platforms.desks import Bench, Killed
from tests.sandbox.meta_hand import MediaHost, film, picture


def photo(folder: Path, name: str = "a.jpg", shade: int = 90, alt: str = "A night sky") -> Media:
    path = folder / name
    path.write_bytes(picture(shade=shade))
    return Media(path, "image", "image/jpeg", path.stat().st_size, 1080, 1350, None, alt, name)


def video(folder: Path, name: str = "a.mp4", padding: int = 0, seconds: float = 3.5) -> Media:
    """An upright video, made larger by a box that players skip."""
    path = folder / name
    content = film(folder, seconds=seconds)
    if padding:
        content += struct.pack(">I4s", padding + 8, b"free") + os.urandom(padding)
    path.write_bytes(content)
    return Media(path, "video", "video/mp4", len(content), 540, 960, seconds, "", name)


def show(host: MediaHost, *media: Media) -> None:
    """Have the files stand where a platform can fetch them."""
    for each in media:
        host.put(each.path.name, each.path.read_bytes(), each.mime)


class Watched:
    """A desk's progress as it was told; with `until`, the worker is killed when it is reached."""

    def __init__(self, until: float | None = None) -> None:
        self.shares: list[float] = []
        self.until = until

    def __call__(self, share: float) -> None:
        self.shares.append(share)
        if self.until is not None and share >= self.until:
            raise Killed

    @property
    def back(self) -> float:
        """The furthest that it went back."""
        steps = zip(self.shares, self.shares[1:], strict=False)
        return max((before - after for before, after in steps), default=0.0)


def prepared(bench: Bench, draft: Draft, handle: dict[str, Any] | None = None) -> Desk:
    desk = bench.desk(handle)
    desk.handle = bench.platform.prepare(desk, draft)
    return desk


def patient(handle: dict[str, Any], seconds: float = 400.0) -> dict[str, Any]:
    """The handle as it is when the last attempts were so long ago."""
    times = ("committing_at", "comment_at")
    aged = {name: handle[name] - seconds for name in times if handle.get(name)}
    return {**handle, **aged}
