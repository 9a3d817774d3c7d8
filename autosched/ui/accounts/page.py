"""The accounts as a person sees them: what is connected, how it stands, what can be added."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.accounts.connecting import connect_dialog, offers
from autosched.ui.accounts.returned import Returned
from autosched.ui.accounts.state import Accounts
from autosched.ui.parts import (
    account_mark,
    avatar,
    bones,
    button,
    chip,
    dialog,
    empty,
    glyph,
    icon_button,
    menu,
    menu_item,
    notice,
    page_head,
    retry,
    section,
)
from autosched.ui.words import moment, plural, t


def accounts() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(t("Accounts"), lead=t("Where your posts go out.")),
        rx.cond(
            ~Accounts.loaded,
            bones(3, height="5rem"),
            rx.cond(
                Accounts.failure != "",
                retry(Accounts.failure, Accounts.arrive),
                rx.fragment(
                    _told(),
                    rx.cond(Accounts.sandbox != "", _sandbox()),
                    _chances(),
                    rx.cond(Accounts.rows, _connected(), _nothing()),
                    rx.cond(
                        Accounts.can_administer,
                        offers(),
                        notice(t("An owner or an admin of this workspace connects accounts.")),
                    ),
                ),
            ),
        ),
        connect_dialog(),
        _leave_dialog(),
    )


def _sandbox() -> rx.Component:
    return rx.el.p(
        rx.icon("flask-conical", size=15),
        rx.el.span(
            t("The platforms are stand-ins on this machine: nothing reaches the real ones.")
        ),
        rx.el.a(
            t("What was posted there"),
            href=Accounts.sandbox,
            target="_blank",
            rel="noopener",
            class_name="link",
            custom_attrs={"data-native": "true"},
        ),
        class_name="sandbox-line small",
    )


def _told() -> rx.Component:
    return rx.cond(
        Returned.told != "",
        rx.el.div(
            rx.icon("triangle-alert"),
            rx.el.div(
                rx.el.p(Returned.told, class_name="plain"),
                rx.cond(
                    Returned.told_by_platform != "",
                    rx.el.p(Returned.told_by_platform, class_name="small", lang="en", dir="ltr"),
                ),
                class_name="grow",
            ),
            icon_button("x", t("Close"), class_name="small", on_click=Returned.put_away),
            class_name="notice warn returned",
            role="status",
        ),
    )


def _chances() -> rx.Component:
    """Several accounts came back with one consent: which of them are meant."""

    def one(chance: Any) -> rx.Component:
        return rx.el.li(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    default_checked=chance.chosen,
                    on_change=Returned.toggle(chance.number),
                ),
                avatar(chance.letters, picture=chance.avatar, size="2.25rem"),
                rx.el.span(
                    rx.el.span(chance.name, class_name="strong cut plain"),
                    rx.el.span(chance.handle, class_name="small faint cut ltr handle"),
                    class_name="col tight grow",
                ),
                rx.cond(chance.connected, chip(t("Connected already"), icon="check")),
                class_name="chance",
            )
        )

    return rx.cond(
        Returned.chances,
        section(
            t("Which of them do you want to connect?"),
            rx.el.div(
                rx.el.p(
                    t(
                        "{platform} gave access to several. What you leave out is forgotten here.",
                        platform=Returned.chances_of,
                    ),
                    class_name="muted small",
                ),
                rx.el.ul(rx.foreach(Returned.chances, one), class_name="chances"),
                rx.el.div(
                    rx.el.span(
                        plural("{n} chosen", "{n} chosen", Returned.chosen_count),
                        class_name="muted small grow",
                    ),
                    button(t("None of them"), on_click=Returned.put_away),
                    button(
                        t("Connect"),
                        icon="plug",
                        look="primary",
                        busy=Returned.choosing,
                        disabled=Returned.chosen_count == 0,
                        on_click=Returned.connect_chosen,
                    ),
                    class_name="row wrap",
                ),
                class_name="card col",
            ),
            class_name="choosing",
        ),
    )


def _connected() -> rx.Component:
    return section(
        t("Connected accounts"),
        rx.el.ul(rx.foreach(Accounts.rows, _row), class_name="accounts"),
    )


def _nothing() -> rx.Component:
    return empty(
        t("No account yet"),
        t("Connect the first one below. A folder is the quickest way to try it out."),
        picture="accounts",
    )


def _row(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            account_mark(one.platform, one.letters, picture=one.avatar, size="2.75rem"),
            rx.el.div(
                rx.el.p(one.name, class_name="strong cut plain"),
                rx.el.p(
                    rx.el.span(one.handle, class_name="cut ltr handle"),
                    rx.el.span("·", aria_hidden="true"),
                    rx.el.span(one.title),
                    class_name="small faint row tight account-who",
                ),
                class_name="grow",
            ),
            _standing(one),
            rx.cond(Accounts.can_administer, _row_menu(one)),
            class_name="row",
        ),
        rx.cond(one.state != "active", _needs_you(one), _health(one)),
        rx.el.dl(
            rx.cond(one.shapes, _fact(t("Publishes"), _shapes(one))),
            rx.cond(one.state == "active", _fact(t("Access"), _until(one))),
            class_name="account-facts small",
        ),
        class_name="card",
        custom_attrs={"data-platform": one.platform},
    )


def _standing(one: Any) -> rx.Component:
    return rx.cond(
        one.state != "active",
        chip(t("Needs you"), tone="warn", icon="hand"),
        rx.cond(
            (one.health == "open") | (one.health == "probing"),
            chip(t("Paused"), tone="warn", icon="pause"),
            rx.cond(
                one.ends_soon,
                chip(t("Ends soon"), tone="warn", icon="clock-alert"),
                chip(t("Ready"), tone="good", icon="circle-check"),
            ),
        ),
    )


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))


def _shapes(one: Any) -> rx.Component:
    return rx.el.span(
        rx.foreach(one.shapes, lambda shape: rx.el.span(shape, class_name="shape-name"))
    )


def _until(one: Any) -> rx.Component:
    ends = moment(one.ends, Accounts.zone, "date")
    renews = moment(one.renews, Accounts.zone, "ago")
    return rx.cond(
        one.ends != "",
        rx.cond(
            one.ends_soon,
            rx.el.span(
                t(
                    "Ends on {day}, {ago}",
                    day=ends,
                    ago=moment(one.ends, Accounts.zone, "ago"),
                ),
                class_name="warn-words",
            ),
            rx.cond(
                one.renews != "",
                t("Renews itself; you are needed by {day}", day=ends),
                t("Until {day}; then connect it again", day=ends),
            ),
        ),
        rx.cond(
            one.renews != "",
            t("Renews itself, next time {ago}", ago=renews),
            t("Stays until you disconnect it"),
        ),
    )


def _needs_you(one: Any) -> rx.Component:
    return rx.el.div(
        notice(rx.cond(one.problem != "", one.problem, t("Its access has ended.")), look="warn"),
        rx.cond(
            Accounts.can_administer,
            button(
                t("Connect again"),
                icon="plug",
                look="primary",
                on_click=Accounts.begin_again(one.id),
            ),
        ),
        class_name="col account-problem",
    )


def _health(one: Any) -> rx.Component:
    since = moment(one.health_since, Accounts.zone, "moment")
    return rx.fragment(
        rx.match(
            one.health,
            (
                "open",
                notice(
                    t(
                        "{platform} is having trouble since {since}. Posts wait and go out by"
                        " themselves; next try {until}.",
                        platform=one.title,
                        since=since,
                        until=moment(one.health_until, Accounts.zone, "time"),
                    ),
                    look="warn",
                ),
            ),
            (
                "probing",
                notice(
                    t(
                        "{platform} is having trouble since {since}. One post is tried now; the"
                        " others wait for it.",
                        platform=one.title,
                        since=since,
                    ),
                    look="warn",
                ),
            ),
            (
                "recovering",
                notice(
                    t(
                        "{platform} answers again. What waited goes out, the oldest first.",
                        platform=one.title,
                    ),
                    look="good",
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(
            one.ends_soon & Accounts.can_administer,
            rx.el.div(
                button(
                    t("Connect again"),
                    icon="plug",
                    size="small",
                    on_click=Accounts.begin_again(one.id),
                ),
                class_name="col account-problem",
            ),
        ),
    )


def _row_menu(one: Any) -> rx.Component:
    return menu(
        [rx.icon("ellipsis")],
        menu_item(t("Connect again"), icon="plug", on_select=Accounts.begin_again(one.id)),
        menu_item(
            t("Disconnect"), icon="unplug", bad=True, on_select=Accounts.ask_to_leave(one.id)
        ),
        label=t("More"),
    )


def _leave_dialog() -> rx.Component:
    leaving = Accounts.leaving
    return dialog(
        rx.el.div(
            rx.el.p(
                glyph(leaving.platform),
                rx.el.span(leaving.handle, class_name="ltr cut"),
                class_name="row tight strong",
            ),
            rx.el.p(
                t(
                    "Its access is given back and erased here at once. Posts planned for it wait"
                    " for you; connect it again, and they go out. What is published stays."
                ),
                class_name="muted",
            ),
            class_name="col",
        ),
        title=t("Disconnect {account}?", account=leaving.name),
        open=Accounts.is_leaving,
        on_open_change=Accounts.set_leaving,
        foot=[
            button(t("Keep it"), on_click=Accounts.set_leaving(False)),
            button(
                t("Disconnect"),
                icon="unplug",
                look="danger",
                busy=Accounts.busy,
                on_click=Accounts.leave,
            ),
        ],
    )
