"""Posters and waveforms, looked at pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageStat

from autosched.media import pictures
from autosched.media.probe import probe
from tests.media import samples


def brightness(path: Path) -> float:
    with Image.open(path) as picture:
        return ImageStat.Stat(picture.convert("L")).mean[0]


def test_a_poster_is_never_larger_than_its_picture_and_never_a_line() -> None:
    assert pictures.fitted(100, 50) == (100, 50)
    assert pictures.fitted(1920, 1080) == (960, 540)
    assert pictures.fitted(1080, 1920) == (540, 960)
    assert pictures.fitted(20_000, 1) == (1280, 1)


def test_a_video_that_begins_and_ends_black_gets_a_poster_of_its_middle(tmp_path: Path) -> None:
    fades = "fade=in:0:30,fade=out:45:30:color=black"
    made = samples.video(tmp_path / "a.mp4", "-vf", fades, "-g", "10", seconds=4)
    probe(made, poster=tmp_path / "poster.jpg")
    assert brightness(tmp_path / "poster.jpg") > 60


def test_a_video_that_is_all_black_still_gets_a_poster(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mp4", source="color=black")
    probe(made, poster=tmp_path / "poster.jpg")
    assert brightness(tmp_path / "poster.jpg") < 20


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "I;16", "CMYK"])
def test_a_picture_of_any_colour_model_gets_a_poster(tmp_path: Path, mode: str) -> None:
    name = "a.jpg" if mode == "CMYK" else "a.png"
    picture = samples.image()
    if mode == "I;16":
        ramp = np.linspace(0, 65535, 320 * 200).astype(np.uint16).reshape(200, 320)
        Image.fromarray(ramp).save(tmp_path / name)
    else:
        picture.convert("L" if mode == "LA" else "RGB").convert(mode).save(tmp_path / name)
    probe(tmp_path / name, poster=tmp_path / "poster.jpg")
    assert 60 < brightness(tmp_path / "poster.jpg") < 200


def test_what_is_transparent_is_white_on_a_poster(tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "a.png")
    probe(tmp_path / "a.png", poster=tmp_path / "poster.jpg")
    assert brightness(tmp_path / "poster.jpg") > 250


def bars(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return (np.asarray(picture)[..., 3] > 0).sum(axis=0)


def test_a_waveform_is_tall_where_it_is_loud_and_flat_where_it_is_silent(tmp_path: Path) -> None:
    made = samples.sound(tmp_path / "a.wav", "-af", "volume=0:enable='gt(t,1)'")
    probe(made, waveform=tmp_path / "wave.png")
    heights = bars(tmp_path / "wave.png")
    half = len(heights) // 2
    assert heights[: half - 20].max() > 150
    assert heights[half + 20 :].max() <= 4


def test_a_silent_recording_has_a_flat_waveform(tmp_path: Path) -> None:
    made = samples.sound(tmp_path / "a.wav", "-af", "volume=0")
    probe(made, waveform=tmp_path / "wave.png")
    assert bars(tmp_path / "wave.png").max() == 4


def luminance(colour: tuple[int, ...]) -> float:
    parts = [
        (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4)
        for c in colour
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("ground", [(255, 255, 255), (18, 20, 24)])
def test_a_waveform_can_be_seen_on_light_and_dark_pages(
    tmp_path: Path, ground: tuple[int, ...]
) -> None:
    probe(samples.sound(tmp_path / "a.wav"), waveform=tmp_path / "wave.png")
    with Image.open(tmp_path / "wave.png") as picture:
        pixels = np.asarray(picture)
    colour = tuple(int(c) for c in pixels[pixels[..., 3] > 0][0][:3])
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3
    assert pixels[0, 0, 3] == 0
