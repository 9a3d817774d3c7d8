"""Effects over the whole picture and under the words: bloom, light leaks, bars.

All light is gathered small, for it is soft, and laid over the picture in one step. What is at 0
costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ffmpeg
import numpy as np

from autosched.media.ffmpeg import Feed
from autosched.studio.frame import Frame
from autosched.studio.template import Effects
from autosched.studio.timeline import Plan

# The light is drawn at this share of the frame's sides.
_SMALL = 8
_WARM = ((1.0, 0.42, 0.12), (1.0, 0.22, 0.10), (1.0, 0.70, 0.34))
_LEAKS = 3
# From here on, of 1, what is bright shines.
_BRIGHT = 0.34
# At its most a bar takes this of the height: 16:9 becomes 2.39:1; and words keep so far off it.
_BAR, _OFF = 0.128, 0.03


def framed(frame: Frame, effects: Effects) -> Frame:
    """The frame with its words kept inside of the bars, and off them."""
    if not effects.letterbox:
        return frame
    least = _BAR * effects.letterbox + _OFF
    return replace(frame, top=max(frame.top, least), bottom=max(frame.bottom, least))


def drawn(plan: Plan, stream: Any, feeds: list[Feed], wanted: range) -> Any:
    """The picture, of which `wanted` frames come, with the effects of the plan."""
    effects = plan.effects
    if effects.bloom or effects.leaks:
        stream = _lit(plan, stream, feeds, wanted)
    if effects.letterbox:
        bar = round(_BAR * effects.letterbox * plan.height / 2) * 2
        for y in (0, plan.height - bar):
            stream = stream.filter("drawbox", x=0, y=y, w="iw", h=bar, color="black", t="fill")
    return stream


def _lit(plan: Plan, stream: Any, feeds: list[Feed], wanted: range) -> Any:
    small = (
        max(16, plan.width // _SMALL // 2 * 2),
        max(16, plan.height // _SMALL // 2 * 2),
    )
    light: Any = None
    if plan.effects.bloom:
        halves = stream.filter_multi_output("split")
        stream, light = halves[0], halves[1]
        light = light.filter("scale", *small, flags="area", in_color_matrix="bt709", in_range="tv")
        light = light.filter("format", "gbrp")
        gain = 1.5 * plan.effects.bloom / (1 - _BRIGHT)
        table = f"clip((val-{255 * _BRIGHT:.1f})*{gain:.3f},0,255)"
        light = light.filter("lutrgb", r=table, g=table, b=table)
        light = light.filter("gblur", sigma=f"{0.05 * min(small):.2f}", steps=2)
    if plan.effects.leaks:
        feeds.append(Feed("leaks", leaks(plan, small, wanted)))
        leaked = ffmpeg.input(
            "leaks",
            format="rawvideo",
            pixel_format="rgb24",
            video_size=small,
            framerate=plan.fps,
            thread_queue_size=4,
        )
        leaked = leaked.filter("format", "gbrp")
        light = leaked if light is None else _screened(plan, light, leaked)
    light = light.filter("scale", plan.width, plan.height, flags="bicubic")
    light = light.filter("format", "gbrp").filter("setsar", 1)
    exact = "bicubic+accurate_rnd+full_chroma_int"
    stream = stream.filter("scale", flags=exact, in_color_matrix="bt709", in_range="tv")
    stream = _screened(plan, stream.filter("format", "gbrp"), light)
    stream = stream.filter("scale", flags=exact, out_color_matrix="bt709", out_range="tv")
    return stream.filter("format", "yuv420p")


def _screened(plan: Plan, under: Any, over: Any) -> Any:
    # However either is counted, the frames belong together one by one.
    count = f"1/{plan.fps}"
    both = [each.filter("settb", count).filter("setpts", "N") for each in (under, over)]
    return ffmpeg.filter(both, "blend", all_mode="screen", shortest=1)


def leaks(plan: Plan, size: tuple[int, int], wanted: range) -> Iterator[memoryview]:
    """Warm light that wanders in from the edges, seeded: the frames `wanted`."""
    rng = np.random.default_rng(plan.seed)
    wide, high = size
    y, x = np.mgrid[0 : 1 : high * 1j, 0 : 1 : wide * 1j].astype(np.float32)
    y *= high / wide
    places = [
        (
            float(rng.uniform(0, 2 * math.pi)),
            float(rng.uniform(0.05, 0.12)) * (1 if number % 2 else -1),
            float(rng.uniform(0.24, 0.42)),
            float(rng.uniform(0.11, 0.23)),
            float(rng.uniform(0, 2 * math.pi)),
        )
        for number in range(_LEAKS)
    ]
    grain = rng.uniform(-0.5, 0.5, (high, wide, 3)).astype(np.float32)
    for number in wanted:
        t = number / plan.fps
        light = np.zeros((high, wide, 3), np.float32)
        for colour, (angle, turn, spread, pulse, phase) in zip(_WARM, places, strict=True):
            at = angle + 2 * math.pi * turn * t
            # Its heart is at or past the edge: what is seen is its skirt.
            middle_x = 0.5 + 0.7 * math.cos(at)
            middle_y = (0.5 + 0.66 * math.sin(at)) * high / wide
            strength = 0.62 + 0.38 * math.sin(2 * math.pi * pulse * t + phase)
            away = (x - middle_x) ** 2 + (y - middle_y) ** 2
            skirt = np.exp(-away / (2 * spread**2 * 0.35)) * strength
            light += skirt[..., None] * np.array(colour, np.float32)
        shown = 255 * (1 - np.exp(-0.7 * plan.effects.leaks * light)) + grain
        yield np.ascontiguousarray(np.clip(shown + 0.5, 0, 255).astype(np.uint8)).data.cast("B")
