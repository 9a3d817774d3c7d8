"""The table of surahs agrees with the mushaf, and every name in it leads to its own surah."""

from __future__ import annotations

import pytest
from quran_text import Mushaf

from autosched import scripture
from autosched.errors import InvalidError
from autosched.scripture import letters
from autosched.scripture.surahs import ordinal, point


def test_there_are_114_surahs_with_the_lengths_and_names_of_the_mushaf() -> None:
    mushaf = Mushaf.hafs()
    assert len(scripture.surahs()) == 114
    for chapter, printed in zip(scripture.surahs(), mushaf.surahs, strict=True):
        assert (chapter.number, chapter.ayahs) == (printed.number, printed.ayah_count)
        assert letters.arabic(chapter.arabic) == letters.arabic(printed.name_ar), chapter.name


def test_places_among_all_verses_and_points_are_inverse() -> None:
    points = [point(place) for place in range(1, 6237)]
    assert points[0] == (1, 1)
    assert points[-1] == (114, 6)
    assert [ordinal(each) for each in points] == list(range(1, 6237))


def test_a_surah_has_a_meaning_and_a_place_of_revelation() -> None:
    relief = scripture.surah(94)
    assert (relief.name, relief.title, relief.revelation) == ("Al-Inshirah", "The Relief", "Meccan")
    assert sum(chapter.revelation == "Medinan" for chapter in scripture.surahs()) == 28


@pytest.mark.parametrize("number", [0, -1, 115])
def test_a_surah_that_does_not_exist_is_refused_with_the_real_number(number: int) -> None:
    with pytest.raises(InvalidError, match="There are 114 surahs"):
        scripture.surah(number)
