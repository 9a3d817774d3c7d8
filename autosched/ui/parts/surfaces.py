"""Cards, heads, and the three states of a page that has nothing to show."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from autosched.ui.parts.controls import Words, button
from autosched.ui.words import t

Picture = Literal["star", "film", "calendar", "library", "accounts", "calm", "lost"]


def page_head(title: Words, *tools: rx.Component, lead: Words | None = None) -> rx.Component:
    """The page's title, a sentence below it, and its tools at the end."""
    return rx.el.header(
        rx.el.div(
            rx.el.h1(title),
            rx.el.p(lead, class_name="lead") if lead is not None else rx.fragment(),
        ),
        rx.el.div(*tools, class_name="tools") if tools else rx.fragment(),
        class_name="page-head",
    )


def section(
    title: Words, *children: Any, more: rx.Component | None = None, **props: Any
) -> rx.Component:
    """A titled part of a page; `more` stands at the end of its head."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title),
            rx.el.div(more, class_name="more") if more is not None else rx.fragment(),
            class_name="section-head",
        ),
        *children,
        class_name=f"section {props.pop('class_name', '')}",
        **props,
    )


def card(*children: Any, **props: Any) -> rx.Component:
    """A raised surface."""
    return rx.el.div(*children, class_name=f"card {props.pop('class_name', '')}", **props)


def notice(
    text: Words | rx.Component,
    *,
    look: Literal["info", "good", "warn", "bad"] = "info",
    icon: str | None = None,
    **props: Any,
) -> rx.Component:
    """A sentence that should not be missed."""
    icons = {
        "info": "info",
        "good": "circle-check",
        "warn": "triangle-alert",
        "bad": "circle-alert",
    }
    return rx.el.div(
        rx.icon(icon or icons[look]),
        rx.el.div(text, dir="auto", class_name="grow"),
        class_name=f"notice {look}",
        role="alert" if look == "bad" else "status",
        **props,
    )


def ornament(picture: Picture = "star", *, size: str = "7rem") -> rx.Component:
    """The line drawing of an empty state: an eight-pointed star that holds the page's thing."""
    return rx.el.span(
        rx.el.span(class_name="art", style={"--art": f"url(/art/{picture}.svg)", "--size": size}),
        class_name="picture",
        aria_hidden="true",
    )


def empty(
    title: Words,
    text: Words,
    *actions: rx.Component,
    picture: Picture = "star",
    is_page: bool = False,
) -> rx.Component:
    """Nothing here yet: what will be here, and the next step towards it.

    `is_page`: it is all that the page says, so its title is the page's.
    """
    return rx.el.div(
        ornament(picture),
        rx.el.h1(title) if is_page else rx.el.h2(title),
        rx.el.p(text),
        rx.el.div(*actions, class_name="actions") if actions else rx.fragment(),
        class_name="empty",
    )


def retry(text: Words, on_retry: Any) -> rx.Component:
    """Something went wrong while loading, and a way to try again."""
    return rx.el.div(
        ornament("lost"),
        rx.el.h2(t("This did not load")),
        rx.el.p(text),
        rx.el.div(
            button(t("Try again"), icon="rotate-cw", on_click=on_retry), class_name="actions"
        ),
        class_name="empty",
        role="alert",
    )


def bones(
    count: int = 6, *, height: str = "3.5rem", grid: bool = False, ratio: str = ""
) -> rx.Component:
    """Grey shapes while the page loads; they appear only if that takes a moment."""
    style = {"aspect_ratio": ratio} if ratio else {"block_size": height}
    return rx.el.div(
        *(rx.el.div(class_name="bone", style=style) for _ in range(count)),
        rx.el.span(t("Loading"), class_name="hidden-text", role="status"),
        class_name="grid" if grid else "col",
        aria_busy="true",
    )
