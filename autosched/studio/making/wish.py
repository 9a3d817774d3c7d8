"""What somebody wants made, what came of it, and the interface of all who make pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

Told = Callable[[float, str], None]
Cancelled = Callable[[], bool]


class Wish(BaseModel):
    """A picture or clip that is wanted.

    `kind`: of art, for the maker `art`. `source`: a library picture to begin from.
    `seconds`: 0 for a still.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    maker: str
    prompt: str = Field(default="", max_length=1000)
    style: str = Field(default="", max_length=300)
    kind: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    source: str | None = None
    width: int = Field(default=1080, ge=64, le=4320)
    height: int = Field(default=1920, ge=64, le=4320)
    seconds: float = Field(default=0.0, ge=0.0, le=60.0)
    seed: int = Field(default=1, ge=0, lt=2**31)

    @property
    def words(self) -> str:
        """The prompt with its style."""
        return ", ".join(part.strip() for part in (self.prompt, self.style) if part.strip())

    def key(self, version: str, source: str = "") -> str:
        """The same for the same wish of the same maker's version, and the same source content."""
        said = json.dumps(self.model_dump(exclude={"source"}), sort_keys=True)
        return hashlib.sha256(f"{version}\n{source}\n{said}".encode()).hexdigest()


class Credit(BaseModel):
    """Who made what was found elsewhere, where it is, and on what terms it may be used."""

    author: str
    url: str
    licence: str
    site: str

    @property
    def sentence(self) -> str:
        """As it stands beside the picture."""
        return f"{self.author} on {self.site} ({self.licence}): {self.url}"


class Made(BaseModel):
    """A file that was made; `credit` if somebody else made it."""

    path: Path
    name: str
    alt: str
    credit: Credit | None = None


class Maker(Protocol):
    """Somebody who makes pictures. `version`: it and the wish settle the picture."""

    @property
    def version(self) -> str: ...

    def make(
        self, wish: Wish, source: Path | None, out: Path, told: Told, cancelled: Cancelled
    ) -> Made:
        """Make it in the folder `out`. `CancelledError` soon after `cancelled` says so."""
