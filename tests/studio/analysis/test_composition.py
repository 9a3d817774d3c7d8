"""What a shot's composition is said to be, on pictures whose composition is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from autosched.studio.analysis.composition import Composing
from autosched.studio.analysis.grade import Grading
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame, Source

WIDE, HIGH = 320, 180
SOURCE = Source("made.png", WIDE, HIGH, 0, 0.0, "bt709", WIDE, HIGH, 0, False)


def frame(picture: np.ndarray) -> Frame:
    coded = cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_RGB2YUV_I420)
    flat, size, low = coded.reshape(-1), HIGH * WIDE, (HIGH // 2) * (WIDE // 2)
    return Frame(
        0,
        0.0,
        flat[:size].reshape(HIGH, WIDE),
        flat[size : size + low].reshape(HIGH // 2, WIDE // 2),
        flat[size + low :].reshape(HIGH // 2, WIDE // 2),
        "smpte170m",
    )


def shot(picture: np.ndarray) -> Shot:
    composing = Composing(SOURCE)
    composing.see(frame(picture), Move())
    return composing.described(Shot(start=0.0, end=0.0))


def sky(colour: tuple[int, int, int] = (120, 160, 210)) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.full((HIGH, WIDE, 3), colour, np.float32) + rng.normal(0, 1.2, (HIGH, WIDE, 1))


def subject(x: float, y: float, radius: int) -> np.ndarray:
    picture = sky()
    cv2.circle(picture, (round(x * WIDE), round(y * HIGH)), radius, (210, 60, 40), -1)
    return picture


@pytest.mark.parametrize(("x", "y"), [(1 / 3, 1 / 3), (2 / 3, 1 / 3), (2 / 3, 2 / 3)])
def test_a_subject_on_a_third_is_known_from_one_in_the_middle(x: float, y: float) -> None:
    third, middle = shot(subject(x, y, 16)).composition, shot(subject(0.5, 0.5, 16)).composition
    assert third.thirds is not None
    assert middle.thirds is not None
    assert third.centre is not None
    assert middle.centre is not None
    assert third.thirds > 0.8 > 0.3 > middle.thirds
    assert middle.centre > 0.9 > 0.75 > third.centre
    assert third.subject is not None
    left, top, wide, high = third.subject
    assert left < x < left + wide
    assert top < y < top + high


def test_a_small_subject_in_a_wide_sky_is_far_and_a_large_one_near() -> None:
    far, near = shot(subject(0.5, 0.6, 5)), shot(subject(0.5, 0.5, 75))
    assert far.scale in ("extreme_wide", "wide")
    assert near.scale in ("close", "extreme_close")
    assert far.composition.negative_space is not None
    assert near.composition.negative_space is not None
    assert far.composition.negative_space > 0.9
    assert far.composition.negative_space > near.composition.negative_space
    assert far.confidence["scale"] < 0.6


def test_a_mirror_image_is_symmetrical_and_noise_is_not() -> None:
    rng = np.random.default_rng(2)
    half = cv2.resize(rng.random((9, 8, 3)).astype(np.float32) * 255, (WIDE // 2, HIGH))
    mirrored = np.hstack([half, half[:, ::-1]])
    other = cv2.resize(rng.random((9, 16, 3)).astype(np.float32) * 255, (WIDE, HIGH))
    assert (shot(mirrored).composition.symmetry or 0) > 0.95
    assert (shot(other).composition.symmetry or 0) < 0.5


@pytest.mark.parametrize("height", [0.33, 0.5, 0.7])
def test_a_horizon_is_found_at_its_height(height: float) -> None:
    picture = sky()
    rng = np.random.default_rng(3)
    ground = rng.normal(0, 14, (HIGH, WIDE, 1)) + np.array([90, 70, 40])
    picture[round(height * HIGH) :] = ground[round(height * HIGH) :]
    assert shot(picture).composition.horizon == pytest.approx(height, abs=0.03)


def test_where_there_is_no_horizon_none_is_made_up() -> None:
    rng = np.random.default_rng(4)
    noise = cv2.resize(rng.random((10, 18, 3)).astype(np.float32) * 255, (WIDE, HIGH))
    assert shot(noise).composition.horizon is None
    empty = shot(np.full((HIGH, WIDE, 3), 90.0))
    assert (empty.scale, empty.composition.thirds, empty.composition.horizon) == (None,) * 3
    assert empty.composition.negative_space == 1.0


def test_room_for_text_is_where_the_picture_is_calm() -> None:
    rng = np.random.default_rng(5)
    picture = rng.random((HIGH, WIDE, 3)).astype(np.float32) * 255
    picture[20:100, 40:280] = (30, 40, 60)
    room = shot(picture).composition.text_room
    assert room is not None
    left, top, wide, high = room
    assert left >= 40 / WIDE - 0.05
    assert left + wide <= 280 / WIDE + 0.05
    assert top >= 20 / HIGH - 0.08
    assert top + high <= 100 / HIGH + 0.08
    assert wide * high > 0.6 * (240 / WIDE) * (80 / HIGH)


def test_the_palette_comes_in_order_of_weight_and_casts_are_told() -> None:
    rng = np.random.default_rng(6)
    picture = np.full((HIGH, WIDE, 3), (40, 80, 140), np.float32)
    picture[:, : WIDE // 4] = (200, 60, 50)
    picture[:, : WIDE // 10] = (230, 220, 200)
    grading = Grading(SOURCE)
    grading.see(frame(picture + rng.normal(0, 2, picture.shape)), Move())
    found = grading.finish(())
    first = [int(found.palette[0][at : at + 2], 16) for at in (1, 3, 5)]
    assert max(abs(a - b) for a, b in zip(first, (40, 80, 140), strict=True)) < 14
    assert found.weights == tuple(sorted(found.weights, reverse=True))
    assert len(found.palette) == 3
    casts = {}
    for name, cast in (("warm", (1.1, 1.0, 0.85)), ("cold", (0.88, 1.0, 1.12))):
        greys = cv2.resize(rng.random((18, 32)).astype(np.float32) * 220 + 15, (WIDE, HIGH))
        grading = Grading(SOURCE)
        grading.see(frame(greys[..., None] * np.array(cast)), Move())
        casts[name] = grading.finish(())
    assert (casts["warm"].temperature or 0) > 0.25
    assert (casts["cold"].temperature or 0) < -0.25
    assert casts["warm"].lut is not None
    assert casts["warm"].lut.count("\n") == 17**3 + 4
