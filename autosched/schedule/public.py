"""Addresses at which a platform can fetch a file for a while, for those that take no bytes.

The address holds the file's place, sealed, and when it ends: nothing is stored, and nobody can
make one up.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from autosched import crypto
from autosched.errors import AutoschedError, NotFoundError
from autosched.platforms.base import Media
from autosched.settings import settings

_LASTS_SECONDS = 24 * 3600.0


def url(media: Media) -> str:
    """Where the file can be fetched for a day, without a log-in."""
    place = media.path.absolute().relative_to(settings().data_dir)
    ends = time.time() + _LASTS_SECONDS
    token = crypto.seal({"place": str(place), "mime": media.mime, "ends": ends})
    return f"{settings().public_url.rstrip('/')}/public/{token}{media.path.suffix}"


def file(token: str) -> tuple[Path, str]:
    """The file behind an address, and its type; `NotFoundError` for one that is not or is over."""
    gone = NotFoundError("There is nothing at this address, or not any more.")
    try:
        said: dict[str, Any] = crypto.unseal(token.split(".", 1)[0])
    except AutoschedError:
        raise gone from None
    if not isinstance(said.get("place"), str) or said.get("ends", 0.0) < time.time():
        raise gone
    path = settings().data_dir / str(said["place"])
    if not path.is_file():
        raise gone
    return path, str(said["mime"])
