"""The editor's controls as data: what each changes, between which bounds, in which group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from autosched.studio import art, sound
from autosched.studio.saved.exchange import check_names
from autosched.studio.template import Faces, Motion, Template, templates
from autosched.ui.gallery import shown, spoken

Kind = Literal["slide", "choice", "colour", "switch"]


@dataclass(frozen=True)
class Control:
    """One control. `place`: of the field in the template, such as `grade.contrast`.

    `part`: the title over a row of controls that belong together; `named`: the choices are names,
    the same in every language.
    """

    place: str
    label: str
    kind: Kind = "slide"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    part: str = ""
    named: bool = False


@dataclass(frozen=True)
class Group:
    """A titled group of controls."""

    name: str
    title: str
    icon: str
    controls: tuple[Control, ...]


def _words(annotation: object) -> list[str]:
    found: list[str] = []
    for each in get_args(annotation):
        found += _words(each) if get_args(each) else [str(each)]
    return list(dict.fromkeys(found))


def _motions(side: str) -> dict[str, str]:
    """The kinds of motion that there are, with what they are called."""
    kinds = _words(Motion.model_fields[side].annotation)
    return {kind: spoken.MOTIONS.get(kind, kind.replace("_", " ").capitalize()) for kind in kinds}


_ART = {kind.name: kind.title for kind in art.KINDS.values()}
_SOUNDS = {"": "Silence"} | {name: spoken.AMBIENCES.get(name, name) for name in sound.AMBIENCES}


def _named(files: Iterable[str]) -> dict[str, str]:
    """Font files with their names as people write them."""
    return {file: re.sub(r"(?<=[a-z])(?=[A-Z])|-", " ", file) for file in sorted(set(files))}


_QURAN = _named(_words(Faces.model_fields["quran"].annotation))
_LATIN = _named(each.type.faces.latin for each in templates())

GROUPS = (
    Group(
        "look",
        "Colour and light",
        "aperture",
        (
            Control("grade.exposure", "Exposure", low=-2, high=2, step=0.05),
            Control("grade.contrast", "Contrast", low=0.5, high=1.6),
            Control("grade.saturation", "Saturation", low=0, high=1.6),
            Control("grade.temperature", "Temperature", low=-1, high=1, step=0.02),
            Control("grade.tint", "Tint", low=-1, high=1, step=0.02),
            Control("grade.fade", "Lifted blacks", low=0, high=0.3),
            Control("grade.shadows", "Colour of the shadows", "colour"),
            Control("grade.highlights", "Colour of the lights", "colour"),
            Control("grade.split", "Strength of both", low=0, high=1, step=0.05),
            Control("grain", "Grain", low=0, high=16, step=0.5),
            Control("vignette", "Vignette", low=0, high=1, step=0.05),
            Control("push", "Slow push-in", low=0, high=0.25),
        ),
    ),
    Group(
        "text",
        "Text",
        "type",
        (
            Control("type.arabic.size", "Size of the Arabic", low=84, high=220, step=2),
            Control("type.translation.size", "Size of the translation", low=34, high=96, step=1),
            Control("type.faces.quran", "Face of the Quran", "choice", choices=_QURAN, named=True),
            Control(
                "type.faces.latin", "Face of the translation", "choice", choices=_LATIN, named=True
            ),
            Control("type.arabic.colour", "Colour of the Arabic", "colour"),
            Control("type.translation.colour", "Colour of the translation", "colour"),
            Control("type.reference.colour", "Colour of the reference", "colour"),
            Control("layout.reel.anchor", "Height in the frame", low=0, high=1, step=0.02),
            Control("layout.reel.align", "Alignment", "choice", choices=spoken.ALIGNS),
            Control("ornament.kind", "Ornament", "choice", choices=spoken.ORNAMENTS),
            Control("ornament.colour", "Colour of the ornament", "colour"),
            Control("panel.kind", "Behind the words", "choice", choices=spoken.PANELS),
            Control("panel.colour", "Colour behind the words", "colour"),
            Control("panel.opacity", "Strength behind the words", low=0, high=1, step=0.02),
            Control("glow.opacity", "Edge around the letters", low=0, high=1, step=0.02),
        ),
    ),
    Group(
        "motion",
        "Motion",
        "move-up-right",
        (
            Control("motion.arabic", "The Arabic comes", "choice", choices=_motions("arabic")),
            Control(
                "motion.translation",
                "The translation comes",
                "choice",
                choices=_motions("translation"),
            ),
            Control("motion.seconds", "Takes", low=0, high=3, step=0.05, unit="s"),
            Control("motion.stagger", "One after the other", low=0, high=2, step=0.05, unit="s"),
            Control("motion.leave", "Goes in", low=0, high=2, step=0.05, unit="s"),
        ),
    ),
    Group(
        "pace",
        "Pace and transitions",
        "gauge",
        (
            Control("pace.shots.seconds", "Length of a shot", low=0.4, high=12, step=0.1, unit="s"),
            Control("pace.shots.spread", "Unlike each other", low=0, high=1, step=0.05),
            Control("pace.shots.on_beat", "Cut on the beat", "switch"),
            Control("transition.kind", "Transition", "choice", choices=spoken.TRANSITIONS),
            Control("transition.seconds", "Transition takes", low=0, high=2, step=0.05, unit="s"),
            Control("pace.least", "A page stays at least", low=1.5, high=12, step=0.5, unit="s"),
            *(
                Control(f"transition.shares.{kind}", name, step=0.05, part="How often each comes")
                for kind, name in spoken.TRANSITIONS.items()
            ),
        ),
    ),
    Group(
        "background",
        "Background",
        "mountain",
        (Control("background.art", "Drawn background", "choice", choices=_ART),),
    ),
    Group(
        "sound",
        "Sound",
        "audio-lines",
        (
            Control("sound.ambience", "Ambience", "choice", choices=_SOUNDS),
            Control("sound.gain_db", "Level", low=-24, high=12, step=1, unit="dB"),
            Control("sound.duck_db", "Goes down under a voice", low=-40, high=0, step=1, unit="dB"),
            Control("sound.music", "Music suits it", "switch"),
        ),
    ),
)
PALETTE = 6
_BY_PLACE = {control.place: control for group in GROUPS for control in group.controls}
_LAYOUTS = ("reel", "story", "portrait", "square", "landscape")


def values(template: Template) -> dict[str, str]:
    """The value of every control, as text."""
    data = template.model_dump(mode="json")
    blend = data["transition"]
    data["transition"] = blend | {"shares": blend["shares"] or {blend["kind"]: 1.0}}
    found = {place: _text(_at(data, place)) for place in _BY_PLACE}
    palette = shown.palette(template)
    found |= {f"palette.{at}": palette[at] if at < len(palette) else "" for at in range(PALETTE)}
    return found


def changed(template: Template, place: str, value: str) -> Template:
    """The template with one control moved. `ValueError` for what is no value of it."""
    data = template.model_dump(mode="json")
    if place.startswith("palette."):
        palette = shown.palette(template)[:PALETTE]
        at = int(place.removeprefix("palette."))
        data["background"]["palette"] = [*palette[:at], value, *palette[at + 1 :]]
    else:
        control = _BY_PLACE[place]
        _put(data, control, _value(control, value))
    made = Template.model_validate(data)
    check_names(made)
    return made


def _put(data: dict[str, Any], control: Control, value: Any) -> None:
    steps = control.place.split(".")
    if control.place.startswith("pace.shots") and data["pace"]["shots"] is None:
        data["pace"]["shots"] = {"seconds": 3.0}
    if control.place == "transition.kind":
        data["transition"]["shares"] = {}
    if control.place.startswith("transition.shares."):
        blend = data["transition"]
        shares = (blend["shares"] or {blend["kind"]: 1.0}) | {steps[2]: value}
        shares = {kind: share for kind, share in shares.items() if share > 0}
        blend["kind"] = max(shares, key=lambda kind: float(shares[kind]), default=blend["kind"])
        blend["shares"] = shares if len(shares) > 1 else {}
        return
    if steps[:2] == ["layout", "reel"]:
        # A place that is chosen holds in every format.
        for name in _LAYOUTS:
            if data["layout"].get(name) is not None:
                data["layout"][name][steps[2]] = value
        return
    inner = data
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    if steps[0] == "type" and steps[2] == "size":
        inner["floor"] = min(inner["floor"], value)


def _value(control: Control, text: str) -> Any:
    if control.kind == "slide":
        return float(text)
    if control.kind == "switch":
        return text == "true"
    if control.place == "sound.ambience":
        return text or None
    return text


def _at(data: dict[str, Any], place: str) -> Any:
    inner: Any = data
    for step in place.split("."):
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
