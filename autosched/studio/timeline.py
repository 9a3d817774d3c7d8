"""The render plan: everything that will be seen and heard, as plain data with exact places.

A plan is frozen, can be written as JSON, and is the same for the same spec and seed. Times are
in seconds, places in pixels of the frame. `plan.plan` makes one; nothing here draws.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from autosched.studio.frame import Box
from autosched.studio.template import Direction, Effects, Enter, Grade, Script, Whole

# Raised whenever the same plan would be drawn otherwise; part of the previews' stamp.
ENGINE = 3
FPS = 30


@dataclass(frozen=True)
class Art:
    """A background drawn by the program, at `width` x `height` before it is scaled up."""

    kind: str
    seed: int
    palette: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True)
class Footage:
    """The user's video: the part that is shown, in the pixels of the upright picture.

    `matrix` is the one that its colours are coded by: bt709, smpte170m or bt2020nc. `loop`: too
    short to be dissolved into itself, it is simply played again.
    """

    path: str
    crop: tuple[int, int, int, int]
    matrix: str
    hdr: bool = False
    loop: bool = False


@dataclass(frozen=True)
class Picture:
    """The user's picture: the part that is shown."""

    path: str
    crop: tuple[int, int, int, int]


@dataclass(frozen=True)
class Shot:
    """One background, from frame `first` for `frames` frames (its transitions included).

    `transition` leads into it and lasts `blend` frames; the first shot has none. A wipe or a slide
    moves to `direction`.
    """

    first: int
    frames: int
    media: Art | Footage | Picture
    transition: str
    blend: int
    push: float
    direction: Direction = "left"


@dataclass(frozen=True)
class Line:
    """A line of words: `x` is the left of libass's box for it, `ink` is what it truly touches."""

    text: str
    x: float
    baseline: float
    ink: Box


@dataclass(frozen=True)
class Said:
    """When a word is recited: the line that it stands in, and which of its words it is."""

    line: int
    word: int
    start: float
    end: float


@dataclass(frozen=True)
class Words:
    """A block of lines in one face, at `size` pixels an em.

    Each word of `said` has the colour `highlight` while it is recited.
    """

    role: str
    face: str
    script: Script
    size: float
    tracking: float
    colour: str
    opacity: float
    lines: tuple[Line, ...]
    start: float
    end: float
    enter: Enter
    enter_seconds: float
    leave_seconds: float
    leaving: Whole = "fade"
    said: tuple[Said, ...] = ()
    highlight: str = ""


@dataclass(frozen=True)
class Mark:
    """A drawn shape: an ornament between words, or a card behind them."""

    kind: str
    box: Box
    colour: str
    opacity: float
    weight: float
    line: str
    start: float
    end: float
    enter_seconds: float
    leave_seconds: float


@dataclass(frozen=True)
class Leaf:
    """A page on the timeline."""

    scene: int
    start: float
    end: float
    reference: str
    arabic: str
    marks: tuple[Mark, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Sound:
    """What is heard; `sound.SoundPlan` is made from it."""

    ambience: str | None
    gain_db: float
    recitation: str | None
    music: str | None
    music_free: bool
    music_gain_db: float = 0.0
    duck_db: float = -14.0


@dataclass(frozen=True)
class Glowing:
    """The soft edge of all letters, in pixels."""

    colour: str
    opacity: float
    size: float
    blur: float


@dataclass(frozen=True)
class Shade:
    """A soft darkening from `top` to `bottom`, behind all words of the video, in pixels."""

    top: float
    bottom: float
    softness: float
    colour: str
    opacity: float


@dataclass(frozen=True)
class Plan:
    """A whole video."""

    engine: int
    template: str
    format: str
    language: str
    seed: int
    width: int
    height: int
    fps: int
    frames: int
    safe: Box
    shots: tuple[Shot, ...]
    leaves: tuple[Leaf, ...]
    sound: Sound
    grade: Grade
    glow: Glowing
    shade: Shade | None
    grain: float
    vignette: float
    effects: Effects
    still_at: float
    warnings: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """The length of the video."""
        return self.frames / self.fps

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON's own types, its figures rounded to a thousandth."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    def as_json(self) -> str:
        """The plan as a JSON document."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Grade | Effects):
        return value.model_dump()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = {"kind": type(value).__name__.lower()} if not hasattr(value, "kind") else {}
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {**kind, **fields} if isinstance(value, Footage | Picture) else fields
    return value
