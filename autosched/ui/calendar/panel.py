"""The panel beside the calendar: one post, how it stands on each account, what can be done."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.calendar.panel_state import Panel
from autosched.ui.calendar.telling import coming, history, trouble
from autosched.ui.parts import (
    account_mark,
    bones,
    button,
    dialog,
    link_button,
    notice,
    target_chip,
)
from autosched.ui.words import moment, t, zone_name


def post_panel() -> rx.Component:
    """The panel; a sheet from below on a phone."""
    shown = Panel.shown
    return dialog(
        rx.cond(
            Panel.is_loading & (shown.version == 0),
            bones(4, height="5rem"),
            rx.el.div(
                rx.cond(shown.media, _media(shown)),
                rx.cond(
                    shown.text != "",
                    rx.el.p(shown.text, class_name="panel-text", dir="auto"),
                ),
                rx.el.ul(rx.foreach(shown.lines, _line), class_name="panel-lines"),
                rx.cond(~rx.Var.create(shown.lines).bool(), _no_account()),
                rx.cond(Panel.can_edit & (shown.version > 0), _further(shown)),
                class_name="panel-body",
            ),
        ),
        title=rx.cond(
            shown.at != "",
            moment(shown.at, Panel.zone, "moment"),
            rx.cond(shown.version > 0, t("Draft without a time"), t("Loading")),
        ),
        lead=rx.cond(shown.at != "", zone_name(Panel.zone), ""),
        open=Panel.is_open,
        on_open_change=Panel.set_open,
        foot=[rx.cond(Panel.can_edit & (shown.version > 0), _actions())],
        class_name="side post-panel",
    )


def _media(shown: Any) -> rx.Component:
    def one(medium: Any) -> rx.Component:
        return rx.match(
            medium.kind,
            (
                "video",
                rx.el.video(
                    src=f"/files/{medium.asset_id}/original",
                    poster=f"/files/{medium.asset_id}/poster",
                    controls=True,
                    plays_inline=True,
                    preload="none",
                    aria_label=medium.alt,
                ),
            ),
            (
                "audio",
                rx.el.audio(src=f"/files/{medium.asset_id}/original", controls=True),
            ),
            rx.el.img(src=f"/files/{medium.asset_id}/poster", alt=medium.alt),
        )

    return rx.el.div(rx.foreach(shown.media, one), class_name="panel-media")


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            account_mark(line.platform, line.initials, picture=line.avatar, size="2rem"),
            rx.el.div(
                rx.el.span(line.handle, class_name="cut strong ltr"),
                rx.cond(
                    line.at != "",
                    rx.el.span(
                        moment(line.at, Panel.zone, "moment"), class_name="small faint numbers"
                    ),
                ),
                class_name="col tight grow",
            ),
            target_chip(line.state),
            class_name="row",
        ),
        rx.cond(line.sentence != "", trouble(line)),
        rx.cond(
            line.own_text != "",
            rx.el.details(
                rx.el.summary(t("Its own words here")),
                rx.el.p(line.own_text, class_name="panel-text", dir="auto"),
                class_name="unfold",
            ),
        ),
        rx.cond((line.permalink != "") | line.takes_back, _there(line)),
        coming(line),
        history(line),
        class_name="panel-line",
    )


def _there(line: Any) -> rx.Component:
    """What stands on the platform: the way to it, and the way to take it back."""
    link = rx.el.a(
        rx.icon("external-link", size=14),
        t("See it there"),
        href=line.permalink,
        target="_blank",
        rel="noopener",
        class_name="link small row tight",
        custom_attrs={"data-native": "true"},
    )
    return rx.cond(
        Panel.taking_back == line.target_id,
        rx.el.div(
            rx.el.span(
                t("Delete it on {platform}, for everybody?", platform=line.title),
                class_name="strong small grow",
            ),
            button(t("Keep it"), size="small", on_click=Panel.ask_to_take_back("")),
            button(
                t("Take back"),
                icon="trash-2",
                size="small",
                look="danger",
                busy=Panel.busy == f"back:{line.target_id}",
                on_click=Panel.take_back(line.target_id),
            ),
            class_name="row wrap tight",
            role="alert",
        ),
        rx.el.div(
            rx.cond(line.permalink != "", link),
            rx.cond(
                line.takes_back & Panel.can_edit,
                button(
                    t("Take back"),
                    icon="undo-2",
                    size="small",
                    look="bare",
                    on_click=Panel.ask_to_take_back(line.target_id),
                ),
            ),
            class_name="row wrap tight",
        ),
    )


def _no_account() -> rx.Component:
    return notice(t("No account is chosen yet, so this can't go out."), look="warn")


def _further(shown: Any) -> rx.Component:
    """What is done seldom."""
    return rx.el.div(
        rx.cond(
            Panel.can_change,
            link_button(
                t("Duplicate"),
                f"/compose?from={shown.id}",
                icon="copy",
                look="bare",
                size="small",
            ),
        ),
        rx.cond(
            shown.standing == "scheduled",
            button(
                t("Make it a draft again"),
                icon="pencil-ruler",
                look="bare",
                size="small",
                on_click=Panel.back_to_draft,
            ),
        ),
        rx.cond(
            Panel.can_cancel,
            button(
                rx.cond(shown.standing == "draft", t("Put this draft away"), t("Cancel this post")),
                icon="ban",
                look="bare",
                size="small",
                on_click=Panel.cancel,
            ),
        ),
        class_name="panel-further",
    )


def _actions() -> rx.Component:
    shown = Panel.shown
    return rx.fragment(
        rx.cond(
            Panel.asks_to_publish,
            rx.el.div(
                rx.el.span(t("Publish it now, for everybody to see?"), class_name="strong grow"),
                button(t("Not yet"), on_click=Panel.ask_to_publish(False)),
                button(t("Publish now"), icon="send", look="primary", on_click=Panel.publish),
                class_name="row wrap grow",
                role="alert",
            ),
            rx.fragment(
                rx.el.span(class_name="grow"),
                rx.cond(
                    Panel.can_publish,
                    button(
                        t("Publish now"),
                        icon="send",
                        on_click=Panel.ask_to_publish(True),
                        busy=Panel.busy == "publish",
                    ),
                ),
                rx.cond(
                    Panel.can_change,
                    link_button(
                        t("Edit"),
                        f"/compose?post={shown.id}",
                        icon="pencil",
                        look="quiet",
                    ),
                    link_button(t("Duplicate"), f"/compose?from={shown.id}", icon="copy"),
                ),
                rx.cond(
                    Panel.can_plan,
                    button(
                        t("Schedule"),
                        icon="calendar-check",
                        look="primary",
                        on_click=Panel.schedule,
                        busy=Panel.busy == "schedule",
                    ),
                ),
            ),
        ),
    )
