"""What the two instances allow, and how they count a text."""

from __future__ import annotations

from dataclasses import dataclass

import regex

MEBIBYTE = 1_048_576
_ADDRESS = regex.compile(r"https?://[^\s<>\"'“”]*\.[^\s<>\"'“”]*[\w/=&#+~-]", regex.IGNORECASE)
_REMOTE = regex.compile(r"(?<![\w/=])(@[\w.-]*\w)@[\w-]+(?:\.[\w-]+)+", regex.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """An instance's own numbers, as it tells them."""

    characters: int = 500
    per_address: int = 23
    attachments: int = 4
    image_bytes: int = 16 * MEBIBYTE
    image_pixels: int = 33_177_600
    video_bytes: int = 99 * MEBIBYTE
    video_pixels: int = 8_294_400
    video_rate: int = 120
    description: int = 1_500
    poll_options: int = 4
    poll_letters: int = 50
    poll_shortest: int = 300
    poll_longest: int = 2_629_746

    def length(self, text: str, spoiler: str = "") -> int:
        """The length by which a post is judged: in letters as a reader sees them.

        An address counts the same whatever its length, and of `@user@host` only `@user`.
        """
        text = _ADDRESS.sub("x" * self.per_address, text)
        text = _REMOTE.sub(r"\1", text)
        return len(regex.findall(r"\X", spoiler + text))


MIMES = (
    "image/jpeg", "image/png", "image/gif", "image/webp",
    "video/webm", "video/mp4", "video/quicktime",
    "audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4",
)  # fmt: skip
