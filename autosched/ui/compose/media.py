"""The strip of the post's media, the picker, and the question what a picture shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.compose.picking import Picking
from autosched.ui.compose.state import Compose
from autosched.ui.parts import (
    bones,
    button,
    dialog,
    empty,
    icon_button,
    link_button,
    search_field,
    segments,
    text_area,
    uploads,
)
from autosched.ui.words import length, plural, t


def strip() -> rx.Component:
    """What is in the post, in order."""
    return rx.cond(
        Compose.media,
        rx.el.div(
            rx.el.ul(
                rx.foreach(Compose.media, _item), class_name="composer-strip", aria_label=t("Media")
            ),
            rx.cond(
                (Compose.missing_alt > 0) & ~Compose.is_fixed,
                rx.el.p(
                    rx.icon("accessibility", size=15),
                    plural(
                        "{n} file has no description yet. Say what it shows to those who"
                        " can't see it.",
                        "{n} files have no description yet. Say what they show to those who"
                        " can't see them.",
                        Compose.missing_alt,
                    ),
                    class_name="row tight small alt-nudge",
                ),
            ),
            class_name="col tight",
        ),
    )


def _item(item: Any, place: Any) -> rx.Component:
    variant = rx.cond(item.kind == "audio", "waveform", "poster")
    count = Compose.media_count
    has_alt = item.alt != ""
    return rx.el.li(
        rx.el.div(
            rx.el.img(src=f"/files/{item.asset_id}/{variant}", alt=item.alt, draggable=False),
            rx.cond(
                item.duration,
                rx.el.span(
                    rx.icon("play", size=11), length(item.duration), class_name="attached-length"
                ),
            ),
            rx.cond(
                ~Compose.is_fixed,
                icon_button(
                    "x",
                    t("Take it out"),
                    class_name="attached-out",
                    on_click=Picking.take_out(item.asset_id),
                ),
            ),
            rx.cond(
                ~Compose.is_fixed & (count > 1),
                rx.el.div(
                    icon_button(
                        "chevron-left",
                        t("Earlier"),
                        class_name="turns",
                        disabled=place == 0,
                        on_click=Picking.step(item.asset_id, -1),
                    ),
                    icon_button(
                        "chevron-right",
                        t("Later"),
                        class_name="turns",
                        disabled=place == count - 1,
                        on_click=Picking.step(item.asset_id, 1),
                    ),
                    class_name="attached-order",
                ),
            ),
            class_name="attached-frame",
        ),
        rx.cond(
            item.kind != "audio",
            rx.el.button(
                rx.cond(has_alt, rx.icon("check", size=13), rx.icon("plus", size=13)),
                rx.cond(has_alt, t("Described"), t("Describe")),
                type="button",
                class_name=rx.cond(has_alt, "attached-alt", "attached-alt missing"),
                on_click=Picking.describe(item.asset_id),
                disabled=Compose.is_fixed,
            ),
        ),
        class_name="attached-item",
    )


def picker() -> rx.Component:
    """The library, to choose from."""
    return dialog(
        rx.el.div(
            segments(
                [
                    ("", t("All")),
                    ("video", t("Videos"), "film"),
                    ("image", t("Pictures"), "image"),
                    ("audio", t("Sounds"), "audio-lines"),
                ],
                Picking.shelf_kind,
                Picking.show_kind,
                label=t("Kind"),
            ),
            rx.el.div(
                search_field(
                    t("Search names and descriptions"),
                    value=Picking.shelf_query,
                    on_change=Picking.search_shelf,
                ),
                class_name="grow",
            ),
            class_name="row wrap picker-tools",
        ),
        rx.cond(
            ~Picking.shelf_loaded,
            bones(8, grid=True, ratio="4 / 5"),
            rx.cond(
                Picking.shelf,
                rx.el.div(rx.foreach(Picking.shelf, _choice), class_name="picker-grid"),
                rx.cond(
                    (Picking.shelf_query != "") | (Picking.shelf_kind != ""),
                    empty(
                        t("Nothing found"),
                        t("Try other words, or look at all kinds."),
                        picture="library",
                    ),
                    empty(
                        t("Your library is empty"),
                        t("Drop a file below, or make a video in the studio."),
                        link_button(t("Make a video"), "/studio", icon="clapperboard"),
                        picture="library",
                    ),
                ),
            ),
        ),
        rx.el.div(uploads(on_done=Picking.uploaded, compact=True), class_name="picker-upload"),
        title=t("Choose media"),
        open=Picking.is_picking,
        on_open_change=Picking.set_picking,
        foot=[
            rx.el.span(
                plural("{n} chosen", "{n} chosen", Picking.picked_count),
                class_name="muted grow picker-count",
            ),
            button(t("Cancel"), on_click=Picking.set_picking(False)),
            button(t("Use these"), look="primary", icon="check", on_click=Picking.use_picked),
        ],
        wide=True,
        class_name="picker",
    )


def _choice(item: Any) -> rx.Component:
    variant = rx.cond(item.kind == "audio", "waveform", "poster")
    picked: Any = Picking.picked
    place: Any = rx.Var(
        _js_expr=f"({picked!s}.indexOf({item.asset_id!s}) + 1)",
        _var_type=int,
        _var_data=picked._get_all_var_data(),
    ).guess_type()
    return rx.el.button(
        rx.el.span(
            rx.el.img(src=f"/files/{item.asset_id}/{variant}", alt="", loading="lazy"),
            rx.cond(item.duration, rx.el.span(length(item.duration), class_name="attached-length")),
            rx.cond(place > 0, rx.el.span(place, class_name="picker-place")),
            class_name=rx.cond(item.kind == "audio", "tile-frame audio", "tile-frame"),
            style={"--frame": "4 / 5"},
        ),
        rx.el.span(item.name, class_name="cut tiny plain"),
        type="button",
        class_name="tile",
        aria_pressed=rx.cond(place > 0, "true", "false"),
        aria_label=item.name,
        on_click=Picking.pick(item.asset_id),
    )


def describing() -> rx.Component:
    """The question what a picture or video shows."""
    shown = Picking.describing
    return dialog(
        rx.el.form(
            rx.el.div(
                rx.el.img(src=f"/files/{shown.asset_id}/poster", alt=""), class_name="alt-picture"
            ),
            text_area(
                t("What does it show?"),
                name="alt",
                hint=t("One or two sentences. Words that stand in the picture belong here too."),
                default_value=shown.alt,
                key=shown.asset_id,
                rows=4,
                max_length=1000,
                auto_focus=True,
                dir="auto",
            ),
            rx.el.div(
                button(t("Cancel"), on_click=Picking.set_describing(False)),
                button(t("Keep"), type="submit", look="primary", icon="check"),
                class_name="dialog-foot",
            ),
            on_submit=Picking.set_alt,
            class_name="col",
        ),
        title=t("Describe it"),
        lead=t("For people who can't see it, and for those who search."),
        open=Picking.is_describing,
        on_open_change=Picking.set_describing,
    )
