"""The library as a person sees it: a grid, a place to drop files, a preview."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.library.state import Library
from autosched.ui.parts import (
    bones,
    button,
    dialog,
    empty,
    link_button,
    media_tile,
    notice,
    page_head,
    retry,
    search_field,
    segments,
    text_area,
    text_field,
    uploads,
)
from autosched.ui.words import length, moment, size, t


def library() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(
            t("Library"), lead=t("Videos, pictures and sounds of this workspace, in one place.")
        ),
        rx.cond(
            Library.can_edit,
            uploads(on_done=Library.arrived, whole_page=True),
        ),
        rx.el.div(
            segments(
                [
                    ("", t("All")),
                    ("video", t("Videos"), "film"),
                    ("image", t("Pictures"), "image"),
                    ("audio", t("Sounds"), "audio-lines"),
                ],
                Library.kind,
                Library.choose_kind,
                label=t("Kind"),
            ),
            search_field(
                t("Search names and descriptions"), value=Library.query, on_change=Library.search
            ),
            class_name="library-tools",
        ),
        rx.cond(
            ~Library.loaded,
            bones(12, grid=True, ratio="4 / 5"),
            rx.cond(
                Library.failure != "",
                retry(Library.failure, Library.load),
                rx.cond(Library.items, _grid(), _nothing()),
            ),
        ),
        _preview(),
    )


def _grid() -> rx.Component:
    return rx.fragment(
        rx.el.div(rx.foreach(Library.items, _tile), class_name="grid library-grid"),
        rx.cond(
            Library.has_more,
            rx.el.div(
                button(t("Show more"), on_click=Library.show_more, busy=Library.loading_more),
                class_name="more-row",
            ),
        ),
    )


def _tile(one: Any) -> rx.Component:
    return media_tile(
        asset_id=one.id,
        kind=one.kind,
        name=one.name,
        duration=one.duration,
        on_click=Library.open(one.id),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        (Library.query != "") | (Library.kind != ""),
        empty(
            t("Nothing found"),
            t("No file here matches. Try other words, or look at all kinds."),
            picture="library",
        ),
        empty(
            t("Your library is empty"),
            t("Add your own footage, pictures or a recitation, or make a first video."),
            link_button(
                t("Make a video"),
                "/studio",
                look="primary",
                icon="clapperboard",
            ),
            picture="library",
        ),
    )


def _preview() -> rx.Component:
    return dialog(
        rx.el.div(
            rx.el.div(_medium(), class_name="preview-stage"),
            rx.el.div(_details(), class_name="preview-side"),
            class_name="preview",
        ),
        title=Library.shown.name,
        open=Library.is_open,
        on_open_change=Library.set_open,
        wide=True,
        class_name="preview-dialog",
    )


def _medium() -> rx.Component:
    file = f"/files/{Library.shown.id}"
    return rx.match(
        Library.shown.kind,
        (
            "video",
            rx.el.video(
                src=f"{file}/original",
                poster=f"{file}/poster",
                controls=True,
                plays_inline=True,
                preload="metadata",
            ),
        ),
        (
            "audio",
            rx.el.div(
                rx.el.img(src=f"{file}/waveform", alt=""),
                rx.el.audio(src=f"{file}/original", controls=True, preload="metadata"),
                class_name="preview-audio",
            ),
        ),
        ("image", rx.el.img(src=f"{file}/original", alt=Library.shown.alt)),
        rx.fragment(),
    )


def _fact(label: rx.Var[str], value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value), class_name="fact")


def _details() -> rx.Component:
    file = f"/files/{Library.shown.id}/original"
    shown = Library.shown
    return rx.fragment(
        rx.cond(
            Library.can_edit,
            rx.el.div(
                text_field(
                    t("Name"),
                    name="asset-name",
                    default_value=shown.name,
                    key=f"name-{shown.id}-{shown.name}",
                    on_blur=Library.rename,
                ),
                text_area(
                    t("Description for people who can't see it"),
                    name="asset-alt",
                    hint=t("Goes out with the post as its alternative text."),
                    default_value=shown.alt,
                    key=f"alt-{shown.id}",
                    rows=3,
                    on_blur=Library.set_alt,
                ),
                class_name="col",
            ),
        ),
        rx.el.dl(
            rx.cond(shown.duration, _fact(t("Length"), length(shown.duration))),
            rx.cond(
                shown.width > 0,
                _fact(
                    t("Picture size"),
                    rx.el.span(f"{shown.width} × {shown.height}", class_name="ltr numbers"),
                ),
            ),
            _fact(t("File size"), size(shown.size)),
            _fact(t("Added"), moment(shown.made, Library.zone, "moment")),
            class_name="facts",
        ),
        rx.el.div(
            link_button(
                t("Use in a post"), f"/compose?asset={shown.id}", icon="square-pen", look="primary"
            ),
            link_button(
                t("Download"),
                f"{file}?download=1",
                icon="download",
                download=True,
                custom_attrs={"reloadDocument": True},
            ),
            class_name="row wrap tight",
        ),
        rx.cond(Library.can_edit, _deleting()),
    )


def _deleting() -> rx.Component:
    return rx.cond(
        Library.asking_to_delete,
        rx.el.div(
            notice(
                t("Delete this file for good? Posts that went out with it stay as they are."),
                look="warn",
            ),
            rx.el.div(
                button(t("Keep it"), on_click=Library.ask_to_delete(False)),
                button(
                    t("Delete"),
                    icon="trash-2",
                    look="danger",
                    on_click=Library.delete,
                    busy=Library.deleting,
                ),
                class_name="row tight",
            ),
            class_name="col",
        ),
        button(
            t("Delete"),
            icon="trash-2",
            look="bare",
            class_name="start",
            on_click=Library.ask_to_delete(True),
        ),
    )
