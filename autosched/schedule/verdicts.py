"""What a platform's answer means for a target: pure classification and patience.

Three moments, three rules. While nothing is public (`prepare`) an unknown failure is simply
tried again. Once the call that publishes has been sent (`commit`) an unknown failure is doubt.
While in doubt (`settle`) a failure only means that the question is asked again later.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from autosched.errors import AutoschedError
from autosched.platforms.base import Action, PlatformError
from autosched.schedule.models import TargetState as S

MAX_ATTEMPTS = 8
MAX_QUESTIONS = 12
_BACKOFF_MAX = 1800.0
_PAUSES = frozenset({"rate_budget", "rate_limited", "throttled", "quota_spent"})
"""What only asks for a pause: the platform is well, and so is the post."""
_FIRST_QUESTION = 0.25
"""Share of the first backoff after which a lost answer is asked for."""


@dataclass(frozen=True)
class Verdict:
    """Where the target goes. `wait` in seconds, where it is looked at again.

    `doubt`: the post may be public. `free`: waiting as the platform asked counts as no try.
    `account_problem`: the account itself must be reconnected.
    """

    to: S
    cause: str
    wait: float | None = None
    doubt: bool = False
    free: bool = False
    code: str | None = None
    sentence: str | None = None
    remedy: str | None = None
    account_problem: str | None = None


def after_prepare(error: Exception, attempts: int, first: float) -> Verdict:
    """Nothing is public. `attempts` counts this one; `first` is the first backoff in seconds."""
    if not isinstance(error, PlatformError):
        return _try_again(unexpected(error), attempts, first)
    if error.action == Action.SETTLE:
        return _try_again(error, attempts, first)
    return _refused(error, attempts, first)


def after_commit(error: Exception, attempts: int, first: float) -> Verdict:
    """The call that publishes was made: whatever is not a clear refusal is doubt."""
    if isinstance(error, PlatformError) and error.action != Action.SETTLE:
        if error.action == Action.ASK:
            return _ask_a_person(error)
        return _refused(error, attempts, first)
    told = error if isinstance(error, PlatformError) else unexpected(error)
    return Verdict(
        S.UNCONFIRMED,
        f"The answer was lost: {told.sentence}",
        wait=first * _FIRST_QUESTION,
        doubt=True,
        code=told.code,
        sentence="It is not yet clear whether this post went out; the platform is being asked.",
        remedy="Nothing needs to be done: it is never posted twice.",
    )


def after_question(error: Exception, questions: int, first: float) -> Verdict:
    """The platform was asked, and gave no clear answer. `questions` counts this one."""
    told = error if isinstance(error, PlatformError) else unexpected(error)
    if isinstance(error, PlatformError) and error.action == Action.RECONNECT:
        return Verdict(
            S.NEEDS_PERSON,
            told.sentence,
            doubt=True,
            code="account",
            sentence="It is not clear whether this post went out, and the account must be "
            f"connected again before it can be checked: {told.sentence}",
            remedy="Reconnect the account, or look at the profile and say whether it is there.",
            account_problem=told.sentence,
        )
    if questions >= MAX_QUESTIONS or (
        isinstance(error, PlatformError) and error.action in (Action.ASK, Action.FIX)
    ):
        return Verdict(
            S.NEEDS_PERSON,
            f"Asked {questions} times; the last answer: {told.sentence}",
            doubt=True,
            code="unconfirmed",
            sentence="It is not clear whether this post went out. The platform was asked "
            f"{_times(questions)}; the last answer was: {told.sentence}",
            remedy="Look at the profile, and say whether the post is there.",
        )
    return Verdict(
        S.UNCONFIRMED,
        f"No clear answer: {told.sentence}",
        wait=wait_for(questions, first, _retry_after(error)),
        doubt=True,
        code=told.code,
        sentence="It is not yet clear whether this post went out; the platform is asked again.",
        remedy="Nothing needs to be done: it is never posted twice.",
    )


def wait_for(tries: int, first: float, at_least: float | None = None) -> float:
    """Seconds to wait after so many tries: doubling from `first`, spread so that many don't
    come back together, and never sooner than the platform asked for.
    """
    backoff = min(first * 2.0 ** min(tries - 1, 20), max(_BACKOFF_MAX, first))
    wait = backoff * random.uniform(0.75, 1.25)
    if at_least is not None and wait < at_least:
        return at_least + backoff * random.uniform(0.0, 0.25)
    return wait


def unexpected(error: Exception) -> PlatformError:
    """A failure that no platform has classified, in words for a person."""
    if isinstance(error, AutoschedError):
        return PlatformError(
            error.sentence, action=Action.RETRY, code=error.code, remedy=error.remedy
        )
    return PlatformError(
        f"Something unexpected happened ({type(error).__name__}).",
        action=Action.RETRY,
        code="unexpected",
        remedy="If it goes on, look into the worker's log.",
    )


def _refused(error: PlatformError, attempts: int, first: float) -> Verdict:
    if error.action in (Action.RETRY, Action.REFRESH):
        return _try_again(error, attempts, first)
    if error.action == Action.RECONNECT:
        return Verdict(
            S.NEEDS_PERSON,
            error.sentence,
            code="account",
            sentence=error.sentence,
            remedy=error.remedy or "Reconnect the account: the post then goes out by itself.",
            account_problem=error.sentence,
        )
    to = S.FAILED if error.action == Action.FIX else S.NEEDS_PERSON
    return Verdict(
        to,
        error.sentence,
        code=error.code,
        sentence=error.sentence,
        remedy=error.remedy or "Change the post and try again.",
    )


def _try_again(error: PlatformError, attempts: int, first: float) -> Verdict:
    free = error.code in _PAUSES and error.retry_after is not None
    if attempts >= MAX_ATTEMPTS and not free:
        return Verdict(
            S.FAILED,
            f"Given up after {_times(attempts)}: {error.sentence}",
            code=error.code,
            sentence=f"This post did not go out. It was tried {_times(attempts)}; "
            f"the last answer was: {error.sentence}",
            remedy=error.remedy or "Try again later.",
        )
    return Verdict(
        S.RETRY_WAIT,
        error.sentence,
        wait=wait_for(1 if free else attempts, first, error.retry_after),
        free=free,
        code=error.code,
        sentence=error.sentence,
        remedy=error.remedy or "It is tried again by itself.",
    )


def _ask_a_person(error: PlatformError) -> Verdict:
    return Verdict(
        S.NEEDS_PERSON,
        error.sentence,
        doubt=True,
        code=error.code,
        sentence=error.sentence,
        remedy=error.remedy or "Look at the profile, and say whether the post is there.",
    )


def _retry_after(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, PlatformError) else None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
