"""The cinematic half of the entry pages: a night over dunes, and what the studio makes."""

from __future__ import annotations

import reflex as rx

from autosched import frontend
from autosched.ui.handlers import event_script
from autosched.ui.words import is_arabic, language, t


def entry(*children: rx.Component) -> rx.Component:
    """An entry page: its form on one side, the stage on the other."""
    return rx.el.div(
        rx.el.div(
            rx.el.header(
                rx.el.a(
                    rx.el.img(src="/logo.svg", alt=""),
                    rx.el.span("autosched"),
                    href="/",
                    class_name="brand",
                    lang="en",
                ),
                _language_switch(),
                class_name="entry-head",
            ),
            rx.el.main(*children, class_name="entry-form"),
            rx.el.footer(
                rx.el.a(t("Sources and licences"), href="/credits", class_name="link"),
                class_name="entry-foot small faint",
            ),
            class_name="entry-side",
        ),
        _stage(),
        class_name="entry",
    )


def _language_switch() -> rx.Component:
    return rx.el.button(
        rx.icon("languages"),
        rx.cond(is_arabic, "English", "العربية"),
        lang=rx.cond(is_arabic, "en", "ar"),
        type="button",
        class_name="button bare small",
        on_click=event_script("window.autosched.setLanguage(%s)", rx.cond(is_arabic, "en", "ar")),
    )


def _previews() -> list[tuple[str, bool]]:
    """Up to three templates with a picture, and whether each has a moving one."""
    folder = frontend.root() / "assets" / "templates"
    names = [path.stem for path in sorted(folder.glob("*.jpg"))]
    favourites = [name for name in ("night-sky", "desert-dawn", "geometric") if name in names]
    chosen = (favourites + [name for name in names if name not in favourites])[:3]
    return [(name, (folder / f"{name}.mp4").exists()) for name in chosen]


def _reel(name: str, moving: bool) -> rx.Component:
    poster = f"/templates/{name}.jpg"
    if not moving:
        return rx.el.div(rx.el.img(src=poster, alt=""), class_name="reel")
    return rx.el.div(
        rx.el.video(
            src=f"/templates/{name}.mp4",
            poster=poster,
            auto_play=True,
            muted=True,
            loop=True,
            plays_inline=True,
            preload="metadata",
        ),
        class_name="reel",
    )


def _stage() -> rx.Component:
    reels = _previews()
    return rx.el.aside(
        rx.el.div(class_name="stars"),
        rx.el.div(class_name="stars far"),
        rx.el.div(class_name="moon"),
        rx.el.div(class_name="dunes"),
        rx.el.div(*(_reel(*reel) for reel in reels), class_name="reels") if reels else _lamp(),
        rx.el.div(
            rx.el.p(t("From a verse to a published reel."), class_name="display"),
            rx.el.p(
                t("Cinematic videos with the Quran whole and true, planned on one calendar."),
                class_name="stage-words",
            ),
            class_name="stage-text",
        ),
        class_name="stage",
        aria_hidden="true",
        lang=language,
    )


def _lamp() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="lamp-star"), class_name="lamp")
