"""What no picture is asked to show: prophets, companions, angels, God; and no faces by default."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from autosched.errors import InvalidError


def check(words: str) -> None:
    """`InvalidError` if the words ask for what is never pictured."""
    never, spared, _ = _lists()
    said = spared.sub(" ", _plain(words))
    if found := never.search(said):
        raise InvalidError(
            f"“{found.group().strip()}” is not pictured here: prophets, their companions, angels "
            "and God are never shown.",
            remedy="Describe a place, the light, nature or a pattern instead.",
            code="not_pictured",
        )


def negative() -> str:
    """What every made picture is told to keep out."""
    return _lists()[2]


@lru_cache(maxsize=1)
def _lists() -> tuple[re.Pattern[str], re.Pattern[str], str]:
    data = tomllib.loads(Path(__file__).with_name("guarded.toml").read_text("utf-8"))
    return _any_of(data["never"], "(?:و|ب|ل|ك|ف)?"), _any_of(data["spared"], ""), data["negative"]


def _any_of(phrases: list[str], before: str) -> re.Pattern[str]:
    longest = sorted((_plain(phrase) for phrase in phrases), key=len, reverse=True)
    joined = "|".join(re.escape(phrase) for phrase in longest)
    return re.compile(rf"(?<!\w){before}(?:{joined})(?:'s)?(?!\w)")


def _plain(words: str) -> str:
    """Without case, marks, the joining stroke, and with one form of alif and apostrophe."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign) and sign != "ـ")
    return re.sub(r"\s+", " ", bare.replace("ٱ", "ا").replace("’", "'"))
