"""One reference: the film on top, its timeline under it, and all that was measured below."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.parts import bones, button, empty, link_button, notice, progress_bar, retry
from autosched.ui.references.lanes import timeline
from autosched.ui.references.panels import panels, shot_panel
from autosched.ui.references.spoken import stage
from autosched.ui.references.viewing import Viewing
from autosched.ui.words import length, t


def viewer() -> rx.Component:
    """The page."""
    return rx.el.div(
        rx.cond(
            ~Viewing.loaded,
            bones(3, height="14rem"),
            rx.cond(Viewing.failure != "", _gone(), _shown()),
        ),
        class_name="reference-page",
    )


def _gone() -> rx.Component:
    return rx.el.div(
        retry(Viewing.failure, Viewing.load),
        rx.el.div(link_button(t("All references"), "/references"), class_name="more-row"),
    )


def _shown() -> rx.Component:
    return rx.fragment(
        _head(),
        rx.match(
            Viewing.shown.state,
            ("done", rx.cond(Viewing.has_report, _report(), _old())),
            ("failed", _stopped(Viewing.shown.error)),
            ("cancelled", _stopped(t("The measuring was cancelled."))),
            _under_way(),
        ),
    )


def _head() -> rx.Component:
    found = Viewing.found
    return rx.el.header(
        rx.el.div(
            rx.el.a(
                rx.icon("arrow-left", class_name="turns"),
                t("All references"),
                href="/references",
                class_name="back small",
            ),
            rx.el.h1(Viewing.shown.title, class_name="plain"),
            rx.cond(
                Viewing.has_report,
                rx.el.p(
                    rx.el.span(f"{found.width} × {found.height}", class_name="ltr"),
                    rx.cond(found.fps != "", rx.el.span(f"{found.fps} fps", class_name="ltr")),
                    rx.cond(found.seconds > 0, rx.el.span(length(found.seconds))),
                    class_name="lead numbers head-facts",
                ),
            ),
        ),
        rx.el.div(
            rx.cond(
                Viewing.has_report & Viewing.can_edit,
                button(
                    t("Make a template from it"),
                    icon="layout-template",
                    look="primary",
                    busy=Viewing.learning,
                    on_click=Viewing.learn,
                    id="learn",
                ),
            ),
            class_name="tools",
        ),
        class_name="page-head",
    )


def _report() -> rx.Component:
    return rx.fragment(
        rx.cond(
            Viewing.is_picture,
            rx.el.div(_picture(), shot_panel(), class_name="reference-top"),
            rx.el.div(_film(), timeline(), shot_panel(), class_name="reference-top"),
        ),
        panels(),
        rx.cond(Viewing.can_edit, _removing()),
    )


def _film() -> rx.Component:
    file = f"/files/{Viewing.shown.asset_id}"
    return rx.el.div(
        rx.el.video(
            src=f"{file}/original",
            poster=f"{file}/poster",
            controls=True,
            plays_inline=True,
            preload="metadata",
            id="reference-video",
        ),
        class_name="reference-stage",
    )


def _picture() -> rx.Component:
    return rx.el.div(
        rx.el.img(src=f"/files/{Viewing.shown.asset_id}/original", alt=Viewing.shown.title),
        class_name="reference-stage",
    )


def _still(*below: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.img(src=f"/files/{Viewing.shown.asset_id}/poster", alt=""),
            class_name="reference-stage growing",
        ),
        *below,
        class_name="reference-waiting",
    )


def _under_way() -> rx.Component:
    return _still(
        progress_bar(
            Viewing.shown.share,
            label=stage(Viewing.shown.stage),
            seconds_left=rx.Var.create(Viewing.shown.seconds_left),
            on_cancel=Viewing.cancel,
        ),
        rx.el.p(
            t("You may leave this page: the measuring goes on, and survives a restart."),
            class_name="faint small",
        ),
    )


def _stopped(reason: Any) -> rx.Component:
    return _still(
        notice(reason, look="bad"),
        rx.cond(
            Viewing.can_edit,
            button(t("Measure again"), icon="rotate-cw", look="primary", on_click=Viewing.retry),
        ),
    )


def _old() -> rx.Component:
    return empty(
        t("Measured by an older version"),
        t("The measuring has become better since. It takes a moment to measure it again."),
        rx.cond(
            Viewing.can_edit,
            button(t("Measure again"), icon="rotate-cw", look="primary", on_click=Viewing.again),
        ),
    )


def _removing() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Viewing.asking_to_remove,
            rx.el.div(
                rx.el.span(
                    t("Take this reference off the list? The file stays in the library."),
                    class_name="grow",
                ),
                button(t("Keep it"), on_click=Viewing.ask_to_remove(False)),
                button(
                    t("Take off the list"),
                    icon="trash-2",
                    look="danger",
                    on_click=Viewing.remove,
                ),
                class_name="row wrap tight",
            ),
            button(
                t("Take off the list"),
                icon="trash-2",
                look="bare",
                on_click=Viewing.ask_to_remove(True),
            ),
        ),
        class_name="reference-end",
    )
