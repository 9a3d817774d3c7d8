"""A target's life as data: which moves are allowed, and what becomes of one that is called up.

Pure: nothing here touches the database. `schedule.transitions` makes the moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from autosched.errors import ConflictError
from autosched.schedule.models import TargetState as S

MOVES: Mapping[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.DRAFT, S.APPROVED, S.CANCELLED}),
    S.APPROVED: frozenset({S.DRAFT, S.SCHEDULED, S.CANCELLED}),
    # To itself: planned for another time.
    S.SCHEDULED: frozenset(
        {S.SCHEDULED, S.DRAFT, S.CLAIMED, S.MISSED, S.NEEDS_PERSON, S.CANCELLED}
    ),
    S.CLAIMED: frozenset(
        {S.SCHEDULED, S.UPLOADING, S.FAILED, S.MISSED, S.NEEDS_PERSON, S.CANCELLED}
    ),
    # To claimed: the worker fell silent before anything could be public.
    S.UPLOADING: frozenset(
        {
            S.SCHEDULED,
            S.CLAIMED,
            S.COMMITTING,
            S.RETRY_WAIT,
            S.FAILED,
            S.MISSED,
            S.NEEDS_PERSON,
            S.CANCELLED,
        }
    ),
    # Out of committing leads only an answer of the platform, or doubt.
    S.COMMITTING: frozenset({S.PUBLISHED, S.RETRY_WAIT, S.FAILED, S.UNCONFIRMED, S.NEEDS_PERSON}),
    # To itself: asked, and no clear answer. To committing: it is surely not there.
    S.UNCONFIRMED: frozenset(
        {
            S.UNCONFIRMED,
            S.PUBLISHED,
            S.COMMITTING,
            S.SCHEDULED,
            S.FAILED,
            S.MISSED,
            S.NEEDS_PERSON,
        }
    ),
    S.RETRY_WAIT: frozenset({S.SCHEDULED, S.CLAIMED, S.MISSED, S.NEEDS_PERSON, S.CANCELLED}),
    S.FAILED: frozenset({S.SCHEDULED, S.CANCELLED}),
    S.NEEDS_PERSON: frozenset({S.SCHEDULED, S.UNCONFIRMED, S.PUBLISHED, S.MISSED, S.CANCELLED}),
    S.MISSED: frozenset({S.SCHEDULED, S.PUBLISHED, S.NEEDS_PERSON, S.CANCELLED}),
    S.CANCELLED: frozenset({S.DRAFT, S.SCHEDULED}),
    # Taken back: deleted on the platform.
    S.PUBLISHED: frozenset({S.CANCELLED}),
}

CANCELLABLE = frozenset(
    state for state, after in MOVES.items() if S.CANCELLED in after and state != S.PUBLISHED
)
"""It can still be kept back."""

HELD = frozenset({S.CLAIMED, S.UPLOADING, S.COMMITTING})
"""A worker holds it, or is about to."""

DOUBTFUL = frozenset({S.COMMITTING, S.UNCONFIRMED})
"""It may be public and nobody knows: only an answer leads out."""

RESTING = frozenset(
    {S.DRAFT, S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.RETRY_WAIT, S.FAILED, S.MISSED, S.CANCELLED}
)
"""Surely not public, and nobody is at work on it: text, media and time can be changed."""

WAITING = frozenset({S.SCHEDULED, S.RETRY_WAIT})
"""The clock will start it."""

NEEDS_A_LOOK = frozenset({S.FAILED, S.NEEDS_PERSON, S.MISSED, S.UNCONFIRMED})

_WORDS: Mapping[S, str] = {
    S.DRAFT: "a draft",
    S.IN_REVIEW: "in review",
    S.APPROVED: "approved",
    S.SCHEDULED: "scheduled",
    S.CLAIMED: "about to go out",
    S.UPLOADING: "going out",
    S.COMMITTING: "being published this very moment",
    S.PUBLISHED: "published",
    S.RETRY_WAIT: "waiting for its next try",
    S.FAILED: "failed",
    S.UNCONFIRMED: "being checked on the platform",
    S.NEEDS_PERSON: "waiting for a person",
    S.CANCELLED: "cancelled",
    S.MISSED: "too late",
}


def words(state: S) -> str:
    """The state in a sentence: “This post is …”."""
    return _WORDS[state]


def check(before: S, after: S) -> None:
    """`ConflictError` unless a target may go from `before` to `after`."""
    if after not in MOVES[before]:
        raise ConflictError(
            f"This post is {words(before)}, so it can't become {words(after)}.",
            remedy="Reload the page to see how it stands now.",
            code="state",
        )


@dataclass(frozen=True)
class Step:
    """Where a target goes and why. `code`, `sentence` and `remedy` are kept for the person."""

    to: S
    cause: str
    code: str | None = None
    sentence: str | None = None
    remedy: str | None = None


def called_up(
    state: S,
    *,
    overdue: timedelta,
    missed_after: timedelta,
    account_active: bool,
    abandoned: bool,
) -> Step:
    """What becomes of a target whose `run_at` has passed.

    `overdue` is measured from the time it was due, or for a retry from the time of that retry;
    more than `missed_after` of it means that a person is asked. What may be public already is
    never sent: it goes to be settled. `abandoned`: a worker had begun and fell silent.
    """
    if state == S.COMMITTING:
        return Step(S.UNCONFIRMED, "The worker fell silent while the post was going out.")
    if state == S.UNCONFIRMED:
        return Step(S.UNCONFIRMED, "Time to ask the platform.")
    if not account_active:
        return disconnected()
    if overdue > missed_after:
        return too_late(overdue)
    if abandoned:
        return Step(S.CLAIMED, "The worker fell silent before the post went out: taken up again.")
    return Step(
        S.CLAIMED, "It is time for the next try." if state == S.RETRY_WAIT else "It is due."
    )


def disconnected() -> Step:
    """The account can't be posted to: a person must connect it again."""
    return Step(
        S.NEEDS_PERSON,
        "The account is not connected.",
        code="account",
        sentence="The account must be connected again before this post can go out.",
        remedy="Reconnect the account: the post then goes out, or asks if it is too late.",
    )


def too_late(overdue: timedelta) -> Step:
    """Later than the workspace's rule: ask, don't post at three in the morning."""
    return Step(
        S.MISSED,
        f"It was {spoken(overdue)} late.",
        code="missed",
        sentence=f"This post was not sent, because by then it was {spoken(overdue)} late.",
        remedy="Publish it now, choose another time, or cancel it.",
    )


def spoken(span: timedelta) -> str:
    """A span of time as a person says it: “5 minutes”, “3 hours”, “2 days”."""
    minutes = max(1, round(span.total_seconds() / 60))
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= size * 2:
            return f"{minutes // size} {name}s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def summary(states: Iterable[S]) -> str:
    """How a post as a whole stands, in one word for a calendar.

    The first of these that holds for any target: `attention`, `publishing`, `scheduled`; then
    `published` (all that were not cancelled), `draft`, `cancelled`.
    """
    seen = set(states)
    if seen & NEEDS_A_LOOK:
        return "attention"
    if seen & HELD:
        return "publishing"
    if seen & WAITING:
        return "scheduled"
    if S.PUBLISHED in seen:
        return "published"
    if seen - {S.CANCELLED} or not seen:
        return "draft"
    return "cancelled"
