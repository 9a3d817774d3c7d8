"""The studio's choices: look, words, format, background and sound."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.gallery.spoken import AMBIENCES
from autosched.ui.parts import button, icon_button, search_field, section, segments, select
from autosched.ui.studio.state import Studio
from autosched.ui.words import t


def looks() -> rx.Component:
    """The templates, each playing its preview while it is pointed at."""
    return section(
        t("Look"),
        rx.el.div(
            rx.foreach(Studio.looks, _look),
            class_name="looks",
            role="radiogroup",
            aria_label=t("Look"),
        ),
        _background(),
    )


def _look(row: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.el.img(src=row.still, alt="", loading="lazy"),
            rx.el.video(
                src=row.moving,
                muted=True,
                loop=True,
                preload="none",
                custom_attrs={
                    "playsInline": True,
                    "aria-hidden": "true",
                },
            ),
            class_name="look-frame",
        ),
        rx.el.span(_title(row), class_name="cut"),
        type="button",
        role="radio",
        aria_checked=rx.cond(Studio.look == row.name, "true", "false"),
        title=row.description,
        class_name="look",
        on_click=Studio.choose("look", row.name),
    )


def _title(row: Any) -> rx.Var[Any]:
    from autosched.studio import template

    return rx.match(
        row.name, *((one.name, t(one.title)) for one in template.templates()), row.title
    )


def _background() -> rx.Component:
    def tile(file: Any) -> rx.Component:
        return rx.el.button(
            rx.el.img(src=f"/files/{file.id}/poster", alt=file.name, loading="lazy"),
            type="button",
            class_name="backdrop",
            title=file.name,
            aria_pressed=rx.cond(Studio.media == file.id, "true", "false"),
            on_click=Studio.choose("media", file.id),
        )

    return rx.el.details(
        rx.el.summary(rx.icon("image"), t("Background of your own")),
        rx.el.div(
            rx.el.button(
                rx.icon("sparkles"),
                t("The look's own"),
                type="button",
                class_name="backdrop words-only",
                aria_pressed=rx.cond(Studio.media == "", "true", "false"),
                on_click=Studio.choose("media", ""),
            ),
            rx.foreach(Studio.pictures, tile),
            rx.el.a(
                rx.icon("upload"), t("Add files"), href="/library", class_name="backdrop words-only"
            ),
            class_name="backdrops",
        ),
        class_name="more-choices",
    )


def words() -> rx.Component:
    """The scenes, and the search that adds to them."""
    return section(
        t("Words"),
        rx.el.div(
            rx.el.form(
                search_field(
                    t("A reference such as 94:5 or Ya-Sin 1-5, or words of a verse"),
                    value=Studio.query,
                    on_change=Studio.search,
                    id="verse-search",
                    auto_complete="off",
                ),
                on_submit=Studio.take_query,
                class_name="grow",
            ),
            rx.el.select(
                rx.foreach(Studio.translations, lambda pair: rx.el.option(pair[1], value=pair[0])),
                value=Studio.translation,
                on_change=Studio.choose_translation,
                class_name="input language-choice",
                aria_label=t("Language of the translation"),
            ),
            class_name="row words-row",
        ),
        rx.cond(Studio.hint != "", rx.el.p(Studio.hint, class_name="hint small", role="status")),
        rx.cond(
            rx.Var.create(Studio.hits).length() > 0,
            rx.el.ul(rx.foreach(Studio.hits, _hit), class_name="hits"),
        ),
        rx.el.ol(rx.foreach(Studio.thoughts, _thought), class_name="thoughts"),
        rx.el.details(
            rx.el.summary(rx.icon("type"), t("Words of your own")),
            rx.el.div(
                rx.el.textarea(
                    value=Studio.own_words,
                    on_change=Studio.set_own_words,
                    class_name="input",
                    dir="auto",
                    aria_label=t("Words of your own"),
                    placeholder=t("A reminder, a question, a name"),
                ),
                button(t("Add"), icon="plus", on_click=Studio.take_own_words),
                class_name="row own-words",
            ),
            class_name="more-choices",
        ),
    )


def _hit(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(row.arabic, class_name="hit-arabic", lang="ar", dir="rtl"),
            rx.el.span(row.translation, class_name="hit-words", dir="auto"),
            rx.el.span(row.reference, class_name="hit-reference"),
            type="button",
            class_name="hit",
            on_click=Studio.take(row.key),
        )
    )


def _thought(row: Any, index: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(
                row.reference != "",
                rx.fragment(
                    rx.el.p(row.arabic, class_name="thought-arabic", lang="ar", dir="rtl"),
                    rx.el.p(row.words, class_name="thought-words", lang=row.language, dir="auto"),
                    rx.el.p(row.reference, class_name="verse-reference thought-reference"),
                ),
                rx.el.p(row.words, dir="auto"),
            ),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(
                index > 0,
                icon_button(
                    "arrow-up",
                    t("Move earlier"),
                    on_click=Studio.earlier(index),
                    class_name="small",
                ),
            ),
            icon_button("x", t("Take out"), on_click=Studio.drop(index), class_name="small"),
            class_name="col tight",
        ),
        class_name="thought",
    )


def formats() -> rx.Component:
    """The five formats."""
    return section(
        t("Format"),
        segments(
            [
                ("reel", t("Reel"), "smartphone"),
                ("story", t("Story"), "circle-dashed"),
                ("portrait", t("Portrait"), "rectangle-vertical"),
                ("square", t("Square"), "square"),
                ("landscape", t("Landscape"), "rectangle-horizontal"),
            ],
            Studio.shape,
            lambda value: Studio.choose("shape", value),
            label=t("Format"),
        ),
    )


def sounds() -> rx.Component:
    """Ambience, recitation, and music only for those who want it."""

    def files(name: str, none: str, value: Any) -> rx.Component:
        return rx.el.select(
            rx.el.option(t(none), value=""),
            rx.foreach(Studio.sounds, lambda file: rx.el.option(file.name, value=file.id)),
            value=value,
            on_change=lambda chosen: Studio.choose(name, chosen),
            id=name,
            class_name="input",
        )

    return section(
        t("Sound"),
        rx.el.div(
            select(
                t("Ambience"),
                rx.fragment(
                    rx.el.option(t("As the look has it"), value="template"),
                    rx.el.option(t("None"), value="none"),
                    rx.foreach(
                        Studio.ambiences,
                        lambda name: rx.el.option(_ambience(name), value=name),
                    ),
                ),
                name="ambience",
                value=Studio.ambience,
                on_change=lambda chosen: Studio.choose("ambience", chosen),
            ),
            rx.el.div(
                rx.el.label(t("Recitation"), html_for="recitation"),
                files("recitation", "None", Studio.recitation),
                rx.el.p(
                    t("Upload one in the library; all else is lowered under it."), class_name="hint"
                ),
                class_name="field",
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        checked=Studio.with_music,
                        on_change=Studio.allow_music,
                    ),
                    t("With music"),
                    class_name="check",
                ),
                rx.cond(Studio.with_music, files("music", "Choose a file", Studio.music)),
                class_name="field",
            ),
            class_name="sounds",
        ),
    )


def _ambience(name: rx.Var[str]) -> rx.Var[Any]:
    return rx.match(name, *((key, t(word)) for key, word in AMBIENCES.items()), name)
