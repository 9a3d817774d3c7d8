"""Putting the pieces of a track together so that no joint is heard.

Two pieces are laid over each other just before the beat on which they join, moved by a few
milliseconds to where their waves agree, and faded so that their common power stays even.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from autosched.studio.sound.bed import Cut, Piece

Wave = NDArray[np.float32]

_LONGEST_FADE, _SHARE_OF_BEAT = 0.12, 0.3
_SEARCH = 0.012  # seconds to either side
_COMPARED = 0.1
_EDGE = 0.008
_PARTS = 2000  # of the speed
_COARSE = 4  # the waves are compared at a quarter of the rate


def spliced(track: Wave, cut: Cut, rate: int) -> Wave:
    """The track (samples, 2), cut; as long as its pieces are, give or take a few milliseconds."""
    over = round(min(_LONGEST_FADE, cut.beat * _SHARE_OF_BEAT) * rate)
    made = np.array(_samples(track, cut.pieces[0], rate, 0))
    before = cut.pieces[0]
    for piece in cut.pieces[1:]:
        shift = _agreeing(track, before, piece, rate)
        after = _samples(track, piece, rate, shift, ahead=over)
        made = _laid(made, after, min(over, len(made), len(after)))
        before = piece
    if abs(cut.speed - 1) > 1e-4:
        parts = round(_PARTS * cut.speed)
        made = signal.resample_poly(made, _PARTS, parts, axis=0).astype(np.float32)
    rise = min(round(_EDGE * rate), len(made) // 2)
    fall = min(round(max(cut.fade, _EDGE) * rate), len(made))
    if rise:
        made[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    if fall:
        # It sinks as a room lets a last chord go, and has gone when the picture ends.
        made[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32))[:, None] ** 2
    return made


def _samples(track: Wave, piece: Piece, rate: int, shift: int, *, ahead: int = 0) -> Wave:
    first = max(0, round(piece.start * rate) + shift - ahead)
    return track[first : max(first, round(piece.end * rate) + shift)]


def _laid(before: Wave, after: Wave, over: int) -> Wave:
    """The one going over into the other."""
    if over == 0:
        return np.concatenate([before, after])
    rise = np.sin(np.linspace(0, np.pi / 2, over, dtype=np.float32)) ** 2
    old, new = before[-over:], after[:over]
    # Alike waves add up in full, unlike ones by their powers: the sum is kept even for either.
    both = float(np.sqrt(np.mean(old**2) * np.mean(new**2)))
    alike = float(np.clip(np.mean(old * new) / max(both, 1e-12), 0.0, 1.0))
    fall = 1 - rise
    even = 1 / np.sqrt(rise**2 + fall**2 + 2 * alike * rise * fall)
    middle = old * (fall * even)[:, None] + new * (rise * even)[:, None]
    return np.concatenate([before[:-over], middle.astype(np.float32), after[over:]])


def _agreeing(track: Wave, before: Piece, piece: Piece, rate: int) -> int:
    """By how many samples the piece is moved so that its wave agrees with what it replaces."""
    half, reach = round(_COMPARED / 2 * rate), round(_SEARCH * rate)
    left, right = round(before.end * rate), round(piece.start * rate)
    ends = min(left, right - reach), max(left, right + reach)
    if ends[0] - half < 0 or ends[1] + half > len(track):
        return 0
    goal = track[left - half : left + half].mean(axis=1)
    there = track[right - half - reach : right + half + reach].mean(axis=1)
    coarse, wide = (signal.decimate(each.astype(np.float64), _COARSE) for each in (goal, there))
    likeness = signal.correlate(wide, coarse, "valid")
    power = signal.correlate(wide**2, np.ones(len(coarse)), "valid")
    best = int(np.argmax(likeness / np.sqrt(np.maximum(power, 1e-12))))
    return int(np.clip(best * _COARSE - reach, -reach, reach))
