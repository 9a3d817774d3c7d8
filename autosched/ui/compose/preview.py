"""How the post will look, as a light card for each platform at a phone's width."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.compose.choosing import Choosing
from autosched.ui.compose.state import Compose
from autosched.ui.parts import avatar, glyph
from autosched.ui.words import moment, t


def preview() -> rx.Component:
    """The card, and which account it is for."""
    return rx.el.aside(
        rx.el.div(
            rx.el.h2(t("Preview")),
            rx.cond(
                Compose.chosen.length() > 1,
                rx.el.div(
                    rx.foreach(Compose.chosen, _switch),
                    class_name="preview-switch",
                    role="radiogroup",
                    aria_label=t("Preview for"),
                ),
            ),
            class_name="row between preview-head",
        ),
        rx.cond(
            Compose.preview_id == "",
            rx.el.div(
                rx.el.p(t("Choose an account to see the post as it will look there.")),
                class_name="preview-none",
            ),
            rx.match(
                Compose.previewed.platform, ("bluesky", _bluesky()), ("folder", _folder()), _plain()
            ),
        ),
        class_name="composer-preview",
        aria_label=t("Preview"),
    )


def _switch(line: Any) -> rx.Component:
    return rx.el.button(
        glyph(line.platform, size="1.25rem"),
        type="button",
        role="radio",
        aria_checked=rx.cond(Compose.preview_id == line.id, "true", "false"),
        aria_label=line.handle,
        class_name="preview-choice",
        on_click=Choosing.show_preview(line.id),
    )


def _words() -> rx.Component:
    return rx.cond(
        Compose.preview,
        rx.el.p(
            rx.foreach(
                Compose.preview,
                lambda piece: rx.cond(
                    piece.kind != "",
                    rx.el.span(piece.text, class_name="preview-link"),
                    rx.el.span(piece.text),
                ),
            ),
            class_name="preview-text",
            dir="auto",
        ),
        rx.cond(
            Compose.media,
            rx.fragment(),
            rx.el.p(t("Your words will stand here."), class_name="preview-text hollow"),
        ),
    )


def _media(class_name: str) -> rx.Component:
    def one(item: Any) -> rx.Component:
        variant = rx.cond(item.kind == "audio", "waveform", "poster")
        return rx.el.div(
            rx.el.img(src=f"/files/{item.asset_id}/{variant}", alt=item.alt),
            rx.cond(
                item.kind == "video",
                rx.el.span(rx.icon("play", size=20), class_name="preview-play"),
            ),
            rx.cond(item.alt != "", rx.el.span("ALT", class_name="preview-alt", lang="en")),
            class_name="preview-medium",
        )

    media: Any = Compose.media
    count = media.length()
    return rx.cond(
        media,
        rx.el.div(
            rx.foreach(media[:4], one),
            class_name=class_name,
            custom_attrs={"data-count": rx.cond(count > 4, 4, count)},
        ),
    )


def _bluesky() -> rx.Component:
    line = Compose.previewed
    return rx.el.article(
        avatar(line.initials, picture=line.avatar, size="2.625rem"),
        rx.el.div(
            rx.el.p(
                rx.el.span(line.name, class_name="preview-name plain"),
                rx.el.span("@", line.handle, class_name="preview-handle ltr"),
                rx.cond(
                    Compose.exact != "",
                    rx.el.span(
                        "· ",
                        moment(Compose.exact, Compose.zone, "time"),
                        class_name="preview-handle numbers",
                    ),
                    rx.el.span("· ", t("now"), class_name="preview-handle"),
                ),
                class_name="preview-by",
            ),
            _words(),
            _media("preview-media"),
            rx.el.div(
                *(
                    rx.icon(name, size=17)
                    for name in ("message-square", "repeat-2", "heart", "bookmark", "ellipsis")
                ),
                class_name="preview-bar",
                aria_hidden="true",
            ),
            class_name="preview-main",
        ),
        class_name="preview-card bluesky",
    )


def _folder() -> rx.Component:
    def file(item: Any, place: Any) -> rx.Component:
        return rx.el.li(
            rx.match(
                item.kind,
                ("video", rx.icon("film", size=16)),
                ("audio", rx.icon("audio-lines", size=16)),
                rx.icon("image", size=16),
            ),
            rx.el.span(f"0{place + 1}-{item.kind}", class_name="ltr"),
        )

    return rx.el.article(
        rx.el.div(
            glyph("folder", size="1.75rem"),
            rx.el.div(
                rx.el.p(t("A package to hand over"), class_name="preview-name"),
                rx.el.p(Compose.previewed.handle, class_name="preview-handle ltr cut"),
                class_name="col tight",
            ),
            class_name="row tight",
        ),
        _media("preview-media"),
        _words(),
        rx.el.ul(
            rx.foreach(Compose.media, file),
            rx.el.li(rx.icon("file-text", size=16), rx.el.span("caption.txt", class_name="ltr")),
            rx.el.li(rx.icon("braces", size=16), rx.el.span("post.json", class_name="ltr")),
            class_name="preview-files",
        ),
        class_name="preview-card folder",
    )


def _plain() -> rx.Component:
    return rx.el.article(_media("preview-media"), _words(), class_name="preview-card")
