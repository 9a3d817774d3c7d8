"""The backgrounds of a plan: which picture is seen when, and how one gives way to the next."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import NamedTuple, get_args

from autosched.studio import framing
from autosched.studio.frame import sized
from autosched.studio.layout import Design
from autosched.studio.spec import ArtMedia, Scene, Spec
from autosched.studio.template import Direction, Transition, TransitionKind
from autosched.studio.timeline import FPS, Art, Footage, Picture, Shot

_LOOP_BLEND = 0.6
# Any shorter clip would be all dissolve.
_SHORTEST_CLIP = 5.0
# A flash is over before it is seen as a fade.
_FLASH = 0.2
# Steps of the golden ratio fall evenly between 0 and 1, however many there are.
_GOLDEN = (5**0.5 - 1) / 2

Look = Callable[[str], framing.Look]
Background = Art | Footage | Picture


class _Cut(NamedTuple):
    """Where a background begins, and how it comes: the last in frames."""

    start: int
    media: Background
    kind: TransitionKind
    direction: Direction
    blend: int


def chosen(transition: Transition, seed: int, number: int) -> tuple[TransitionKind, Direction, int]:
    """The kind of the transition `number` of a video, where it moves to, its length in frames.

    Among shares each kind comes as often as its share says, already over few transitions.
    """
    kind, direction = transition.kind, transition.direction or "left"
    total = sum(transition.shares.values())
    if total > 0:
        at = (random.Random(seed).random() + number * _GOLDEN) % 1.0 * total
        kinds = sorted(transition.shares)
        ends = list(accumulate(transition.shares[each] for each in kinds))
        kind = next((each for each, end in zip(kinds, ends, strict=True) if at < end), kinds[-1])
        if transition.direction is None:
            direction = random.Random(seed * 1009 + number).choice(get_args(Direction))
    if kind == "cut":
        return kind, direction, 0
    seconds = min(transition.seconds, _FLASH) if kind == "flash" else transition.seconds
    return kind, direction, round(seconds * FPS)


def shots(
    spec: Spec, design: Design, starts: list[int], frames: int, look: Look
) -> tuple[Shot, ...]:
    """The backgrounds: neighbouring scenes with the same media share one shot."""
    transition = design.template.transition
    media = [_media(spec, number, scene, design, look) for number, scene in enumerate(spec.scenes)]
    cuts: list[_Cut] = []
    for number, start in enumerate(starts):
        if cuts and cuts[-1].media == media[number][0]:
            continue
        end = next(
            (
                at
                for at, each in zip(starts, media, strict=True)
                if at > start and each != media[number]
            ),
            frames,
        )
        found, length = media[number]
        kind, direction, blend = chosen(transition, spec.seed, len(cuts))
        cuts.append(_Cut(start, found, kind, direction, blend))
        # A clip that is too short comes again, through a dissolve, in parts of one length.
        again = round(_LOOP_BLEND * FPS)
        needed = end - start + (blend // 2 if start else 0) + (blend - blend // 2) * (end < frames)
        if length and needed > int(length * FPS) + 1:
            parts = math.ceil((end - start) / (int(length * FPS) - max(blend, again)))
            cuts += [
                _Cut(start + (end - start) * part // parts, found, "dissolve", "left", again)
                for part in range(1, parts)
            ]
    return _overlapped(cuts, frames, design.template.push)


def _overlapped(cuts: list[_Cut], frames: int, push: float) -> tuple[Shot, ...]:
    bounds = [*(cut.start for cut in cuts), frames]
    lengths = [after - before for before, after in pairwise(bounds)]
    blends = [0] + [
        min(cuts[index].blend, lengths[index - 1] // 2, lengths[index] // 2)
        for index in range(1, len(cuts))
    ]
    shots = []
    for index, cut in enumerate(cuts):
        first = cut.start - blends[index] // 2
        after = blends[index + 1] - blends[index + 1] // 2 if index + 1 < len(cuts) else 0
        end = bounds[index + 1] + after
        shots.append(
            Shot(first, end - first, cut.media, cut.kind, blends[index], push, cut.direction)
        )
    return tuple(shots)


def _media(
    spec: Spec, number: int, scene: Scene, design: Design, look: Look
) -> tuple[Background, float]:
    """A scene's background, and its length in seconds where it has one."""
    frame, background = design.frame, design.template.background
    if isinstance(scene.media, str):
        seen = look(scene.media)
        area = framing.crop(seen, frame.width, frame.height)
        if seen.kind == "picture":
            return Picture(scene.media, area), 0.0
        loop = seen.seconds < _SHORTEST_CLIP
        footage = Footage(scene.media, area, seen.matrix, seen.hdr, loop)
        return footage, 0.0 if loop else seen.seconds
    kind, seed = background.art, spec.seed + number
    if isinstance(scene.media, ArtMedia):
        kind = scene.media.art
        seed = spec.seed if scene.media.seed is None else scene.media.seed
    small = sized(frame, background.detail)
    return Art(kind, seed, background.palette, small.width, small.height), 0.0


def blend_after(shots: tuple[Shot, ...], frame: int) -> float:
    """How long a transition still goes on after `frame`, if one is centred on it."""
    for shot in shots:
        if shot.blend and shot.first <= frame < shot.first + shot.blend:
            return 0.6 * (shot.first + shot.blend - frame) / FPS
    return 0.0


def blend_before(shots: tuple[Shot, ...], frame: int) -> float:
    """How long a transition has been going on before `frame`, if one is centred on it."""
    for shot in shots:
        if shot.blend and shot.first < frame <= shot.first + shot.blend:
            return 0.6 * (frame - shot.first) / FPS
    return 0.0
