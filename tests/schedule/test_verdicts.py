"""What an answer means, at each of the three moments."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.platforms.base import Action, PlatformError
from autosched.schedule import life, verdicts
from autosched.schedule.models import TargetState as S

actions = st.sampled_from(list(Action))
anything = st.one_of(
    st.builds(
        lambda action, wait: PlatformError("No.", action=action, retry_after=wait),
        actions,
        st.none() | st.floats(0, 1e5),
    ),
    st.sampled_from([TimeoutError(), ValueError("x"), httpx.ReadTimeout("x"), OSError(5, "x")]),
)


@given(anything, st.integers(1, 20))
def test_before_the_commit_nothing_is_ever_in_doubt(error: Exception, attempts: int) -> None:
    verdict = verdicts.after_prepare(error, attempts, 20.0)
    life.check(S.UPLOADING, verdict.to)
    assert not verdict.doubt
    assert verdict.sentence
    assert verdict.remedy


@given(anything, st.integers(1, 20))
def test_after_the_commit_only_a_classified_refusal_ends_doubt(
    error: Exception, attempts: int
) -> None:
    verdict = verdicts.after_commit(error, attempts, 20.0)
    life.check(S.COMMITTING, verdict.to)
    clear = isinstance(error, PlatformError) and error.action not in (Action.SETTLE, Action.ASK)
    assert verdict.doubt != clear
    assert verdict.sentence
    assert verdict.remedy


@given(anything, st.integers(1, 20))
def test_a_question_without_an_answer_never_ends_doubt(error: Exception, questions: int) -> None:
    verdict = verdicts.after_question(error, questions, 20.0)
    assert verdict.to in (S.UNCONFIRMED, S.NEEDS_PERSON)
    assert verdict.doubt
    assert (verdict.wait is None) == (verdict.to == S.NEEDS_PERSON)


@given(st.integers(1, 60), st.floats(0.1, 60), st.none() | st.floats(0, 1e6))
def test_the_wait_grows_is_bounded_and_never_shorter_than_asked_for(
    tries: int, first: float, asked: float | None
) -> None:
    wait = verdicts.wait_for(tries, first, asked)
    assert wait >= (asked or 0.0)
    assert wait <= max(asked or 0.0, 0.0) + 1.25 * 1800
    assert wait >= 0.75 * first


def test_tries_and_questions_are_spread_over_a_reasonable_time() -> None:
    tries = sum(verdicts.wait_for(n, 20.0) for n in range(1, verdicts.MAX_ATTEMPTS))
    questions = sum(verdicts.wait_for(n, 20.0) for n in range(1, verdicts.MAX_QUESTIONS))
    assert 20 * 60 < tries < 60 * 60
    assert 60 * 60 < questions < 5 * 3600


@pytest.mark.parametrize("last", [verdicts.MAX_ATTEMPTS, verdicts.MAX_ATTEMPTS + 1])
def test_the_last_try_fails_with_the_last_reason(last: int) -> None:
    error = PlatformError("The server is full.", action=Action.RETRY, code="full")
    verdict = verdicts.after_prepare(error, last, 20.0)
    assert (verdict.to, verdict.code) == (S.FAILED, "full")
    assert verdict.sentence is not None
    assert "The server is full." in verdict.sentence
