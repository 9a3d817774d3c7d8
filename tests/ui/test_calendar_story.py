"""A target's history told as a story: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autosched.schedule.models import Target, TargetState
from autosched.schedule.models import TargetState as S
from autosched.schedule.service import Line
from autosched.ui import words
from autosched.ui.calendar import story as tale
from autosched.ui.calendar.story import Next, story, what_next

_NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def _lines(*moves: tuple[S | None, S, str]) -> list[Line]:
    return [
        Line(
            _NOW + timedelta(minutes=place),
            str(was) if was else None,
            str(to),
            "worker",
            cause,
        )
        for place, (was, to, cause) in enumerate(moves)
    ]


_FIRST_TRY = (
    (None, S.DRAFT, "Written."),
    (S.DRAFT, S.SCHEDULED, "Published at once."),
    (S.SCHEDULED, S.CLAIMED, "It is due."),
    (S.CLAIMED, S.UPLOADING, "The worker begins."),
)


def test_what_a_worker_does_in_one_go_is_one_chapter() -> None:
    told = story(
        _lines(
            *_FIRST_TRY,
            (S.UPLOADING, S.COMMITTING, "All is prepared: the post goes out now."),
            (S.COMMITTING, S.PUBLISHED, "The platform has taken it."),
        ),
        "en",
    )
    assert [each.title for each in told] == ["Written.", "Published at once.", "It is out"]
    assert told[-1].answer == "The platform has taken it."
    assert told[-1].steps == [
        "It is due.",
        "The worker begins.",
        "All is prepared: the post goes out now.",
    ]


def test_tries_are_counted_and_tell_what_the_platform_answered() -> None:
    again = (
        (S.RETRY_WAIT, S.CLAIMED, "It is time for the next try."),
        (S.CLAIMED, S.UPLOADING, "The worker begins."),
    )
    told = story(
        _lines(
            *_FIRST_TRY,
            (S.UPLOADING, S.RETRY_WAIT, "X does not answer."),
            *again,
            (S.UPLOADING, S.FAILED, "X takes no such picture."),
        ),
        "en",
    )
    assert [(each.title, each.answer) for each in told[2:]] == [
        ("Try 1 did not go through", "X does not answer."),
        ("Try 2 was refused", "X takes no such picture."),
    ]


def test_all_questions_in_a_row_are_one_chapter() -> None:
    asked = (S.UNCONFIRMED, S.UNCONFIRMED, "Time to ask the platform.")
    told = story(
        _lines(
            *_FIRST_TRY,
            (S.UPLOADING, S.COMMITTING, "All is prepared: the post goes out now."),
            (S.COMMITTING, S.UNCONFIRMED, "The answer was lost: X does not answer."),
            asked,
            (S.UNCONFIRMED, S.UNCONFIRMED, "No clear answer: X does not answer."),
            asked,
            (S.UNCONFIRMED, S.PUBLISHED, "The platform was asked: the post is there."),
        ),
        "en",
    )
    assert [each.title for each in told[2:]] == [
        "Try 1: the answer got lost",
        "The platform was asked, and has it",
    ]
    assert told[-1].state == "published"


def test_what_arabic_has_no_words_for_stands_as_it_was_said() -> None:
    told = story(_lines(*_FIRST_TRY, (S.UPLOADING, S.FAILED, "X takes no such thing.")), "ar")
    assert told[0].title == "كُتب."
    assert (told[-1].answer, told[-1].own) == ("", "X takes no such thing.")


def test_what_was_taken_back_says_so() -> None:
    told = story(_lines((S.PUBLISHED, S.CANCELLED, "Deleted on X.")), "en")
    assert (told[0].title, told[0].own) == ("Taken back", "Deleted on X.")


def _target(state: TargetState, minutes: int | None = None) -> Target:
    run_at = None if minutes is None else _NOW + timedelta(minutes=minutes)
    return Target(workspace_id="w", post_id="p", account_id="a", state=state, run_at=run_at)


def test_what_comes_next_is_known_of_every_state() -> None:
    for state, kind in (
        (S.SCHEDULED, "out"),
        (S.RETRY_WAIT, "retry"),
        (S.UNCONFIRMED, "ask"),
        (S.UPLOADING, "now"),
        (S.FAILED, "you"),
        (S.PUBLISHED, ""),
        (S.DRAFT, ""),
    ):
        assert what_next(_target(state, 5), _NOW).kind == kind


def test_a_platform_in_trouble_holds_back_what_is_due_before_it_is_tried_again() -> None:
    until = _NOW + timedelta(minutes=10)
    paused = Next("paused", until.isoformat())
    assert what_next(_target(S.SCHEDULED, 5), _NOW, until) == paused
    assert what_next(_target(S.SCHEDULED, 60), _NOW, until).kind == "out"


def test_every_title_of_the_story_has_its_arabic() -> None:
    titles = [*tale._TRIES.values(), *tale._QUESTIONS.values(), tale._UNDER_WAY, tale._ASKED]
    known = words.catalogue()
    assert [each for each in (*titles, tale._TAKEN_BACK) if each not in known] == []
