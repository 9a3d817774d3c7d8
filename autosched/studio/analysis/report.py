"""What an analysis says: the document that `autosched analyze --json` prints.

Times are in seconds from the first frame, boxes (x, y, width, height) in shares of the frame.
What could not be measured is `None`, never a made-up figure. Confidences go from 0 to 1.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

VERSION = 2
"""Raised when the same file would be measured otherwise: what was measured before is then old."""

Box = tuple[float, float, float, float]
Scale = Literal["extreme_wide", "wide", "medium", "close", "extreme_close"]
Camera = Literal["static", "pan", "tilt", "zoom", "handheld"]
TransitionKind = Literal[
    "cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "zoom", "flash"
]
Direction = Literal["left", "right", "up", "down"]
TextMotion = Literal[
    "none",
    "fade",
    "slide_up",
    "slide_down",
    "slide_left",
    "slide_right",
    "typewriter",
    "pop",
    "blur",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Video(_Part):
    """The file: its upright size in pixels; `fps` and `duration` are `None` for a picture."""

    width: int
    height: int
    fps: float | None
    duration: float | None
    has_audio: bool


class Composition(_Part):
    """How a shot is composed, each from 0 to 1; `None` where there is nothing to go by.

    `thirds`: how near its subject is to a third; `symmetry` about the upright middle; `centre`:
    how central the subject; `negative_space`: the share of the frame that is calm. `horizon`: its
    height from the top. `subject` and `text_room` are boxes.
    """

    thirds: float | None = None
    symmetry: float | None = None
    centre: float | None = None
    negative_space: float | None = None
    horizon: float | None = None
    subject: Box | None = None
    text_room: Box | None = None


class Shot(_Part):
    """What lies between two transitions.

    `camera_speed`: shares of the frame's size a second (zoom: its factor less one, a second);
    `camera_direction`: where the camera goes (zoom: `in` or `out`).
    """

    start: float
    end: float
    scale: Scale | None = None
    camera: Camera | None = None
    camera_speed: float | None = None
    camera_direction: Direction | Literal["in", "out"] | None = None
    composition: Composition = Composition()
    confidence: dict[str, float] = {}


class Transition(_Part):
    """One picture giving way to the next; `time` is its start (a cut's: the first new frame).

    `direction`: where a wipe's edge or a slide's picture goes.
    """

    time: float
    duration: float
    kind: TransitionKind
    direction: Direction | None = None
    confidence: float = 1.0


class Tone(_Part):
    """A colour cast of the dark or the bright parts, and how strong it is from 0 to 1."""

    colour: str
    strength: float


class Grade(_Part):
    """The look. `palette` in order of weight, each with its share in `weights`.

    `temperature` (warm above 0) and `tint` (magenta above 0) from -1 to 1; `contrast` 1 is
    ordinary; `saturation`, `black` and `white` from 0 to 1. `lut`: the text of a `.cube` file that
    carries the look over to ordinary footage.
    """

    palette: tuple[str, ...]
    weights: tuple[float, ...] = ()
    temperature: float | None = None
    tint: float | None = None
    contrast: float | None = None
    saturation: float | None = None
    saturation_by_tone: tuple[float, float, float] | None = None
    black: float | None = None
    white: float | None = None
    shadows: Tone | None = None
    highlights: Tone | None = None
    lut: str | None = None
    confidence: dict[str, float] = {}


class Text(_Part):
    """A text on the picture: where it stands when it is at rest, and how it comes and goes.

    `size` is the height of a line in shares of the frame's height.
    """

    start: float
    end: float
    box: Box
    script: Literal["arabic", "latin"] | None
    enter: TextMotion | None
    exit: TextMotion | None
    enter_seconds: float | None = None
    exit_seconds: float | None = None
    size: float | None = None
    lines: int | None = None
    colour: str | None = None
    align: Literal["left", "centre", "right"] | None = None
    confidence: dict[str, float] = {}


class Mood(_Part):
    """A mood as a word, and by its two axes from -1 to 1 (Russell's circumplex)."""

    label: str
    valence: float
    arousal: float


class Stretch(_Part):
    """A stretch of sound of one kind."""

    start: float
    end: float
    kind: Literal["silence", "speech", "recitation", "music", "ambience"]


class Music(_Part):
    """What is heard. `tempo` in beats a minute; `loudness_curve` in LUFS, one a second.

    `cuts_on_beats`: the share of cuts that fall on a beat.
    """

    tempo: float | None = None
    key: str | None = None
    mode: Literal["major", "minor"] | None = None
    loudness_lufs: float | None = None
    loudness_curve: tuple[float | None, ...] = ()
    beats: tuple[float, ...] = ()
    speech: bool | None = None
    recitation: bool | None = None
    instruments: bool | None = None
    stretches: tuple[Stretch, ...] = ()
    energy: float | None = None
    mood: Mood | None = None
    cuts_on_beats: float | None = None
    confidence: dict[str, float] = {}


class Report(_Part):
    """All five analyses of a reference. `music` is `None` where there is no sound."""

    video: Video
    shots: tuple[Shot, ...]
    transitions: tuple[Transition, ...]
    grade: Grade
    texts: tuple[Text, ...]
    music: Music | None
