"""A line for each platform that is in trouble, and for each account that ends soon."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.home.state import Home
from autosched.ui.parts import glyph
from autosched.ui.session import Session
from autosched.ui.words import moment, plural, t


def troubles() -> rx.Component:
    """Nothing while all is well."""
    return rx.cond(
        Home.has_trouble,
        rx.el.ul(
            rx.foreach(Home.troubled, _platform),
            rx.foreach(Home.ending, _ending),
            class_name="home-troubles",
            role="status",
        ),
    )


def _platform(one: Any) -> rx.Component:
    since = moment(one.since, Session.zone, "moment")
    until = moment(one.until, Session.zone, "time")
    return rx.el.li(
        glyph(one.platform, size="1.25rem"),
        rx.el.p(
            rx.cond(
                one.state == "recovering",
                t("{platform} answers again; what waited goes out.", platform=one.title),
                t("{platform} is having trouble since {since}.", platform=one.title, since=since),
            ),
            " ",
            rx.cond(one.server != "", rx.el.span(one.server, class_name="faint ltr handle")),
            " ",
            rx.cond(
                one.waiting > 0,
                rx.el.span(plural("{n} post waits.", "{n} posts wait.", one.waiting)),
            ),
            " ",
            rx.cond(
                (one.state == "open") & (one.until != ""),
                t("Next try {until}.", until=until),
                rx.cond(one.state == "probing", t("One post is tried now."), ""),
            ),
            class_name="grow plain",
        ),
        rx.el.a(t("Accounts"), href="/accounts", class_name="link small"),
        custom_attrs={"data-platform": one.platform},
    )


def _ending(one: Any) -> rx.Component:
    return rx.el.li(
        glyph(one.platform, size="1.25rem"),
        rx.el.p(
            rx.el.span(one.handle, class_name="strong ltr"),
            " ",
            t(
                "must be connected again by {day}, {ago}.",
                day=moment(one.at, Session.zone, "day"),
                ago=moment(one.at, Session.zone, "ago"),
            ),
            class_name="grow",
        ),
        rx.cond(
            Session.can_administer,
            rx.el.a(
                t("Connect again"), href=f"/accounts?reconnect={one.id}", class_name="link small"
            ),
        ),
    )
