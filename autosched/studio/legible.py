"""Whether a template's words stand off what lies behind them, and mending it where they don't.

By colours alone, before anything is drawn: a card behind the words, a shade or the glow around the
letters must be their opposite. Contrast is that of WCAG 2.2, from 1 to 21.
"""

from __future__ import annotations

from autosched.studio.template import Glow, Panel, Template, Type

# WCAG's AA for text of ordinary size.
LEAST = 4.5
_LIGHT = 0.22
_CARD, _SHADE, _GLOW = 0.55, 0.35, 0.4
_ROLES = ("arabic", "translation", "text", "reference")


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, from 0 to 1."""
    values = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a `share` of `other` in it."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def faint(template: Template) -> list[str]:
    """The kinds of words that nothing lifts off their background: `arabic`, `translation` …"""
    return [role for role in _ROLES if not _stands(template, getattr(template.type, role).colour)]


def _stands(template: Template, colour: str) -> bool:
    panel, glow = template.panel, template.glow
    if panel.kind in ("card", "frame"):
        # What shines through a card may be anything: it is held against the worse end.
        behind = [mixed(end, panel.colour, panel.opacity) for end in ("#000000", "#ffffff")]
        return panel.opacity >= _CARD and min(contrast(colour, each) for each in behind) >= 2.5
    if panel.kind == "shade" and panel.opacity >= _SHADE:
        return contrast(colour, panel.colour) >= LEAST
    return glow.opacity >= _GLOW and contrast(colour, glow.colour) >= LEAST


def legible(template: Template) -> Template:
    """The template with words that can be read; itself where they can be already.

    Light words get a shade and a dark glow, dark ones a light card; colours between are made
    lighter until they stand off the shade.
    """
    if not faint(template):
        return template
    light = luminance(template.type.arabic.colour) >= _LIGHT
    if light:
        panel = Panel(kind="shade", opacity=0.5, padding=110, softness=100)
        if template.panel.kind == "shade":
            panel = template.panel.model_copy(update={"colour": "#000000", "opacity": 0.5})
        glow = Glow(colour="#000000", opacity=0.5, size=3, blur=7)
        against = "#000000"
    else:
        panel = Panel(kind="card", colour="#f4efe4", opacity=0.88, line="#f4efe4")
        glow = Glow()
        against = "#f4efe4"
    types = {role: _off(getattr(template.type, role), against, light) for role in _ROLES}
    return template.model_copy(
        update={"panel": panel, "glow": glow, "type": template.type.model_copy(update=types)}
    )


def _off(words: Type, against: str, light: bool) -> Type:
    """The words in a colour that stands off `against`, as near to their own as can be."""
    for step in range(11):
        colour = mixed(words.colour, "#ffffff" if light else "#000000", step / 10)
        if contrast(colour, against) >= LEAST + 1.5:
            return words.model_copy(update={"colour": colour, "opacity": max(0.85, words.opacity)})
    raise AssertionError("black and white stand off everything that is used here")
