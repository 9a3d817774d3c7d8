"""The backgrounds of a plan: which picture is seen when, and how one gives way to the next."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from autosched.studio import framing
from autosched.studio.frame import sized
from autosched.studio.layout import Design
from autosched.studio.spec import ArtMedia, Scene, Spec
from autosched.studio.timeline import FPS, Art, Footage, Picture, Shot

_LOOP_BLEND = 0.6
# Any shorter clip would be all dissolve.
_SHORTEST_CLIP = 5.0

Look = Callable[[str], framing.Look]
Background = Art | Footage | Picture


def shots(
    spec: Spec, design: Design, starts: list[int], frames: int, look: Look
) -> tuple[Shot, ...]:
    """The backgrounds: neighbouring scenes with the same media share one shot."""
    transition = design.template.transition
    media = [_media(spec, number, scene, design, look) for number, scene in enumerate(spec.scenes)]
    cuts: list[tuple[int, Background, str, int]] = []
    blend = round(transition.seconds * FPS) if transition.kind != "cut" else 0
    for number, start in enumerate(starts):
        if cuts and cuts[-1][1] == media[number][0]:
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
        cuts.append((start, found, transition.kind, blend))
        # A clip that is too short comes again, through a dissolve, in parts of one length.
        again = round(_LOOP_BLEND * FPS)
        needed = end - start + (blend // 2 if start else 0) + (blend - blend // 2) * (end < frames)
        if length and needed > int(length * FPS) + 1:
            parts = math.ceil((end - start) / (int(length * FPS) - max(blend, again)))
            cuts += [
                (start + (end - start) * part // parts, found, "dissolve", again)
                for part in range(1, parts)
            ]
    return _overlapped(cuts, frames, design.template.push)


def _overlapped(
    cuts: list[tuple[int, Background, str, int]], frames: int, push: float
) -> tuple[Shot, ...]:
    bounds = [*(start for start, *_ in cuts), frames]
    lengths = [after - before for before, after in pairwise(bounds)]
    blends = [0] + [
        min(cuts[index][3], lengths[index - 1] // 2, lengths[index] // 2)
        for index in range(1, len(cuts))
    ]
    shots = []
    for index, (start, media, kind, _) in enumerate(cuts):
        first = start - blends[index] // 2
        after = blends[index + 1] - blends[index + 1] // 2 if index + 1 < len(cuts) else 0
        end = bounds[index + 1] + after
        shots.append(Shot(first, end - first, media, kind, blends[index], push))
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
