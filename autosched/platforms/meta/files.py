"""Files on their way out: what tells one from another, and what Meta can fetch."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

from autosched.platforms.base import Action, Media, PlatformError, Problem
from autosched.settings import settings


def identity(media: Media, *more: Any) -> str:
    """A name for the file's content and for what is said of it on its way (`more`)."""
    try:
        with media.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
    return of(digest, *more)


def of(*parts: Any) -> str:
    """A short name for plain values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def not_public(title: str) -> Problem | None:
    """The problem with this installation's address, if `title` could not fetch files from it."""
    address = settings().public_url
    if settings().sandbox or reachable(address):
        return None
    return Problem(
        "public_url",
        f"{title} fetches the files from this installation, and can't reach it at {address}: "
        "set AUTOSCHED_PUBLIC_URL to an address with https that the internet reaches.",
    )


def reachable(address: str) -> bool:
    """Whether an address looks like one that the internet reaches with https."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
