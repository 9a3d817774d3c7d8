"""A surah is known by its names and close spellings, and never taken for another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autosched import scripture
from autosched.errors import InvalidError
from autosched.scripture import names

NAMED = [
    (name, chapter.number)
    for chapter in scripture.surahs()
    for name in (chapter.name, chapter.arabic, *chapter.also)
]


def test_every_listed_name_means_its_own_surah_alone() -> None:
    for name, number in NAMED:
        assert names.find(name, forgiving=False).number == number, name


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("al-Nas", 114),
        ("annas", 114),
        ("An-Nass", 114),
        ("Al-Shams", 91),
        ("AlBaqarah", 2),
        ("en-Nebe", 78),
        ("Al-Ghafir", 40),
        ("Al-Qadar", 97),
        ("Mu'minoun", 23),
        ("Al-Muddassir", 74),
        ("Inshirahh", 94),
        ("Rahamn", 55),
        ("الإنشراح", 94),
        ("الکہف", 18),
        ("بقره", 2),
    ],
)
def test_a_name_is_known_in_other_spellings(name: str, number: int) -> None:
    assert names.find(name).number == number


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("Nsr", ["An-Nasr", "Al-Asr"]),
        ("Hijrat", ["Al-Hijr", "Al-Hujurat"]),
        ("Al-Sad", ["Sad", "As-Saff"]),
        ("light", ["An-Nur"]),
    ],
)
def test_a_name_that_could_be_several_is_refused_with_the_close_ones(
    name: str, close: list[str]
) -> None:
    with pytest.raises(InvalidError) as refusal:
        names.find(name)
    assert all(each in refusal.value.sentence for each in close)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, int]:
    """A name with one letter dropped, doubled, changed or swapped."""
    name, number = draw(st.sampled_from(NAMED))
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from("abdefhiklmnqrstuyz" if name.isascii() else "ابتحدرسعفقلمنهوي"))
    changed = draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
            ]
        )
    )
    return changed, number


@settings(deadline=None)
@given(slips())
def test_one_slip_of_the_pen_never_leads_to_another_surah_unless_that_is_its_very_name(
    slip: tuple[str, int],
) -> None:
    name, number = slip
    try:
        found = names.find(name)
    except InvalidError:
        return
    assert found.number == number or names.is_name(name), (name, found.name)
