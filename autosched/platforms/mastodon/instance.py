"""What a server says of itself: its limits, which differ from server to server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_MIB = 1_048_576


@dataclass(frozen=True)
class Instance:
    """A server's limits; as Mastodon has them where the server does not say. Sizes in bytes and
    pixels (width times height), texts in characters, rates in frames a second.
    """

    title: str = "Mastodon"
    version: str = ""
    characters: int = 500
    per_link: int = 23
    attachments: int = 4
    description: int = 1500
    mimes: tuple[str, ...] = (
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/quicktime",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/ogg",
        "audio/flac",
    )
    image_bytes: int = 16 * _MIB
    image_pixels: int = 33_177_600
    video_bytes: int = 99 * _MIB
    video_pixels: int = 8_294_400
    video_rate: int = 120

    def told(self) -> dict[str, Any]:
        """As plain data, to be kept with the account."""
        return {**asdict(self), "mimes": list(self.mimes)}


_NAMES = {
    "characters": ("statuses", "max_characters"),
    "per_link": ("statuses", "characters_reserved_per_url"),
    "attachments": ("statuses", "max_media_attachments"),
    "description": ("media_attachments", "description_limit"),
    "image_bytes": ("media_attachments", "image_size_limit"),
    "image_pixels": ("media_attachments", "image_matrix_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
    "video_pixels": ("media_attachments", "video_matrix_limit"),
    "video_rate": ("media_attachments", "video_frame_rate_limit"),
}


def read(answer: Any) -> Instance:
    """The limits in the answer of `/api/v2/instance`, or of the older `/api/v1/instance`."""
    body = answer if isinstance(answer, dict) else {}
    configuration = body.get("configuration") or {}
    known: dict[str, Any] = {}
    for name, (group, field) in _NAMES.items():
        value = (configuration.get(group) or {}).get(field)
        if isinstance(value, int) and value > 0:
            known[name] = value
    mimes = (configuration.get("media_attachments") or {}).get("supported_mime_types")
    if isinstance(mimes, list) and mimes:
        known["mimes"] = tuple(str(mime) for mime in mimes)
    for name in ("title", "version"):
        if body.get(name):
            known[name] = str(body[name])
    return Instance(**known)


def of(account: Mapping[str, Any]) -> Instance:
    """The limits that were kept with the account."""
    kept = account.get("instance") or {}
    known = {name: kept[name] for name in Instance.__dataclass_fields__ if name in kept}
    return Instance(**{**known, **({"mimes": tuple(known["mimes"])} if "mimes" in known else {})})
