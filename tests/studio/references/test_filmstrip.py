"""The sheet of shots: a picture from within each, however short, and never too many."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame
from autosched.studio.references import filmstrip
from autosched.studio.references.filmstrip import Filmstrip


def _frame(number: int, level: int) -> Frame:
    plane = np.full((90, 160), level, np.uint8)
    grey = np.full((45, 80), 128, np.uint8)
    return Frame(number=number, time=number / 30, y=plane, u=grey, v=grey, matrix="bt709")


def _levels(content: bytes, sheet: filmstrip.Sheet, count: int) -> list[float]:
    drawn = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert drawn is not None
    assert drawn.shape[1] == sheet.width * sheet.columns
    tiles = []
    for number in range(count):
        column, row = sheet.tile(number, count)
        top, left = row * sheet.height, column * sheet.width
        tiles.append(float(drawn[top : top + sheet.height, left : left + sheet.width].mean()))
    return tiles


def test_each_shot_is_shown_by_a_frame_of_its_own_even_one_of_five_frames() -> None:
    strip, shots, start = Filmstrip(), [], 0
    lengths = [40, 5, 60, 5, 30]
    for number, length in enumerate(lengths):
        for frame in range(start, start + length):
            strip.see(_frame(frame, 40 + 40 * number))
        shots.append(Shot(start=start / 30, end=(start + length) / 30))
        start += length
    made = strip.sheet(shots)
    assert made is not None
    sheet, content = made
    levels = _levels(content, sheet, len(shots))
    assert levels == sorted(levels)
    assert min(b - a for a, b in pairwise(levels)) > 30


def test_a_long_film_keeps_few_frames() -> None:
    strip = Filmstrip()
    for number in range(0, 30 * 3600, 10):
        strip.see(_frame(number, 60))
    assert len(strip._kept) <= filmstrip._MOST_KEPT


def test_very_many_shots_share_their_pictures() -> None:
    strip = Filmstrip()
    for number in range(60):
        strip.see(_frame(number, 60 + number))
    shots = [Shot(start=n / 700, end=(n + 1) / 700) for n in range(1400)]
    made = strip.sheet(shots)
    assert made is not None
    assert made[0].tiles == 600
    assert made[0].tile(1399, 1400) == (19, 29)


def test_nothing_seen_is_no_sheet() -> None:
    assert Filmstrip().sheet([Shot(start=0, end=1)]) is None
