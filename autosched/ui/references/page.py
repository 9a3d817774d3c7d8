"""All references: a place to drop one, cards with how far each is, and a template from several."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.parts import (
    bones,
    button,
    chip,
    dialog,
    empty,
    icon_button,
    media_tile,
    page_head,
    progress_bar,
    retry,
    search_field,
    uploads,
)
from autosched.ui.references.spoken import stage
from autosched.ui.references.state import References
from autosched.ui.words import length, moment, number, plural, t


def references() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(
            t("References"),
            rx.cond(
                References.can_edit,
                button(
                    t("Choose from the library"),
                    icon="images",
                    on_click=References.open_shelf,
                    id="open-shelf",
                ),
            ),
            lead=t(
                "Drop in a video whose look you admire: its rhythm, colours, framing, text and "
                "sound are measured, and become a template."
            ),
        ),
        rx.cond(References.can_edit, uploads(on_done=References.arrived, whole_page=True)),
        rx.cond(
            ~References.loaded,
            bones(6, grid=True, ratio="4 / 3"),
            rx.cond(
                References.failure != "",
                retry(References.failure, References.load),
                rx.cond(References.rows, _grid(), _nothing()),
            ),
        ),
        _choice(),
        _shelf(),
    )


def _grid() -> rx.Component:
    return rx.el.div(rx.foreach(References.rows, _card), class_name="references-grid")


def _nothing() -> rx.Component:
    return empty(
        t("No references yet"),
        t("A reel you love is a good first one. It is measured here, on this machine."),
        picture="film",
    )


def _card(row: Any) -> rx.Component:
    under_way = (row.state == "queued") | (row.state == "running")
    stopped = (row.state == "failed") | (row.state == "cancelled")
    return rx.el.article(
        rx.el.a(
            rx.el.img(src=f"/files/{row.asset_id}/poster", alt="", loading="lazy"),
            rx.cond(
                row.seconds, rx.el.span(rx.icon("play"), length(row.seconds), class_name="corner")
            ),
            href=f"/references/one?id={row.id}",
            class_name=rx.cond(under_way, "reference-frame growing", "reference-frame"),
            aria_label=t("Open {name}", name=row.title),
        ),
        rx.cond(
            row.palette,
            rx.el.div(rx.foreach(row.palette, _colour), class_name="palette-strip ltr"),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(row.title, class_name="cut strong plain"),
                rx.el.span(_told(row), class_name="faint small cut"),
                class_name="col tight grow",
            ),
            rx.cond((row.state == "done") & References.can_edit, _choose(row)),
            rx.cond(
                stopped & References.can_edit,
                rx.fragment(
                    icon_button(
                        "rotate-cw",
                        t("Measure again"),
                        on_click=References.retry(row.id),
                        class_name="small",
                    ),
                    icon_button(
                        "x",
                        t("Take off the list"),
                        on_click=References.remove(row.id),
                        class_name="small",
                    ),
                ),
            ),
            class_name="row tight reference-foot",
        ),
        rx.cond(
            under_way,
            progress_bar(
                row.share,
                label=stage(row.stage),
                seconds_left=row.seconds_left,
                on_cancel=References.cancel(row.id),
            ),
        ),
        rx.cond(row.state == "failed", rx.el.p(row.error, class_name="small bad-text", dir="auto")),
        rx.cond(row.state == "cancelled", chip(t("Cancelled"), icon="ban")),
        class_name="reference",
        custom_attrs={"data-state": row.state, "data-reference": row.id},
    )


def _told(row: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            row.shots,
            rx.fragment(plural("{n} shot", "{n} shots", row.shots), " · "),
        ),
        rx.cond(row.tempo, rx.fragment(number(row.tempo), " BPM · ")),
        moment(row.made, References.zone, "ago"),
    )


def _choose(row: Any) -> rx.Component:
    return rx.el.button(
        rx.icon("check"),
        type="button",
        role="checkbox",
        aria_checked=rx.cond(rx.Var.create(References.chosen).contains(row.id), "true", "false"),
        aria_label=t("Choose {name} for a template", name=row.title),
        class_name="tick-box",
        on_click=References.choose(row.id),
    )


def _colour(colour: Any) -> rx.Component:
    return rx.el.span(style={"background": colour})


def _choice() -> rx.Component:
    """The bar that appears once something is chosen."""
    return rx.cond(
        References.chosen_count > 0,
        rx.el.div(
            rx.el.span(
                plural("{n} reference chosen", "{n} references chosen", References.chosen_count),
                class_name="grow strong",
            ),
            button(t("Choose none"), look="bare", on_click=References.choose_none),
            button(
                rx.cond(
                    References.chosen_count > 1,
                    t("Make a template from them"),
                    t("Make a template from it"),
                ),
                icon="layout-template",
                look="primary",
                busy=References.learning,
                on_click=References.learn,
            ),
            class_name="choice-bar",
            role="region",
            aria_label=t("Chosen"),
        ),
    )


def _shelf() -> rx.Component:
    return dialog(
        search_field(
            t("Search names and descriptions"),
            value=References.shelf_query,
            on_change=References.search_shelf,
        ),
        rx.cond(
            ~References.shelf_loaded,
            bones(6, grid=True, ratio="1"),
            rx.cond(
                References.shelf,
                rx.el.div(rx.foreach(References.shelf, _candidate), class_name="grid shelf-grid"),
                rx.el.p(t("There is no video or picture in the library yet."), class_name="muted"),
            ),
        ),
        title=t("Choose from the library"),
        open=References.is_picking,
        on_open_change=References.set_picking,
        wide=True,
        foot=[
            button(t("Cancel"), on_click=References.set_picking(False)),
            button(
                t("Measure the style"),
                icon="scan-search",
                look="primary",
                disabled=References.picked_count == 0,
                busy=References.asking,
                on_click=References.measure_picked,
            ),
        ],
    )


def _candidate(one: Any) -> rx.Component:
    return media_tile(
        asset_id=one.id,
        kind=one.kind,
        name=one.name,
        duration=one.duration,
        frame="1",
        on_click=References.pick(one.id),
        custom_attrs={
            "aria-pressed": rx.cond(
                rx.Var.create(References.picked).contains(one.id), "true", "false"
            )
        },
    )
