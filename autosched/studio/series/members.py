"""From a series to its videos: pure data, the same for the same series.

A series names verses (a surah, a list, a ready-made plan), languages and formats, and one spec
that all its videos share. Its videos are every verse in every format in every language, in an
order in which neighbours have the most in common.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autosched import scripture
from autosched.errors import InvalidError, NotFoundError
from autosched.scripture.references import citation
from autosched.scripture.surahs import Point, ordinal
from autosched.studio import spec as specs
from autosched.studio.frame import Format

MOST = 1000


@dataclass(frozen=True)
class Plan:
    """A ready-made list of verses."""

    name: str
    title: str
    verses: tuple[str, ...]


@lru_cache(maxsize=1)
def plans() -> dict[str, Plan]:
    """The ready-made plans by name."""
    table = tomllib.loads((Path(__file__).parent / "plans.toml").read_text(encoding="utf-8"))
    return {
        name: Plan(name, entry["title"], tuple(entry["verses"])) for name, entry in table.items()
    }


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Over(_Strict):
    """Over which verses it goes: a surah, a list of references, or a ready-made plan."""

    surah: int | None = Field(default=None, ge=1, le=114)
    verses: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=MOST)
    plan: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.surah, self.verses, self.plan)) != 1:
            raise ValueError("give one of surah, verses and plan")
        return self


class Series(_Strict):
    """A series as it is asked for.

    `each`: how many verses of a surah make one video. `spec`: what all its videos share, a spec
    without scenes; `media` goes behind the words of all. `vary`: each verse gets a seed of its
    own, so that drawn backgrounds differ. `recitations`: a sound for a verse, by its key.
    """

    title: str = Field(default="", max_length=120)
    over: Over
    each: int = Field(default=1, ge=1, le=20)
    languages: tuple[str, ...] = Field(default=("en",), min_length=1, max_length=12)
    formats: tuple[Format, ...] = Field(default=(Format.REEL,), min_length=1, max_length=5)
    spec: dict[str, Any] = Field(default_factory=dict)
    media: Any = None
    vary: bool = True
    recitations: dict[str, Any] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its title, or what it is over."""
        if self.title.strip():
            return self.title.strip()
        if self.over.plan is not None:
            return plans()[self.over.plan].title
        if self.over.surah is not None:
            return scripture.surah(self.over.surah).name
        return ", ".join((self.over.verses or ())[:3])


@dataclass(frozen=True)
class Member:
    """One video of a series. Those of one `group` show the same verses."""

    number: int
    group: int
    reference: str
    language: str
    format: Format
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        """What tells it from the others, fit for a file's name."""
        place = self.reference.replace(":", "-")
        return f"{self.group + 1:03d}-{place}-{self.language}-{self.format.value}"


def parse(data: Any) -> Series:
    """Check a series and every one of its videos. `InvalidError` names what is wrong."""
    if not isinstance(data, dict):
        raise InvalidError(
            "A series is a JSON object.",
            remedy='Start from {"over": {"surah": 94}, "spec": {"template": "night-sky"}}.',
        )
    try:
        series = Series.model_validate(data)
    except ValidationError as error:
        raise specs.told(error, "series") from None
    if "scenes" in series.spec:
        raise InvalidError(
            "series.spec: its scenes are made from the verses.",
            remedy="Take “scenes” out of it.",
            code="unknown_field",
        )
    count = len(_references(series)) * len(set(series.formats)) * len(set(series.languages))
    if count > MOST:
        raise InvalidError(
            f"That would be {count} videos; {MOST} is the most for one series.",
            remedy="Choose fewer verses, languages or formats.",
            code="too_many",
        )
    return series


def members(series: Series) -> list[Member]:
    """The videos of a series, those with the most in common beside one another."""
    return list(_members(series))


def _members(series: Series) -> Iterator[Member]:
    number = 0
    for group, reference in enumerate(_references(series)):
        for format in dict.fromkeys(series.formats):
            for language in dict.fromkeys(series.languages):
                given = _spec(series, group, reference, language, format)
                yield Member(number, group, reference, language, format, given)
                number += 1


def _spec(
    series: Series, group: int, reference: str, language: str, format: Format
) -> dict[str, Any]:
    scene: dict[str, Any] = {"verse": reference}
    if series.media is not None:
        scene["media"] = series.media
    made = {**series.spec, "language": language, "format": format.value, "scenes": [scene]}
    if series.vary:
        made["seed"] = int(series.spec.get("seed", 7)) + group
    if reference in series.recitations:
        made["audio"] = {
            **series.spec.get("audio", {}),
            "recitation": series.recitations[reference],
        }
    return made


def _references(series: Series) -> list[str]:
    """The verses of each group, as keys such as 94:5-6."""
    over = series.over
    if over.surah is not None:
        last = scripture.surah(over.surah).ayahs
        starts = range(1, last + 1, series.each)
        return [
            _key((over.surah, at), (over.surah, min(last, at + series.each - 1))) for at in starts
        ]
    if over.plan is not None and over.plan not in plans():
        close = difflib.get_close_matches(over.plan, plans(), n=1)
        known = ", ".join(plans())
        raise InvalidError(
            f"series.over.plan: there is no plan “{over.plan}”.",
            remedy=f"Did you mean “{close[0]}”?" if close else f"Choose one of {known}.",
            code="unknown_plan",
        )
    listed = over.verses if over.verses is not None else plans()[str(over.plan)].verses
    found: list[str] = []
    for number, each in enumerate(listed):
        try:
            spans = scripture.parse(each)
        except (InvalidError, NotFoundError) as error:
            raise InvalidError(
                f"series.over.verses[{number}]: {error.sentence}",
                remedy=error.remedy,
                code="unknown_verse",
            ) from None
        found.append("; ".join(_key(*span) for span in spans))
    return found


def _key(first: Point, last: Point) -> str:
    if ordinal(first) == ordinal(last):
        return f"{first[0]}:{first[1]}"
    if first[0] == last[0]:
        return f"{first[0]}:{first[1]}-{last[1]}"
    return f"{first[0]}:{first[1]}-{last[0]}:{last[1]}"


def spoken(reference: str) -> str:
    """A member's verses as people name them."""
    first, last = scripture.parse(reference)[0]
    told = citation(first)
    return told if first == last else f"{told}–{last[1]}"
