"""Placing a page in the frame: its blocks, the ornament between them, the panel behind them.

Everything stays inside the format's safe area, marks and descenders included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autosched.studio import ink, typeset
from autosched.studio.frame import Box, Frame
from autosched.studio.paging import Block, Page, Room, Style, line_width, set_block
from autosched.studio.template import Layout, Script, Template, Type
from autosched.studio.timeline import Line, Mark, Shade, Words

# The ornament's height as a share of its width.
_ORNAMENT_HEIGHT = {"rule": 0.0, "diamond": 0.1, "dots": 0.1}
_HIGH, _LOW = 0.3, 0.7
_FALLBACKS: dict[Script, tuple[str, ...]] = {
    "latin": ("EBGaramond-Medium", "Inter-Regular", "Amiri-Regular", "ScheherazadeNew-Regular"),
    "cyrillic": ("EBGaramond-Medium", "Inter-Regular"),
    "arabic": ("Amiri-Regular", "ScheherazadeNew-Regular"),
    "nastaliq": ("NotoNastaliqUrdu-Regular", "Amiri-Regular", "ScheherazadeNew-Regular"),
    "bengali": ("NotoSerifBengali-Regular",),
}
# Scripts differ in how large they look at the same em, and in the space their marks need.
_OPTICAL: dict[Script, tuple[float, float]] = {
    "latin": (1.0, 1.0),
    "cyrillic": (0.94, 1.03),
    "arabic": (1.06, 1.25),
    "nastaliq": (1.0, 1.62),
    "bengali": (0.88, 1.14),
}


@dataclass(frozen=True)
class Design:
    """A template brought to one frame: everything in the frame's own pixels."""

    template: Template
    frame: Frame
    layout: Layout

    @property
    def unit(self) -> float:
        """Pixels to a design pixel of type: the format's and the layout's scale."""
        return self.frame.unit * self.layout.scale

    @property
    def area(self) -> Box:
        """The part of the safe area that the layout fills; a panel's padding is taken off."""
        safe = self.frame.safe
        if self.template.panel.kind in ("card", "frame"):
            pad = self.template.panel.padding * self.frame.unit
            safe = Box(safe.x + pad, safe.y + pad, safe.w - 2 * pad, safe.h - 2 * pad)
        width = safe.w * self.layout.width
        height = safe.h * self.layout.height
        left = safe.x + (safe.w - width) * self.layout.across
        return Box(left, safe.y + (safe.h - height) * self.layout.anchor, width, height)

    def scripture(self, arabic: str) -> Style:
        """How a verse's Arabic is set. `InvalidError` if the face lacks one of its characters."""
        file = self.template.type.faces.quran
        typeset.require(file, arabic)
        return self._style(self.template.type.arabic, file, "arabic", optical=False)

    def translation(self, text: str, script: Script) -> Style:
        """How a translation is set, in the first of the script's faces that is complete."""
        return self._style(self.template.type.translation, self.face(text, script), script)

    def text(self, text: str, script: Script) -> Style:
        """How the author's own text is set."""
        return self._style(self.template.type.text, self.face(text, script), script)

    def reference(self, text: str, script: Script) -> Style:
        """How the reference is set."""
        first = self.template.type.faces.reference if script in ("latin", "cyrillic") else None
        return self._style(self.template.type.reference, self.face(text, script, first), script)

    def face(self, text: str, script: Script, first: str | None = None) -> str:
        """The template's face for the script, or the next that has every character."""
        own = first or str(getattr(self.template.type.faces, script))
        return typeset.first_complete((own, *_FALLBACKS[script]), text)

    def _style(self, type: Type, file: str, script: Script, *, optical: bool = True) -> Style:
        size, leading = _OPTICAL[script] if optical else (1.0, 1.0)
        return Style(
            file=file,
            script=script,
            size=type.size * self.unit * size,
            floor=min(type.floor, type.size) * self.unit * size,
            leading=type.leading * leading,
            lines=type.lines,
            tracking=type.tracking if script in ("latin", "cyrillic") else 0.0,
        )

    def room(self, reference: tuple[str, Style] | None, *, translated: bool) -> Room:
        """What is left for the words once gaps, ornament and reference have theirs."""
        area, between = self.area, 0.0
        if translated:
            between += self._gaps()
        if reference is not None:
            between += self.template.type.reference_gap * self.unit
            between += _label(reference, area.w).height
        return Room(area.w, area.h, between)

    def _gaps(self) -> float:
        ornament = self.template.ornament
        gap = self.template.type.gap * self.unit
        if ornament.kind == "none":
            return gap
        return 1.7 * gap + ornament.width * _ORNAMENT_HEIGHT[ornament.kind] * self.unit


@dataclass(frozen=True)
class Placed:
    """A page in its place. Times are set by the plan; here they are all 0."""

    words: tuple[Words, ...]
    marks: tuple[Mark, ...]
    inked: Box


def place(
    design: Design, page: Page, roles: tuple[str, ...], reference: tuple[str, Style] | None
) -> Placed:
    """Place a page's blocks (one for each of `roles`) and its reference."""
    template, area, unit = design.template, design.area, design.unit
    blocks = list(zip(roles, page.blocks, strict=False))
    label = _label(reference, area.w) if reference else None
    foot = template.type.reference_at == "foot"
    height = sum(block.height for _, block in blocks)
    if len(blocks) > 1:
        height += design._gaps()
    tail = 0.0
    if label is not None:
        tail = template.type.reference_gap * unit + label.height
        if not foot:
            height += tail
    free = area.h - height - (tail if foot else 0.0)
    y = area.y + max(0.0, free) * design.layout.anchor
    words: list[Words] = []
    marks: list[Mark] = []
    for number, (role, block) in enumerate(blocks):
        if number:
            y = _ornament(design, marks, y, block.style.script)
        words.append(_words(design, role, block, y))
        y += block.height
    if label is not None:
        y = area.bottom - label.height if foot else y + template.type.reference_gap * unit
        words.append(_words(design, "reference", label, y))
        y += label.height
    inked = _union([line.ink for each in words for line in each.lines])
    return Placed(tuple(words), (*_panel(design, inked), *marks), inked)


def _label(reference: tuple[str, Style], width: float) -> Block:
    text, style = reference
    size = style.size
    while line_width(style, text, size) > width and size > style.size * 0.3:
        size *= 0.96
    block = set_block(text, replace(style, lines=1), size, width)
    assert block is not None
    return block


def _words(design: Design, role: str, block: Block, top: float) -> Words:
    area, style = design.area, block.style
    if design.layout.align == "centre":
        align, x = "centre", area.x + area.w / 2
    elif typeset.rtl(style.script):
        align, x = "right", area.right
    else:
        align, x = "left", area.x
    kind = getattr(design.template.type, role)
    lines: list[Line] = []
    seen = ink.look(block.samples)
    for sample, baseline in zip(block.samples, block.baselines, strict=True):
        drawn = seen[sample]
        width = (drawn.right - drawn.left) * block.size
        left = x - width * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        box = Box(
            left,
            top + baseline - drawn.above * block.size,
            width,
            (drawn.above + drawn.below) * block.size,
        )
        lines.append(Line(sample.text, left - drawn.left * block.size, top + baseline, box))
    return Words(
        role=role,
        face=style.file,
        script=style.script,
        size=block.size,
        tracking=style.tracking * block.size,
        colour=kind.colour,
        opacity=kind.opacity,
        lines=tuple(lines),
        start=0.0,
        end=0.0,
        enter="none",
        enter_seconds=0.0,
        leave_seconds=0.0,
    )


def _ornament(design: Design, marks: list[Mark], y: float, script: Script) -> float:
    """Put the ornament over a block in `script`; where that block begins."""
    ornament, unit = design.template.ornament, design.unit
    gap = design.template.type.gap * unit
    if ornament.kind == "none":
        return y + gap
    width = ornament.width * unit
    height = max(ornament.weight * unit, width * _ORNAMENT_HEIGHT[ornament.kind])
    area = design.area
    if design.layout.align == "centre":
        x = area.x + (area.w - width) / 2
    else:
        x = area.right - width if typeset.rtl(script) else area.x
    box = Box(x, y + gap * 0.85, width, height)
    marks.append(
        _mark(ornament.kind, box, ornament.colour, ornament.opacity, ornament.weight, unit)
    )
    return y + design._gaps()


def _mark(
    kind: str,
    box: Box,
    colour: str,
    opacity: float,
    weight: float,
    unit: float,
    line: str = "#ffffff",
) -> Mark:
    return Mark(
        kind=kind,
        box=box,
        colour=colour,
        opacity=opacity,
        weight=max(1.0, weight * unit),
        line=line,
        start=0.0,
        end=0.0,
        enter_seconds=0.0,
        leave_seconds=0.0,
    )


def _panel(design: Design, inked: Box) -> tuple[Mark, ...]:
    panel, unit = design.template.panel, design.frame.unit
    if panel.kind not in ("card", "frame"):
        return ()
    # A card is as wide on every page, so that it does not jump.
    pad, area = panel.padding * unit, design.area
    box = Box(area.x - pad, inked.y - pad, area.w + 2 * pad, inked.h + 2 * pad)
    return (_mark(panel.kind, box, panel.colour, panel.opacity, 2.0, unit, panel.line),)


def shade(design: Design, inked: Sequence[Box]) -> Shade | None:
    """The shade behind the words of all pages, if the template has one."""
    panel, unit = design.template.panel, design.frame.unit
    if panel.kind != "shade":
        return None
    top = min(box.y for box in inked) - panel.padding * unit
    bottom = max(box.bottom for box in inked) + panel.padding * unit
    softness = panel.softness * unit
    # Words low or high in the frame are shaded to its edge: a band would float.
    if design.layout.anchor <= _HIGH:
        top = -design.frame.height
    if design.layout.anchor >= _LOW:
        bottom = 2.0 * design.frame.height
    return Shade(top, bottom, softness, panel.colour, panel.opacity)


def _union(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)
