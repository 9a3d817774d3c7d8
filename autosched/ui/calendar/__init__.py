"""The calendar, the post that is looked at in it, and what needs a person."""

from __future__ import annotations

from autosched.ui.calendar.attention import Cases, attention
from autosched.ui.calendar.page import calendar
from autosched.ui.calendar.state import Calendar
from autosched.ui.page import Page

_NEWS = frozenset({"post", "target", "account"})


def pages() -> list[Page]:
    """The calendar and the attention list."""
    return [
        Page(
            "/calendar",
            "Calendar",
            calendar,
            on_load=(Calendar.load,),
            refresh=Calendar.look_again,
            topics=_NEWS,
            width="full",
        ),
        Page(
            "/attention",
            "Attention",
            attention,
            on_load=(Cases.load,),
            refresh=Cases.load,
            topics=_NEWS,
        ),
    ]
