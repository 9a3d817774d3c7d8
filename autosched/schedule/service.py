"""The verbs of the schedule, in one place for the faces; each lives in the file of its subject."""

from autosched.schedule.accounts import accounts, connect, disconnect, reconnect
from autosched.schedule.answering import answer, cancel_target, retry
from autosched.schedule.attention import Concern, Help, Line, attention, history
from autosched.schedule.breaker import Health, health
from autosched.schedule.calendar import Entry, calendar, posts
from autosched.schedule.composing import compose, edit, post, survey, targets
from autosched.schedule.limits import AccountSurvey
from autosched.schedule.planning import (
    Foreseen,
    Planned,
    cancel,
    foresee,
    publish_now,
    reschedule,
    schedule,
    unschedule,
)
from autosched.schedule.taking_back import take_back

__all__ = [
    "AccountSurvey",
    "Concern",
    "Entry",
    "Foreseen",
    "Health",
    "Help",
    "Line",
    "Planned",
    "accounts",
    "answer",
    "attention",
    "calendar",
    "cancel",
    "cancel_target",
    "compose",
    "connect",
    "disconnect",
    "edit",
    "foresee",
    "health",
    "history",
    "post",
    "posts",
    "publish_now",
    "reconnect",
    "reschedule",
    "retry",
    "schedule",
    "survey",
    "take_back",
    "targets",
    "unschedule",
]
