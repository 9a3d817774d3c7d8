"""Posts of every kind on Instagram, and how often they are out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autosched.platforms.base import Desk, Draft
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.facebook.meta_files import photo, show, video
from tests.sandbox.meta_hand import MediaHost

KINDS = ["picture", "carousel", "reel", "story"]


def draft_of(
    bench: Bench, host: MediaHost, kind: str, text: str, folder: Path, **options: Any
) -> Draft:
    media = {
        "picture": lambda: [photo(folder)],
        "carousel": lambda: [photo(folder, f"{n}.jpg", shade=40 * n) for n in range(3)],
        "reel": lambda: [video(folder)],
        "story": lambda: [photo(folder, shade=len(text))],
    }[kind]()
    show(host, *media)
    return bench.draft(text, *media, shape=kind, **options)


def out(stand: Stand, desk: Desk) -> int:
    """How often the container was published."""
    return sum(
        post["extra"]["container"] == desk.handle["container"] for post in stand.posts("instagram")
    )
