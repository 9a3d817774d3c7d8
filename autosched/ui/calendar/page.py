"""The calendar's page: the days, the filters, the drafts that wait for a day."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.calendar.board import STANDINGS, post_calendar
from autosched.ui.calendar.panel import post_panel
from autosched.ui.calendar.panel_state import Panel
from autosched.ui.calendar.state import Calendar
from autosched.ui.parts import button, glyph, link_button, popover, retry
from autosched.ui.words import number, t


def _among(chosen: Any, one: Any) -> Any:
    return chosen.contains(one)


def _length(things: Any) -> Any:
    return things.length()


def calendar() -> rx.Component:
    """The page."""
    return rx.fragment(
        rx.cond(
            Calendar.failure != "",
            retry(Calendar.failure, Calendar.load),
            post_calendar(
                _filters(),
                _tray(),
                ready=Calendar.ready,
                entries=Calendar.entries,
                revision=Calendar.revision,
                zone=Calendar.zone,
                may_edit=Calendar.can_edit,
                loading=Calendar.loading,
                only_accounts=Calendar.only_accounts,
                only_states=Calendar.only_states,
                on_range=Calendar.see,
                on_open=Panel.open,
                on_move=Calendar.move,
                on_place=Calendar.place,
                on_slot=Calendar.plan_at,
            ),
        ),
        rx.cond(Calendar.is_bare, _first_steps()),
        post_panel(),
    )


def _filters() -> rx.Component:
    def choice(label: Any, chosen: Any, on_click: Any, mark: rx.Component) -> rx.Component:
        return rx.el.button(
            mark,
            rx.el.span(label, class_name="cut grow plain"),
            rx.cond(chosen, rx.icon("check")),
            type="button",
            class_name="menu-item",
            aria_pressed=rx.cond(chosen, "true", "false"),
            on_click=on_click,
        )

    return popover(
        [
            rx.icon("list-filter"),
            rx.el.span(t("Filter"), class_name="label"),
            rx.cond(
                Calendar.filters > 0, rx.el.span(number(Calendar.filters), class_name="chip accent")
            ),
        ],
        rx.cond(
            Calendar.accounts,
            rx.fragment(
                rx.el.p(t("Accounts"), class_name="menu-title"),
                rx.foreach(
                    Calendar.accounts,
                    lambda one: choice(
                        one.handle,
                        _among(Calendar.only_accounts, one.id),
                        Calendar.toggle_account(one.id),
                        glyph(one.platform),
                    ),
                ),
                rx.el.div(class_name="menu-line"),
            ),
        ),
        rx.el.p(t("How it stands"), class_name="menu-title"),
        *(
            choice(
                t(english),
                _among(Calendar.only_states, name),
                Calendar.toggle_state(name),
                rx.el.span(class_name=f"pin is-{name}"),
            )
            for name, english in STANDINGS.items()
            if name != "cancelled"
        ),
        rx.cond(
            Calendar.filters > 0,
            rx.fragment(
                rx.el.div(class_name="menu-line"),
                button(
                    t("Show everything"),
                    look="bare",
                    size="small",
                    class_name="block",
                    on_click=Calendar.show_all,
                ),
            ),
        ),
        label=t("Filter"),
        class_name="button quiet small",
    )


def _tray() -> rx.Component:
    def draft(one: Any) -> rx.Component:
        return rx.el.button(
            rx.cond(
                one.asset_id != "",
                rx.el.span(
                    rx.el.img(src=f"/files/{one.asset_id}/poster", alt="", draggable=False),
                    class_name="cal-thumb",
                ),
                rx.el.span(rx.icon("text", size=14), class_name="cal-thumb words"),
            ),
            rx.el.span(one.title, class_name="tray-title plain"),
            type="button",
            class_name="tray-draft",
            on_click=Panel.open(one.id),
            custom_attrs={"data-post": one.id},
        )

    return rx.el.aside(
        rx.cond(
            Calendar.drafts,
            rx.fragment(
                rx.el.div(
                    rx.el.h2(t("Drafts")),
                    rx.el.span(number(_length(Calendar.drafts)), class_name="chip"),
                    class_name="row tight",
                ),
                rx.el.p(t("Drag one onto a day to plan it."), class_name="tiny faint tray-hint"),
                rx.el.div(rx.foreach(Calendar.drafts, draft), class_name="tray-drafts"),
            ),
        ),
        class_name=rx.cond(Calendar.drafts, "tray", "tray nothing"),
        aria_label=t("Drafts"),
    )


def _first_steps() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Calendar.accounts,
            rx.fragment(
                rx.el.p(t("Your calendar is open."), class_name="strong"),
                rx.el.p(t("Click a day to write a post for it."), class_name="muted"),
                link_button(t("Compose"), "/compose", icon="square-pen", look="primary"),
            ),
            rx.fragment(
                rx.el.p(t("Connect an account, and plan your first post."), class_name="strong"),
                rx.el.p(
                    t("Posts go out from here by themselves, at the minute you choose."),
                    class_name="muted",
                ),
                link_button(t("Connect an account"), "/accounts", icon="at-sign", look="primary"),
            ),
        ),
        class_name="first-steps",
    )
