"""Transitions of known videos are found, with their kind and time; what is none is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from autosched.studio.analysis.camera import Camera
from autosched.studio.analysis.motion import Moves
from autosched.studio.analysis.report import Shot, Transition
from autosched.studio.analysis.stream import Frame, Source
from autosched.studio.analysis.transitions import Transitions

WIDE, HIGH, FPS = 160, 90, 30
Picture = NDArray[np.float32]
SOURCE = Source("made.mp4", WIDE, HIGH, FPS, 0.0, "bt709", WIDE, HIGH, FPS, False)


def scene(seed: int, base: tuple[int, int, int]) -> Picture:
    """A picture twice as large as a frame: clouds, shapes, in colours of its own."""
    rng = np.random.default_rng(seed)
    made = np.zeros((2 * HIGH, 2 * WIDE, 3), np.float32) + np.array(base, np.float32)
    for cells, strength in ((4, 34), (12, 26), (40, 18)):
        noise = rng.normal(size=(cells, cells * 2, 3)).astype(np.float32)
        made += cv2.resize(noise, (2 * WIDE, 2 * HIGH), interpolation=cv2.INTER_CUBIC) * strength
    for _ in range(14):
        centre = (int(rng.integers(0, 2 * WIDE)), int(rng.integers(0, 2 * HIGH)))
        colour = tuple(int(each) for each in rng.integers(0, 255, 3))
        cv2.circle(made, centre, int(rng.integers(4, 22)), colour, -1)
    return np.clip(made, 0, 255)


ONE, TWO = scene(1, (190, 120, 60)), scene(2, (40, 90, 150))


def view(picture: Picture, x: float = 80, y: float = 45, zoom: float = 1.0) -> Picture:
    """What a camera sees of a picture."""
    matrix = np.array([[1 / zoom, 0, x], [0, 1 / zoom, y]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(
        picture, matrix, (WIDE, HIGH), flags=flags, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, np.float32)


def frames(pictures: list[Picture]) -> Iterator[Frame]:
    rng = np.random.default_rng(9)
    for number, picture in enumerate(pictures):
        noisy = np.clip(picture + rng.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8)
        coded = cv2.cvtColor(noisy, cv2.COLOR_RGB2YUV_I420)
        low = (HIGH // 2) * (WIDE // 2)
        flat = coded.reshape(-1)
        size = HIGH * WIDE
        yield Frame(
            number,
            number / FPS,
            flat[:size].reshape(HIGH, WIDE),
            flat[size : size + low].reshape(HIGH // 2, WIDE // 2),
            flat[size + low :].reshape(HIGH // 2, WIDE // 2),
            "smpte170m",
        )


def found(pictures: list[Picture]) -> tuple[Transition, ...]:
    moves, transitions = Moves(SOURCE), Transitions(SOURCE)
    for frame in frames(pictures):
        transitions.see(frame, moves.see(frame))
    return transitions.finish()


def between(make: Callable[[float], Picture], length: int) -> list[Picture]:
    """A second of one scene, the transition, a second of the other."""
    change = [make((n + 1) / (length + 1)) for n in range(length)]
    return [view(ONE)] * FPS + change + [view(TWO)] * FPS


def dissolved(share: float) -> Picture:
    return view(ONE) * (1 - share) + view(TWO) * share


def through(colour: float) -> Callable[[float], Picture]:
    def made(share: float) -> Picture:
        scene, left = (ONE, 1 - 2 * share) if share < 0.5 else (TWO, 2 * share - 1)
        return colour + (view(scene) - colour) * left

    return made


def wiped(share: float) -> Picture:
    edge = round(share * WIDE)
    return np.hstack([view(TWO)[:, :edge], view(ONE)[:, edge:]])


def slid(share: float) -> Picture:
    by = round(share * HIGH)
    return np.vstack([view(ONE)[by:], view(TWO)[:by]])


def zoomed(share: float) -> Picture:
    near = view(ONE, 80 + 40 * share * 1.3, 45 + 22 * share * 1.3, 1 + 1.6 * share)
    given = float(np.clip((share - 0.4) / 0.5, 0, 1))
    return near * (1 - given) + view(TWO) * given


def test_a_cut_is_found_at_its_very_frame() -> None:
    (cut,) = found([view(ONE)] * 31 + [view(TWO)] * 29)
    assert (cut.kind, cut.duration) == ("cut", 0.0)
    assert cut.time == pytest.approx(31 / FPS, abs=1e-3)
    assert cut.confidence > 0.8


@pytest.mark.parametrize(
    ("make", "kind", "direction"),
    [
        (dissolved, "dissolve", None),
        (through(0.0), "fade_black", None),
        (through(255.0), "fade_white", None),
        (wiped, "wipe", "right"),
        (slid, "slide", "up"),
        (zoomed, "zoom", None),
    ],
    ids=["dissolve", "fade_black", "fade_white", "wipe", "slide", "zoom"],
)
@pytest.mark.parametrize("length", [14, 24, 40])
def test_what_takes_its_time_is_found_with_kind_start_and_length(
    make: Callable[[float], Picture], kind: str, direction: str | None, length: int
) -> None:
    (one,) = found(between(make, length))
    assert (one.kind, one.direction) == (kind, direction)
    assert one.time == pytest.approx(1.0, abs=0.3 * length / FPS)
    assert one.time + one.duration == pytest.approx(1 + length / FPS, abs=0.3 * length / FPS)


def test_a_flash_is_told_and_ends_no_shot() -> None:
    pictures = [view(ONE)] * 60
    pictures[30] = pictures[31] = 255 - (255 - view(ONE)) * 0.2
    (flash,) = found(pictures)
    assert (flash.kind, round(flash.time * FPS), round(flash.duration * FPS)) == ("flash", 30, 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: view(ONE, 20 + 2.4 * n, 45),
        lambda n: view(ONE, 80 + 60 * np.sin(n / 7), 45),
        lambda n: view(ONE, zoom=1 + n / 60),
        lambda n: view(ONE) * (1 + 0.2 * np.sin(n * 2.1)),
        lambda n: view(ONE) * (0.5 + n / 120),
        lambda n: view(ONE, 80 + 3 * np.sin(n), 45 + 3 * np.cos(1.7 * n)),
        lambda n: crossed(n),
    ],
    ids=["pan", "swing", "zoom", "flicker", "dawn", "hand", "somebody crosses"],
)
def test_what_is_no_transition_is_not_taken_for_one(make: Callable[[int], Picture]) -> None:
    assert found([np.clip(make(n), 0, 255).astype(np.float32) for n in range(60)]) == ()


def crossed(n: int) -> Picture:
    made = view(ONE).copy()
    x = round(-60 + n * 4.5)
    cv2.rectangle(made, (x, 0), (x + 45, HIGH), (20, 20, 24), -1)
    return made


@pytest.mark.parametrize(
    ("make", "kind", "direction"),
    [
        (lambda t: view(ONE), "static", None),
        (lambda t: view(ONE, 80 + 30 * t), "pan", "right"),
        (lambda t: view(ONE, 80 - 30 * t), "pan", "left"),
        (lambda t: view(ONE, 80, 45 + 15 * t), "tilt", "down"),
        (
            lambda t: view(
                ONE, 80 - 80 / (1 + 0.12 * t) + 80, 45 - 45 / (1 + 0.12 * t) + 45, 1 + 0.12 * t
            ),
            "zoom",
            "in",
        ),
        (
            lambda t: view(ONE, 80 + 1.5 * np.sin(41 * t), 45 + 1.5 * np.cos(37 * t)),
            "handheld",
            None,
        ),
    ],
    ids=["static", "right", "left", "down", "in", "handheld"],
)
def test_the_camera_is_told_from_what_moves(
    make: Callable[[float], Picture], kind: str, direction: str | None
) -> None:
    moves, camera = Moves(SOURCE), Camera(SOURCE)
    for frame in frames([make(n / FPS) for n in range(45)]):
        camera.see(frame, moves.see(frame))
    shot = camera.described(Shot(start=0.0, end=1.5))
    assert (shot.camera, shot.camera_direction) == (kind, direction)
    assert (shot.camera_speed is None) == (kind == "static")
    assert 0 < shot.confidence["camera"] <= 1
