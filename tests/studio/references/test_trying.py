"""A reference's look on another file of the library."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from autosched.errors import NotFoundError
from autosched.library import service as library
from autosched.studio.references import trying
from tests.media import samples
from tests.studio.references.reports import lay, rich


@pytest.fixture
def reference(room: SimpleNamespace, clip: str, tmp_path: Path) -> str:
    return lay(room.owner, room.id, clip, rich(), tmp_path)


@pytest.fixture
def grey(room: SimpleNamespace, tmp_path: Path) -> str:
    Image.new("RGB", (300, 200), (160, 160, 160)).save(tmp_path / "grey.png")
    return library.add_file(room.owner, room.id, tmp_path / "grey.png").id


def test_a_files_still_is_taken_through_the_lut(
    room: SimpleNamespace, reference: str, grey: str
) -> None:
    made = trying.tried(room.viewer, reference, grey)
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.width / picture.height == pytest.approx(1.5, abs=0.01)
        red, green, blue = picture.convert("RGB").getpixel((50, 50))
    assert red == pytest.approx(160, abs=4)
    assert green == pytest.approx(160, abs=4)
    assert blue == pytest.approx(80, abs=4)


def test_it_is_for_members_and_for_what_has_a_picture(
    room: SimpleNamespace, reference: str, grey: str, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError):
        trying.tried(room.stranger, reference, grey)
    theirs = library.add_file(room.stranger, room.other, samples.picture(tmp_path / "b.jpg"))
    with pytest.raises(NotFoundError):
        trying.tried(room.owner, reference, theirs.id)
    tone = library.add_file(room.owner, room.id, samples.sound(tmp_path / "tone.wav"))
    with pytest.raises(NotFoundError):
        trying.tried(room.owner, reference, tone.id)
