"""One template's page: the stage beside its measures, its editor, its versions."""

from __future__ import annotations

import reflex as rx

from autosched.studio import template as built_in
from autosched.ui.gallery.design_state import Design
from autosched.ui.gallery.editor import editor
from autosched.ui.gallery.glance import at_a_glance
from autosched.ui.gallery.versions import versions
from autosched.ui.parts import (
    bones,
    button,
    icon_button,
    link_button,
    menu,
    menu_item,
    menu_line,
    notice,
    page_head,
    progress_bar,
    retry,
    segments,
)
from autosched.ui.words import t


def design() -> rx.Component:
    """The page."""
    return rx.cond(
        Design.failed != "",
        retry(Design.failed, Design.load),
        rx.cond(
            Design.loaded,
            rx.el.div(
                page_head(_title(), *_tools(), lead=_lead()),
                _notices(),
                rx.el.div(
                    _stage(),
                    rx.el.div(_views(), class_name="studio-choices"),
                    class_name=rx.cond(Design.view == "edit", "studio editing", "studio"),
                ),
                class_name="studio-page design-page",
            ),
            bones(4, height="12rem"),
        ),
    )


def _title() -> rx.Var[str]:
    return rx.match(
        Design.of, *((one.name, t(one.title)) for one in built_in.templates()), Design.title
    )


def _lead() -> rx.Var[str]:
    described = [(one.name, t(one.description)) for one in built_in.templates()]
    return rx.match(
        Design.of,
        *described,
        t("Version {number} of a template of this workspace", number=Design.version),
    )


def _tools() -> list[rx.Component]:
    return [
        link_button(
            t("All templates"), "/templates", icon="layout-grid", look="bare", class_name="turnless"
        ),
        rx.cond(
            Design.can_edit,
            menu(
                [rx.icon("ellipsis")],
                menu_item(t("Duplicate"), icon="copy", on_select=Design.duplicate),
                rx.cond(
                    Design.own,
                    rx.fragment(
                        menu_item(
                            t("Export as a file"),
                            icon="file-down",
                            on_select=rx.redirect(
                                f"/saved-templates/{Design.of}/export", is_external=True
                            ),
                        ),
                        menu_line(),
                        menu_item(
                            t("Move to the trash"), icon="trash-2", on_select=Design.trash, bad=True
                        ),
                    ),
                ),
                label=t("More"),
                class_name="icon-button",
            ),
        ),
        link_button(
            t("Use in the studio"),
            f"/studio?template={Design.of}",
            icon="clapperboard",
            look="primary",
        ),
    ]


def _notices() -> rx.Component:
    return rx.fragment(
        rx.cond(
            Design.trashed,
            notice(
                rx.el.div(
                    rx.el.span(t("This template is in the trash."), class_name="grow"),
                    button(t("Take out of the trash"), size="small", on_click=Design.untrash),
                    class_name="row wrap",
                ),
                look="warn",
            ),
        ),
        rx.cond(
            Design.conflict,
            notice(
                rx.el.div(
                    rx.el.p(
                        t("Somebody has saved a newer version meanwhile. Yours is still here."),
                        class_name="grow",
                    ),
                    button(
                        t("Save mine as a copy"),
                        size="small",
                        icon="copy",
                        busy=Design.busy,
                        on_click=Design.save_copy,
                    ),
                    button(
                        t("Save mine on top"),
                        size="small",
                        busy=Design.busy,
                        on_click=Design.save_on_top,
                    ),
                    button(t("Look at theirs"), size="small", look="bare", on_click=Design.load),
                    class_name="row wrap",
                ),
                look="warn",
                id="conflict",
            ),
        ),
        rx.cond(
            Design.measures.hard_to_read,
            notice(
                rx.el.div(
                    rx.el.p(
                        t("These words are hard to read over a picture."),
                        class_name="grow",
                    ),
                    button(
                        t("Make them readable"), size="small", icon="wand", on_click=Design.mend
                    ),
                    class_name="row wrap",
                ),
                look="warn",
            ),
        ),
    )


def _views() -> rx.Component:
    return rx.fragment(
        segments(
            [
                ("glance", t("At a glance"), "ruler"),
                ("edit", t("Edit"), "sliders-horizontal"),
                ("versions", t("Versions"), "history"),
            ],
            Design.view,
            Design.show,
            label=t("What is shown"),
        ),
        rx.match(
            Design.view,
            ("edit", editor()),
            ("versions", versions()),
            at_a_glance(),
        ),
    )


def _stage() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            rx.cond(
                Design.moving != "",
                rx.el.video(
                    src=Design.moving,
                    controls=True,
                    auto_play=True,
                    loop=True,
                    custom_attrs={"playsInline": True},
                ),
                rx.cond(
                    Design.still != "",
                    rx.el.img(
                        src=Design.still,
                        alt=t("A frame of the video as it will be"),
                        class_name=rx.cond(Design.drawing, "drawing", ""),
                    ),
                    rx.el.div(class_name="stage-blank"),
                ),
            ),
            rx.cond(
                Design.drawing,
                rx.el.span(
                    rx.el.span(class_name="spinner"),
                    t("Drawing the frame"),
                    class_name="stage-note",
                ),
            ),
            class_name=f"stage-frame shape-{Design.shape}",
        ),
        rx.cond(
            Design.wrong != "",
            rx.el.p(
                rx.icon("circle-alert", size=15),
                Design.wrong,
                class_name="stage-trouble",
                role="alert",
            ),
        ),
        rx.cond(
            Design.filming,
            progress_bar(Design.share, label=t("Drawing the preview"), on_cancel=Design.stop),
            rx.el.div(
                rx.cond(
                    Design.moving != "",
                    button(t("Show the still"), icon="image", on_click=Design.stop),
                    button(t("See it move"), icon="play", on_click=Design.play, id="play"),
                ),
                class_name="stage-actions",
            ),
        ),
        rx.el.div(
            *(
                icon_button(
                    icon,
                    t(label),
                    on_click=Design.choose_shape(shape),
                    custom_attrs={"aria-pressed": rx.cond(Design.shape == shape, "true", "false")},
                    class_name="small shape-choice",
                )
                for shape, icon, label in (
                    ("reel", "smartphone", "Reel"),
                    ("portrait", "rectangle-vertical", "Portrait"),
                    ("square", "square", "Square"),
                    ("landscape", "rectangle-horizontal", "Landscape"),
                )
            ),
            class_name="shape-choices",
            role="group",
            aria_label=t("Format"),
        ),
        rx.cond(
            rx.Var.create(Design.backdrops).length() > 0,
            rx.el.div(
                rx.el.label(t("Shown over"), html_for="backdrop"),
                rx.el.select(
                    rx.el.option(t("Its own background"), value=""),
                    rx.foreach(Design.backdrops, lambda pair: rx.el.option(pair[1], value=pair[0])),
                    value=Design.backdrop,
                    on_change=Design.choose_backdrop,
                    id="backdrop",
                    class_name="input",
                ),
                class_name="field",
            ),
        ),
        class_name="studio-stage",
    )
