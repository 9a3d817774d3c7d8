"""A workspace, a reference of three scenes, and a worker's turn."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from autosched.identity.models import Role
from autosched.library import service as library
from autosched.studio.models import ANALYSES, Analysis
from autosched.studio.references import service
from tests.library.people import join, person
from tests.media import samples


@pytest.fixture
def room(database: str) -> SimpleNamespace:
    """A workspace with an owner and a viewer; a stranger with one of their own."""
    owner, place = person("owner")
    viewer, _ = person("viewer")
    stranger, other = person("stranger")
    join(place, viewer, Role.VIEWER)
    return SimpleNamespace(id=place, owner=owner, viewer=viewer, stranger=stranger, other=other)


def film(out: Path, seconds: float = 2.0, seed: int = 0) -> Path:
    """Three coloured scenes one after the other, with a tone."""
    colours = ("0x803020", "0x205080", f"0x3060{30 + seed:02x}")
    inputs: list[str] = []
    for colour in colours:
        inputs += ["-f", "lavfi", "-i", f"color={colour}:s=320x180:d={seconds / 3}:r=30"]
    inputs += ["-f", "lavfi", "-i", f"sine=440:d={seconds}"]
    samples.ffmpeg(
        *inputs,
        *("-filter_complex", "[0:v][1:v][2:v]concat=n=3:v=1[v]", "-map", "[v]", "-map", "3:a"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", out),
    )
    return out


@pytest.fixture
def clip(room: SimpleNamespace, tmp_path: Path) -> str:
    """The reference in the library: its id."""
    return library.add_file(room.owner, room.id, film(tmp_path / "clip.mp4")).id


def work() -> None:
    """A worker takes everything that is due."""
    for analysis_id, lease in ANALYSES.claim(10):
        service.perform(analysis_id, lease)


def as_it_stands(room: SimpleNamespace, row: Analysis) -> Analysis:
    """The reference as the owner sees it now."""
    return service.reference(room.owner, row.id)
