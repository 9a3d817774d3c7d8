"""Loudness by ITU-R BS.1770-4 (the integrated one gated as in EBU R 128), as it streams by.

Stereo at 48 kHz goes in; what is kept is the power of every tenth of a second.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Wave = NDArray[np.float32]
Powers = NDArray[np.float64]

RATE = 48_000
STEP = RATE // 10
# The two filters of BS.1770-4, Tables 1 and 2: the head, and what lies too low to be heard.
_HEAD = (1.53512485958697, -2.69169618940638, 1.19839281085285)
_HEAD_BACK = (1.0, -1.69065929318241, 0.73248077421585)
_LOW = (1.0, -2.0, 1.0)
_LOW_BACK = (1.0, -1.99004745483398, 0.99007225036621)
_K_WEIGHTING = np.array([(*_HEAD, *_HEAD_BACK), (*_LOW, *_LOW_BACK)])
_OFFSET = -0.691
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_MOMENTARY = 4  # steps: 400 ms


class Meter:
    """Takes stereo pieces; says how loud they were."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 2, 2))
        self._tail = np.zeros((0, 2))
        self._powers: list[Powers] = []
        self._peak = 0.0

    def hear(self, stereo: Wave) -> None:
        """Take a piece of shape (samples, 2) at `RATE`."""
        weighted, self._state = signal.sosfilt(_K_WEIGHTING, stereo, axis=0, zi=self._state)
        whole = np.concatenate([self._tail, weighted])
        steps = len(whole) // STEP
        self._tail = whole[steps * STEP :]
        power = (whole[: steps * STEP] ** 2).reshape(steps, STEP, 2)
        self._powers.append(power.mean(axis=1).sum(axis=1))
        if len(stereo):
            self._peak = max(self._peak, float(np.max(np.abs(stereo))))

    @property
    def powers(self) -> Powers:
        """The weighted power of every tenth of a second."""
        return np.concatenate([*self._powers, np.zeros(0)])

    @property
    def peak(self) -> float:
        """The highest sample."""
        return self._peak


def lufs(power: float) -> float:
    """The loudness of a weighted power; minus infinity for none."""
    return _OFFSET + 10 * math.log10(power) if power > 0 else -math.inf


def integrated(powers: Powers) -> float | None:
    """The gated loudness in LUFS; `None` where nothing passes the gate of -70."""
    if len(powers) < _MOMENTARY:
        return None
    blocks = np.convolve(powers, np.full(_MOMENTARY, 1 / _MOMENTARY), "valid")
    heard = blocks[blocks > 10 ** ((_ABSOLUTE_GATE - _OFFSET) / 10)]
    if not len(heard):
        return None
    heard = heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return lufs(float(heard.mean()))


def curve(powers: Powers) -> list[float | None]:
    """The short-term loudness (3 s around) of each second; `None` under -70 LUFS."""
    found: list[float | None] = []
    for second in range(math.ceil(len(powers) / 10)):
        middle = second * 10 + 5
        value = lufs(float(powers[max(0, middle - 15) : middle + 15].mean()))
        found.append(round(value, 1) if value > _ABSOLUTE_GATE else None)
    return found
