"""Templates: how a video looks, moves and sounds, as data that a designer can read and change.

The built-in ones lie in `templates/`, one JSON file each. Lengths are in design pixels: as if
the frame's short side had 1080. Colours are `#rrggbb`.
"""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from autosched.errors import InvalidError, NotFoundError
from autosched.studio.frame import Format

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Tempo = Annotated[float, Field(ge=30.0, le=300.0)]
FaceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
Script = Literal["latin", "cyrillic", "arabic", "nastaliq", "bengali"]
# How whole words and lines come and go; a slide is named by where it moves. Scripture knows no
# other way.
Whole = (
    Literal["none", "fade", "rise", "blur", "slide", "settle"]
    | Literal["slide_up", "slide_down", "slide_left", "slide_right"]
    | Literal["pop", "zoom_out", "words", "lines", "glow", "focus"]
)
Enter = Whole | Literal["typewriter"]
TransitionKind = Literal[
    "cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "zoom", "flash"
]
Direction = Literal["left", "right", "up", "down"]
Scale = Literal["extreme_wide", "wide", "medium", "close", "extreme_close"]
Camera = Literal["static", "pan", "tilt", "zoom", "handheld"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Background(_Part):
    """What moves behind the words when no media is given: an art kind and its colours.

    The palette runs from dark to light; without one the art has its own. `detail`: the share of
    the frame's size at which it is drawn before it is scaled up; soft pictures lose little.
    """

    art: str
    palette: tuple[Colour, ...] = Field(default=(), max_length=8)
    detail: float = Field(default=1.0, ge=0.2, le=1.0)


class Grade(_Part):
    """How footage and pictures are coloured.

    `exposure` in stops; `contrast` and `saturation` are factors; `temperature` warms above 0;
    `fade` lifts the blacks; `shadows` and `highlights` are mixed in by `split`. `lut` (see
    `studio.lut.packed`) comes after all of these, with the given `strength`.
    """

    exposure: float = Field(default=0.0, ge=-3.0, le=3.0)
    contrast: float = Field(default=1.0, ge=0.3, le=2.0)
    saturation: float = Field(default=1.0, ge=0.0, le=2.0)
    temperature: float = Field(default=0.0, ge=-1.0, le=1.0)
    tint: float = Field(default=0.0, ge=-1.0, le=1.0)
    fade: float = Field(default=0.0, ge=0.0, le=0.4)
    shadows: Colour = "#000000"
    highlights: Colour = "#ffffff"
    split: Share = 0.0
    lut: str = Field(default="", max_length=200_000)
    strength: Share = 1.0

    @field_validator("lut")
    @classmethod
    def _whole(cls, value: str) -> str:
        if value:
            from autosched.studio import lut  # with numpy, which most templates do without

            try:
                lut.unpacked(value)
            except InvalidError as error:
                raise ValueError(error.sentence) from None
        return value


class Layout(_Part):
    """Where the words stand in the safe area.

    `width` and `height` are the shares of it that the words may fill; `across` 0 is its left and
    1 its right, `anchor` 0 its top and 1 its bottom. `align`: everything in the middle, or each
    script at the edge it starts from. `scale` is of the type.
    """

    anchor: Share = 0.5
    across: Share = 0.5
    align: Literal["centre", "edges"] = "centre"
    width: float = Field(default=1.0, ge=0.3, le=1.0)
    height: float = Field(default=1.0, ge=0.3, le=1.0)
    scale: float = Field(default=1.0, ge=0.5, le=1.6)


class Layouts(_Part):
    """A layout for each format; where one is missing, that of `reel`, or `square` for the wide."""

    reel: Layout = Layout()
    story: Layout | None = None
    portrait: Layout | None = None
    square: Layout | None = None
    landscape: Layout | None = None

    def of(self, format: Format) -> Layout:
        """The layout for a format."""
        fallback = {
            Format.LANDSCAPE: (self.landscape, self.square),
            Format.SQUARE: (self.square, self.portrait),
            Format.PORTRAIT: (self.portrait, self.square),
            Format.STORY: (self.story,),
            Format.REEL: (self.reel,),
        }[format]
        return next((layout for layout in fallback if layout is not None), self.reel)


class Type(_Part):
    """How one kind of words is set. `size` is the em in design pixels, `floor` the smallest.

    `leading` is the distance of baselines in ems; `tracking` is extra space in ems.
    """

    size: float = Field(ge=12, le=320)
    floor: float = Field(ge=12, le=320)
    leading: float = Field(ge=0.8, le=3.0)
    lines: int = Field(default=4, ge=1, le=12)
    colour: Colour = "#ffffff"
    opacity: Share = 1.0
    tracking: float = Field(default=0.0, ge=0.0, le=0.4)
    capitals: bool = False


class Faces(_Part):
    """The face for each script, by the name of its font file."""

    quran: (
        Literal["AmiriQuran-Regular", "Amiri-Regular", "Amiri-Bold"]
        | Literal["ScheherazadeNew-Regular", "ScheherazadeNew-Bold"]
    ) = "AmiriQuran-Regular"
    arabic: FaceName = "Amiri-Regular"
    latin: FaceName = "EBGaramond-Medium"
    cyrillic: FaceName = "EBGaramond-Medium"
    nastaliq: FaceName = "NotoNastaliqUrdu-Regular"
    bengali: FaceName = "NotoSerifBengali-Regular"
    reference: FaceName = "EBGaramond-Medium"


class Typography(_Part):
    """All the type of a template, and the space between its parts in design pixels."""

    faces: Faces = Faces()
    arabic: Type
    translation: Type
    text: Type
    reference: Type
    gap: float = Field(default=64, ge=0, le=240)
    reference_gap: float = Field(default=56, ge=0, le=240)
    reference_at: Literal["under", "foot"] = "under"


class Ornament(_Part):
    """What stands between the Arabic and the translation. `width` in design pixels."""

    kind: Literal["none", "rule", "diamond", "dots"] = "none"
    colour: Colour = "#ffffff"
    opacity: Share = 0.7
    width: float = Field(default=160, ge=8, le=800)
    weight: float = Field(default=2, ge=1, le=12)


class Panel(_Part):
    """What lies behind the words so that they can be read.

    `shade`: a soft darkening of the picture, all the time; `card`: a plain rectangle; `frame`: a
    card with a fine line inside.
    """

    kind: Literal["none", "shade", "card", "frame"] = "none"
    colour: Colour = "#000000"
    opacity: Share = 0.5
    padding: float = Field(default=72, ge=0, le=240)
    softness: float = Field(default=80, ge=0, le=240)
    line: Colour = "#ffffff"


class Glow(_Part):
    """The soft edge around the letters: dark to lift them off a picture, light to shine."""

    colour: Colour = "#000000"
    opacity: Share = 0.0
    size: float = Field(default=6, ge=0, le=40)
    blur: float = Field(default=12, ge=0, le=60)


class Motion(_Part):
    """How words come and go. Scripture is never typed letter by letter.

    `seconds` is how long a line takes to come; words and lines one by one take as long as they
    are many. `leaving`, in `leave` seconds, is the way out of all words.
    `highlight` is the colour of a word while it is recited.
    """

    arabic: Whole = "fade"
    translation: Enter = "fade"
    leaving: Whole = "fade"
    seconds: float = Field(default=0.9, ge=0.0, le=3.0)
    stagger: float = Field(default=0.35, ge=0.0, le=2.0)
    leave: float = Field(default=0.45, ge=0.0, le=2.0)
    highlight: Colour = "#f2c14e"


class Transition(_Part):
    """How one picture gives way to the next: by `kind`, or, where `shares` are given, by a kind
    drawn among them as often as its share says. `seconds`: of all but the cut; a flash is at most
    a fifth of a second. `direction`: where the edge of a wipe or the pictures of a slide move to;
    without one it is to the left, or, among shares, any.
    """

    kind: TransitionKind = "dissolve"
    seconds: float = Field(default=0.9, ge=0.0, le=2.0)
    shares: dict[TransitionKind, Share] = Field(default={}, max_length=8)
    direction: Direction | None = None


class ShotPace(_Part):
    """How footage is cut: `seconds` is the median length of a shot.

    `spread`: how unlike each other they are, 0 all alike, 1 the middle half between half and
    twice the median. `on_beat`: cuts wait for the beat of the music, where there is one.
    """

    seconds: float = Field(ge=0.4, le=60.0)
    spread: Share = 0.35
    on_beat: bool = False


class Composition(_Part):
    """Which moments of footage are taken, and how they are framed.

    `scales` and `camera`: what is preferred, with shares. `subject`: where its middle is to
    stand, across and down in shares of the frame. Where words stand is the layout's affair.
    """

    scales: dict[Scale, Share] = Field(default={}, max_length=5)
    camera: dict[Camera, Share] = Field(default={}, max_length=5)
    subject: tuple[Share, Share] | None = None


class Pace(_Part):
    """How long words stay: seconds a word, and the least for a page; and how shots are cut."""

    arabic: float = Field(default=0.62, ge=0.2, le=2.0)
    translation: float = Field(default=0.34, ge=0.1, le=1.5)
    least: float = Field(default=4.0, ge=1.5, le=15.0)
    lead: float = Field(default=0.5, ge=0.0, le=5.0)
    shots: ShotPace | None = None


class Ambience(_Part):
    """The sound of a design: the ambience when the spec names none, levels, and what music suits.

    `duck_db`: how far all else goes down under a voice. `music`: whether a bed belongs to it; one
    is played only where the spec names a file and allows music. `tempo` (from, to, in beats a
    minute), `energy` and `mood` (the words of the analysis) say which; they choose nothing alone.
    """

    ambience: str | None = None
    gain_db: float = Field(default=0.0, ge=-40.0, le=12.0)
    music: bool | None = None
    music_gain_db: float = Field(default=0.0, ge=-24.0, le=12.0)
    duck_db: float = Field(default=-14.0, ge=-40.0, le=0.0)
    tempo: tuple[Tempo, Tempo] | None = None
    energy: Share | None = None
    mood: Annotated[str, Field(max_length=20)] | None = None


class Effects(_Part):
    """What lies over the whole picture, under the words: each from 0, not there, to 1.

    `bloom`: what is bright shines softly; `leaks`: warm light that wanders in from the edges;
    `letterbox`: bars above and below, at 1 those of the cinema.
    """

    bloom: Share = 0.0
    leaks: Share = 0.0
    letterbox: Share = 0.0


class Template(_Part):
    """A whole design.

    `grain`, `vignette` and `push` (how much nearer a shot comes from its start to its end) are for
    footage and pictures; art has its own light and movement.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    title: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=300)
    order: int = 100
    background: Background
    grade: Grade = Grade()
    layout: Layouts = Layouts()
    type: Typography
    ornament: Ornament = Ornament()
    panel: Panel = Panel()
    glow: Glow = Glow()
    motion: Motion = Motion()
    transition: Transition = Transition()
    pace: Pace = Pace()
    composition: Composition = Composition()
    sound: Ambience = Ambience()
    grain: float = Field(default=0.0, ge=0.0, le=20.0)
    vignette: Share = 0.0
    effects: Effects = Effects()
    push: float = Field(default=0.06, ge=0.0, le=0.25)
    sample: str = "94:5"

    @property
    def thumbnail(self) -> str:
        """The file name of its picture in `assets/templates`."""
        return f"{self.name}.jpg"

    @property
    def preview(self) -> str:
        """The file name of its short video in `assets/templates`."""
        return f"{self.name}.mp4"

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that it can be made in."""
        return tuple(Format)


def folder() -> Path:
    """Where the built-in templates lie."""
    return Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _built_in() -> dict[str, Template]:
    found = [
        Template.model_validate(json.loads(path.read_text(encoding="utf-8")))
        for path in folder().glob("*.json")
    ]
    return {each.name: each for each in sorted(found, key=lambda each: (each.order, each.name))}


def templates() -> list[Template]:
    """The built-in templates, in the order in which they are shown."""
    return list(_built_in().values())


def template(name: str) -> Template:
    """The built-in template called `name`; `NotFoundError` with the nearest name otherwise."""
    known = _built_in()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    remedy = f"Did you mean “{close[0]}”?" if close else f"Choose one of {', '.join(known)}."
    raise NotFoundError(f"There is no template “{name}”.", remedy=remedy, code="unknown_template")
