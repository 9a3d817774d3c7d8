"""Moving backgrounds without footage: procedural art, seeded, any moment in any order.

Each kind is a module here with a `Scene`; this one only lists them and makes the clip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from autosched.errors import InvalidError

if TYPE_CHECKING:
    import numpy as np
    from moviepy import VideoClip
    from numpy.typing import NDArray

__all__ = ["KINDS", "ArtKind", "clip"]

_SMALLEST, _LARGEST = 16, 4320


@dataclass(frozen=True)
class ArtKind:
    """A kind of procedural art, as a person chooses it.

    `options`: what may be chosen beside it, each with its choices; left out, the seed draws.
    """

    name: str
    title: str
    description: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


KINDS: dict[str, ArtKind] = {
    kind.name: kind
    for kind in (
        ArtKind(
            "stars",
            "Night sky",
            "The Milky Way turns slowly over a dark ridge; now and then a meteor falls.",
        ),
        ArtKind("light", "Light and dust", "Shafts of light in a dim hall, dust floating in them."),
        ArtKind(
            "dunes", "Desert dawn", "Dunes behind dunes in the first light, sand haze between."
        ),
        ArtKind("waves", "Night sea", "A calm sea under the moon, its light broken on the water."),
        ArtKind(
            "geometric",
            "Geometric pattern",
            "Eight- and twelvefold star patterns that slowly unfold while light passes over them.",
        ),
        ArtKind(
            "rain", "Rain on glass", "Drops on a window, the lights of a night city behind it."
        ),
        ArtKind(
            "ink",
            "Ink on paper",
            "Ink blooms from the edges of fibrous paper; a light ground, made for dark text.",
        ),
        ArtKind("lanterns", "Lanterns", "Lantern lights far out of focus, warm and slow."),
        ArtKind(
            "star_pattern",
            "Star tiling",
            "Glazed star tiles with gold joints, of any fold from five to sixteen.",
            {"fold": tuple(str(fold) for fold in range(5, 17))},
        ),
        ArtKind(
            "arabesque",
            "Arabesque",
            "Interlacing vines with leaves and buds; a light runs along their stems.",
        ),
        ArtKind(
            "calligraphic",
            "Pen of light",
            "Broad strokes of a reed pen, written in light; they spell nothing.",
        ),
        ArtKind(
            "sky",
            "Sky",
            "Clouds drift over an open sky, at dawn, noon, dusk or night.",
            {"time": ("dawn", "noon", "dusk", "night")},
        ),
    )
}


def clip(
    kind: str,
    *,
    seed: int,
    width: int,
    height: int,
    fps: int,
    seconds: float,
    palette: tuple[str, ...] = (),
    options: Mapping[str, str] | None = None,
) -> VideoClip:
    """A moviepy clip of `kind`: uint8 RGB frames of (height, width, 3).

    The same arguments and time give the same frame, whatever was asked before. `palette`: hex
    colours from dark to light in place of the kind's own. `options`: what is chosen of the kind's
    options; the seed draws the others. OpenCV is set to one thread for the
    whole process: the encoder beside it needs the other cores more.
    Raises `InvalidError` for an unknown kind, option or choice, a bad colour or size.
    """
    # Imported here: the web process only asks what there is.
    import cv2
    from moviepy import VideoClip

    from autosched.studio.art.colour import Palette
    from autosched.studio.art.grain import Grain
    from autosched.studio.art.stage import Scene, Stage

    if kind not in KINDS:
        raise InvalidError(
            f"There is no art called “{kind}”.",
            remedy=f"Choose one of {', '.join(KINDS)}.",
            code="unknown_art",
        )
    if not all(_SMALLEST <= side <= _LARGEST for side in (width, height)):
        raise InvalidError(
            f"Art of {width}×{height} pixels can't be made.",
            remedy=f"Both sides must have from {_SMALLEST} to {_LARGEST} pixels.",
            code="bad_size",
        )
    if fps < 1 or seconds <= 0:
        raise InvalidError(
            f"Art of {seconds:g} seconds at {fps} frames a second can't be made.",
            remedy="Ask for at least one frame a second and a length over zero.",
            code="bad_length",
        )
    for name, choice in (options or {}).items():
        choices = KINDS[kind].options.get(name, ())
        if choice not in choices:
            raise InvalidError(
                f"“{kind}” has no {name} “{choice}”.",
                remedy=f"Choose one of {', '.join(choices)}." if choices else "Leave it out.",
                code="bad_option",
            )
    cv2.setNumThreads(1)
    module = import_module(f"autosched.studio.art.{kind}")
    colours = Palette.of(palette or module.PALETTE)
    own = not palette or tuple(palette) == module.PALETTE
    stage = Stage(width, height, seed, colours, options or {}, recoloured=not own)
    scene: Scene = module.Scene(stage)
    grain = Grain(stage)

    def frame(t: float) -> NDArray[np.uint8]:
        return grain.finish(scene.frame(float(t)), round(t * fps))

    return VideoClip(frame_function=frame, duration=seconds).with_fps(fps)
