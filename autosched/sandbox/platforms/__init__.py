"""One module a platform; each is written from the vendor's documentation alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from autosched.sandbox.wire import Platform
from autosched.sandbox.world import World

NAMES = ("x", "instagram", "facebook", "tiktok", "youtube", "linkedin", "bluesky", "mastodon")


def all_platforms(world: World, only: Sequence[str] = ()) -> list[Platform]:
    """Every platform (or `only` those), each with its app and its people moved into the world."""
    found: list[Platform] = []
    for name in only or NAMES:
        module = import_module(f"autosched.sandbox.platforms.{name}")
        found.append(module.make(world))
    return found
