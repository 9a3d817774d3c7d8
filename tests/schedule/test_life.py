"""The laws of a target's life, pressed on with random histories."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.errors import ConflictError
from autosched.schedule import life
from autosched.schedule.models import TargetState as S

states = st.sampled_from(list(S))


def paths(start: S, without: frozenset[S]) -> set[S]:
    """Every state that can be reached from `start` without passing through `without`."""
    seen: set[S] = set()
    edge = {start}
    while edge:
        seen |= edge
        edge = {after for before in edge for after in life.MOVES[before]} - seen - without
    return seen


def test_every_state_has_its_moves_and_its_words() -> None:
    assert set(life.MOVES) == set(S)
    assert all(life.words(state) for state in S)


def test_what_is_published_stays_so_unless_it_is_taken_back() -> None:
    assert life.MOVES[S.PUBLISHED] == {S.CANCELLED}


def test_only_a_committing_target_becomes_published_by_a_worker() -> None:
    leads = {before for before, after in life.MOVES.items() if S.PUBLISHED in after}
    assert leads == {S.COMMITTING, S.UNCONFIRMED, S.NEEDS_PERSON, S.MISSED}


def test_nothing_is_committed_that_was_not_claimed() -> None:
    for start in (S.DRAFT, S.SCHEDULED, S.RETRY_WAIT, S.FAILED, S.MISSED):
        assert S.COMMITTING not in paths(start, frozenset({S.CLAIMED, S.UNCONFIRMED}))


def test_out_of_a_commit_leads_an_answer_or_doubt_never_the_way_back() -> None:
    assert not life.MOVES[S.COMMITTING] & {S.CLAIMED, S.UPLOADING, S.SCHEDULED, S.CANCELLED}
    assert S.COMMITTING not in life.MOVES[S.COMMITTING]


def test_doubt_can_not_be_cancelled_away() -> None:
    for state in life.DOUBTFUL:
        assert S.CANCELLED not in life.MOVES[state]
        assert S.DRAFT not in life.MOVES[state]


def test_up_to_the_commit_a_cancel_wins() -> None:
    for state in set(S) - life.DOUBTFUL - {S.PUBLISHED, S.CANCELLED}:
        assert S.CANCELLED in life.MOVES[state]


def test_from_everywhere_there_is_a_way_to_an_end() -> None:
    for state in S:
        assert paths(state, frozenset()) & {S.PUBLISHED, S.CANCELLED}


@given(states, states)
def test_a_move_is_allowed_or_told_in_a_sentence(before: S, after: S) -> None:
    if after in life.MOVES[before]:
        life.check(before, after)
    else:
        with pytest.raises(ConflictError) as caught:
            life.check(before, after)
        assert life.words(before) in caught.value.sentence
        assert caught.value.remedy


@given(
    st.sampled_from(
        [S.SCHEDULED, S.RETRY_WAIT, S.CLAIMED, S.UPLOADING, S.COMMITTING, S.UNCONFIRMED]
    ),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=7)),
    st.booleans(),
)
def test_whoever_is_called_up_takes_an_allowed_step(
    state: S, overdue: timedelta, rule: timedelta, active: bool
) -> None:
    step = life.called_up(
        state,
        overdue=overdue,
        missed_after=rule,
        account_active=active,
        abandoned=state == S.UPLOADING,
    )
    if step.to != state:
        life.check(state, step.to)
    if state in life.DOUBTFUL:
        assert step.to == S.UNCONFIRMED
    elif step.to == S.CLAIMED:
        assert active
        assert overdue <= rule
    else:
        assert step.sentence
        assert step.remedy


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "1 minute"),
        (300, "5 minutes"),
        (7199, "2 hours"),
        (3 * 3600, "3 hours"),
        (1e6, "11 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert life.spoken(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("states", "summary"),
    [
        ([], "draft"),
        ([S.DRAFT], "draft"),
        ([S.SCHEDULED, S.PUBLISHED], "scheduled"),
        ([S.PUBLISHED, S.UPLOADING], "publishing"),
        ([S.PUBLISHED, S.FAILED], "attention"),
        ([S.PUBLISHED, S.CANCELLED], "published"),
        ([S.CANCELLED], "cancelled"),
        ([S.RETRY_WAIT], "scheduled"),
    ],
)
def test_a_post_is_summed_up_by_what_matters_most(states: list[S], summary: str) -> None:
    assert life.summary(states) == summary
