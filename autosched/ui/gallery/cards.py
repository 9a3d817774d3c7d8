"""The gallery's page: cards that play while they are pointed at."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.studio import template as built_in
from autosched.ui import handlers
from autosched.ui.gallery.state import Gallery
from autosched.ui.parts import (
    bones,
    button,
    chip,
    dialog,
    empty,
    icon_button,
    link_button,
    menu,
    menu_item,
    page_head,
    retry,
    search_field,
    segments,
)
from autosched.ui.session import Session
from autosched.ui.words import moment, plural, t


def gallery() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(
            t("Templates"),
            rx.cond(Gallery.can_edit, _tools()),
            lead=t("How a video looks, moves and sounds: built in, learned, or your own."),
        ),
        rx.el.div(
            segments(
                [
                    ("all", t("All")),
                    ("own", t("This workspace's")),
                    ("built", t("Built in")),
                    ("trash", t("Trash"), "trash-2"),
                ],
                Gallery.wanted,
                Gallery.choose,
                label=t("Which templates"),
            ),
            search_field(
                t("Search titles and references"), value=Gallery.query, on_change=Gallery.search
            ),
            class_name="library-tools",
        ),
        rx.cond(
            ~Gallery.loaded,
            bones(8, grid=True, ratio="9 / 16"),
            rx.cond(
                Gallery.failed != "",
                retry(Gallery.failed, Gallery.load),
                rx.cond(
                    Gallery.found,
                    rx.el.ul(rx.foreach(Gallery.found, _card), class_name="template-cards"),
                    _nothing(),
                ),
            ),
        ),
        _choosing(),
    )


def _tools() -> rx.Component:
    return rx.fragment(
        rx.el.input(
            type="file",
            id="template-file",
            accept=".autosched-template,application/json",
            class_name="hidden-text",
            tab_index=-1,
            aria_label=t("A template file"),
            on_change=rx.run_script(_send_file(), callback=Gallery.taken_in),
        ),
        button(
            t("Add from a file"),
            icon="file-up",
            on_click=handlers.event_script("document.getElementById('template-file').click()"),
        ),
        button(
            t("Learn from references"),
            icon="scan-eye",
            look="primary",
            on_click=Gallery.ask_to_learn,
            id="learn",
        ),
    )


def _send_file() -> rx.Var[Any]:
    workspace = rx.Var.create(Session.workspace_id)
    return rx.Var(
        _js_expr=f"autosched.sendTemplate({workspace!s})", _var_data=workspace._get_all_var_data()
    )


def title_of(card: Any) -> rx.Var[Any]:
    """A template's title; a built-in one's in the reader's language."""
    return rx.match(
        card.of, *((one.name, t(one.title)) for one in built_in.templates()), card.title
    )


def _card(card: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.el.img(src=card.still, alt="", loading="lazy"),
                rx.cond(
                    Gallery.wanted != "trash",
                    rx.el.video(
                        src=card.moving,
                        muted=True,
                        loop=True,
                        preload="none",
                        custom_attrs={"playsInline": True, "aria-hidden": "true"},
                    ),
                ),
                class_name="look-frame",
            ),
            rx.el.span(title_of(card), class_name="cut plain"),
            href=f"/templates/design?of={card.of}",
            class_name="look",
            title=card.description,
        ),
        rx.el.div(
            rx.cond(
                card.own,
                rx.el.span(
                    moment(card.edited, Gallery.zone, "ago"), class_name="faint small grow cut"
                ),
                rx.el.span(t("Built in"), class_name="faint small grow cut"),
            ),
            rx.cond(Gallery.can_edit, _card_menu(card)),
            class_name="row tight card-foot",
        ),
        rx.cond(
            card.sources != "",
            chip(card.sources, icon="scan-eye"),
        ),
        class_name="template-card",
        custom_attrs={"data-template": card.of, "data-own": card.own.to_string()},
    )


def _card_menu(card: Any) -> rx.Component:
    return rx.cond(
        Gallery.wanted == "trash",
        icon_button(
            "undo-2",
            t("Take out of the trash"),
            on_click=Gallery.untrash(card.of),
            class_name="small",
        ),
        menu(
            [rx.icon("ellipsis")],
            menu_item(
                t("Use in the studio"),
                icon="clapperboard",
                on_select=rx.redirect(f"/studio?template={card.of}"),
            ),
            menu_item(t("Duplicate"), icon="copy", on_select=Gallery.duplicate(card.of)),
            label=t("More"),
            class_name="icon-button small",
        ),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        Gallery.query != "",
        empty(t("Nothing found"), t("No template is called so. Try other words."), picture="film"),
        rx.cond(
            Gallery.wanted == "trash",
            empty(t("The trash is empty"), t("What you throw away waits here."), picture="calm"),
            empty(
                t("No templates of your own yet"),
                t("Learn one from a video whose look you admire, or start from a built-in one."),
                button(t("See the built-in ones"), on_click=Gallery.choose("built")),
                picture="film",
            ),
        ),
    )


def _choosing() -> rx.Component:
    def one(row: Any) -> rx.Component:
        return rx.el.button(
            rx.el.img(src=f"/files/{row.asset}/poster", alt="", loading="lazy"),
            rx.el.span(row.name, class_name="cut small plain"),
            rx.cond(row.chosen, rx.icon("circle-check")),
            type="button",
            class_name="reference-choice",
            aria_pressed=rx.cond(row.chosen, "true", "false"),
            on_click=Gallery.toggle(row.id),
        )

    return dialog(
        rx.cond(
            Gallery.references,
            rx.el.div(rx.foreach(Gallery.references, one), class_name="reference-choices"),
            empty(
                t("No reference has been measured yet"),
                t("Have a video or a picture of your library measured first."),
                link_button(t("To the library"), "/library", icon="images"),
                picture="film",
            ),
        ),
        title=t("Learn a template"),
        lead=t("From one reference or several: what they have in common becomes the template."),
        open=Gallery.learning,
        on_open_change=Gallery.set_learning,
        wide=True,
        foot=[
            rx.el.span(
                plural("{n} reference chosen", "{n} references chosen", Gallery.chosen_count),
                class_name="faint small grow",
            ),
            button(
                t("Make the template"),
                icon="sparkles",
                look="primary",
                busy=Gallery.busy,
                disabled=Gallery.chosen_count == 0,
                on_click=Gallery.learn,
            ),
        ],
    )
