"""A music bed as long as the video, with a musical ending: which parts of a track, in which order.

The track is walked beat by beat; where two beats sound alike (their notes, their colour, what was
struck, and what came before them), the walk may jump from one to the other, back to play a part
again or on to leave one out. The cheapest walk of the right length that comes to the track's own
ending is taken (Wenner, Bazin, Sorkine-Hornung, Kim and Gross, Scalable music: automatic music
retargeting and synthesis, 2013). Where the track has no ending of its own, the last bar fades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autosched.studio.analysis import tempo
from autosched.studio.analysis.music import Told

Grid = NDArray[np.float64]

_STEP = 0.5  # seconds, where no beat is heard
_LEAST_CLARITY = 0.25
_JUMP, _MOST_JUMPS = 0.35, 8000
_UNLIKE = 0.5  # over this a jump would be heard
_LEAST_PLAYED = 8  # beats between two that may be joined
_EARLY = 1.8  # seconds by which the music may end before the picture
_FASTER = 0.015  # a quarter of a semitone: how much faster or slower the track may be played
_ENDS_UNDER_DB = -18.0
_QUIET_DB = -50.0
_FADE_BEATS = 4


@dataclass(frozen=True)
class Piece:
    """A part of the track, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True)
class Cut:
    """The pieces in the order in which they are heard, joined on beats.

    `fade`: seconds over which the end fades; 0 where the track's own ending is heard. `beat`: the
    length of a beat in seconds. `speed`: how much faster it is played so that it fits.
    """

    pieces: tuple[Piece, ...]
    fade: float
    beat: float
    speed: float = 1.0

    @property
    def seconds(self) -> float:
        """How long it is in all."""
        return sum(piece.seconds for piece in self.pieces) / self.speed


def cut(told: Told, seconds: float) -> Cut:
    """How the track is cut to at most `seconds`; the music may end a moment before."""
    grid, beaten = _grid(told)
    beat = float(np.median(np.diff(grid)))
    own_ending = _ends_by_itself(told, grid)
    unlike = _unlike(told, grid)
    bar = _bar(unlike) if beaten else 1
    jumps = _jumps(unlike, bar)
    walk = None
    if own_ending:
        walk = _walk(grid, jumps, seconds, [len(grid) - 2], _FASTER * seconds)
    if walk is None:
        own_ending = False
        walk = _walk(grid, jumps, seconds, list(range(len(grid) - 1)), 1e-6)
    if walk is None:
        walk = list(range(int(np.searchsorted(grid, seconds))))[: len(grid) - 1] or [0]
    pieces = _pieces(grid, walk)
    if own_ending:
        lasting = sum(piece.seconds for piece in pieces)
        speed = float(np.clip(lasting / (seconds - 0.1), 1 - _FASTER, 1 + _FASTER))
        return Cut(pieces, 0.0, beat, speed)
    # It plays on to the last moment if it can, under the fade.
    last = pieces[-1]
    left = seconds - sum(piece.seconds for piece in pieces)
    pieces = (*pieces[:-1], Piece(last.start, min(float(grid[-1]), last.end + max(0.0, left))))
    return Cut(pieces, min(_FADE_BEATS * max(beat, 0.4), seconds / 2), beat)


def _grid(told: Told) -> tuple[Grid, bool]:
    """The times at which the track may be cut, its beginning and its end among them."""
    end = _end(told)
    found = tempo.pulse(told.heard)
    beaten = found is not None and found.clarity > _LEAST_CLARITY
    inner = found.beats if found and beaten else np.arange(_STEP, end, _STEP)
    kept = [each for each in inner if 0.2 < each < end - 0.2]
    return np.array([0.0, *kept, end]), beaten


def _end(told: Told) -> float:
    """Where the last sound dies away."""
    level = 10 * np.log10(np.maximum(told.powers, 1e-12))
    heard = np.flatnonzero(level > level.max(initial=-120.0) + _QUIET_DB)
    seconds = told.heard.seconds
    return float(min(seconds, (heard[-1] + 2) / 10)) if len(heard) else seconds


def _ends_by_itself(told: Told, grid: Grid) -> bool:
    """Whether the track dies away or comes to rest, and does not break off."""
    last = max(1, round(grid[-1] * 10))
    powers = told.powers[:last]
    usual = float(np.mean(powers)) + 1e-12
    return bool(10 * np.log10(float(powers[-3:].mean()) / usual + 1e-12) < _ENDS_UNDER_DB)


def _unlike(told: Told, grid: Grid) -> Grid:
    """How unlike any two beats are, what comes just before them included; 0 for the same."""
    heard, tones = told.heard, told.heard.tones
    chroma = _averaged(tones.chroma.reshape(-1, 12, 5).sum(axis=2), tones.chroma_rate, grid)
    chroma /= np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
    level = 10 * np.log10(_averaged(heard.levels, heard.levels_a_second, grid) + 1e-9) / 24.0
    struck = _averaged(heard.onsets, len(heard.onsets) / max(heard.seconds, 1e-6), grid)
    struck = struck / max(float(struck.max(initial=0.0)), 1e-9)
    figures = np.hstack([0.7 * chroma, 0.5 * level, 0.7 * struck])
    size = (figures**2).sum(axis=1)
    away = np.sqrt(np.maximum(size[:, None] + size[None] - 2 * figures @ figures.T, 0.0))
    # The beat before each is what the ear compares with; the one after is where it goes on.
    before, after = away.copy(), away.copy()
    before[1:, 1:] = away[:-1, :-1]
    after[:-1, :-1] = away[1:, 1:]
    made: Grid = 0.4 * away + 0.4 * before + 0.2 * after
    return made


def _averaged(figures: NDArray[np.float32], rate: float, grid: Grid) -> Grid:
    """The mean of the figures in each step of the grid."""
    total = np.vstack([np.zeros(figures.shape[1]), np.cumsum(figures, axis=0, dtype=np.float64)])
    places = np.clip(grid * rate, 0, len(figures))
    at = np.stack([np.interp(places, np.arange(len(total)), each) for each in total.T], axis=1)
    made: Grid = np.diff(at, axis=0) / np.maximum(np.diff(places), 1e-6)[:, None]
    return made


def _bar(unlike: Grid) -> int:
    """Three beats or four: after one bar, two and four of them, music is most like itself."""
    scores = {}
    for beats in (3, 4):
        if 5 * beats < len(unlike):
            lags = [np.median(np.diagonal(unlike, beats * times)) for times in (1, 2, 4)]
            scores[beats] = float(np.mean(lags))
    return min(scores, key=lambda beats: scores[beats]) if scores else 1


def _jumps(unlike: Grid, bar: int) -> list[tuple[int, int, float]]:
    """From which beat one may go on at which other, and what it costs: (due, instead, cost)."""
    count = len(unlike)
    found = []
    most = int(np.clip(_MOST_JUMPS // count, 6, 60))
    for due in range(_LEAST_PLAYED if count > 4 * _LEAST_PLAYED else 1, count):
        others = np.arange(1, count - 1)
        far = np.abs(others - due)
        fits = (far % bar == 0) & (far >= min(_LEAST_PLAYED, max(bar, count // 4)))
        others = others[fits]
        best = others[np.argsort(unlike[due, others])[:most]]
        found += [(due, int(each), _JUMP + _cost(float(unlike[due, each]))) for each in best]
    return found


def _cost(unlike: float) -> float:
    """What is hardly heard costs little, what is heard a great deal."""
    return unlike + 8 * max(0.0, unlike - _UNLIKE)


def _walk(
    grid: Grid,
    jumps: list[tuple[int, int, float]],
    seconds: float,
    endings: list[int],
    longer: float,
) -> list[int] | None:
    """The cheapest walk from the first beat to an ending that lasts as long as wanted.

    `longer`: by how many seconds it may be too long.
    """
    lengths = np.diff(grid)
    most_early = max(_EARLY, 1.2 * float(np.median(lengths)))
    count, most = len(lengths), round(seconds / float(np.mean(lengths))) + 8
    due = np.array([each[0] for each in jumps], np.intp)
    instead = np.array([each[1] for each in jumps], np.intp)
    cost = np.array([each[2] for each in jumps])
    score = np.full(count, np.inf)
    score[0] = 0.0
    spent = np.full(count, 0.0)
    spent[0] = lengths[0]
    history: list[NDArray[np.intp]] = [np.full(count, -1)]
    best: tuple[float, int, int] | None = None
    for step in range(most):
        for place in endings:
            over = seconds - spent[place]
            if np.isfinite(score[place]) and -longer <= over < most_early:
                value = score[place] + 0.3 * abs(over) / most_early
                if best is None or value < best[0]:
                    best = (value, step, place)
        came = np.arange(count) - 1
        ahead = np.concatenate([[np.inf], score[:-1]])
        if len(due):
            through = score[due - 1] + cost
            order = np.argsort(-through, kind="stable")  # of two to one place the cheaper stays
            jumped, origin = np.full(count, np.inf), np.full(count, -1)
            jumped[instead[order]], origin[instead[order]] = through[order], due[order] - 1
            came, ahead = np.where(jumped < ahead, origin, came), np.minimum(jumped, ahead)
        spent = spent[np.maximum(came, 0)] + lengths
        score = ahead
        history.append(came)
    if best is None:
        return None
    _, step, place = best
    walk = [place]
    while step > 0:
        place = int(history[step][place])
        walk.append(place)
        step -= 1
    return walk[::-1]


def _pieces(grid: Grid, walk: list[int]) -> tuple[Piece, ...]:
    """The stretches of beats that follow each other in the track."""
    pieces: list[Piece] = []
    for place in walk:
        start, end = float(grid[place]), float(grid[place + 1])
        if pieces and abs(pieces[-1].end - start) < 1e-9:
            pieces[-1] = Piece(pieces[-1].start, end)
        else:
            pieces.append(Piece(start, end))
    return tuple(pieces)
