"""The members of the workspace, and the invitations by which people join."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.handlers import event_script
from autosched.ui.parts import (
    avatar,
    button,
    card,
    chip,
    dialog,
    icon_button,
    menu,
    menu_item,
    notice,
    section,
    select,
    text_field,
)
from autosched.ui.settings.state import Settings
from autosched.ui.words import moment, t

ROLES = (
    ("viewer", "Viewer"),
    ("editor", "Editor"),
    ("admin", "Admin"),
    ("owner", "Owner"),
)


def people() -> rx.Component:
    """The section."""
    return section(
        t("People"),
        card(
            rx.el.ul(
                rx.foreach(Settings.people, _member),
                rx.foreach(Settings.invited, _invited),
                class_name="rows",
            ),
            rx.cond(Settings.can_administer, _invite()),
            class_name="flush",
        ),
        id="people",
    )


def role_words(role: Any) -> Any:
    """A role by its name in the reader's language."""
    return rx.match(role, *((value, t(name)) for value, name in ROLES), role)


def _member(one: Any) -> rx.Component:
    is_me = one.id == Settings.person_id
    roles = [
        rx.el.option(t(name), value=value)
        if value != "owner"
        else rx.cond(Settings.is_owner | (one.role == "owner"), rx.el.option(t(name), value=value))
        for value, name in ROLES
    ]
    return rx.el.li(
        avatar(one.letters, size="2.25rem"),
        rx.el.div(
            rx.el.p(
                rx.el.span(one.name, class_name="plain"),
                rx.cond(is_me, rx.el.span(t("(you)"), class_name="faint small")),
                class_name="row tight strong",
            ),
            rx.el.p(one.email, class_name="small faint cut"),
            class_name="grow",
        ),
        rx.cond(
            Settings.can_administer,
            rx.el.select(
                *roles,
                value=one.role,
                aria_label=t("Role of {name}", name=one.name),
                class_name="input role",
                on_change=Settings.set_role(one.id),
            ),
            chip(role_words(one.role)),
        ),
        rx.cond(
            is_me,
            menu(
                [rx.icon("ellipsis")],
                menu_item(
                    t("Leave this workspace"),
                    icon="log-out",
                    bad=True,
                    on_select=Settings.ask_to_go(one.id),
                ),
                label=t("More"),
            ),
            rx.cond(
                Settings.can_administer,
                menu(
                    [rx.icon("ellipsis")],
                    menu_item(
                        t("Remove"),
                        icon="user-minus",
                        bad=True,
                        on_select=Settings.ask_to_go(one.id),
                    ),
                    label=t("More"),
                ),
            ),
        ),
    )


def _invited(one: Any) -> rx.Component:
    return rx.el.li(
        avatar(one.letters, size="2.25rem"),
        rx.el.div(
            rx.el.p(one.email, class_name="cut"),
            rx.el.p(
                t("Invited, until {date}", date=moment(one.until, Settings.zone, "date")),
                class_name="small faint",
            ),
            class_name="grow",
        ),
        chip(role_words(one.role), tone="gold", icon="mail"),
        menu(
            [rx.icon("ellipsis")],
            menu_item(
                t("New link"), icon="link", on_select=Settings.invite_again(one.email, one.role)
            ),
            menu_item(t("Take back"), icon="x", bad=True, on_select=Settings.withdraw(one.email)),
            label=t("More"),
        ),
    )


def _invite() -> rx.Component:
    return rx.el.div(
        rx.el.form(
            text_field(
                t("Invite by e-mail"),
                name="email",
                type="email",
                required=True,
                placeholder="yusuf@example.org",
                class_name="ltr",
            ),
            select(
                t("Role"),
                [("editor", t("Editor")), ("viewer", t("Viewer")), ("admin", t("Admin"))],
                name="role",
                default_value="editor",
            ),
            button(t("Make a link"), icon="link", type="submit", look="primary"),
            on_submit=Settings.invite,
            reset_on_submit=True,
            class_name="invite-form",
        ),
        rx.cond(Settings.wrong != "", notice(Settings.wrong, look="bad")),
        rx.cond(Settings.link != "", _link()),
        rx.el.p(
            t("Viewers look; editors make and plan; admins also connect accounts and invite."),
            class_name="small faint",
        ),
        class_name="col invite",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            t("Send this link to {email}. It works once, for seven days.", email=Settings.link_for),
            class_name="small",
        ),
        rx.el.div(
            rx.el.input(
                value=Settings.link,
                read_only=True,
                aria_label=t("Link of the invitation"),
                class_name="input ltr",
                id="invitation-link",
                on_focus=event_script("document.getElementById('invitation-link').select()"),
            ),
            icon_button(
                "copy",
                t("Copy"),
                on_click=[
                    rx.set_clipboard(Settings.link),
                    rx.toast.success(t("Copied")),
                ],
            ),
            class_name="input-group",
        ),
        class_name="invite-link",
        role="status",
    )


def going_dialog() -> rx.Component:
    """The question before somebody leaves."""
    is_me = Settings.going.id == Settings.person_id
    return dialog(
        rx.el.p(
            rx.cond(
                is_me,
                t("You will no longer see its files and posts. What you made stays."),
                t("They will no longer see its files and posts. What they made stays."),
            ),
            class_name="muted",
        ),
        title=rx.cond(
            is_me,
            t("Leave {workspace}?", workspace=Settings.workspace_name),
            t("Remove {name}?", name=Settings.going.name),
        ),
        open=Settings.is_going,
        on_open_change=Settings.set_going,
        foot=[
            button(t("Cancel"), on_click=Settings.set_going(False)),
            button(
                rx.cond(is_me, t("Leave"), t("Remove")), look="danger", on_click=Settings.let_go
            ),
        ],
    )
