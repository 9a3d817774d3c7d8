"""Names for files by their content, so that what is uploaded already is known again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from autosched.platforms.base import Action, Media, PlatformError


def names(media: Sequence[Media]) -> list[str]:
    """A name for each file; a file that is there twice has two."""
    seen: Counter[str] = Counter()
    found = []
    for each in media:
        digest = _digest(each)
        seen[digest] += 1
        found.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return found


def _digest(media: Media) -> str:
    try:
        with media.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error


def of_text(text: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
