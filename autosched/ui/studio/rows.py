"""What the studio's page shows, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from autosched import scripture
from autosched.studio.models import Render
from autosched.studio.saved.models import SavedTemplate
from autosched.studio.template import Template

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Look:
    """A template as its card shows it: built in by its name, or the workspace's by its id."""

    name: str
    title: str
    description: str
    own_media: bool
    still: str
    moving: str
    saved: bool = False


@dataclass(frozen=True)
class Thought:
    """A scene: a verse (`reference` is set) or the author's own text."""

    reference: str
    arabic: str
    words: str
    language: str


@dataclass(frozen=True)
class Found:
    """A verse that the search found."""

    key: str
    reference: str
    arabic: str
    translation: str


@dataclass(frozen=True)
class File:
    """A file of the library that can stand behind the words or under them."""

    id: str
    name: str
    kind: str
    duration: float | None


@dataclass(frozen=True)
class Video:
    """A render as its card shows it."""

    id: str
    title: str
    state: str
    stage: str
    share: float
    seconds_left: float | None
    asset_id: str
    error: str
    picture: str
    tall: str
    made: str


def marked(verse: scripture.Verse, among_others: bool) -> str:
    """The verse's Arabic; among others with the sign of its end and its number, as in print."""
    number = str(verse.ayah).translate(_ARABIC_DIGITS)
    return f"{verse.arabic} ۝{number}" if among_others else verse.arabic


def built_in_look(template: Template) -> Look:
    """A built-in template as its card shows it."""
    return Look(
        name=template.name,
        title=template.title,
        description=template.description,
        own_media=template.name == "your-footage",
        still=f"/templates/{template.thumbnail}",
        moving=f"/templates/{template.preview}",
    )


def saved_look(row: SavedTemplate) -> Look:
    """A template of the workspace as its card shows it."""
    where = f"/saved-templates/{row.id}"
    return Look(
        name=row.id,
        title=row.title,
        description="",
        own_media=bool(row.sources),
        still=f"{where}/still?version={row.version}",
        moving=f"{where}/moving?version={row.version}",
        saved=True,
    )


def _picture(row: Render) -> str:
    """What stands for a video that is not there yet: its template."""
    named = row.spec.get("template", row.template)
    if isinstance(named, dict) and "saved" in named:
        return f"/saved-templates/{named['saved']}/still?version={named.get('version', '')}"
    return f"/templates/{row.template}.jpg" if isinstance(named, str) else "/pattern.svg"


def video(row: Render) -> Video:
    """A render as its card shows it."""
    wide = {"landscape": "16 / 9", "square": "1", "portrait": "4 / 5"}
    return Video(
        id=row.id,
        title=row.title,
        state=str(row.state),
        stage=row.stage,
        share=row.progress,
        seconds_left=row.seconds_left,
        asset_id=row.asset_id or "",
        error=row.error or "",
        picture=_picture(row),
        tall=wide.get(row.format, "9 / 16"),
        made=row.created_at.isoformat(),
    )
