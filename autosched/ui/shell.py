"""The frame around every page: a rail on a wide screen, a head and a bar on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.style import set_color_mode

from autosched.ui.page import Page
from autosched.ui.parts import avatar, empty, link_button, menu, menu_item, menu_line, menu_title
from autosched.ui.session import Session
from autosched.ui.words import t

# Address, icon, words.
NAVIGATION = (
    ("/", "house", "Home"),
    ("/studio", "clapperboard", "Studio"),
    ("/templates", "swatch-book", "Templates"),
    ("/references", "scan-search", "References"),
    ("/calendar", "calendar", "Calendar"),
    ("/library", "images", "Library"),
    ("/accounts", "at-sign", "Accounts"),
    ("/attention", "bell", "Attention"),
)
# Those of them that stand on a phone's bar.
_ON_PHONES = ("/", "/studio", "/calendar", "/library")


def frame(page: Page) -> Callable[[], rx.Component]:
    """The page's component inside the shell."""

    def framed() -> rx.Component:
        return rx.el.div(
            rx.el.a(t("Skip to the content"), href="#content", class_name="skip"),
            _rail(page.route),
            rx.el.div(
                _phone_head(page.route),
                rx.el.main(
                    rx.cond(
                        Session.ready & (Session.workspace_id == ""),
                        _homeless(),
                        page.component(),
                    ),
                    id="content",
                    tab_index=-1,
                    class_name=f"page {'' if page.width == 'page' else page.width}",
                ),
                class_name="sheet",
            ),
            _phone_bar(page.route),
            class_name="shell",
        )

    return framed


def _is_here(route: str, href: str) -> bool:
    return route == href or (href != "/" and route.startswith(f"{href}/"))


def _rail(route: str) -> rx.Component:
    return rx.el.aside(
        rx.el.div(_workspace_menu(), class_name="rail-top"),
        link_button(
            t("Compose"), "/compose", icon="square-pen", look="primary", class_name="compose block"
        ),
        rx.el.nav(
            *(_nav_item(route, *item) for item in NAVIGATION),
            class_name="nav",
            aria_label=t("Main"),
        ),
        rx.el.div(
            _nav_item(route, "/settings", "settings", "Settings"),
            _person_menu(),
            class_name="rail-foot",
        ),
        class_name="rail",
    )


def _current(route: str, href: str) -> dict[str, str]:
    return {"aria_current": "page"} if _is_here(route, href) else {}


def _badge(href: str) -> rx.Component:
    if href != "/attention":
        return rx.fragment()
    return rx.cond(
        Session.attention_count > 0,
        rx.el.span(Session.attention_count, class_name="count"),
    )


def _nav_item(route: str, href: str, icon: str, label: str) -> rx.Component:
    return rx.el.a(
        rx.icon(icon),
        rx.el.span(t(label), class_name="label"),
        _badge(href),
        href=href,
        class_name="nav-item",
        aria_label=t(label),
        **_current(route, href),
    )


def _workspace_menu() -> rx.Component:
    def choice(one: Any) -> rx.Component:
        return menu_item(
            one.name,
            end=rx.cond(one.id == Session.workspace_id, rx.icon("check"), rx.fragment()),
            on_select=Session.switch_workspace(one.id),
        )

    return menu(
        [
            rx.el.img(src="/logo.svg", alt="", class_name="mark"),
            rx.el.span(
                rx.cond(Session.workspace_name != "", Session.workspace_name, "autosched"),
                class_name="name cut label plain",
            ),
            rx.icon("chevrons-up-down"),
        ],
        menu_title(t("Workspaces")),
        rx.foreach(Session.choices, choice),
        menu_line(),
        menu_item(
            t("New workspace"), icon="plus", on_select=rx.redirect("/settings?new=workspace")
        ),
        label=t("Change the workspace"),
        class_name="workspace-button",
        align="start",
    )


def _person_entries() -> list[rx.Component]:
    return [
        menu_title(Session.person_email),
        menu_item(t("Settings"), icon="settings", on_select=rx.redirect("/settings")),
        menu_item(t("Sources and licences"), icon="scroll-text", on_select=rx.redirect("/credits")),
        menu_line(),
        menu_item("العربية", icon="languages", on_select=Session.choose_language("ar")),
        menu_item("English", icon="languages", on_select=Session.choose_language("en")),
        menu_line(),
        menu_item(t("Light"), icon="sun", on_select=set_color_mode("light")),
        menu_item(t("Dark"), icon="moon", on_select=set_color_mode("dark")),
        menu_item(t("As the system"), icon="monitor", on_select=set_color_mode("system")),
        menu_line(),
        menu_item(t("Log out"), icon="log-out", on_select=log_out()),
    ]


def log_out() -> Any:
    """Leave: a form post, since no script may touch the log-in's cookie."""
    return rx.call_script(
        "(() => { const form = document.createElement('form'); form.method = 'post';"
        " form.action = '/auth/logout'; document.body.append(form); form.submit(); })()"
    )


def _person_menu() -> rx.Component:
    return menu(
        [
            avatar(Session.initials, size="1.75rem"),
            rx.el.span(Session.person_name, class_name="cut label plain"),
        ],
        *_person_entries(),
        label=t("You"),
        class_name="person-button",
        align="start",
        side="top",
    )


def _phone_head(route: str) -> rx.Component:
    return rx.el.div(
        _workspace_menu(),
        rx.el.a(
            rx.icon("at-sign"),
            href="/accounts",
            class_name="icon-button",
            aria_label=t("Accounts"),
            **_current(route, "/accounts"),
        ),
        rx.el.a(
            rx.icon("bell"),
            _badge("/attention"),
            href="/attention",
            class_name="icon-button",
            aria_label=t("Attention"),
            **_current(route, "/attention"),
        ),
        menu(
            [avatar(Session.initials, size="1.875rem")],
            *_person_entries(),
            label=t("You"),
            class_name="icon-button",
        ),
        class_name="phone-head",
    )


def _phone_bar(route: str) -> rx.Component:
    def tab(href: str, icon: str, label: str) -> rx.Component:
        return rx.el.a(
            rx.icon(icon),
            rx.el.span(t(label)),
            href=href,
            class_name="tab",
            **_current(route, href),
        )

    tabs = [tab(*item) for item in NAVIGATION if item[0] in _ON_PHONES]
    add = rx.el.a(rx.icon("plus"), href="/compose", class_name="add", aria_label=t("Compose"))
    return rx.el.nav(*tabs[:2], add, *tabs[2:], class_name="phone-bar", aria_label=t("Main"))


def _homeless() -> rx.Component:
    return empty(
        t("You are in no workspace"),
        t("Open the link of an invitation, or make a workspace of your own."),
        link_button(t("New workspace"), "/settings?new=workspace", look="primary", icon="plus"),
    )
