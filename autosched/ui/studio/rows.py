"""What the studio's page shows, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from autosched import scripture
from autosched.studio.models import Render

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Look:
    """A template as its card shows it."""

    name: str
    title: str
    description: str
    own_media: bool


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
    template: str
    tall: str
    made: str


def marked(verse: scripture.Verse, among_others: bool) -> str:
    """The verse's Arabic; among others with the sign of its end and its number, as in print."""
    number = str(verse.ayah).translate(_ARABIC_DIGITS)
    return f"{verse.arabic} ۝{number}" if among_others else verse.arabic


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
        template=row.template,
        tall=wide.get(row.format, "9 / 16"),
        made=row.created_at.isoformat(),
    )
