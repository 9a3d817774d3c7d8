"""The studio's page: the stage beside the choices, the videos below."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.parts import (
    bones,
    button,
    chip,
    empty,
    icon_button,
    link_button,
    menu,
    menu_item,
    page_head,
    progress_bar,
    retry,
    section,
)
from autosched.ui.studio.choices import formats, looks, sounds, words
from autosched.ui.studio.state import Studio
from autosched.ui.words import moment, t


def studio() -> rx.Component:
    """The whole page."""
    return rx.el.div(
        page_head(
            t("Studio"),
            link_button(t("References"), "/references", icon="scan-search"),
            link_button(t("Templates"), "/templates", icon="swatch-book"),
            lead=t("Choose a look and a verse: the stage shows what will be rendered."),
        ),
        rx.cond(
            Studio.failed != "",
            retry(Studio.failed, Studio.load),
            rx.el.div(
                _stage(),
                rx.el.div(looks(), words(), formats(), sounds(), class_name="studio-choices"),
                class_name="studio",
            ),
        ),
        _videos(),
        class_name="studio-page",
    )


def _stage() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            rx.cond(
                Studio.shown != "",
                rx.el.video(
                    src=f"/files/{Studio.shown}/original",
                    poster=f"/files/{Studio.shown}/poster",
                    controls=True,
                    auto_play=True,
                    custom_attrs={"playsInline": True},
                ),
                rx.cond(
                    Studio.still != "",
                    rx.el.img(
                        src=Studio.still,
                        alt=t("A frame of the video as it will be"),
                        class_name=rx.cond(Studio.still_busy, "drawing", ""),
                    ),
                    rx.el.div(class_name="stage-blank"),
                ),
            ),
            rx.cond(
                Studio.still_busy,
                rx.el.span(
                    rx.el.span(class_name="spinner"),
                    t("Drawing the frame"),
                    class_name="stage-note",
                ),
            ),
            class_name=f"stage-frame shape-{Studio.shape}",
        ),
        rx.cond(
            Studio.trouble_sentence != "",
            rx.el.p(
                rx.icon("circle-alert", size=15),
                Studio.trouble_sentence,
                class_name="stage-trouble",
                role="alert",
            ),
        ),
        rx.el.div(
            button(
                t("Render the video"),
                icon="clapperboard",
                look="primary",
                size="large",
                busy=Studio.asking,
                disabled=~Studio.can_render | ~Studio.can_edit,
                on_click=Studio.render_video,
                class_name="block",
                id="render",
            ),
            icon_button(
                "dices", t("Draw the background differently"), on_click=Studio.roll, id="roll"
            ),
            class_name="stage-actions",
        ),
        class_name="studio-stage",
    )


def _videos() -> rx.Component:
    return section(
        t("Your videos"),
        rx.cond(
            Studio.loaded,
            rx.cond(
                rx.Var.create(Studio.videos).length() > 0,
                rx.el.div(rx.foreach(Studio.videos, _video), class_name="videos"),
                empty(
                    t("No videos yet"),
                    t("The first one is a verse and one click away."),
                    picture="film",
                ),
            ),
            bones(5, grid=True, ratio="9 / 16"),
        ),
    )


def _video(row: Any) -> rx.Component:
    under_way = (row.state == "queued") | (row.state == "running")
    return rx.el.article(
        rx.match(
            row.state,
            ("done", _finished(row)),
            ("failed", _stopped(row, "circle-alert")),
            ("cancelled", _stopped(row, "ban")),
            _growing(row),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(row.title, class_name="cut strong"),
                rx.el.span(moment(row.made, Studio.zone, "ago"), class_name="faint small"),
                class_name="col tight grow",
            ),
            rx.cond(row.state == "done", _finished_menu(row)),
            rx.cond(
                (row.state == "failed") | (row.state == "cancelled"),
                icon_button(
                    "rotate-cw",
                    t("Make it again"),
                    on_click=Studio.retry_video(row.id),
                    class_name="small",
                ),
            ),
            class_name="row tight video-foot",
        ),
        rx.cond(
            under_way,
            progress_bar(
                row.share,
                label=rx.cond(row.state == "queued", t("Waiting"), _stage_words(row.stage)),
                seconds_left=row.seconds_left,
                on_cancel=Studio.cancel_video(row.id),
            ),
        ),
        rx.cond(row.state == "failed", rx.el.p(row.error, class_name="small bad-text", dir="auto")),
        rx.cond(row.state == "cancelled", chip(t("Cancelled"), icon="ban")),
        class_name="video",
        custom_attrs={"data-state": row.state, "data-render": row.id},
    )


def _stage_words(stage: rx.Var[str]) -> rx.Var[str]:
    return rx.match(
        stage,
        ("Mixing the sound", t("Mixing the sound")),
        ("Checking", t("Checking the result")),
        ("Planning", t("Planning")),
        t("Rendering"),
    )


def _finished(row: Any) -> rx.Component:
    return rx.el.button(
        rx.el.img(src=f"/files/{row.asset_id}/poster", alt="", loading="lazy"),
        rx.el.span(rx.icon("play"), class_name="play"),
        type="button",
        class_name="video-frame",
        style={"--frame": row.tall},
        aria_label=t("Play {name}", name=row.title),
        on_click=[Studio.show(row.asset_id), rx.scroll_to("content")],
    )


def _finished_menu(row: Any) -> rx.Component:
    return rx.el.div(
        link_button(
            t("Plan a post"), f"/compose?asset={row.asset_id}", icon="calendar-plus", size="small"
        ),
        menu(
            [rx.icon("ellipsis")],
            menu_item(
                t("Download"),
                icon="download",
                on_select=rx.redirect(
                    f"/files/{row.asset_id}/original?download=1", is_external=True
                ),
            ),
            menu_item(t("Make it again"), icon="rotate-cw", on_select=Studio.retry_video(row.id)),
            label=t("More"),
            class_name="icon-button small",
        ),
        class_name="row tight",
    )


def _growing(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.img(src=row.picture, alt="", class_name="growing"),
        class_name="video-frame",
        style={"--frame": row.tall},
    )


def _stopped(row: Any, icon: str) -> rx.Component:
    return rx.el.div(
        rx.el.img(src=row.picture, alt="", class_name="stopped"),
        rx.el.span(rx.icon(icon), class_name="play quiet-play"),
        class_name="video-frame",
        style={"--frame": row.tall},
    )
