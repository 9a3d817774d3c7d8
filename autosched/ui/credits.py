"""Whose work the scripture and the fonts are; and the page for an address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from autosched import packages, scripture
from autosched.ui.page import Page
from autosched.ui.parts import card, chip, empty, link_button, page_head, section, verse
from autosched.ui.words import t


def pages() -> list[Page]:
    """The credits, open to everyone, and the page of a wrong address."""
    return [
        Page("/credits", "Sources and licences", _credits, bare=True),
        Page("/404", "Not found", _nowhere, bare=True),
    ]


def _bare(*children: rx.Component, class_name: str = "") -> rx.Component:
    head = rx.el.header(
        rx.el.a(
            rx.el.img(src="/logo.svg", alt=""),
            rx.el.span("autosched"),
            href="/",
            class_name="brand",
        ),
        class_name="bare-head",
    )
    return rx.el.div(
        head, rx.el.main(*children, class_name="page narrow"), class_name=f"bare-page {class_name}"
    )


def _credits() -> rx.Component:
    opening = scripture.verses("96:1")[0]
    return _bare(
        page_head(
            t("Sources and licences"),
            lead=t("What is shown here as the Quran is the work of many hands. Our thanks to all."),
        ),
        rx.el.div(
            verse(opening.arabic, opening.translation, opening.reference),
            class_name="credits-verse",
        ),
        section(
            t("Scripture"),
            card(
                rx.el.ul(*(_source(each) for each in scripture.sources()), class_name="rows"),
                class_name="flush",
            ),
        ),
        section(
            t("Fonts and data"),
            card(
                rx.el.ul(*(_package(each) for each in packages.manifest()), class_name="rows"),
                class_name="flush",
            ),
        ),
        class_name="credits",
    )


def _line(title: str, credit: str, licence: str, url: str) -> rx.Component:
    name = rx.el.a(title, href=url, class_name="link strong", target="_blank", rel="noopener")
    return rx.el.li(
        rx.el.div(
            name if url else rx.el.span(title, class_name="strong"),
            rx.el.span(credit, class_name="small muted"),
            class_name="credit grow",
        ),
        chip(licence) if len(licence) < 24 else rx.el.span(licence, class_name="small faint terms"),
        lang="en",
        dir="ltr",
    )


def _source(source: scripture.Source) -> rx.Component:
    return _line(source.title, source.credit, source.licence, source.url)


def _package(package: packages.Package) -> rx.Component:
    return _line(package.title, package.credit, package.licence, "")


def _nowhere() -> rx.Component:
    return _bare(
        empty(
            t("This page does not exist"),
            t("The address may be old, or have a letter too many."),
            link_button(t("To the app"), "/", look="primary"),
            picture="lost",
            is_page=True,
        )
    )
