"""Pictures of things: a file of the library, a person, an account, a verse."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.parts.controls import Words
from autosched.ui.words import length, t


def avatar(
    initials: rx.Var[str] | str,
    *,
    picture: rx.Var[Any] | None = None,
    size: str = "2rem",
    square: bool = False,
) -> rx.Component:
    """A person or an account: the picture where there is one that loads, else letters."""
    shown = rx.fragment()
    if picture is not None:
        loaded = rx.el.img(src=picture.to(str), alt="", referrer_policy="no-referrer")
        shown = rx.cond(picture, loaded)
    return rx.el.span(
        rx.el.span(initials),
        shown,
        class_name="avatar square" if square else "avatar",
        style={"--size": size},
        aria_hidden="true",
    )


# Each platform's own mark, drawn on a 24 by 24 field.
MARKS = {
    "bluesky": "M6.3 4.6c2.3 1.700 4.800 5.200 5.700 7.100.9-1.900 3.400-5.400 5.700-7.100"
    " 1.700-1.300 4.300-2.200 4.300.800 0 .600-.300 5-.5 5.700-.7 2.400-3 3-5.100 2.700"
    " 3.700.6 4.600 2.700 2.600 4.800-3.800 4-5.500-1-5.900-2.300-.1-.2-.1-.3-.1-.200"
    " 0-.1 0 0-.1.200-.4 1.300-2.100 6.300-5.900 2.300-2-2.100-1.100-4.200 2.600-4.800"
    "-2.100.4-4.500-.2-5.100-2.700C2.300 10.400 2 6 2 5.400c0-3 2.600-2.100 4.300-.8z",
    "folder": "M3 6.500A2.500 2.500 0 0 1 5.500 4h3.200c.7 0 1.300.3 1.800.8L12 6.500h6.500"
    "A2.500 2.500 0 0 1 21 9v8.500a2.500 2.500 0 0 1-2.500 2.500h-13A2.500 2.500 0 0 1 3 17.500z",
    # Letters and signs of our own drawing; holes by the even-odd rule.
    "x": "M6.2 4.5 12 10.3l5.8-5.8 1.7 1.7-5.8 5.8 5.8 5.8-1.7 1.7-5.8-5.8"
    "-5.8 5.8-1.7-1.7 5.8-5.8-5.8-5.8z",
    "instagram": "M8 3h8a5 5 0 0 1 5 5v8a5 5 0 0 1-5 5H8a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z"
    "M8 5.2A2.8 2.8 0 0 0 5.2 8v8A2.8 2.8 0 0 0 8 18.8h8a2.8 2.8 0 0 0 2.8-2.8V8"
    "A2.8 2.8 0 0 0 16 5.2z"
    "M12 8.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6z",
    "facebook": "M10 21v-7.5H7v-3.2h3V8a5 5 0 0 1 5-5h2.3v3.2H15A1.8 1.8 0 0 0 13.2 8v2.3h4"
    "v3.2h-4V21z",
    "tiktok": "M10.8 3.5h3.1a5.6 5.6 0 0 0 5.6 5.6v3.1a8.6 8.6 0 0 1-5.6-2v5.6"
    "a5.4 5.4 0 1 1-5.4-5.4h.8v3.2h-.8a2.2 2.2 0 1 0 2.3 2.2z",
    "youtube": "M6 4.8h12A3.5 3.5 0 0 1 21.5 8.3v7.4A3.5 3.5 0 0 1 18 19.2H6"
    "a3.5 3.5 0 0 1-3.5-3.5V8.3A3.5 3.5 0 0 1 6 4.8z"
    "M9.8 8.2v7.6l6.4-3.8z",
    "linkedin": "M4.5 9.5h3.3V20H4.5zM6.2 4a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z"
    "M10.2 9.5h3.2v1.4a4 4 0 0 1 3.2-1.6c2.4 0 3.7 1.5 3.7 4.3V20H17v-5.7"
    "c0-1.3-.6-2-1.6-2-1.2 0-1.9.8-1.9 2.2V20h-3.3z",
    "mastodon": "M4 19.5V5.2L12 12l8-6.8v14.3h-3.2v-7.3L12 16.3l-4.8-4.1v7.3z",
}


def glyph(platform: rx.Var[str] | str, *, size: str = "1.125rem") -> rx.Component:
    """A platform's mark."""
    name = rx.Var.create(platform).to(str)
    return rx.el.span(
        rx.el.svg(
            rx.el.path(
                d=rx.match(name, *MARKS.items(), "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"),
                fill="currentColor",
                fill_rule="evenodd",
            ),
            view_box="0 0 24 24",
        ),
        class_name=f"glyph {name}",
        style={"--size": size},
        aria_hidden="true",
    )


def account_mark(
    platform: rx.Var[str],
    initials: rx.Var[str],
    *,
    picture: rx.Var[Any] | None = None,
    size: str = "2.25rem",
) -> rx.Component:
    """An account: its picture with its platform's mark at the corner."""
    return rx.el.span(
        avatar(initials, picture=picture, size=size), glyph(platform), class_name="account-mark"
    )


def verse_text(arabic: rx.Var[str] | str) -> rx.Component:
    """A verse's Arabic alone: its own font, right to left, room for every mark."""
    return rx.el.p(arabic, class_name="verse-arabic", lang="ar", dir="rtl")


def verse(
    arabic: rx.Var[str] | str,
    translation: rx.Var[str] | str,
    reference: rx.Var[str] | str,
    *,
    language: rx.Var[str] | str = "en",
    start: bool = False,
) -> rx.Component:
    """A verse with its translation and its reference; never without the reference."""
    return rx.el.figure(
        verse_text(arabic),
        rx.el.blockquote(translation, class_name="verse-words", lang=language, dir="auto"),
        rx.el.figcaption(reference, class_name="verse-reference"),
        class_name="verse start" if start else "verse",
    )


def media_tile(
    *,
    asset_id: rx.Var[str],
    kind: rx.Var[str],
    name: Words,
    duration: rx.Var[float | None] | None = None,
    caption: bool = True,
    frame: str = "4 / 5",
    **props: Any,
) -> rx.Component:
    """A file of the library: its poster or waveform, its kind and length, its name.

    A button where `on_click` is given, else a figure.
    """
    variant = rx.cond(kind == "audio", "waveform", "poster")
    icons = rx.match(
        kind,
        ("video", rx.icon("play")),
        ("audio", rx.icon("audio-lines")),
        rx.icon("image"),
    )
    corner = rx.el.span(
        icons, length(duration) if duration is not None else rx.fragment(), class_name="corner"
    )
    inner = [
        rx.el.span(
            rx.el.img(src=f"/files/{asset_id}/{variant}", alt="", loading="lazy"),
            corner,
            class_name=rx.cond(kind == "audio", "tile-frame audio", "tile-frame"),
            style={"--frame": frame},
        ),
        rx.el.span(name, class_name="cut small plain") if caption else rx.fragment(),
    ]
    if "on_click" in props:
        return rx.el.button(
            *inner,
            type="button",
            class_name="tile",
            aria_label=t("Open {name}", name=name),
            **props,
        )
    return rx.el.figure(*inner, class_name="tile", **props)
