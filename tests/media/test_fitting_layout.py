"""The geometry of fitting, and where a crop looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from autosched.errors import InvalidError
from autosched.media import fitting_subject
from autosched.media.fitting_layout import Bounds, bounds, layout, spoken
from autosched.platforms.limits import ImageRule, VideoRule

INSTAGRAM = Bounds(width_min=320, width_max=1440, ratio_min=0.8, ratio_max=1.91)
X_VIDEO = VideoRule(("video/mp4",), 0, width_max=1280, height_max=1024, side_min=32, ratio_max=3)

sides = st.integers(20, 6000)
hows = st.sampled_from(["crop", "pad", "blur"])


@given(sides, sides, hows)
def test_whatever_the_size_the_canvas_is_within_the_bounds(width, height, how):
    assume(1 / 20 < width / height < 20)
    made = layout(width, height, INSTAGRAM, how)
    assert INSTAGRAM.take(*made.canvas)
    x, y, wide, tall = made.part
    assert x >= 0
    assert y >= 0
    assert x + wide <= width + 1e-6
    assert y + tall <= height + 1e-6
    assert made.content[0] <= made.canvas[0]
    assert made.content[1] <= made.canvas[1]


@given(sides, sides, hows)
def test_nothing_is_stretched(width, height, how):
    assume(1 / 20 < width / height < 20)
    made = layout(width, height, INSTAGRAM, how)
    across, down = made.content[0] / made.part[2], made.content[1] / made.part[3]
    assert abs(across / down - 1) < 2.5 / min(made.content)


@given(sides, sides, hows)
def test_margins_hide_nothing_and_crops_leave_no_margins(width, height, how):
    assume(1 / 20 < width / height < 20)
    made = layout(width, height, INSTAGRAM, how)
    if made.how == "crop":
        assert made.content == made.canvas
    else:
        assert made.part == (0, 0, width, height)
        assert made.content[0] == made.canvas[0] or made.content[1] == made.canvas[1]


@given(sides, sides, hows)
def test_videos_get_even_sides_in_the_bounds_that_hold_either_way(width, height, how):
    assume(1 / 3 < width / height < 3)
    within = bounds(X_VIDEO, width, height)
    made = layout(width, height, within, how)
    assert within.take(*made.canvas)
    assert max(made.canvas) <= 1280
    assert min(made.canvas) <= 1280
    assert all(side % 2 == 0 for side in (*made.canvas, *made.content))


def test_a_bound_that_holds_either_way_is_turned_to_the_picture():
    rule = ImageRule((), 0, width_max=1280, height_max=1024, either_way=True)
    assert bounds(rule, 800, 1200).take(1024, 1280)
    assert not bounds(rule, 1200, 800).take(1024, 1280)
    fixed = ImageRule((), 0, width_max=1280, height_max=1024)
    assert not bounds(fixed, 800, 1200).take(1024, 1280)


@pytest.mark.parametrize(
    ("size", "how", "canvas", "said"),
    [
        ((1080, 1920), "pad", (1440, 1800), ["Given margins to be 4:5", "Made smaller"]),
        ((1080, 1920), "crop", (1080, 1350), ["Cropped to 4:5"]),
        ((4000, 3000), "pad", (1440, 1080), ["Made smaller: 1440 × 1080"]),
        ((200, 200), "pad", (320, 320), ["Made larger: 320 × 320"]),
        ((1440, 1440), "pad", (1440, 1440), []),
    ],
)
def test_what_was_done_is_said(size, how, canvas, said):
    made = layout(*size, INSTAGRAM, how)
    assert made.canvas == canvas
    lines = list(spoken(made, *size))
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(start)


def test_a_shape_that_is_wrong_by_a_hair_is_cut_and_not_given_margins_of_a_line():
    made = layout(1200, 628, INSTAGRAM, "pad")
    assert made.how == "crop"
    assert made.canvas == (1199, 628)


def test_a_shape_that_is_prescribed_exactly_is_met_exactly():
    exact = Bounds(ratio_min=9 / 16, ratio_max=9 / 16, step=2)
    for size in ((1080, 1922), (720, 1280), (333, 777), (1920, 1080)):
        wide, high = layout(*size, exact, "crop").canvas
        assert wide * 16 == high * 9


def test_bounds_that_contradict_each_other_are_told():
    with pytest.raises(InvalidError):
        layout(100, 100, Bounds(ratio_min=2, ratio_max=1), "pad")
    with pytest.raises(InvalidError):
        layout(4000, 10, Bounds(height_min=320, width_max=320, ratio_min=2), "pad")


@pytest.mark.parametrize("place", [0.15, 0.5, 0.85])
def test_a_crop_looks_to_where_something_is(place):
    picture = np.full((300, 900, 3), 200, np.uint8)
    middle = int(place * 900)
    noise = np.random.default_rng(1).integers(0, 256, (120, 120, 3), np.uint8)
    picture[90:210, middle - 60 : middle + 60] = noise
    x, _ = fitting_subject.focus([Image.fromarray(picture)], (1 / 3, 1.0))
    shown = max(0.0, x - 1 / 6) * 900, min(1.0, x + 1 / 6) * 900
    assert shown[0] <= middle - 50
    assert shown[1] >= middle + 50


def test_an_empty_picture_is_cropped_at_its_middle():
    x, y = fitting_subject.focus([Image.new("RGB", (300, 100), "grey")], (0.5, 1.0))
    assert abs(x - 0.5) < 0.02
    assert abs(y - 0.5) < 0.02


def test_a_given_focus_is_kept_in_view():
    made = layout(3000, 1000, INSTAGRAM, "crop", (0.9, 0.5))
    x, _, wide, _ = made.part
    assert x + wide == 3000
    made = layout(3000, 1000, INSTAGRAM, "crop", (0.5, 0.5))
    assert abs(made.part[0] + made.part[2] / 2 - 1500) < 1
