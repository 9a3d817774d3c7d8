"""A verse is divided only where a reader may pause, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from autosched import scripture


def test_the_pieces_of_every_verse_give_it_back_byte_for_byte() -> None:
    for verse in scripture.verses("1:1-114:6"):
        pieces = scripture.pauses(verse.arabic)
        assert " ".join(pieces).encode() == verse.arabic.encode(), verse.key
        assert all(piece.strip() for piece in pieces), verse.key


@settings(deadline=None)
@given(st.text("ابتل \u06d6\u06d7\u06d8\u06d9\u06da\u06db\u06dc\u06de\u06e9\u064e"))
def test_the_pieces_of_any_text_give_it_back(text: str) -> None:
    assert " ".join(scripture.pauses(text)) == text


def test_the_longest_verse_is_cut_after_each_of_its_fifteen_pause_marks() -> None:
    pieces = scripture.pauses(scripture.verse((2, 282)).arabic)
    assert len(pieces) == 16
    assert all(piece[-1] in "\u06d6\u06d7\u06d8\u06da" for piece in pieces[:-1])


def test_a_verse_without_marks_is_one_piece() -> None:
    verse = scripture.verse((94, 5))
    assert scripture.pauses(verse.arabic) == [verse.arabic]


def test_of_a_pair_of_three_dots_only_the_second_parts_the_verse() -> None:
    first, second = scripture.pauses(scripture.verse((2, 2)).arabic)
    assert first.count("\u06db") == 2
    assert first.endswith("\u06db")
    assert "\u06db" not in second


def test_there_is_no_cut_after_do_not_stop_or_a_pause_without_breath() -> None:
    assert scripture.pauses("كلمة\u06d9 أخرى") == ["كلمة\u06d9 أخرى"]
    assert len(scripture.pauses(scripture.verse((75, 27)).arabic)) == 1


def test_a_sign_of_division_stays_with_the_word_it_opens() -> None:
    for verse in scripture.verses("1:1-114:6"):
        assert not any(piece.endswith("\u06de") for piece in scripture.pauses(verse.arabic))
