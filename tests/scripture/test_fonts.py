"""No character of any verse or translation is set in a font that lacks it."""

from __future__ import annotations

import pytest

from autosched import packages, scripture


@pytest.mark.parametrize("font", scripture.FONTS.values(), ids=scripture.FONTS)
def test_a_scripture_font_has_every_character_of_every_verse(font: str) -> None:
    for verse in scripture.verses("1:1-114:6"):
        assert not scripture.unsettable(verse.arabic, font), verse.key


@pytest.mark.parametrize("language", scripture.video_languages())
def test_a_languages_fonts_have_every_character_of_its_translation(language: str) -> None:
    verses = scripture.verses("1:1-114:6", language)
    for font in scripture.LANGUAGE_FONTS[language]:
        for verse in verses:
            assert not scripture.unsettable(verse.translation, font), (verse.key, font)


def test_a_font_without_the_letters_says_which_are_missing() -> None:
    assert scripture.unsettable("گھر", "AmiriQuran-Regular.ttf") == {"گ", "ھ"}


def test_every_font_named_is_one_that_set_up_fetches() -> None:
    fetched = {name for package in packages.manifest() for name in package.files}
    named = {*scripture.FONTS.values(), *sum(scripture.LANGUAGE_FONTS.values(), ())}
    assert {f"fonts/{name}" for name in named} <= fetched


def test_every_language_is_in_the_table_and_only_those_with_a_font_are_offered_for_video() -> None:
    assert set(scripture.LANGUAGE_FONTS) == set(scripture.LANGUAGES)
    assert set(scripture.LANGUAGES) - set(scripture.video_languages()) == {"zh"}
