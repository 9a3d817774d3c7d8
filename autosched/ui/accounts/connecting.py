"""Connecting: the platforms that there are, and what each asks before an account is connected."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.accounts.state import Accounts
from autosched.ui.handlers import event_script
from autosched.ui.parts import (
    browser_form,
    button,
    card,
    dialog,
    glyph,
    hidden,
    icon_button,
    notice,
    section,
    segments,
    text_field,
)
from autosched.ui.parts.controls import field
from autosched.ui.words import t


def offers() -> rx.Component:
    """All platforms, each with its way to begin."""
    return section(
        t("Connect an account"),
        rx.el.div(rx.foreach(Accounts.offers, _offer), class_name="grid platforms"),
    )


def _offer(one: Any) -> rx.Component:
    return card(
        rx.el.div(glyph(one.name, size="2.25rem"), rx.el.h3(one.title), class_name="row"),
        rx.el.p(one.about, class_name="muted small grow"),
        rx.cond(
            one.way == "app",
            rx.el.p(
                rx.icon("key-round", size=14),
                t("This installation is not known to it yet."),
                class_name="small faint row tight",
            ),
        ),
        rx.match(
            one.way,
            ("direct", _straight_there(one)),
            ("app", button(t("What to set"), icon="wrench", on_click=Accounts.begin(one.name))),
            button(t("Connect"), icon="plus", on_click=Accounts.begin(one.name)),
        ),
        class_name="col platform",
        custom_attrs={"data-platform": one.name},
    )


def _straight_there(one: Any) -> rx.Component:
    return browser_form(
        hidden("workspace_id", Accounts.workspace_id),
        button(t("Connect"), icon="plus", type="submit"),
        action=f"/connect/{one.name}",
    )


def connect_dialog() -> rx.Component:
    """What is asked or said before an account is connected."""
    asked, again = Accounts.asked, Accounts.again
    return dialog(
        rx.cond(
            asked.way == "app",
            _what_to_set(),
            rx.fragment(
                rx.cond(
                    asked.sign_in == "both",
                    segments(
                        [
                            ("consent", t("On its own page"), "external-link"),
                            ("form", t("With an app password"), "key-round"),
                        ],
                        rx.cond(Accounts.by_form, "form", "consent"),
                        Accounts.choose_way,
                        label=t("How to connect"),
                    ),
                ),
                rx.cond(Accounts.by_form, _form(), _consent()),
            ),
        ),
        title=rx.cond(
            again.id != "",
            t("Connect {account} again", account=again.name),
            t("Connect {platform}", platform=asked.title),
        ),
        open=Accounts.is_form_open,
        on_open_change=Accounts.set_form_open,
        class_name="connect-dialog",
    )


def _consent() -> rx.Component:
    """A form that the browser posts: the answer leads to the platform's page."""
    asked, again = Accounts.asked, Accounts.again
    return browser_form(
        hidden("workspace_id", Accounts.workspace_id),
        hidden("account_id", again.id),
        rx.el.p(
            t(
                "You log in on {platform}'s own page and agree there. Your password never comes"
                " here.",
                platform=asked.title,
            ),
            class_name="muted",
        ),
        rx.cond(
            again.id != "",
            rx.el.p(
                rx.icon("info", size=15),
                t("Log in there as {handle}.", handle=again.handle),
                class_name="row tight small",
            ),
        ),
        rx.foreach(asked.consent_fields, _input),
        rx.el.div(
            button(t("Cancel"), on_click=Accounts.set_form_open(False)),
            button(
                t("Go to {platform}", platform=asked.title),
                icon="external-link",
                type="submit",
                look="primary",
            ),
            class_name="dialog-foot",
        ),
        action=f"/connect/{asked.name}",
        class_name="col connect-form",
        key=f"consent-{asked.name}-{again.id}",
    )


def _form() -> rx.Component:
    asked = Accounts.asked
    return rx.el.form(
        rx.cond(asked.need != "", rx.el.p(asked.need, class_name="muted")),
        rx.foreach(asked.fields, _input),
        rx.cond(Accounts.wrong != "", notice(Accounts.wrong, look="bad")),
        rx.el.div(
            button(t("Cancel"), on_click=Accounts.set_form_open(False)),
            button(t("Connect"), type="submit", look="primary", busy=Accounts.busy),
            class_name="dialog-foot",
        ),
        on_submit=Accounts.send,
        class_name="col connect-form",
        key=f"form-{asked.name}-{Accounts.again.id}",
    )


def _input(line: Any) -> rx.Component:
    choice = field(
        line.title,
        rx.el.select(
            rx.foreach(line.ways, lambda way: rx.el.option(way.title, value=way.value)),
            id=line.name,
            name=line.name,
            default_value=line.default,
            class_name="input",
        ),
        name=line.name,
    )
    return rx.cond(
        line.ways,
        choice,
        text_field(
            line.title,
            name=line.name,
            type=rx.cond(line.secret, "password", "text"),
            hint=line.hint,
            default_value=line.default,
            required=line.required,
            auto_complete="off",
            spell_check=False,
            class_name="ltr",
        ),
    )


def _what_to_set() -> rx.Component:
    """The way to an app of one's own on the platform, step by step."""
    asked = Accounts.asked
    return rx.el.div(
        rx.el.p(
            t(
                "{platform} lets only programs in that it knows. An app of your own costs nothing"
                " but a form in its developer portal:",
                platform=asked.title,
            ),
            class_name="muted",
        ),
        rx.el.ol(
            rx.el.li(
                t("Make an app there, and give it exactly this address to come back to:"),
                _copied(asked.address),
            ),
            rx.el.li(
                t("Set its identifier and its secret where autosched runs:"),
                rx.foreach(asked.variables, lambda key: rx.el.code(key, class_name="ltr key-name")),
            ),
            rx.el.li(t("Start autosched again: the button to connect then stands here.")),
            class_name="steps-to-app",
        ),
        notice(
            rx.fragment(
                t("Only trying it out? Stand-ins for all platforms need no keys:"),
                " ",
                rx.el.code("autosched up --sandbox", class_name="ltr"),
            ),
            icon="flask-conical",
        ),
        rx.el.div(
            button(t("Close"), on_click=Accounts.set_form_open(False)), class_name="dialog-foot"
        ),
        class_name="col",
    )


def _copied(address: Any) -> rx.Component:
    return rx.el.div(
        rx.el.code(address, class_name="ltr cut grow", id="return-address"),
        icon_button(
            "copy",
            t("Copy"),
            class_name="small",
            on_click=event_script("navigator.clipboard?.writeText(%s)", address),
        ),
        class_name="row tight copy-line",
    )
