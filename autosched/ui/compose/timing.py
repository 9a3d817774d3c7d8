"""When the post goes out: a day and an hour in the workspace's zone, made exact in a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import reflex as rx

from autosched import clock
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event
from autosched.ui.parts import button, icon_button, segments
from autosched.ui.words import moment, t, zone_name


class Timing(Compose):
    """The time of the post."""

    @event
    async def set_day(self, day: str) -> None:
        """Choose the day; without an hour the evening is taken."""
        self.day, self.later = day, False
        if day and not self.hour:
            self.hour = "18:00"
        await self._timed()

    @event
    async def set_hour(self, hour: str) -> None:
        """Choose hour and minute; without a day the next time that clocks show it."""
        self.hour, self.later = hour, False
        if hour and not self.day:
            now = clock.wall(clock.now(), self.zone)
            day = now if f"{now:%H:%M}" < hour else now + timedelta(days=1)
            self.day = f"{day:%Y-%m-%d}"
        await self._timed()

    @event
    async def set_wall(self, wall: str) -> None:
        """Choose day and hour at once; empty takes the time away."""
        self.later = False
        self._set_wall(wall)
        await self._timed()

    @event
    async def set_later(self, later: bool) -> None:
        """Of a time that comes twice in a night, choose the second."""
        self.later = later
        await self._timed()

    async def _timed(self) -> None:
        self.trouble_line = ""
        await self._foresee()
        self._keep()


def timing() -> rx.Component:
    """The choice of the time."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("When")),
            rx.el.span(zone_name(Compose.zone), class_name="small faint"),
            class_name="row tight baseline",
        ),
        rx.el.div(
            rx.el.input(
                type="date",
                id="compose-day",
                class_name=rx.cond(Compose.day == "", "input numbers unset", "input numbers"),
                value=Compose.day,
                on_change=Timing.set_day,
                aria_label=t("Day"),
                disabled=Compose.is_fixed,
            ),
            rx.el.input(
                type="time",
                id="compose-hour",
                class_name=rx.cond(Compose.hour == "", "input numbers unset", "input numbers"),
                value=Compose.hour,
                on_change=Timing.set_hour,
                aria_label=t("Time"),
                disabled=Compose.is_fixed,
            ),
            rx.cond(
                (Compose.day != "") & ~Compose.is_fixed & (Compose.standing != "scheduled"),
                icon_button("x", t("No time yet"), on_click=Timing.set_wall("")),
            ),
            class_name="row tight when-fields",
        ),
        rx.cond(
            (Compose.day == "") & ~Compose.is_fixed,
            rx.el.div(rx.foreach(Compose.quick, _quick), class_name="row tight wrap"),
        ),
        rx.el.div(_sentence(), class_name="small when-sentence", aria_live="polite"),
        class_name="composer-when",
        id="compose-when",
    )


def _quick(one: Any) -> rx.Component:
    label = rx.match(
        one.kind,
        ("hour", t("In an hour")),
        ("evening", t("This evening")),
        ("morning", t("Tomorrow morning")),
        t("Tomorrow evening"),
    )
    return button(label, size="small", on_click=Timing.set_wall(one.wall))


def _sentence() -> rx.Component:
    exact = rx.el.p(
        rx.icon("clock", size=14),
        t(
            "Goes out {when}, {ago}",
            when=moment(Compose.exact, Compose.zone, "moment"),
            ago=moment(Compose.exact, Compose.zone, "ago"),
        ),
        class_name="row tight muted numbers",
    )
    return rx.cond(
        Compose.is_fixed,
        rx.fragment(),
        rx.cond(
            Compose.time_wrong != "",
            rx.el.p(
                rx.icon("circle-alert", size=14),
                rx.cond(
                    Compose.time_wrong == "past",
                    t("This time has passed already. Choose a later one, or publish now."),
                    t("This is not a time that can be planned."),
                ),
                class_name="row tight bad-line",
                role="alert",
            ),
            rx.cond(
                Compose.exact != "",
                rx.fragment(
                    exact,
                    rx.match(
                        Compose.clock_kind,
                        ("gap", _jumped()),
                        ("fold", _twice()),
                        rx.fragment(),
                    ),
                ),
            ),
        ),
    )


def _jumped() -> rx.Component:
    return rx.el.p(
        rx.icon("info", size=14),
        t(
            "The clocks jump over {asked} that night: this goes out at {wall}.",
            asked=Compose.hour,
            wall=Compose.wall_shown,
        ),
        class_name="row tight clock-note",
    )


def _twice() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.icon("info", size=14),
            t("The clocks show {asked} twice that night. Which one?", asked=Compose.hour),
            class_name="row tight clock-note",
        ),
        segments(
            [("false", t("The first")), ("true", t("The second"))],
            rx.cond(Compose.later, "true", "false"),
            lambda value: Timing.set_later(value == "true"),
            label=t("Which of the two"),
        ),
        class_name="col tight",
    )
