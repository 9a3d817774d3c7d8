"""The accounts as a person sees them: what is connected, what is wrong, what can be added."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.platforms.base import Field, Platform
from autosched.platforms.registry import platforms
from autosched.ui.accounts.state import Accounts
from autosched.ui.parts import (
    account_mark,
    bones,
    button,
    card,
    chip,
    dialog,
    empty,
    glyph,
    menu,
    menu_item,
    notice,
    page_head,
    retry,
    section,
    text_field,
)
from autosched.ui.words import t

# What a person should know before connecting: what it is for, and where the access comes from.
ABOUT = {
    "bluesky": (
        "Posts with pictures and video go out by themselves, at the planned minute.",
        "You need an app password, not your own one: it can be withdrawn at any time.",
    ),
    "folder": (
        "For everything that is posted by hand: the video, the caption and the details are laid"
        " into a folder, ready at the planned minute.",
        "The folder is on the computer that runs autosched.",
    ),
}


def accounts() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(t("Accounts"), lead=t("Where your posts go out.")),
        rx.cond(
            ~Accounts.loaded,
            bones(3, height="5rem"),
            rx.cond(
                Accounts.failure != "",
                retry(Accounts.failure, Accounts.load),
                rx.fragment(
                    rx.cond(Accounts.rows, _connected(), _nothing()),
                    rx.cond(
                        Accounts.can_administer,
                        _choices(),
                        notice(t("An owner or an admin of this workspace connects accounts.")),
                    ),
                ),
            ),
        ),
        _form_dialog(),
        _leave_dialog(),
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
                rx.el.p(one.handle, class_name="small faint cut ltr handle"),
                class_name="grow",
            ),
            rx.cond(
                one.state == "active",
                chip(t("Ready"), tone="good", icon="circle-check"),
                chip(t("Needs you"), tone="warn", icon="hand"),
            ),
            rx.cond(Accounts.can_administer, _row_menu(one)),
            class_name="row",
        ),
        rx.cond(
            one.state != "active",
            rx.el.div(
                notice(
                    rx.cond(one.problem != "", one.problem, t("Its access has ended.")), look="warn"
                ),
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
            ),
        ),
        class_name="card",
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


def _choices() -> rx.Component:
    return section(
        t("Add an account"),
        rx.el.div(*(_choice(each) for each in platforms()), class_name="grid platforms"),
    )


def _choice(platform: Platform) -> rx.Component:
    about, _ = ABOUT.get(platform.name, ("", ""))
    return card(
        rx.el.div(
            glyph(platform.name, size="2.25rem"),
            rx.el.h3(t(platform.title)),
            class_name="row",
        ),
        rx.el.p(t(about), class_name="muted small grow") if about else rx.fragment(),
        button(t("Connect"), icon="plus", on_click=Accounts.begin(platform.name)),
        class_name="col platform",
    )


def _form_dialog() -> rx.Component:
    return dialog(
        rx.match(
            Accounts.form,
            *((each.name, _form(each)) for each in platforms()),
            rx.fragment(),
        ),
        title=rx.match(
            Accounts.form,
            *((each.name, t("Connect {platform}", platform=each.title)) for each in platforms()),
            "",
        ),
        open=Accounts.is_form_open,
        on_open_change=Accounts.set_form_open,
    )


def _form(platform: Platform) -> rx.Component:
    _, need = ABOUT.get(platform.name, ("", ""))
    return rx.el.form(
        rx.el.p(t(need), class_name="muted") if need else rx.fragment(),
        *(_input(platform, each) for each in platform.fields),
        rx.cond(Accounts.wrong != "", notice(Accounts.wrong, look="bad")),
        rx.el.div(
            button(t("Cancel"), on_click=Accounts.set_form_open(False)),
            button(t("Connect"), type="submit", look="primary", busy=Accounts.busy),
            class_name="dialog-foot",
        ),
        on_submit=Accounts.send,
        class_name="col connect-form",
        key=f"{platform.name}-{Accounts.again.id}",
    )


def _input(platform: Platform, wanted: Field) -> rx.Component:
    known: Any = wanted.default
    if platform.fields[0].name == wanted.name and not wanted.secret:
        # The first field names the account: it is known when it is connected again.
        known = rx.cond(Accounts.again.id != "", Accounts.again.handle, wanted.default)
    return text_field(
        t(wanted.title),
        name=wanted.name,
        type="password" if wanted.secret else "text",
        hint=t(wanted.hint) if wanted.hint else None,
        default_value=known,
        required=not wanted.default,
        auto_complete="off",
        spell_check=False,
        class_name="ltr",
    )


def _leave_dialog() -> rx.Component:
    return dialog(
        rx.el.p(
            t("Its stored access is erased here at once. Posts planned for it will wait for you."),
            class_name="muted",
        ),
        title=t("Disconnect {account}?", account=Accounts.leaving.name),
        open=Accounts.is_leaving,
        on_open_change=Accounts.set_leaving,
        foot=[
            button(t("Keep it"), on_click=Accounts.set_leaving(False)),
            button(t("Disconnect"), icon="unplug", look="danger", on_click=Accounts.leave),
        ],
    )
