"""Which of the pulses in a rhythm is the beat: the half, the double or the third of another?

Each level is judged by how much the drums' low end, the middle and the hiss come round after a
part or a multiple of it. The weights are those of a softmax regression on a thousand made
pieces (kits, frame drums, arpeggios and chords in 2, 3, 4 and 6/8; 60 to 180 beats a minute): a
kick seldom comes round faster than the beat, chords change with the bar.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from autosched.studio.analysis.ear import ONSETS_A_SECOND

Curve = NDArray[np.float64]

SLOWEST, FASTEST = 55.0, 192.0
_LEVELS = (1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0, 4.0)
_MULTIPLES = (1 / 3, 1 / 2, 1.0, 3 / 2, 2.0, 3.0, 4.0)
_USUAL = 105.0
# Rows: 40 to 160 Hz, to 2.5 kHz, above, and all together. Columns: the multiples above.
_WEIGHTS = np.array(
    [
        [-3.7, 0.1, -2.9, -1.6, 1.1, 0.5, 1.1],
        [-0.4, 1.3, 0.3, -0.4, -0.7, 1.7, 2.8],
        [0.7, -1.1, 2.7, 2.1, 2.9, 0.2, 1.6],
        [0.7, 1.6, 1.7, -0.6, 0.0, 2.6, 1.8],
    ]
)
# Of the distance from the usual tempo in octaves, and of its square.
_PACE = (4.1, -1.6)


def autocorrelation(curve: Curve, most: int) -> Curve:
    """How like itself the curve is so many frames later, up to `most`; 1 at 0."""
    most = min(len(curve) - 1, most)
    size = fft.next_fast_len(len(curve) + most)
    spectrum = fft.rfft(curve, size)
    raw = fft.irfft(np.abs(spectrum) ** 2, size)[: most + 1]
    raw /= np.maximum(len(curve) - np.arange(most + 1), 1)
    made: Curve = raw / max(float(raw[0]), 1e-9)
    return made


def beat(rises: Curve, curve: Curve, period: float) -> tuple[float, float]:
    """The period of the beat in frames, given that of some pulse; and how likely it is, 0 to 1.

    `rises` (n, 4): the onsets by band; `curve`: all together.
    """
    candidates, figures = described(rises, curve, period)
    weights = np.concatenate([_WEIGHTS.ravel(), _PACE])
    score = figures @ weights
    likely = np.exp(score - score.max())
    likely /= likely.sum()
    best = int(np.argmax(likely))
    return float(candidates[best]), float(likely[best])


def described(rises: Curve, curve: Curve, period: float) -> tuple[Curve, Curve]:
    """The periods that are in question, and of each the figures by which it is judged."""
    tempi = 60 * ONSETS_A_SECOND / (period * np.array(_LEVELS))
    candidates = period * np.array(_LEVELS)[(tempi >= SLOWEST) & (tempi <= FASTEST)]
    if not len(candidates):
        candidates = np.array([period])
    most = round(4.2 * float(candidates.max()))
    whole = float(rises.std())
    parts = [_evened(rises[:, mine].sum(axis=1), whole) for mine in ([0], [1, 2], [3])]
    rows = []
    for part in (*parts, curve):
        again = autocorrelation(part, most) if part.any() else np.zeros(1)
        # As high as it gets within two frames.
        nearby = ndimage.maximum_filter1d(ndimage.gaussian_filter1d(again, 1.0), 5)
        places = np.round(candidates[:, None] * np.array(_MULTIPLES)).astype(np.intp)
        inside = places < len(nearby)
        rows.append(np.where(inside, nearby[np.minimum(places, len(nearby) - 1)], 0.0))
    pace = np.log2(60 * ONSETS_A_SECOND / candidates / _USUAL)
    return candidates, np.hstack([*rows, pace[:, None], pace[:, None] ** 2])


def _evened(rises: Curve, whole: float) -> Curve:
    """Rises over their surroundings, mean 0 and deviation 1; zeros where there are hardly any."""
    smooth = ndimage.gaussian_filter1d(rises, 2.0)
    over = np.maximum(smooth - ndimage.uniform_filter1d(smooth, 140), 0.0)
    spread = float(over.std())
    if spread < 0.02 * whole:
        return np.zeros(len(rises))
    made: Curve = (over - over.mean()) / max(spread, 1e-9)
    return made
