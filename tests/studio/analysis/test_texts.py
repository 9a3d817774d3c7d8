"""Texts laid over moving pictures: found, timed, and how they come and go."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from autosched import packages
from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Text
from autosched.studio.analysis.stream import Frame, Source
from autosched.studio.analysis.texts import Texts

WIDTH, HEIGHT, FPS = 640, 360, 25
COME, GONE, LAST = 20, 70, 95
"""Frames: the first in which a text is seen, the last in which it rests, and all."""
IN = 10
Layer = NDArray[np.float32]
Moved = Callable[[Layer, float], Layer]

ARABIC = "إِنَّ مَعَ الْعُسْرِ يُسْرًا"
LATIN = "With hardship comes ease"


def drawn(words: str, font: str, size: int, middle: int = 180) -> Layer:
    picture = Image.new("L", (WIDTH, HEIGHT), 0)
    face = ImageFont.truetype(str(packages.fonts_dir() / f"{font}.ttf"), size)
    ImageDraw.Draw(picture).text((WIDTH // 2, middle), words, 255, face, "mm")
    return np.asarray(picture, np.float32) / 255


def box(layer: Layer) -> tuple[float, float, float, float]:
    rows, columns = np.nonzero(layer > 0.4)
    left, top = columns.min() / WIDTH, rows.min() / HEIGHT
    return left, top, (columns.max() + 1) / WIDTH - left, (rows.max() + 1) / HEIGHT - top


def common(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    tall = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, wide) * max(0.0, tall)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def scenery(seed: int = 1, speed: int = 2) -> Callable[[int], Layer]:
    noise = np.random.default_rng(seed).normal(0, 1, (HEIGHT, WIDTH + 400)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 12)
    wide = 80 + 18 * soft / soft.std()
    return lambda number: wide[:, speed * number : speed * number + WIDTH]


def measured(frames: list[Layer]) -> tuple[Text, ...]:
    seconds = len(frames) / FPS
    source = Source(
        "", WIDTH, HEIGHT, FPS, seconds, "bt709", WIDTH, HEIGHT, full_fps=FPS, has_audio=False
    )
    grey = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)
    texts = Texts(source)
    for number, each in enumerate(frames):
        y = np.clip(each, 16, 235).astype(np.uint8)
        texts.see(Frame(number, number / FPS, y, grey, grey, "bt709"), Move())
    return texts.finish(())


def clip(layer: Layer, coming: Moved, going: Moved, back: Callable[[int], Layer]) -> list[Layer]:
    frames = []
    for number in range(LAST):
        shown = np.zeros_like(layer)
        if COME <= number < COME + IN:
            shown = coming(layer, (number - COME + 1) / (IN + 1))
        elif COME + IN <= number <= GONE:
            shown = layer
        elif GONE < number <= GONE + IN:
            shown = going(layer, 1 - (number - GONE) / (IN + 1))
        frames.append(back(number) * (1 - shown) + 230 * shown)
    return frames


def at_once(layer: Layer, share: float) -> Layer:
    return layer


def gone(layer: Layer, share: float) -> Layer:
    return np.zeros_like(layer)


def faded(layer: Layer, share: float) -> Layer:
    return layer * share


def shifted(x: float, y: float) -> Moved:
    def moved(layer: Layer, share: float) -> Layer:
        matrix = np.array([[1, 0, x * (1 - share)], [0, 1, y * (1 - share)]], np.float32)
        return np.asarray(cv2.warpAffine(layer, matrix, (WIDTH, HEIGHT)), np.float32)

    return moved


def grown(layer: Layer, share: float) -> Layer:
    size = 0.2 + 0.8 * share
    matrix = np.array(
        [[size, 0, (1 - size) * WIDTH / 2], [0, size, (1 - size) * HEIGHT / 2]], np.float32
    )
    return np.asarray(cv2.warpAffine(layer, matrix, (WIDTH, HEIGHT)), np.float32)


def blurred(layer: Layer, share: float) -> Layer:
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.1 + 9 * (1 - share)) * share, np.float32)


def typed(layer: Layer, share: float) -> Layer:
    columns = np.flatnonzero((layer > 0.4).any(axis=0))
    edge = round(columns[0] + share * (columns[-1] + 1 - columns[0]))
    shown = layer.copy()
    shown[:, edge:] = 0
    return shown


@pytest.mark.parametrize(
    ("coming", "going", "enter", "leave"),
    [
        (at_once, gone, "none", "none"),
        (faded, faded, "fade", "fade"),
        (shifted(0, 70), shifted(0, -70), "slide_up", "slide_up"),
        (shifted(0, -70), shifted(0, 70), "slide_down", "slide_down"),
        (shifted(90, 0), shifted(-90, 0), "slide_left", "slide_left"),
        (shifted(-90, 0), shifted(90, 0), "slide_right", "slide_right"),
        (typed, faded, "typewriter", "fade"),
        (grown, grown, "pop", "pop"),
        (blurred, blurred, "blur", "blur"),
    ],
)
def test_how_a_text_comes_and_goes_is_told(
    coming: Moved, going: Moved, enter: str, leave: str
) -> None:
    layer = drawn(LATIN, "Inter-SemiBold", 30)
    (text,) = measured(clip(layer, coming, going, scenery()))
    assert (text.enter, text.exit) == (enter, leave)
    # What is very small or very soft at first is seen a little later.
    near = (6 if enter in ("pop", "blur") else 3) / FPS + 1e-6
    assert abs(text.start - COME / FPS) <= near
    last = GONE if going is gone else GONE + IN
    assert abs(text.end - (last + 1) / FPS) <= near
    assert common(text.box, box(layer)) > 0.85
    assert text.script == "latin"
    assert text.lines == 1


def test_an_arabic_line_and_its_translation_are_two_texts_in_two_scripts() -> None:
    above, below = (
        drawn(ARABIC, "Amiri-Regular", 44, 130),
        drawn(LATIN, "EBGaramond-Medium", 22, 230),
    )
    layer = np.maximum(above, below)
    first, second = measured(clip(layer, faded, gone, scenery()))
    assert [first.script, second.script] == ["arabic", "latin"]
    assert first.align == second.align == "centre"
    assert common(first.box, box(above)) > 0.7
    assert common(second.box, box(below)) > 0.8


def test_a_text_that_stays_over_a_cut_is_one_text() -> None:
    layer = drawn(LATIN, "Inter-SemiBold", 30)
    one, other = scenery(1), scenery(2)
    frames = clip(layer, faded, faded, lambda number: one(number) if number < 48 else other(number))
    (text,) = measured(frames)
    assert text.start < 1.1
    assert text.end > 2.9


def test_a_picture_without_text_has_none() -> None:
    back = scenery(3)
    assert measured([back(number) for number in range(60)]) == ()


def test_words_that_the_camera_passes_are_no_text_on_the_picture() -> None:
    layer, back = drawn(LATIN, "Inter-SemiBold", 30), scenery()
    frames = []
    for number in range(60):
        passing = shifted(200 - 6.0 * number, 0)(layer, 0)
        frames.append(back(number) * (1 - passing) + 230 * passing)
    assert measured(frames) == ()


def test_a_text_from_the_first_frame_to_the_last_neither_comes_nor_goes() -> None:
    layer, back = drawn(LATIN, "Inter-SemiBold", 30), scenery()
    (text,) = measured([back(n) * (1 - layer) + 230 * layer for n in range(60)])
    assert (text.enter, text.exit) == (None, None)
    assert (text.start, text.end) == (0.0, 60 / FPS)
