"""The editor: accounts, tabs for their own words, the text with its counts, what is against it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.compose.choosing import Choosing
from autosched.ui.compose.media import strip
from autosched.ui.compose.options import Options
from autosched.ui.compose.picking import Picking
from autosched.ui.compose.state import WRITTEN, Compose
from autosched.ui.compose.verses import Verses
from autosched.ui.parts import account_mark, button, glyph, link_button, menu, menu_item, menu_title
from autosched.ui.words import number, t


def accounts() -> rx.Component:
    """Where it goes out."""

    def one(line: Any) -> rx.Component:
        return rx.el.button(
            account_mark(line.platform, line.initials, picture=line.avatar, size="1.75rem"),
            rx.el.span(line.handle, class_name="cut ltr"),
            rx.cond(line.chosen, rx.icon("check", size=14, class_name="tick")),
            type="button",
            class_name="account-choice",
            aria_pressed=rx.cond(line.chosen, "true", "false"),
            on_click=Choosing.toggle(line.id, WRITTEN),
            disabled=Compose.is_fixed,
        )

    return rx.el.div(
        rx.cond(
            Compose.accounts,
            rx.foreach(Compose.accounts, one),
            rx.el.div(
                rx.el.p(
                    t("No account is connected yet. You can write, and keep it as a draft."),
                    class_name="muted small grow",
                ),
                link_button(t("Connect an account"), "/accounts", icon="at-sign", size="small"),
                class_name="row wrap grow",
            ),
        ),
        class_name="composer-accounts",
        role="group",
        aria_label=t("Accounts"),
    )


def tabs() -> rx.Component:
    """Everybody's words, and one tab for each account that gets its own."""

    def tab(value: Any, inner: list[Any]) -> rx.Component:
        return rx.el.button(
            *inner,
            type="button",
            role="tab",
            aria_selected=rx.cond(Compose.tab == value, "true", "false"),
            class_name="composer-tab",
            on_click=Choosing.show_tab(value, WRITTEN),
        )

    return rx.cond(
        (Compose.chosen.length() > 1) | (Compose.own_tabs.length() > 0),
        rx.el.div(
            rx.el.div(
                tab("", [t("Everywhere")]),
                rx.foreach(
                    Compose.own_tabs,
                    lambda line: tab(
                        line.id,
                        [
                            glyph(line.platform, size="1rem"),
                            rx.el.span(line.handle, class_name="cut ltr"),
                        ],
                    ),
                ),
                role="tablist",
                aria_label=t("Words for"),
                class_name="composer-tabs",
            ),
            rx.cond(
                (Compose.tab == "") & (Compose.common_accounts.length() > 0) & ~Compose.is_fixed,
                menu(
                    [rx.icon("split", size=15), rx.el.span(t("Write differently for…"))],
                    menu_title(t("Its own words for")),
                    rx.foreach(
                        Compose.common_accounts,
                        lambda line: menu_item(
                            line.handle,
                            end=glyph(line.platform),
                            on_select=Choosing.differ(line.id, WRITTEN),
                        ),
                    ),
                    label=t("Write differently for an account"),
                    class_name="button bare small",
                ),
            ),
            rx.cond(
                (Compose.tab != "") & ~Compose.is_fixed,
                button(
                    t("Same as everywhere"),
                    icon="undo-2",
                    look="bare",
                    size="small",
                    on_click=Choosing.same_for_all(Compose.tab),
                ),
            ),
            class_name="composer-tabrow",
        ),
    )


def sheet() -> rx.Component:
    """The paper: text, media, tools."""
    return rx.el.div(
        tabs(),
        rx.el.textarea(
            id="compose-text",
            key=f"text-{Compose.edition}",
            default_value=Compose.shown_text,
            on_change=lambda text: Compose.write(Compose.tab, text).debounce(150),
            placeholder=t("What would you like to share?"),
            aria_label=t("Text"),
            dir="auto",
            class_name="composer-text",
            read_only=Compose.is_fixed,
            spell_check=True,
            custom_attrs={"data-tab": Compose.tab},
        ),
        strip(),
        rx.el.div(
            rx.cond(
                ~Compose.is_fixed,
                rx.fragment(
                    button(
                        t("Media"),
                        icon="image",
                        look="bare",
                        size="small",
                        on_click=Picking.open_picker,
                    ),
                    button(
                        t("Verse"),
                        icon="book-open",
                        look="bare",
                        size="small",
                        on_click=Verses.open_verses,
                    ),
                ),
            ),
            rx.el.div(rx.foreach(Compose.chosen, _count), class_name="composer-counts"),
            class_name="composer-tools",
        ),
        class_name="composer-sheet",
    )


def _count(line: Any) -> rx.Component:
    left = line.limit - line.count
    near = line.share > 0.8
    return rx.el.span(
        glyph(line.platform, size="1rem"),
        rx.el.span(number(line.count), "/", number(line.limit), class_name="numbers ltr"),
        rx.el.span(
            class_name="count-ring",
            style={"--share": f"{line.share * 100}%"},
            aria_hidden="true",
        ),
        class_name=rx.cond(
            left < 0, "composer-count over", rx.cond(near, "composer-count near", "composer-count")
        ),
        title=line.handle,
        custom_attrs={"data-count": line.platform},
    )


def problems() -> rx.Component:
    """What the platforms have against it: what must change, and what could be better."""

    def said(line: Any) -> rx.Component:
        return rx.foreach(
            line.problems,
            lambda problem: rx.el.li(
                rx.cond(
                    problem.blocking,
                    rx.icon("circle-alert", size=16),
                    rx.icon("lightbulb", size=16),
                ),
                rx.el.span(
                    glyph(line.platform, size="0.9375rem"), problem.sentence, class_name="plain"
                ),
                rx.cond(
                    (problem.code == "by_hand") & ~Compose.is_fixed,
                    button(
                        t("Remind me instead"),
                        icon="hand",
                        size="small",
                        on_click=Options.post_by_hand(line.id, True, WRITTEN),
                    ),
                ),
                rx.cond(
                    (problem.code == "quotation") & ~Compose.is_fixed,
                    button(
                        t("Use the right words"),
                        icon="book-open-check",
                        size="small",
                        on_click=Verses.mend_quotations(WRITTEN),
                    ),
                ),
                class_name=rx.cond(problem.blocking, "problem blocking", "problem"),
            ),
        )

    return rx.el.ul(
        rx.foreach(Compose.chosen, said), class_name="composer-problems", aria_live="polite"
    )
