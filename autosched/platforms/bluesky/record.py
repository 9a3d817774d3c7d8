"""A post as Bluesky keeps it: its record, and the record key that is chosen beforehand."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

from autosched.platforms.base import Draft
from autosched.platforms.bluesky.languages import guess

COLLECTION = "app.bsky.feed.post"

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def new_key(microseconds: int | None = None, clock: int | None = None) -> str:
    """A fresh record key (a TID): 53 bits of microseconds since 1970, then 10 random bits.

    13 characters of a base32 whose order is that of time. The server takes no other keys.
    """
    moment = time.time_ns() // 1000 if microseconds is None else microseconds
    mark = secrets.randbits(10) if clock is None else clock
    value = (moment & ((1 << 53) - 1)) << 10 | mark
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(60, -1, -5))


def compose(
    draft: Draft, facets: list[dict[str, Any]], embed: dict[str, Any] | None
) -> dict[str, Any]:
    """The record of `draft`: the same every time for the same draft, facets and embed."""
    record: dict[str, Any] = {
        "$type": COLLECTION,
        "text": draft.text,
        "createdAt": timestamp(draft.created_at),
    }
    languages = draft.options.get("langs") or guess(draft.text)
    if languages:
        record["langs"] = list(languages)[:3]
    if facets:
        record["facets"] = facets
    if embed:
        record["embed"] = embed
    return record


def images(items: list[tuple[dict[str, Any], str, int, int]]) -> dict[str, Any]:
    """The embed of up to four pictures: each its blob, alt text, width and height."""
    return {
        "$type": "app.bsky.embed.images",
        "images": [
            {"image": blob, "alt": alt, "aspectRatio": {"width": width, "height": height}}
            for blob, alt, width, height in items
        ],
    }


def video(blob: dict[str, Any], alt: str, width: int | None, height: int | None) -> dict[str, Any]:
    """The embed of a video; without known measures Bluesky shows it as it finds it."""
    embed: dict[str, Any] = {"$type": "app.bsky.embed.video", "video": blob}
    if alt:
        embed["alt"] = alt
    if width and height:
        embed["aspectRatio"] = {"width": width, "height": height}
    return embed


def timestamp(moment: datetime) -> str:
    """A moment as the protocol writes it: UTC, milliseconds, `Z`."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
