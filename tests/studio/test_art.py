"""Procedural art: seeded, seekable, still where it should be, and of any size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from autosched.errors import InvalidError
from autosched.studio import art

KINDS = sorted(art.KINDS)
SIZE = {"width": 180, "height": 320, "fps": 30, "seconds": 4.0}


def _frame(kind: str, t: float, *, seed: int = 7, **changes: object) -> np.ndarray:
    clip = art.clip(kind, seed=seed, **{**SIZE, **changes})
    return clip.get_frame(t)


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_frame_whatever_was_asked_before(kind):
    clip = art.clip(kind, seed=7, **SIZE)
    for moment in (3.0, 0.5, 1.0):
        wandered = clip.get_frame(moment)
    assert np.array_equal(wandered, _frame(kind, 1.0))


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_gives_another_picture(kind):
    assert _difference(_frame(kind, 1.0), _frame(kind, 1.0, seed=8)) > 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves_slowly_and_without_a_flicker(kind):
    clip = art.clip(kind, seed=7, **SIZE)
    frames = [clip.get_frame(1 + number / 30) for number in range(8)]
    light = [float(frame.mean()) for frame in frames]
    assert max(abs(b - a) for a, b in itertools.pairwise(light)) < 0.8
    assert all(_difference(a, b) < 6.0 for a, b in itertools.pairwise(frames))
    assert _difference(clip.get_frame(0.0), clip.get_frame(3.5)) > 0.3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("width", "height"), [(16, 16), (320, 180), (181, 257)])
def test_it_fills_any_frame(kind, width, height):
    frame = _frame(kind, 0.5, width=width, height=height)
    assert frame.shape == (height, width, 3)
    assert frame.dtype == np.uint8


@pytest.mark.parametrize("kind", KINDS)
def test_a_palette_recolours_it(kind):
    red = _frame(kind, 1.0, palette=("#200000", "#801010", "#ffb0a0")).astype(float)
    blue = _frame(kind, 1.0, palette=("#000020", "#101080", "#a0b0ff")).astype(float)
    assert (red[..., 0] - red[..., 2]).mean() > (blue[..., 0] - blue[..., 2]).mean() + 10


def test_what_is_not_there_is_refused_with_the_choices():
    with pytest.raises(InvalidError, match="aurora") as refused:
        art.clip("aurora", seed=1, **SIZE)
    assert "stars" in refused.value.remedy
    with pytest.raises(InvalidError):
        art.clip("stars", seed=1, **{**SIZE, "width": 8})
    with pytest.raises(InvalidError):
        art.clip("stars", seed=1, **{**SIZE, "seconds": 0.0})
