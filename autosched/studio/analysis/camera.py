"""What the camera does in each shot: it stands, pans, tilts, zooms, or is held by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis.motion import Move
from autosched.studio.analysis.report import Camera as Kind
from autosched.studio.analysis.report import Shot
from autosched.studio.analysis.stream import Frame, Source

_SHORTEST = 4
# Shares of the frame a second below which nobody calls it a movement; for a zoom, of its factor.
_SLOWEST, _SLOWEST_ZOOM = 0.02, 0.025
# A hand's trembling: shares of the frame from one frame to the next.
_TREMBLE = 0.0009
# The share of the picture that must move together for it to be the camera.
_TOGETHER = 0.3


class Camera:
    """Keeps the movements and says of a shot what they add up to."""

    def __init__(self, source: Source) -> None:
        self._fps = source.fps
        self._moves: list[tuple[float, float, float, float, float]] = []

    def see(self, frame: Frame, move: Move) -> None:
        """Keep the movement that leads to this frame."""
        self._moves.append((move.dx, move.dy, move.zoom - 1, move.fit, move.texture))

    def described(self, shot: Shot) -> Shot:
        """The shot with its camera; as it is where that can't be told."""
        first, last = round(shot.start * self._fps) + 1, round(shot.end * self._fps)
        moves = np.array(self._moves[first:last], np.float64)
        if len(moves) < _SHORTEST or self._fps == 0 or float(np.median(moves[:, 4])) < 0.02:
            return shot
        kind, speed, direction, sure = _judged(moves, self._fps)
        return shot.model_copy(
            update={
                "camera": kind,
                "camera_speed": None if kind == "static" else round(speed, 4),
                "camera_direction": direction,
                "confidence": {**shot.confidence, "camera": round(sure, 3)},
            }
        )


def _judged(moves: NDArray[np.float64], fps: float) -> tuple[Kind, float, str | None, float]:
    """Kind, speed a second, direction, and how sure that is."""
    # What moves against the camera's view moves the picture the other way.
    across, down = -_steady(moves[:, 0]) * fps, -_steady(moves[:, 1]) * fps
    zoom = _steady(moves[:, 2]) * fps
    together = float(np.median(moves[:, 3]))
    tremble = float(np.hypot(_rest(moves[:, 0]), _rest(moves[:, 1])))
    # At half-way to the edge a zoom moves the picture by a quarter of its rate.
    speeds = {"pan": abs(across), "tilt": abs(down), "zoom": abs(zoom) * 0.25}
    kind = max(speeds, key=lambda name: speeds[name])
    fast = speeds[kind] > (_SLOWEST_ZOOM * 0.25 if kind == "zoom" else _SLOWEST)
    drift = speeds[kind] / fps
    if fast and together > _TOGETHER and drift > 0.45 * tremble:
        sure = min(1.0, 0.4 + 0.6 * together)
        if kind == "zoom":
            return "zoom", abs(zoom), "in" if zoom > 0 else "out", sure
        if kind == "pan":
            return "pan", abs(across), "right" if across > 0 else "left", sure
        return "tilt", abs(down), "down" if down > 0 else "up", sure
    if tremble > _TREMBLE and together > _TOGETHER:
        return "handheld", tremble * fps, None, min(1.0, 0.4 + 150 * tremble)
    return "static", 0.0, None, min(1.0, 0.5 + 0.5 * (1 - min(1.0, tremble / _TREMBLE)))


def _steady(values: NDArray[np.float64]) -> float:
    """The steady part of a movement, a frame."""
    low, high = np.percentile(values, (20, 80))
    kept = values[(values >= low) & (values <= high)]
    return float(kept.mean()) if len(kept) else 0.0


def _rest(values: NDArray[np.float64]) -> float:
    """What is left of a movement once its slow part is taken off, on average."""
    width = min(9, (len(values) - 1) | 1)
    slow = np.convolve(values, np.ones(width) / width, mode="same")
    return float(np.median(np.abs(values - slow)))
