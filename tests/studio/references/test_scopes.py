"""Waveform and vectorscope: brightness by height, colours by their place."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.stream import Frame
from autosched.studio.references.scopes import Scopes


def _seen(levels: NDArray[np.uint8], u: int = 128, v: int = 128) -> dict[str, NDArray[np.uint8]]:
    scopes = Scopes()
    low = (levels.shape[0] // 2, levels.shape[1] // 2)
    flat = [np.full(low, each, np.uint8) for each in (u, v)]
    scopes.see(Frame(number=0, time=0.0, y=levels, u=flat[0], v=flat[1], matrix="bt709"))
    return {
        name: np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR))
        for name, png in scopes.pictures().items()
    }


def _brightest(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """The middle of what is brightest: across and down, in shares."""
    total = picture.max(axis=2)
    rows, columns = np.nonzero(total > 0.97 * total.max())
    return float(columns.mean() / total.shape[1]), float(rows.mean() / total.shape[0])


def test_a_ramp_rises_from_left_to_right() -> None:
    ramp = np.tile(np.linspace(16, 235, 160).astype(np.uint8), (90, 1))
    drawn = _seen(ramp)["luma"].sum(axis=2)
    tops = [int(drawn[:, x].argmax()) for x in (40, 240, 440)]
    assert tops[0] > tops[1] + 50 > tops[2] + 100


def test_black_lies_at_the_floor_and_white_at_the_ceiling() -> None:
    dark, bright = np.full((90, 160), 16, np.uint8), np.full((90, 160), 235, np.uint8)
    assert _brightest(_seen(dark)["luma"])[1] > 0.97
    assert _brightest(_seen(bright)["luma"])[1] < 0.03


def test_colours_lie_where_a_vectorscope_has_them() -> None:
    flat = np.full((90, 160), 120, np.uint8)
    grey, red = _seen(flat)["hues"], _seen(flat, u=90, v=220)["hues"]
    # The lines are in both: what is left is the colour itself.
    across, down = _brightest(np.clip(grey.astype(int) - red, 0, 255).astype(np.uint8))
    assert abs(across - 0.5) < 0.02
    assert abs(down - 0.5) < 0.02
    # Red: little blue difference, much red difference, so at the left and at the top.
    across, down = _brightest(np.clip(red.astype(int) - grey, 0, 255).astype(np.uint8))
    assert across < 0.4
    assert down < 0.2


def test_nothing_seen_draws_nothing() -> None:
    assert Scopes().pictures() == {}
