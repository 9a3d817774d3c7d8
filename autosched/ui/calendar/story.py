"""A target's history as a story: what was tried, what came of it, and what happens next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from autosched.schedule import by_hand, life
from autosched.schedule.models import Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.service import Line
from autosched.ui import words
from autosched.ui.parts.status import STATES

# How a try is told, by what came of it; `{n}` counts the tries.
_TRIES = {
    S.PUBLISHED: "It is out",
    S.RETRY_WAIT: "Try {n} did not go through",
    S.FAILED: "Try {n} was refused",
    S.UNCONFIRMED: "Try {n}: the answer got lost",
    S.NEEDS_PERSON: "It waits for you",
    S.MISSED: "It came too late",
    S.SCHEDULED: "Put back",
    S.CANCELLED: "Cancelled",
}
_UNDER_WAY = "It is being sent now"
_QUESTIONS = {
    S.PUBLISHED: "The platform was asked, and has it",
    S.UNCONFIRMED: "The platform was asked; it could not say yet",
    S.NEEDS_PERSON: "The platform could not say: it waits for you",
}
_ASKED = "The platform was asked"
_TAKEN_BACK = "Taken back"


@dataclass(frozen=True)
class Chapter:
    """A part of the story. `answer`: what was said to it; `own`: the same in the platform's own
    language, where ours has no words for it.
    """

    at: str
    state: str
    title: str
    actor: str = ""
    answer: str = ""
    own: str = ""
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Next:
    """What happens next. `kind`: `out`, `retry`, `ask`, `paused`, `now`, `you`, or nothing."""

    kind: str = ""
    at: str = ""


def story(lines: Sequence[Line], language: str) -> list[Chapter]:
    """The chapters in order. What a worker does in one go is one of them."""
    chapters: list[Chapter] = []
    tries, kind = 0, ""
    for line in lines:
        to = S(line.state_to)
        was = S(line.state_from) if line.state_from else None
        goes_on = kind != "" and was in (life.HELD if kind == "try" else {S.UNCONFIRMED})
        if to in life.HELD and (kind != "try" or not goes_on):
            tries, kind = tries + (was != S.UNCONFIRMED), "try"
            chapters.append(_begun(line, words.say(_UNDER_WAY, language), language))
        elif to in life.HELD:
            chapters[-1] = _with_step(chapters[-1], line, language)
        elif kind == "try" and goes_on:
            title = words.say(_TRIES.get(to, _UNDER_WAY), language, n=tries)
            chapters[-1] = _ended(chapters[-1], line, title, language)
            kind = ""
        elif was == S.UNCONFIRMED and to == S.UNCONFIRMED and not goes_on:
            kind = "question"
            chapters.append(_begun(line, words.say(_ASKED, language), language))
        elif kind == "question" and goes_on and to in _QUESTIONS:
            title = words.say(_QUESTIONS[to], language)
            chapters[-1] = _ended(chapters[-1], line, title, language)
            kind = "" if to != S.UNCONFIRMED else kind
        else:
            kind = ""
            chapters.append(_single(line, was, to, language))
    return chapters


def what_next(target: Target, now: datetime, paused_until: datetime | None = None) -> Next:
    """What happens to the target by itself, or that it waits for a person.

    `paused_until`: when its platform, being in trouble, is tried again.
    """
    state = target.state
    if state in life.HELD:
        return Next("now")
    if state in (S.FAILED, S.MISSED, S.NEEDS_PERSON):
        return Next("you")
    kinds = {S.SCHEDULED: "out", S.RETRY_WAIT: "retry", S.UNCONFIRMED: "ask"}
    if state not in kinds or target.run_at is None:
        return Next()
    if paused_until is not None and target.run_at <= paused_until and state != S.UNCONFIRMED:
        return Next("paused", max(paused_until, now).isoformat())
    return Next(kinds[state], target.run_at.isoformat())


def is_by_hand(code: str | None) -> bool:
    """Whether a person posts it, with the package that lies ready."""
    return code == by_hand.CODE


def _said(cause: str, state: S, language: str) -> tuple[str, str]:
    """The cause in the reader's language, and as it stands where that has no words for it."""
    known = words.known(cause, language)
    if language == "ar" and cause and known == cause:
        return words.say(STATES[state][2], language), cause
    return known, ""


def _begun(line: Line, title: str, language: str) -> Chapter:
    made = Chapter(line.at.isoformat(), line.state_to, title, line.actor)
    return _with_step(made, line, language)


def _with_step(chapter: Chapter, line: Line, language: str) -> Chapter:
    said, _ = _said(line.cause, S(line.state_to), language)
    return replace(chapter, state=line.state_to, steps=[*chapter.steps, said])


def _ended(chapter: Chapter, line: Line, title: str, language: str) -> Chapter:
    said, own = _said(line.cause, S(line.state_to), language)
    told = "" if own else said
    return replace(
        chapter, at=line.at.isoformat(), state=line.state_to, title=title, answer=told, own=own
    )


def _single(line: Line, was: S | None, to: S, language: str) -> Chapter:
    if was == S.PUBLISHED and to == S.CANCELLED:
        said, own = words.say(_TAKEN_BACK, language), line.cause
    else:
        said, own = _said(line.cause, to, language)
    return Chapter(line.at.isoformat(), line.state_to, said, line.actor, own=own)
