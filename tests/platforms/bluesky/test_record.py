"""Record keys and records."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from autosched.platforms.bluesky import record
from tests.platforms.writing import draft

KEY = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")

microseconds = st.integers(min_value=0, max_value=(1 << 53) - 1)
marks = st.integers(min_value=0, max_value=1023)


@given(microseconds, marks)
def test_a_key_is_a_tid(moment: int, mark: int) -> None:
    assert KEY.fullmatch(record.new_key(moment, mark))


@given(microseconds, microseconds, marks, marks)
def test_keys_sort_by_their_moment(one: int, two: int, mark: int, other: int) -> None:
    keys = [record.new_key(one, mark), record.new_key(two, other)]
    assert (keys[0] < keys[1]) == ((one, mark) < (two, other))


def test_fresh_keys_differ() -> None:
    assert len({record.new_key() for _ in range(1000)}) == 1000


def test_the_same_draft_makes_the_same_record() -> None:
    assert record.compose(draft("a"), [], None) == record.compose(draft("a"), [], None)


def test_a_record_is_dated_by_the_post_and_not_by_the_try() -> None:
    assert record.compose(draft("a"), [], None)["createdAt"] == "2026-11-20T18:30:00.000Z"


def test_languages_that_were_chosen_go_before_the_guess() -> None:
    assert record.compose(draft("السلام عليكم"), [], None)["langs"] == ["ar"]
    assert record.compose(draft("السلام عليكم", langs=["fa"]), [], None)["langs"] == ["fa"]
    assert "langs" not in record.compose(draft("Peace"), [], None)
