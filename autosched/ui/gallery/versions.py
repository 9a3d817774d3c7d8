"""The versions of a template, each with what it changed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.gallery import spoken
from autosched.ui.gallery.design_state import Design
from autosched.ui.gallery.spoken import said
from autosched.ui.parts import button, chip, empty
from autosched.ui.words import moment, plural, t


def versions() -> rx.Component:
    """The history, the newest first."""
    return rx.cond(
        Design.own,
        rx.el.ol(rx.foreach(Design.history, _version), class_name="versions"),
        empty(
            t("Built-in templates have no versions"),
            t("Duplicate it: every edit of your own is kept here."),
            button(t("Duplicate"), icon="copy", on_click=Design.duplicate),
            picture="film",
        ),
    )


def _version(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(t("Version {number}", number=row.number), class_name="strong"),
            rx.cond(row.number == Design.version, chip(t("Newest"), look="good")),
            rx.el.span(
                row.author, " · ", moment(row.at, Design.zone, "ago"), class_name="faint small"
            ),
            rx.cond(
                (row.number != Design.version) & Design.can_edit & ~Design.trashed,
                button(
                    t("Make this the newest"),
                    size="small",
                    icon="undo-2",
                    class_name="push",
                    on_click=Design.restore(row.number),
                ),
            ),
            class_name="row wrap",
        ),
        rx.cond(row.note != "", rx.el.p(row.note, class_name="muted", dir="auto")),
        rx.el.ul(rx.foreach(row.changes, _change), class_name="changes small"),
        rx.cond(
            row.more > 0,
            rx.el.p(
                plural("{n} more change", "{n} more changes", row.more), class_name="faint small"
            ),
        ),
        class_name="card version",
        custom_attrs={"data-version": row.number},
    )


def _change(change: Any) -> rx.Component:
    part = change.place.split(".")[0]
    return rx.el.li(
        rx.el.span(said(part, spoken.PLACES), class_name="strong"),
        rx.el.code(change.place, class_name="faint ltr"),
        rx.el.bdi(_value(change.before), class_name="ltr"),
        rx.icon("arrow-right", size=14, class_name="turns"),
        rx.el.bdi(_value(change.after), class_name="ltr"),
    )


def _value(value: Any) -> rx.Component:
    is_colour = value.to(str).startswith("#") & (value.to(str).length() == 7)
    return rx.fragment(
        rx.cond(is_colour, rx.el.span(class_name="swatch tiny", style={"background": value})), value
    )
