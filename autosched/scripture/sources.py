"""Whose work the scripture is, and on what terms: for the credits page."""

from __future__ import annotations

from dataclasses import dataclass

from autosched.scripture.languages import LANGUAGES


@dataclass(frozen=True)
class Source:
    """A work that is used, whom to thank for it, its terms, and where it can be read."""

    title: str
    credit: str
    licence: str
    url: str


_TANZIL_TERMS = "For non-commercial use; other uses need the translator's or publisher's consent"
_ENCYCLOPEDIA_TERMS = "Free to use with publisher and source named, unaltered in meaning"


def sources() -> list[Source]:
    """Every source of the text, translations and transliteration."""
    return [
        Source(
            title="The Quran in Arabic, reading of Ḥafṣ from ʿĀṣim",
            credit="King Fahd Glorious Quran Printing Complex; dataset quran-text by quran.ws, "
            "shown unaltered",
            licence="CC BY 4.0",
            url="https://github.com/quran-ws/quran-text",
        ),
        Source(
            title="Collection of translations and transliteration",
            credit="quran-json by Risan Bagja Pradana; damaged letters mended, footnote numbers "
            "left out of the Indonesian, its Arabic not used",
            licence="CC BY-SA 4.0",
            url="https://github.com/risan/quran-json",
        ),
        Source(
            title="Transliteration in Latin letters",
            credit="Tanzil.net",
            licence=_TANZIL_TERMS,
            url="https://tanzil.net/trans/en.transliteration",
        ),
        *(
            Source(
                title=f"{language.name} translation",
                credit=f"{language.translator}, by way of "
                + ("Tanzil.net" if "tanzil.net" in language.source else "QuranEnc.com"),
                licence=_TANZIL_TERMS if "tanzil.net" in language.source else _ENCYCLOPEDIA_TERMS,
                url=language.source,
            )
            for language in LANGUAGES.values()
        ),
        Source(
            title="Tanzil Quran Text (Uthmani, version 1.0.2)",
            credit="Copyright Tanzil.net; every verse is checked against it, none is taken from it",
            licence="CC BY 3.0, verbatim copies only",
            url="https://tanzil.net",
        ),
    ]
