"""Pictures made fit for Bluesky."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.bluesky.pictures import BYTES_MAX, fitted


def noise(width: int, height: int) -> Image.Image:
    """A picture that compresses as badly as any."""
    rng = np.random.default_rng(7)
    return Image.fromarray(rng.integers(0, 255, (height, width, 3), dtype=np.uint8))


def test_a_small_picture_is_left_byte_for_byte(tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg", "a.webp"):
        Image.new("RGB", (30, 20), "teal").save(tmp_path / name)
        picture = fitted(tmp_path / name)
        assert picture.body == (tmp_path / name).read_bytes()
        assert (picture.width, picture.height) == (30, 20)


@pytest.mark.parametrize("size", [(1080, 1920), (3000, 2000), (500, 5000)])
def test_a_heavy_picture_is_made_light_and_keeps_its_shape(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    noise(*size).save(tmp_path / "a.png")
    picture = fitted(tmp_path / "a.png")
    assert len(picture.body) <= BYTES_MAX
    assert picture.mime == "image/jpeg"
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.02)
    with Image.open(io.BytesIO(picture.body)) as image:
        assert image.size == (picture.width, picture.height)


def test_what_one_can_see_through_becomes_white(tmp_path: Path) -> None:
    for name in ("a.tif", "b.gif"):
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tmp_path / name)
        picture = fitted(tmp_path / name)
        with Image.open(io.BytesIO(picture.body)) as shown:
            assert shown.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_picture_is_made_upright(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (60, 20), "navy").save(tmp_path / "a.jpg", exif=exif)
    picture = fitted(tmp_path / "a.jpg")
    assert (picture.width, picture.height) == ((20, 60) if orientation > 4 else (60, 20))


def test_a_moving_picture_becomes_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    picture = fitted(tmp_path / "a.gif")
    assert picture.mime == "image/jpeg"
    with Image.open(io.BytesIO(picture.body)) as shown:
        red, _, blue = np.asarray(shown)[10, 10]
        assert red > 200 > 60 > blue


@pytest.mark.parametrize("mode", ["L", "P", "LA", "CMYK", "1", "I;16"])
def test_pictures_of_every_colour_mode_are_taken(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (20, 20)).save(tmp_path / "a.tif")
    picture = fitted(tmp_path / "a.tif")
    assert (picture.mime, picture.width, picture.height) == ("image/jpeg", 20, 20)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_for_the_person(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PlatformError) as refused:
        fitted(tmp_path / "a.png")
    assert refused.value.action == Action.FIX


def test_a_picture_that_is_cut_off_is_for_the_person(tmp_path: Path) -> None:
    noise(100, 100).save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PlatformError) as refused:
        fitted(tmp_path / "a.jpg")
    assert refused.value.action == Action.FIX
