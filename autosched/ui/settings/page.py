"""The settings as a person sees them."""

from __future__ import annotations

import reflex as rx
from reflex.style import color_mode, set_color_mode

from autosched.ui.parts import (
    bones,
    button,
    card,
    dialog,
    link_button,
    notice,
    page_head,
    retry,
    section,
    segments,
    select,
    text_field,
)
from autosched.ui.session import Session
from autosched.ui.settings.people import going_dialog, people
from autosched.ui.settings.state import Settings
from autosched.ui.shell import log_out
from autosched.ui.words import browser_zone, language, t, zone_name, zone_names

MISSED = (
    ("15", "15 minutes"),
    ("60", "1 hour"),
    ("180", "3 hours"),
    ("720", "12 hours"),
    ("1440", "1 day"),
    ("10080", "7 days"),
)


def settings() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(t("Settings")),
        rx.cond(
            ~Settings.loaded,
            bones(4, height="6rem"),
            rx.cond(
                Settings.failure != "",
                retry(Settings.failure, Settings.load),
                rx.fragment(
                    rx.cond(
                        Settings.workspace_id != "",
                        rx.fragment(_workspace(), people()),
                    ),
                    _you(),
                    _about(),
                ),
            ),
        ),
        going_dialog(),
        _make_dialog(),
    )


def _zones(name: str) -> rx.Component:
    return rx.el.datalist(
        rx.foreach(zone_names, lambda zone: rx.el.option(value=zone)), id=f"{name}-choices"
    )


def _workspace() -> rx.Component:
    may = Settings.can_administer
    return section(
        t("Workspace"),
        card(
            rx.cond(
                may,
                rx.fragment(),
                notice(t("Only an owner or an admin can change these.")),
            ),
            text_field(
                t("Name"),
                name="workspace-name",
                default_value=Settings.workspace_name,
                key=f"name-{Settings.workspace_id}",
                max_length=100,
                disabled=~may,
                on_blur=Settings.rename,
            ),
            rx.el.div(
                text_field(
                    t("Time zone"),
                    name="workspace-zone",
                    default_value=Settings.zone,
                    key=f"zone-{Settings.workspace_id}",
                    hint=t(
                        "All times are planned and shown here: now {zone}. Planned posts keep"
                        " their moment.",
                        zone=zone_name(Settings.zone),
                    ),
                    disabled=~may,
                    class_name="ltr",
                    on_change=Settings.set_zone.debounce(700),
                    custom_attrs={"list": "workspace-zone-choices"},
                ),
                _zones("workspace-zone"),
            ),
            select(
                t("When a post could not go out in time"),
                [
                    (value, t("Ask me when it is over {span} late", span=t(text)))
                    for value, text in MISSED
                ],
                name="missed-after",
                hint=t("Up to then it goes out late by itself; after that it waits for you."),
                value=Settings.missed_after,
                disabled=~may,
                on_change=Settings.set_missed_after,
            ),
            class_name="col settings-card",
        ),
        id="workspace",
    )


def _you() -> rx.Component:
    return section(
        t("You"),
        card(
            rx.el.div(
                rx.el.div(
                    rx.el.p(Session.person_name, class_name="strong plain"),
                    rx.el.p(Session.person_email, class_name="small faint"),
                    class_name="grow",
                ),
                button(t("Log out"), icon="log-out", on_click=log_out()),
                class_name="row wrap",
            ),
            rx.el.div(
                rx.el.span(t("Language"), class_name="field-label grow"),
                segments(
                    [("en", "English"), ("ar", "العربية")],
                    language,
                    Session.choose_language,
                    label=t("Language"),
                ),
                class_name="row wrap",
            ),
            rx.el.div(
                rx.el.span(t("Appearance"), class_name="field-label grow"),
                segments(
                    [
                        ("system", t("As the system"), "monitor"),
                        ("light", t("Light"), "sun"),
                        ("dark", t("Dark"), "moon"),
                    ],
                    color_mode,
                    set_color_mode,
                    label=t("Appearance"),
                ),
                class_name="row wrap",
            ),
            rx.el.div(
                rx.el.span(t("Shortcuts"), class_name="field-label grow"),
                rx.el.span(
                    *_key("C", "Compose"),
                    *_key("G H", "Home"),
                    *_key("G S", "Studio"),
                    *_key("G C", "Calendar"),
                    *_key("G L", "Library"),
                    *_key("/", "Search"),
                    class_name="row wrap tight small muted shortcuts",
                ),
                class_name="row wrap only-keyboard",
            ),
            class_name="col settings-card",
        ),
        id="you",
    )


def _key(key: str, words: str) -> tuple[rx.Component, rx.Component]:
    return rx.el.kbd(key, class_name="ltr"), rx.el.span(t(words), class_name="key-words")


def _about() -> rx.Component:
    return section(
        t("About"),
        card(
            rx.el.p(
                t("The Quran's text, its translations and the fonts are the work of others."),
                class_name="muted grow",
            ),
            link_button(t("Sources and licences"), "/credits", icon="scroll-text"),
            class_name="row wrap",
        ),
    )


def _make_dialog() -> rx.Component:
    return dialog(
        rx.el.form(
            text_field(t("Name"), name="name", required=True, max_length=100, auto_focus=True),
            rx.el.div(
                text_field(
                    t("Time zone"),
                    name="zone",
                    required=True,
                    default_value=browser_zone,
                    class_name="ltr",
                    custom_attrs={"list": "zone-choices"},
                ),
                _zones("zone"),
            ),
            rx.cond(Settings.making_wrong != "", notice(Settings.making_wrong, look="bad")),
            rx.el.div(
                button(t("Cancel"), on_click=Settings.set_making(False)),
                button(t("Make it"), type="submit", look="primary"),
                class_name="dialog-foot",
            ),
            on_submit=Settings.make,
            class_name="col",
        ),
        title=t("New workspace"),
        lead=t("Its own files, accounts, calendar and people."),
        open=Settings.is_making,
        on_open_change=Settings.set_making,
    )
