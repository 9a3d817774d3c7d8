"""When each word of a recitation is said, from the recording itself: its pauses and its energy.

No speech is recognised. The recording is taken to hold just these words, in order; how long each
takes is expected from its letters and its lengthenings, and the borders are put, all together,
where the voice pauses or sinks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autosched.errors import InvalidError
from autosched.media import ffmpeg

_RATE, _HOP = 8000, 0.03
_SHORTEST_PAUSE = 0.12
# What a word is worth beside its letters: a madd, a doubled letter, the small alef.
_LONGER = {"\u0653": 2.0, "\u0651": 0.7, "\u0670": 0.6, "\u06e5": 0.6, "\u06e6": 0.6}
_LENGTH, _SINK, _PAUSE = 2.2, 0.8, 5.0

Figures = NDArray[np.float64]


def aligned(path: str, words: Sequence[str]) -> list[tuple[float, float]]:
    """When each of `words` begins and ends in the recording at `path`, in seconds.

    `InvalidError` when there is no voice in it, or too little for so many words.
    """
    levels = _levels(path)
    voiced = _voiced(levels)
    if len(voiced) < 2 * len(words) or not words:
        raise InvalidError(
            "audio.follow: the recording is too short or too quiet for these words.",
            remedy="Give the words' times yourself, or choose another recording.",
            code="not_aligned",
        )
    weights = np.array([weight(word) for word in words])
    expected = weights * len(voiced) / weights.sum()
    borders = _borders(expected, _costs(levels, voiced))
    starts, ends = voiced[borders[:-1]], voiced[np.array(borders[1:]) - 1] + 1
    return [
        (round(float(start) * _HOP, 3), round(float(end) * _HOP, 3))
        for start, end in zip(starts, ends, strict=True)
    ]


def weight(word: str) -> float:
    """How long a word takes beside others: its letters, and what lengthens them."""
    letters = sum(unicodedata.category(each) == "Lo" for each in word)
    return max(1.0, letters + sum(_LONGER.get(each, 0.0) for each in word))


def _levels(path: str) -> Figures:
    """The loudness of each hop, in decibels under full scale."""
    size = round(_RATE * _HOP) * 4
    arguments = ["-i", f"file:{path}", "-vn", "-ac", "1", "-ar", str(_RATE), "-f", "f32le"]
    try:
        pieces = [
            np.frombuffer(piece, np.float32).copy()
            for piece in ffmpeg.decode([*arguments, "picture"], size)
        ]
    except ffmpeg.FfmpegError:
        pieces = []
    if not pieces:
        return np.zeros(0)
    power = np.mean(np.square(np.stack(pieces).astype(np.float64)), axis=1)
    return np.asarray(10 * np.log10(power + 1e-9))


def _voiced(levels: Figures) -> NDArray[np.int64]:
    """The hops in which there is a voice; gaps too short for a pause count as voice."""
    if not len(levels):
        return np.zeros(0, np.int64)
    loud, quiet = float(np.percentile(levels, 95)), float(np.percentile(levels, 5))
    if loud < -60:
        return np.zeros(0, np.int64)
    heard = levels > max(loud - 32, min(quiet + 9, loud - 14))
    places = np.nonzero(heard)[0]
    for before, after in pairwise(places):
        if 1 < after - before <= round(_SHORTEST_PAUSE / _HOP):
            heard[before:after] = True
    return np.nonzero(heard)[0]


def _costs(levels: Figures, voiced: NDArray[np.int64]) -> Figures:
    """What a border before each voiced hop costs: little where the voice sinks or has paused."""
    sound = levels[voiced]
    around = np.array(
        [sound[max(0, at - 6) : at + 7].max() - sound[at] for at in range(len(sound))]
    )
    gaps = np.diff(voiced, prepend=voiced[0] - 1) - 1
    costs = _SINK * (1 - np.clip(around / 14, 0, 1)) - _PAUSE * np.clip(gaps * _HOP / 0.35, 0, 1)
    return np.append(costs, 0.0)


def _borders(expected: Figures, costs: Figures) -> list[int]:
    """The borders, the first and the last among them, that cost the least together."""
    count = len(costs)
    best = np.full(count, np.inf)
    best[0] = 0.0
    came = np.zeros((len(expected), count), np.int32)
    for number, length in enumerate(expected):
        after = np.full(count, np.inf)
        for taken in range(max(1, int(length / 5)), min(count, int(length * 5) + 3)):
            cost = _LENGTH * np.log((taken + 1) / (length + 1)) ** 2
            tried = best[: count - taken] + cost
            better = tried < after[taken:]
            after[taken:][better] = tried[better]
            came[number, taken:][better] = taken
        best = after + costs
    at, borders = count - 1, [count - 1]
    if not np.isfinite(best[at]):
        steps = np.round(np.append(0.0, np.cumsum(expected)))
        return [int(each) for each in steps]
    for number in reversed(range(len(expected))):
        at -= int(came[number, at])
        borders.append(at)
    return borders[::-1]
