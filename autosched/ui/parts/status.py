"""States and progress, each with words and an icon, never by colour alone."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from autosched.schedule.models import TargetState
from autosched.ui.parts.controls import Words, icon_button
from autosched.ui.words import t, time_left

Tone = Literal["", "info", "good", "warn", "bad", "gold", "accent"]

# How a target's state is shown: tone, icon, words.
STATES: dict[TargetState, tuple[Tone, str, str]] = {
    TargetState.DRAFT: ("", "pencil", "Draft"),
    TargetState.IN_REVIEW: ("gold", "eye", "In review"),
    TargetState.APPROVED: ("accent", "check", "Approved"),
    TargetState.SCHEDULED: ("info", "clock", "Scheduled"),
    TargetState.CLAIMED: ("accent", "loader", "Starting"),
    TargetState.UPLOADING: ("accent", "upload", "Uploading"),
    TargetState.COMMITTING: ("accent", "send", "Going out"),
    TargetState.PUBLISHED: ("good", "circle-check", "Published"),
    TargetState.RETRY_WAIT: ("warn", "rotate-cw", "Trying again"),
    TargetState.FAILED: ("bad", "circle-alert", "Failed"),
    TargetState.UNCONFIRMED: ("warn", "circle-help", "Being checked"),
    TargetState.NEEDS_PERSON: ("warn", "hand", "Needs you"),
    TargetState.CANCELLED: ("", "ban", "Cancelled"),
    TargetState.MISSED: ("warn", "clock-alert", "Missed"),
}


def chip(
    label: Words, *, tone: Tone = "", icon: str | None = None, live: bool = False, **props: Any
) -> rx.Component:
    """A small word about something. `live`: it is happening now."""
    mark = rx.icon(icon) if icon else rx.fragment()
    return rx.el.span(
        rx.el.span(class_name="dot") if live else mark,
        label,
        class_name=f"chip {tone} {'live' if live else ''}",
        **props,
    )


def target_chip(state: rx.Var[str]) -> rx.Component:
    """The state of a post on one account."""
    return rx.match(
        state,
        *(
            (str(value), chip(t(words), tone=tone, icon=icon))
            for value, (tone, icon, words) in STATES.items()
        ),
        chip(state),
    )


def _percent(share: Any) -> rx.Var[int]:
    return (rx.Var.create(share).to(float) * 100).to(int)


def progress_bar(
    share: Any,
    *,
    label: Words,
    seconds_left: rx.Var[float | None] | None = None,
    on_cancel: Any = None,
) -> rx.Component:
    """How far something long has come (0 to 1), how long it takes still, and a way to stop it."""
    percent = _percent(share)
    return rx.el.div(
        rx.el.div(
            rx.el.span(label, class_name="cut grow"),
            rx.el.span(
                time_left(seconds_left) if seconds_left is not None else "",
                class_name="faint numbers",
            ),
            rx.el.span(_whole(percent), class_name="numbers strong"),
            icon_button("x", t("Cancel"), class_name="small", on_click=on_cancel)
            if on_cancel is not None
            else rx.fragment(),
            class_name="row tight small",
        ),
        rx.el.div(
            rx.el.span(style={"--share": _whole(percent)}),
            class_name="bar",
            role="progressbar",
            aria_valuemin=0,
            aria_valuemax=100,
            aria_valuenow=percent,
            aria_label=label,
        ),
        class_name="col tight",
    )


def progress_ring(share: Any, *, label: Words, size: str = "2.5rem") -> rx.Component:
    """The same as a ring with the per cent in it."""
    percent = _percent(share)
    return rx.el.div(
        _whole(percent),
        class_name="ring",
        style={"--share": _whole(percent), "--size": size},
        role="progressbar",
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=percent,
        aria_label=label,
    )


def _whole(percent: rx.Var[int]) -> rx.Var[str]:
    return rx.Var(
        _js_expr=f"`${{Math.floor({percent!s})}}%`",
        _var_type=str,
        _var_data=percent._get_all_var_data(),
    ).guess_type()
