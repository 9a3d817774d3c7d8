"""Which platforms there are, by name; each is made once and shared by all threads."""

from __future__ import annotations

from threading import Lock

from autosched.errors import NotFoundError
from autosched.platforms.base import Platform

_platforms: dict[str, Platform] = {}
_filling = Lock()


def platform(name: str) -> Platform:
    """The platform called `name`; `NotFoundError` if this program knows none."""
    found = _known().get(name)
    if found is None:
        names = ", ".join(_known())
        raise NotFoundError(
            f"There is no platform called “{name}”.", remedy=f"Choose one of {names}."
        )
    return found


def platforms() -> list[Platform]:
    """Every platform, in the order in which they are offered."""
    return list(_known().values())


def register(platform: Platform) -> None:
    """Add a platform, or put it in the place of the one that has its name."""
    _known()[platform.name] = platform


def _known() -> dict[str, Platform]:
    with _filling:
        if not _platforms:
            # Imported on the first question: Pillow and httpx cost a start-up time that most
            # commands need not pay.
            from autosched.platforms.bluesky import Bluesky
            from autosched.platforms.facebook import Facebook
            from autosched.platforms.folder import Folder
            from autosched.platforms.instagram import Instagram
            from autosched.platforms.linkedin import LinkedIn
            from autosched.platforms.mastodon import Mastodon
            from autosched.platforms.tiktok import TikTok
            from autosched.platforms.x import X
            from autosched.platforms.youtube import YouTube

            built_in: tuple[Platform, ...] = (
                X(),
                Instagram(),
                Facebook(),
                TikTok(),
                YouTube(),
                LinkedIn(),
                Bluesky(),
                Mastodon(),
                Folder(),
            )
            _platforms.update({each.name: each for each in built_in})
    return _platforms
