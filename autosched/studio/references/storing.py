"""What was measured of a file, kept beside it in storage under its hash and the version.

The same content, wherever it comes from, is measured once; when the file's last asset goes, this
goes with it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from autosched import storage
from autosched.errors import NotFoundError
from autosched.studio.analysis.report import VERSION, Report
from autosched.studio.references.filmstrip import Sheet

# With the version behind it a name has eight letters at most.
PICTURES = {
    "shots": "jpg",
    "luma": "png",
    "hues": "png",
}
REPORT = "report.json"


class Measured(BaseModel):
    """The report, and which pictures lie beside it; `sheet` says where each shot is on its one."""

    model_config = ConfigDict(frozen=True)

    report: Report
    sheet: Sheet | None = None
    pictures: tuple[str, ...] = ()


def suffix(what: str, ending: str) -> str:
    """How the file of this version is called after the hash: `.shots1.jpg`."""
    return f".{what}{VERSION}.{ending}"


def _key(sha256: str, what: str, ending: str) -> str:
    return f"{sha256[:2]}/{sha256}{suffix(what, ending)}"


def keep(folder: Path, sha256: str) -> Measured:
    """Move what a measuring has left in `folder` to where it stays."""
    made = Measured.model_validate_json((folder / REPORT).read_bytes())
    for name in made.pictures:
        ending = PICTURES[name]
        storage.keep(folder / f"{name}.{ending}", sha256, suffix(name, ending))
    # Last: where the report is, all of it is.
    storage.keep(folder / REPORT, sha256, suffix("style", "json"))
    return made


def kept(sha256: str) -> Measured | None:
    """What was measured of this content by this version, if it was."""
    try:
        file = storage.path(_key(sha256, "style", "json"))
        return Measured.model_validate_json(file.read_bytes())
    except (NotFoundError, ValidationError):
        return None


def picture(sha256: str, name: str) -> Path:
    """Where a picture lies; `NotFoundError` if there is none of the kind."""
    if name not in PICTURES:
        raise NotFoundError("There is no such picture of this reference.")
    return storage.path(_key(sha256, name, PICTURES[name]))
