"""How a target is told of: what went wrong and what helps, what comes next, all that happened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.calendar.helping import help_buttons
from autosched.ui.parts import link_button
from autosched.ui.session import Session
from autosched.ui.words import moment, t


def coming(line: Any) -> rx.Component:
    """What happens next by itself; what waits for a person says so with its trouble."""
    when = moment(line.next_at, Session.zone, "moment")
    ago = moment(line.next_at, Session.zone, "ago")

    def said(icon: str, text: Any) -> rx.Component:
        return rx.el.p(rx.icon(icon, size=14), text, class_name="coming row tight small numbers")

    return rx.match(
        line.next_kind,
        ("out", said("clock", t("Goes out {when}, {ago}", when=when, ago=ago))),
        ("retry", said("rotate-cw", t("Next try {when}, {ago}", when=when, ago=ago))),
        ("ask", said("radar", t("The platform is asked again {ago}", ago=ago))),
        (
            "paused",
            said(
                "pause",
                t(
                    "{platform} is having trouble; the next try is {when}. Nothing is lost.",
                    platform=line.title,
                    when=when,
                ),
            ),
        ),
        ("now", said("send", t("It is being sent this very moment"))),
        (
            "you",
            rx.cond(line.sentence == "", said("hand", t("It waits for you"))),
        ),
        rx.fragment(),
    )


def trouble(line: Any) -> rx.Component:
    """Why a post did not simply go out, what the platform said, and what helps."""
    return rx.el.div(
        rx.el.p(line.sentence, class_name="strong plain"),
        rx.cond(line.remedy != "", rx.el.p(line.remedy, class_name="plain")),
        rx.cond(
            line.own_words != "",
            rx.el.p(line.own_words, class_name="small faint plain", dir="auto", lang="en"),
        ),
        rx.cond(
            line.by_hand,
            rx.el.div(
                link_button(
                    t("Download the package"),
                    f"/handover/{line.target_id}",
                    icon="package",
                    size="small",
                    look="primary",
                    download=True,
                    custom_attrs={"reloadDocument": True},
                ),
                class_name="row tight",
            ),
        ),
        help_buttons(line),
        class_name=f"trouble is-{line.state}",
        role="status",
    )


def history(line: Any) -> rx.Component:
    """All that happened to a target, as a story."""

    def one(each: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(class_name=f"pin is-{each.state}"),
            rx.el.div(
                rx.el.p(each.title, class_name="strong plain", dir="auto"),
                rx.cond(
                    each.answer != "",
                    rx.el.p(each.answer, class_name="answer plain", dir="auto"),
                ),
                rx.cond(
                    each.own != "",
                    rx.el.p(each.own, class_name="answer small", lang="en", dir="ltr"),
                ),
                rx.cond(
                    each.steps,
                    rx.el.p(
                        rx.foreach(each.steps, lambda step: rx.el.span(step, class_name="taken")),
                        class_name="tiny faint steps-taken",
                    ),
                ),
                rx.el.p(
                    moment(each.at, Session.zone, "moment"),
                    " · ",
                    actor(each.actor),
                    class_name="tiny faint numbers",
                ),
                class_name="col tight",
            ),
        )

    return rx.el.details(
        rx.el.summary(rx.icon("chevron-right", size=14, class_name="turns"), t("What happened")),
        rx.el.ol(rx.foreach(line.history, one), class_name="timeline"),
        class_name="unfold",
    )


def actor(name: Any) -> rx.Var[Any]:
    """Who did it: a person by name, a part of the program by its word."""
    return rx.match(name, ("dispatcher", t("the clock")), ("worker", t("the publisher")), name)
