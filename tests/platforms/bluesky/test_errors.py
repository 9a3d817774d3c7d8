"""The table of refusals."""

from __future__ import annotations

import pytest

from autosched.platforms.base import Action
from autosched.platforms.bluesky.errors import (
    BY_NAME,
    BY_STATUS,
    Refusal,
    Unreached,
    classify,
    unreached,
)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_row_has_a_sentence_and_a_way_on(name: str) -> None:
    for message in ("", "Something the server said."):
        error = classify(Refusal(400, name, message), committing=True)
        assert error.sentence.endswith(".")
        assert "{" not in error.sentence
        assert ".." not in error.sentence
        assert error.remedy.endswith(".")


def test_the_name_decides_before_the_status() -> None:
    assert classify(Refusal(400, "ExpiredToken", "")).action == Action.RECONNECT
    assert classify(Refusal(401, "RateLimitExceeded", "")).action == Action.RETRY


@pytest.mark.parametrize("status", [500, 502, 503, 504, 302, 200])
def test_only_while_committing_does_a_fault_leave_doubt(status: int) -> None:
    refusal = Refusal(status, "", "")
    assert classify(refusal).action == Action.RETRY
    assert classify(refusal, committing=True).action == Action.SETTLE


@pytest.mark.parametrize("status", sorted({400, 403, 404, 409, *BY_STATUS}))
def test_a_clear_refusal_leaves_no_doubt(status: int) -> None:
    for name in ("", "Whatever"):
        assert classify(Refusal(status, name, ""), committing=True).action != Action.SETTLE


def test_what_never_left_leaves_no_doubt() -> None:
    for sent, action in ((True, Action.SETTLE), (False, Action.RETRY)):
        assert unreached(Unreached("", sent=sent), committing=True).action == action
        assert unreached(Unreached("", sent=sent)).action == Action.RETRY
