"""Ambience with living things and events in it: birds at daybreak, a fire, far thunder in rain.

Built as `ambience` is; events come at random moments and never twice the same.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from autosched.studio.sound.noise import Wave, band, coloured, drift, drops

_BIRDS, _KINDS_OF_SNAP = 6, 5


def birds(rng: np.random.Generator, count: int, rate: int) -> Wave:
    """Birds near and far, each with a song of its own, over a little wind in leaves."""
    made = 0.10 * coloured(rng, count, rate, band(80, 500, 1.0))
    leaves = coloured(rng, count, rate, band(1500, 6000, 1.0))
    made += 0.05 * drift(rng, count, rate, 5.0) ** 2 * leaves
    room = _room(rng, rate)
    for _ in range(_BIRDS):
        far, place = rng.uniform(0.15, 1.0), rng.uniform(0.08, 0.92)
        song = _song(rng, count, rate)
        wet = signal.oaconvolve(song, room)[:count]
        heard = ((1 - 0.6 * far) * song + 0.5 * far * wet) * (1.1 - 0.75 * far)
        made[:, 0] += (heard * np.sqrt(1 - place)).astype(np.float32)
        made[:, 1] += (heard * np.sqrt(place)).astype(np.float32)
    return made


def _song(rng: np.random.Generator, count: int, rate: int) -> Wave:
    """One bird: phrases of a few notes, each a quick sweep, with long rests between."""
    made = np.zeros(count, np.float32)
    pitch = rng.uniform(2300, 4800)
    notes = [
        (rng.uniform(0.85, 1.25), rng.uniform(-0.25, 0.3), rng.uniform(0.04, 0.13))
        for _ in range(int(rng.integers(2, 6)))
    ]
    at = rng.uniform(0, 5)
    while at < count / rate:
        moment, loud = at, rng.uniform(0.4, 1.0)
        for height, sweep, length in notes[: int(rng.integers(1, len(notes) + 1))]:
            time = np.arange(round(length * rng.uniform(0.9, 1.1) * rate)) / rate
            share = time / max(float(time[-1]), 1e-6)
            sung = pitch * height * rng.uniform(0.98, 1.02) * (1 + sweep * share)
            sung *= 1 + 0.03 * np.sin(2 * np.pi * rng.uniform(24, 40) * time)
            tone = np.sin(2 * np.pi * np.cumsum(sung) / rate) * np.sin(np.pi * share) ** 1.5
            first = round(moment * rate)
            here = made[first : first + len(tone)]
            here += (loud * tone[: len(here)]).astype(np.float32)
            moment += length + rng.uniform(0.03, 0.16)
        at = moment + rng.gamma(1.6, 2.2) + 0.6
    return made


def _room(rng: np.random.Generator, rate: int) -> Wave:
    """The answer of open woodland: sparse and soft, gone within a second."""
    time = np.arange(round(0.9 * rate)) / rate
    noise = rng.standard_normal(len(time)) * np.exp(-time / 0.22)
    noise[: round(0.012 * rate)] = 0.0
    soft = signal.sosfilt(signal.butter(1, 5000, fs=rate, output="sos"), noise)
    made: Wave = (soft / np.sqrt(np.sum(soft**2))).astype(np.float32)
    return made


def fire(rng: np.random.Generator, count: int, rate: int) -> Wave:
    """A small fire: its breath, the hiss of wood, crackles in flurries and now and then a snap."""
    made = 0.34 * coloured(rng, count, rate, band(45, 320, 1.2))
    made *= 0.75 + 0.25 * drift(rng, count, rate, 0.35)
    made += 0.10 * coloured(rng, count, rate, band(2500, 9000, 1.0))
    for per_second, low, high, lasts, loud in (
        (16, 1500, 7000, 0.0025, 1.3),
        (3, 700, 3500, 0.006, 2.2),
        (0.35, 350, 1800, 0.016, 3.6),
    ):
        flurry = 0.4 + 1.2 * drift(rng, count, rate, 2.5) ** 2
        made += loud * flurry * _snaps(rng, count, rate, per_second, low, high, lasts)
    return made


def _snaps(
    rng: np.random.Generator,
    count: int,
    rate: int,
    per_second: float,
    low: float,
    high: float,
    lasts: float,
) -> Wave:
    """Short bursts of noise at random moments, places and strengths."""
    made = np.zeros((count, 2), np.float32)
    time = np.arange(round(lasts * 7 * rate)) / rate
    sections = signal.butter(1, (low, high), "bandpass", fs=rate, output="sos")
    for _ in range(_KINDS_OF_SNAP):
        hits = np.zeros((count, 2), np.float32)
        places = rng.integers(0, count, rng.poisson(per_second / _KINDS_OF_SNAP * count / rate))
        side = rng.uniform(0.2, 0.8, len(places))
        loud = np.minimum(rng.gamma(0.7, 0.7, len(places)), 1.6)
        np.add.at(hits[:, 0], places, loud * np.sqrt(1 - side))
        np.add.at(hits[:, 1], places, loud * np.sqrt(side))
        burst = signal.sosfilt(sections, rng.standard_normal(len(time)))
        burst *= (1 - np.exp(-time / (lasts * 0.3))) * np.exp(-time / lasts)
        snapped = signal.oaconvolve(hits, burst.astype(np.float32)[:, None], axes=0)
        made += snapped[:count].astype(np.float32)
    return made


def thunder(rng: np.random.Generator, count: int, rate: int) -> Wave:
    """Rain on leaves, and thunder that rolls far away every ten seconds or so."""
    made = 0.30 * coloured(rng, count, rate, band(900, 6000, 1.0))
    made += 0.12 * coloured(rng, count, rate, band(150, 700, 1.0))
    made += 0.4 * drops(rng, count, rate, per_second=35, low=900, high=3600, decay=0.007)
    rumble = coloured(rng, count, rate, band(28, 110, 2.0))
    rumble += 0.35 * coloured(rng, count, rate, band(90, 320, 1.6))
    swell = np.zeros(count, np.float32)
    at = rng.uniform(0.5, 4.0)
    while at < count / rate:
        loud = rng.uniform(0.45, 1.0)
        # A roll is a row of claps from further and further off.
        for _ in range(int(rng.integers(3, 8))):
            rise, fall = rng.uniform(0.12, 0.5), rng.uniform(0.7, 2.2)
            first = round(at * rate)
            time = np.arange(max(0, min(count - first, round(fall * 5 * rate)))) / rate
            clap = (1 - np.exp(-time / rise)) ** 2 * np.exp(-time / fall)
            swell[first : first + len(clap)] += (loud * clap).astype(np.float32)
            loud *= rng.uniform(0.6, 0.95)
            at += rng.uniform(0.25, 1.1)
        at += rng.gamma(3.0, 2.6) + 2.5
    heard: Wave = made + np.float32(0.9) * np.minimum(swell, 1.6)[:, None] * rumble
    return heard.astype(np.float32)
