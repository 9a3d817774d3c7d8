"""FullCalendar as a component: months, weeks and a list, cards that are dragged, days clicked."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import passthrough_event_spec

from autosched.ui.parts.media import MARKS
from autosched.ui.words import t

_VERSION = "6.1.21"

# How a post as a whole stands (`schedule.life.summary`), as a word.
STANDINGS = {
    "draft": "Draft",
    "scheduled": "Scheduled",
    "publishing": "Going out",
    "published": "Published",
    "attention": "Needs a look",
    "cancelled": "Cancelled",
}


class _PostCalendar(rx.NoSSRComponent):
    """`assets/app/calendar.js`. Its children: the tools of its head, and the tray of drafts."""

    library = "$/public/app/calendar.js"
    tag = "PostCalendar"
    lib_dependencies: list[str] = [
        f"@fullcalendar/{part}@{_VERSION}"
        for part in ("core", "react", "daygrid", "timegrid", "list", "interaction")
    ]

    ready: rx.Var[bool]
    entries: rx.Var[list[Any]]
    revision: rx.Var[int]
    zone: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    marks: rx.Var[dict[str, str]]
    may_edit: rx.Var[bool]
    loading: rx.Var[bool]
    only_accounts: rx.Var[list[str]]
    only_states: rx.Var[list[str]]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """The range shown (its end excluded); a post opened, moved, put out of the tray; a slot.

        Times are wall-clock times without an offset.
        """
        return {
            **super().get_event_triggers(),
            "on_range": passthrough_event_spec(str, str),
            "on_open": passthrough_event_spec(str),
            "on_move": passthrough_event_spec(str, str),
            "on_place": passthrough_event_spec(str, str),
            "on_slot": passthrough_event_spec(str),
        }


def post_calendar(tools: rx.Component, tray: rx.Component, **props: Any) -> rx.Component:
    """The calendar with its head; `tools` stand there, `tray` beside the days."""
    words = {
        "today": t("Today"),
        "previous": t("Earlier"),
        "next": t("Later"),
        "view": t("View"),
        "month": t("Month"),
        "week": t("Week"),
        "list": t("List"),
        "more": t("+{n} more"),
        "none": t("Nothing planned here"),
        "none_hint": t("Choose another month, or plan a post."),
        "states": {name: t(english) for name, english in STANDINGS.items()},
    }
    marks = {**MARKS, "other": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"}
    return rx.el.div(
        _PostCalendar.create(
            tools,
            tray,
            words=rx.Var.create(words),
            marks=rx.Var.create(marks),
            **props,
        ),
        class_name="calendar-stage",
    )
