"""What the gallery shows of a template: a card, and its measures at a glance."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

from autosched.studio.legible import faint, luminance
from autosched.studio.saved.models import SavedTemplate
from autosched.studio.saved.service import Version
from autosched.studio.template import Template
from autosched.ui.words import known


@dataclass(frozen=True)
class Card:
    """A template in the gallery. `of`: its id, or the name of a built-in one."""

    of: str
    title: str
    description: str
    own: bool
    still: str
    moving: str
    version: int = 0
    edited: str = ""
    sources: str = ""


@dataclass(frozen=True)
class Part:
    """A word and its share in per cent."""

    word: str
    percent: int


@dataclass(frozen=True)
class Glance:
    """A template's measures. `shots` in seconds, 0 where it does not say."""

    shots: float = 0.0
    spread: int = 0
    on_beat: bool = False
    transitions: list[Part] = field(default_factory=list)
    blend: float = 0.0
    palette: list[str] = field(default_factory=list)
    art: str = ""
    own_look: bool = False
    temperature: float = 0.0
    contrast: float = 1.0
    saturation: float = 1.0
    arabic_motion: str = ""
    translation_motion: str = ""
    motion_seconds: float = 0.0
    arabic_colour: str = "#ffffff"
    translation_colour: str = "#ffffff"
    ground: str = "#000000"
    across: int = 50
    down: int = 50
    scales: list[Part] = field(default_factory=list)
    cameras: list[Part] = field(default_factory=list)
    ambience: str = ""
    music: str = ""
    tempo: str = ""
    mood: str = ""
    hard_to_read: bool = False


@dataclass(frozen=True)
class Difference:
    """What a version changed in one place."""

    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """A version in the history."""

    number: int
    author: str
    at: str
    note: str
    changes: list[Difference]
    more: int


@dataclass(frozen=True)
class Origin:
    """A reference that a template was learned from."""

    name: str
    analysis: str


_CHANGES_SHOWN = 12


def built_in_card(template: Template) -> Card:
    """A built-in template in the gallery."""
    return Card(
        of=template.name,
        title=template.title,
        description=template.description,
        own=False,
        still=f"/templates/{template.thumbnail}",
        moving=f"/templates/{template.preview}",
    )


def own_card(row: SavedTemplate) -> Card:
    """A template of the workspace in the gallery."""
    where = f"/saved-templates/{row.id}"
    return Card(
        of=row.id,
        title=row.title,
        description="",
        own=True,
        still=f"{where}/still?version={row.version}",
        moving=f"{where}/moving?version={row.version}",
        version=row.version,
        edited=row.updated_at.isoformat(),
        sources=", ".join(str(each["name"]) for each in row.sources),
    )


def palette(template: Template) -> list[str]:
    """The colours of its background, from dark to light; those of its art where it has none."""
    own = template.background.palette
    if own:
        return list(own)
    module = import_module(f"autosched.studio.art.{template.background.art}")
    return list(getattr(module, "PALETTE", ()))


def glance(template: Template) -> Glance:
    """The template's measures."""
    shots, blend, grade = template.pace.shots, template.transition, template.grade
    colours = palette(template)
    shares = {str(kind): share for kind, share in blend.shares.items()} or {blend.kind: 1.0}
    ground = sorted(colours, key=luminance)[0 if template.panel.kind != "card" else -1]
    return Glance(
        shots=shots.seconds if shots else 0.0,
        spread=round(100 * shots.spread) if shots else 0,
        on_beat=bool(shots and shots.on_beat),
        transitions=_parts(shares),
        blend=blend.seconds,
        palette=colours,
        art=template.background.art,
        own_look=bool(getattr(grade, "lut", "")),
        temperature=grade.temperature,
        contrast=grade.contrast,
        saturation=grade.saturation,
        arabic_motion=template.motion.arabic,
        translation_motion=template.motion.translation,
        motion_seconds=template.motion.seconds,
        arabic_colour=template.type.arabic.colour,
        translation_colour=template.type.translation.colour,
        ground=template.panel.colour if template.panel.kind in ("card", "frame") else ground,
        across=round(100 * template.layout.reel.across),
        # Words stand in the safe area, which leaves the top and more of the bottom free.
        down=round(22 + 48 * template.layout.reel.anchor),
        scales=_parts({str(k): v for k, v in template.composition.scales.items()}),
        cameras=_parts({str(k): v for k, v in template.composition.camera.items()}),
        ambience=template.sound.ambience or "",
        music={None: "", True: "yes", False: "no"}[template.sound.music],
        tempo="–".join(f"{at:.0f}" for at in template.sound.tempo or ()),
        mood=template.sound.mood or "",
        hard_to_read=bool(faint(template)),
    )


def version_row(version: Version, language: str) -> Row:
    """A version in the history; notes that the program wrote are in the reader's language."""
    changes = [Difference(each.place, each.before, each.after) for each in version.changes]
    return Row(
        number=version.number,
        author=version.author,
        at=version.at.isoformat(),
        note=known(version.note, language),
        changes=changes[:_CHANGES_SHOWN],
        more=max(0, len(changes) - _CHANGES_SHOWN),
    )


def _parts(shares: dict[str, float]) -> list[Part]:
    whole = sum(shares.values()) or 1.0
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return [Part(word, round(100 * share / whole)) for word, share in ordered]
