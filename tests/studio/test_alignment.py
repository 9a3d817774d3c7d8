"""A translation is cut in step with its verse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import scripture
from autosched.studio import alignment
from autosched.studio.alignment import clause_cost, clauses, cut, ends


def _in_step(reference, language):
    verse = scripture.verses(reference, language)[0]
    pieces = scripture.pauses(verse.arabic)
    text = " ".join(verse.translation.split())
    return list(zip(pieces, cut(text, ends(pieces, text)), strict=True))


@pytest.mark.parametrize(
    ("language", "starts"),
    [
        ("en", ["Allah - there is no", "Neither drowsiness", "To Him belongs", "Who is it that"]),
        ("fr", ["Allah! Point de", "Ni somnolence", "A Lui appartient", "Qui peut"]),
        ("bn", ["আল্লাহ ", "তাঁকে তন্দ্রাও", "আসমান ও"]),
    ],
)
def test_the_pieces_of_the_throne_verse_get_their_own_clauses(language, starts):
    found = _in_step("2:255", language)
    for (_, part), start in zip(found, starts, strict=False):
        assert part.startswith(start)


def test_in_the_longest_verse_the_scribe_stands_with_the_scribe():
    found = dict(_in_step("2:282", "en"))
    scribe = next(part for piece, part in found.items() if piece.startswith("وَلۡيَكۡتُب"))
    assert scribe == "And let a scribe write [it] between you in justice."


_text = st.lists(
    st.text(st.sampled_from("abcd,.;!?"), min_size=1, max_size=9), min_size=1, max_size=60
).map(" ".join)


@given(_text, st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8))
def test_nothing_is_lost_or_doubled_by_a_cut(text, weights):
    total = sum(weights)
    shares = [sum(weights[: n + 1]) / total for n in range(len(weights))]
    shares[-1] = 1.0
    parts = cut(text, shares)
    assert len(parts) == len(shares)
    assert " ".join(part for part in parts if part) == text


@given(st.lists(_text, min_size=1, max_size=12), _text)
def test_the_ends_rise_to_one(pieces, translation):
    found = ends(pieces, translation)
    assert len(found) == len(pieces)
    assert found == sorted(found)
    assert found[-1] == pytest.approx(1.0)
    assert found[0] > 0


@given(_text)
def test_clauses_joined_give_the_text_back(text):
    assert " ".join(clauses(text)) == text


def test_a_cut_after_a_sentence_is_better_than_after_a_word_that_hangs():
    assert clause_cost("the end.") < clause_cost("the end,") < clause_cost("the end")
    assert clause_cost("the") > clause_cost("the end")
    assert "the" in alignment.HANGING
