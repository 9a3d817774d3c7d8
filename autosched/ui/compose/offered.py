"""What can be chosen for a post on one account, and what stands chosen: pure functions.

A choice is kept among the options of the account's variant, by the platform's own name for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autosched.platforms.limits import Option, Shape
from autosched.ui.words import known

SHAPE, FIT, BY_HAND = "shape", "fit", "by_hand"
# How a picture of another shape is brought into the one that the platform takes.
FITS = ("pad", "crop", "blur")  # the first is what happens by itself
THREADS = frozenset({"thread", "texts"})


@dataclass(frozen=True)
class Way:
    """One of the values to choose from."""

    value: str
    title: str


@dataclass(frozen=True)
class Part:
    """A further text of a thread. `place` counts from 0."""

    place: int
    text: str
    count: int
    over: bool


@dataclass(frozen=True)
class OptionLine:
    """An option as the page shows it; `value` as text, `on` for a toggle."""

    name: str
    title: str
    kind: str
    hint: str = ""
    value: str = ""
    on: bool = False
    required: bool = False
    missing: bool = False
    text_max: int = 0
    ways: list[Way] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def ways_of(shapes: tuple[Shape, ...], chosen: Shape, language: str) -> list[Way]:
    """The kinds of post to choose from; none where there is but one."""
    offered = shapes if any(each.name == chosen.name for each in shapes) else (*shapes, chosen)
    found = [Way(each.name, known(each.title, language)) for each in offered]
    return found if len(found) > 1 else []


def lines(
    shape: Shape, options: Mapping[str, Any], count: Callable[[str], int], language: str
) -> list[OptionLine]:
    """The options of this kind of post that are to be seen just now."""
    return [
        _line(option, options, shape.limits.text_max, count, language)
        for option in shape.options
        if not option.only_with or bool(_value(shape, option.only_with, options))
    ]


def _value(shape: Shape, name: str, options: Mapping[str, Any]) -> Any:
    default = next((each.default for each in shape.options if each.name == name), None)
    return options.get(name, default)


def _line(
    option: Option,
    options: Mapping[str, Any],
    text_max: int,
    count: Callable[[str], int],
    language: str,
) -> OptionLine:
    value = options.get(option.name, option.default)
    texts = value if isinstance(value, list) else []
    parts = [
        Part(place, str(text), count(str(text)), count(str(text)) > text_max)
        for place, text in enumerate(texts)
    ]
    return OptionLine(
        name=option.name,
        title=known(option.title, language),
        kind="thread" if option.kind in THREADS else option.kind,
        hint=known(option.hint, language),
        value=_as_text(value),
        on=bool(value),
        required=option.required,
        missing=option.required and value in (None, ""),
        text_max=option.text_max,
        ways=[Way(each, known(title, language)) for each, title in option.choices],
        parts=parts if option.kind in THREADS else [],
    )


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def read(option: Option, told: Any) -> Any:
    """What is kept for what a person wrote or chose; `None` for nothing of their own."""
    value: Any = told
    if option.kind == "toggle":
        value = bool(told)
    elif option.kind == "tags":
        found = (each.strip().lstrip("#") for each in re.split(r"[,،\n]", str(told)))
        value = list(dict.fromkeys(each for each in found if each)) or None
    elif option.kind == "number":
        value = _number(str(told))
    elif option.kind in THREADS:
        value = [str(each) for each in told] if isinstance(told, list) and told else None
    elif isinstance(told, str):
        value = told if told.strip() else None
    return None if value == option.default else value


def _number(told: str) -> int | float | None:
    try:
        number = float(told.strip().replace(",", "."))
    except ValueError:
        return None
    if number != number or abs(number) > 1e9:
        return None
    return int(number) if number.is_integer() else number


def put(options: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The options with this one, or without it (`None`)."""
    kept = {key: each for key, each in options.items() if key != name}
    return kept if value is None else {**kept, name: value}


def fit_of(options: Mapping[str, Any]) -> str:
    """The way that was chosen; it may stand with the place of the subject."""
    chosen = options.get(FIT)
    how = chosen.get("how") if isinstance(chosen, dict) else chosen
    return how if isinstance(how, str) and how in FITS else FITS[0]


def dollars(amount: float, language: str) -> str:
    """A price as people write it: “$0.20”, “$0.015”; kept together where words run leftwards."""
    digits = 2 if round(amount, 2) == round(amount, 6) else 3
    price = f"${amount:.{digits}f}"
    return f"\u2066{price}\u2069" if language == "ar" else price


def reason(said: str, language: str) -> str:
    """Why it costs that, where that can be said in the reader's language."""
    told = known(said, language)
    return "" if language == "ar" and told == said else told
