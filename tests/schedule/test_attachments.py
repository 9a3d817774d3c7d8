"""A post's files, made fit for the platform they go to."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from autosched.errors import InvalidError
from autosched.platforms.base import Media
from autosched.platforms.limits import ImageRule, Limits
from autosched.schedule import attachments
from tests.media import samples

SQUARE = Limits(9, "graphemes", image=ImageRule(("image/jpeg",), 0, ratio_min=1.0, ratio_max=1.0))


def picture(path: Path, width: int = 300, height: int = 300) -> Media:
    samples.picture(path, width=width, height=height)
    return Media(path, "image", "image/jpeg", path.stat().st_size, width, height, alt="Noise")


def test_files_keep_their_order_and_those_that_fit_are_not_touched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wide, fits = picture(tmp_path / "a.jpg", 600), picture(tmp_path / "b.jpg")
    pages = Media(tmp_path / "c.pdf", "document", "application/pdf", 10)
    told: list[float] = []
    with caplog.at_level(logging.INFO):
        ready = attachments.fitted("home", (wide, fits, pages), SQUARE, {}, progress=told.append)
    assert ready[1] is fits
    assert ready[2] is pages
    assert ready[0].path != wide.path
    assert (ready[0].width, ready[0].height, ready[0].alt) == (600, 600, "Noise")
    assert "Given margins to be 1:1" in caplog.text
    assert told == sorted(told)
    assert told[-1] <= 1


@pytest.mark.parametrize(
    ("wish", "size"),
    [
        (None, (600, 600)),
        ("", (600, 600)),
        ("pad", (600, 600)),
        ("blur", (600, 600)),
        ("crop", (300, 300)),
        ({"how": "crop", "focus": [1, 0.5]}, (300, 300)),
        ({"focus": [0.5, 0.5]}, (600, 600)),
    ],
)
def test_the_person_chooses_what_is_done_about_another_shape(
    tmp_path: Path, wish: Any, size: tuple[int, int]
) -> None:
    wide = picture(tmp_path / "a.jpg", 600)
    (ready,) = attachments.fitted("home", (wide,), SQUARE, {"fit": wish})
    with Image.open(ready.path) as image:
        assert image.size == size


@pytest.mark.parametrize(
    "wish", ["stretch", 5, ["crop"], {"how": "crop", "focus": [2, 0]}, {"focus": "left"}]
)
def test_a_wish_that_makes_no_sense_is_told(tmp_path: Path, wish: Any) -> None:
    with pytest.raises(InvalidError) as caught:
        attachments.fitted("home", (), SQUARE, {"fit": wish})
    assert caught.value.code == "option_fit"
