"""Lifting words off a picture that they hardly stand off: a veil behind them, a firmer edge."""

from __future__ import annotations

from dataclasses import replace

from autosched.studio.legible import luminance
from autosched.studio.timeline import Glowing, Plan, Shade

_VEIL, _MORE, _DARKEST = 0.45, 0.25, 0.85
_EDGE = 0.85


def veiled(plan: Plan) -> Plan:
    """The plan with what is behind all its words darkened; dark words get a light edge instead.

    A veil multiplies the picture, so it can only darken: what is dark on dark is lifted by a glow.
    """
    words = [each for leaf in plan.leaves for each in leaf.words]
    unit = min(plan.width, plan.height) / 1080
    light = sum(luminance(each.colour) for each in words) / len(words) > 0.2
    glow = Glowing(
        colour="#000000" if light else "#ffffff",
        opacity=max(_EDGE, plan.glow.opacity),
        size=max(7 * unit, plan.glow.size),
        blur=max(14 * unit, plan.glow.blur),
    )
    if not light:
        return replace(plan, glow=glow)
    inked = [line.ink for each in words for line in each.lines]
    opacity = min(_DARKEST, plan.shade.opacity + _MORE if plan.shade else _VEIL)
    shade = Shade(
        top=min(box.y for box in inked) - 60 * unit,
        bottom=max(box.bottom for box in inked) + 60 * unit,
        softness=80 * unit,
        colour="#000000",
        opacity=opacity,
    )
    return replace(plan, shade=shade, glow=glow)
