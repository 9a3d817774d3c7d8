"""The parts of a template: taken from one into another, and told apart between two.

A part is what a person would name: this grade, that text motion. Each field of a template belongs
to one part, or to what the template is called.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autosched.errors import InvalidError
from autosched.studio.legible import legible
from autosched.studio.template import Template

PARTS: dict[str, tuple[str, ...]] = {
    "background": ("background",),
    "look": ("grade", "grain", "vignette", "effects"),
    "text": ("type", "layout", "ornament", "panel", "glow"),
    "motion": ("motion",),
    "pace": ("pace", "transition"),
    "framing": ("composition", "push"),
    "sound": ("sound",),
}
NAMING = ("name", "title", "description", "order", "sample")
_LONG = 60


def mixed(base: Template, parts: Mapping[str, Template]) -> Template:
    """`base` with parts of other templates: `{"look": one, "motion": another}`.

    Words that would no longer stand off their background are given what they need to.
    `InvalidError` names a part that there is not.
    """
    taken: dict[str, Any] = {}
    for part, source in parts.items():
        if part not in PARTS:
            close = difflib.get_close_matches(part, PARTS, n=1)
            raise InvalidError(
                f"A template has no part “{part}”.",
                remedy=f"Did you mean “{close[0]}”?"
                if close
                else f"Choose among {', '.join(PARTS)}.",
                code="unknown_part",
            )
        taken |= {field: getattr(source, field) for field in PARTS[part]}
    return legible(base.model_copy(update=taken))


@dataclass(frozen=True)
class Change:
    """What is different in one place, such as `motion.arabic`: plain words before and after."""

    place: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.place}: {self.before} → {self.after}"


def differences(old: Template, new: Template) -> list[Change]:
    """Every difference between two templates, in the order of their fields."""
    return list(_changes("", old.model_dump(mode="json"), new.model_dump(mode="json")))


def _changes(place: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _changes(f"{place}.{key}" if place else key, old.get(key), new.get(key))
        return
    # A whole part that was not there before is told field by field too.
    if isinstance(old, dict) or isinstance(new, dict):
        yield from _changes(place, old or {}, new or {})
        return
    yield Change(place, _told(old), _told(new))


def _told(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value)
    text = str(value)
    if len(text) <= _LONG:
        return text
    # A look-up table tells nobody anything; a sentence does by its beginning.
    return f"{text[:_LONG].rstrip()}…" if " " in text else f"a table of {len(text)} characters"
