"""Which fonts may set which words: only those that have a glyph for every character of them."""

from __future__ import annotations

from functools import lru_cache

from autosched import packages

FONTS: dict[str, str] = {
    "Amiri Quran": "AmiriQuran-Regular.ttf",
    "Amiri": "Amiri-Regular.ttf",
    "Amiri Bold": "Amiri-Bold.ttf",
    "Scheherazade New": "ScheherazadeNew-Regular.ttf",
    "Scheherazade New Bold": "ScheherazadeNew-Bold.ttf",
}
"""The only fonts in which the Quran's Arabic is set."""

_LATIN = (
    "CormorantGaramond-Medium.ttf",
    "CormorantGaramond-SemiBold.ttf",
    "CormorantGaramond-MediumItalic.ttf",
    "EBGaramond-Medium.ttf",
    "EBGaramond-SemiBold.ttf",
    "EBGaramond-MediumItalic.ttf",
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Bold.ttf",
)
_AMIRI = ("Amiri-Regular.ttf", "Amiri-Bold.ttf")

LANGUAGE_FONTS: dict[str, tuple[str, ...]] = {
    "en": _LATIN + _AMIRI,
    "fr": _LATIN + _AMIRI,
    "id": _LATIN + _AMIRI,
    "tr": _LATIN + _AMIRI,
    "es": _LATIN + _AMIRI,
    "sv": _LATIN + _AMIRI,
    "ru": _LATIN,
    "ur": (
        "NotoNastaliqUrdu-Regular.ttf",
        "NotoSansArabic-Regular.ttf",
        "NotoSansArabic-SemiBold.ttf",
        "ScheherazadeNew-Regular.ttf",
        "ScheherazadeNew-Bold.ttf",
    ),
    "bn": ("NotoSerifBengali-Regular.ttf", "NotoSerifBengali-SemiBold.ttf"),
    "zh": (),
}
"""By language: the fonts that can set its whole translation, best first; none for Chinese yet."""


def video_languages() -> list[str]:
    """Codes of the languages that a video can show; the others are for reading only."""
    return [code for code, fonts in LANGUAGE_FONTS.items() if fonts]


def unsettable(text: str, font: str) -> set[str]:
    """The characters of a text for which a font file of ours has no glyph."""
    return {character for character in text if ord(character) not in _characters(font)}


@lru_cache(maxsize=32)
def _characters(font: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(packages.fonts_dir() / font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())
