"""What is made for a page and not public yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.world import Blob

MESSAGE_MAX = 63_206


@dataclass
class Held:
    """A post that is not public: scheduled for `due`, or not published at all (`None`)."""

    id: str
    page: str
    text: str
    blobs: list[Blob]
    due: float | None
    made: float
    kind: str
    permalink: str
    extra: dict[str, Any] = field(default_factory=dict)


def check_text(text: str) -> None:
    """Refuse words that are too many."""
    if len(text) > MESSAGE_MAX:
        raise fail(100, f"(#100) The message is longer than {MESSAGE_MAX} characters")
