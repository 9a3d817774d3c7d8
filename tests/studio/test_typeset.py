"""Words are measured and broken as libass will draw them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import typeset
from autosched.studio.typeset import break_lines, divide, measure, words


@given(
    st.lists(st.floats(0.1, 9.0), min_size=1, max_size=9),
    st.integers(1, 9),
)
def test_a_division_is_whole_in_order_and_the_cheapest_there_is(widths, count):
    count = min(count, len(widths))
    average = sum(widths) / count

    def cost(a, b):
        return (sum(widths[a:b]) - average) ** 2

    runs = divide(len(widths), count, cost)
    assert [a for a, _ in runs] == [0, *[b for _, b in runs][:-1]]
    assert runs[-1][1] == len(widths)
    assert all(a < b for a, b in runs)
    best = min(
        sum(cost(a, b) for a, b in itertools.pairwise((0, *cuts, len(widths))))
        for cuts in itertools.combinations(range(1, len(widths)), count - 1)
    )
    assert sum(cost(a, b) for a, b in runs) == pytest.approx(best)


@pytest.mark.parametrize("reference", ["2:255", "2:282", "94:5", "18:109"])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_lines_joined_give_the_verse_back_byte_for_byte(reference, count):
    arabic = scripture.verses(reference)[0].arabic
    lines = break_lines(arabic, "AmiriQuran-Regular", "arabic", count)
    assert " ".join(lines) == arabic
    assert len(lines) == count


def test_a_mark_that_stands_alone_is_never_parted_from_its_word():
    assert words("قُلۡ ۖ هُوَ") == ["قُلۡ ۖ", "هُوَ"]
    assert words("۞ إِنَّ ٱللَّهَ") == ["۞ إِنَّ", "ٱللَّهَ"]


def test_even_lines_leave_no_word_alone():
    text = "So remember Me and I will remember you and be grateful to Me and do not deny Me"
    lines = break_lines(text, "EBGaramond-Medium", "latin", 3)
    widths = [measure("EBGaramond-Medium", line, "latin").advance for line in lines]
    assert min(widths) > 0.75 * max(widths)


def test_a_character_without_a_glyph_is_refused_by_name():
    with pytest.raises(InvalidError, match=r"U\+4E2D"):
        typeset.require("EBGaramond-Medium", "a 中 b")
