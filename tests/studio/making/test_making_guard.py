"""What is never pictured is refused, in English and Arabic; places and nature are not."""

from __future__ import annotations

import pytest

from autosched.errors import InvalidError
from autosched.studio.making import guard


@pytest.mark.parametrize(
    "words",
    [
        "The Prophet on a mountain",
        "face of Muhammad",
        "an ANGEL over the sea",
        "the hand of God",
        "صورة النبي",
        "وَجْهُ مُحَمَّد",
        "والملائكة في السماء",
        "جبريل",
    ],
)
def test_prophets_angels_and_god_are_refused_with_a_way_on(words):
    with pytest.raises(InvalidError) as refused:
        guard.check(words)
    assert refused.value.code == "not_pictured"
    assert refused.value.remedy


@pytest.mark.parametrize(
    "words",
    [
        "Golden dunes at dawn",
        "the Prophet's mosque at night",
        "a good goddam-free godetia meadow",
        "angelica flowers",
        "المسجد النبوي عند الفجر",
        "سماء وغيوم",
    ],
)
def test_places_and_nature_are_not(words):
    guard.check(words)
    assert "face" in guard.negative()
