"""Buttons and fields. Words come in as vars from `words.t`; icons by their lucide name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from autosched.ui.words import t

Look = Literal["primary", "quiet", "bare", "danger"]
Size = Literal["small", "medium", "large"]
Words = rx.Var[str] | str


def button(
    label: Words,
    *,
    icon: str | None = None,
    look: Look = "quiet",
    size: Size = "medium",
    busy: rx.Var[bool] | bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A button with words. While `busy` it turns a ring and takes no clicks."""
    disabled = props.pop("disabled", False)
    is_fixed = isinstance(busy, bool) and isinstance(disabled, bool)
    mark = rx.icon(icon) if icon else rx.fragment()
    if not (isinstance(busy, bool) and not busy):
        mark = rx.cond(busy, rx.el.span(class_name="spinner", aria_hidden="true"), mark)
    return rx.el.button(
        mark,
        rx.el.span(label, class_name="label"),
        type=props.pop("type", "button"),
        class_name=f"button {look} {size} {class_name}",
        disabled=(busy or disabled) if is_fixed else rx.Var.create(busy) | rx.Var.create(disabled),
        **props,
    )


def link_button(
    label: Words,
    href: rx.Var[str] | str,
    *,
    icon: str | None = None,
    look: Look = "quiet",
    size: Size = "medium",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A link that looks like a button."""
    return rx.el.a(
        rx.icon(icon) if icon else rx.fragment(),
        rx.el.span(label, class_name="label"),
        href=href,
        class_name=f"button {look} {size} {class_name}",
        **props,
    )


def icon_button(icon: str, label: Words, *, class_name: str = "", **props: Any) -> rx.Component:
    """A button with an icon alone; `label` is its name for everyone who can't see it."""
    return rx.el.button(
        rx.icon(icon),
        type=props.pop("type", "button"),
        class_name=f"icon-button {class_name}",
        aria_label=label,
        custom_attrs={"data-tip": label, **props.pop("custom_attrs", {})},
        **props,
    )


def field(
    label: Words,
    control: rx.Component,
    *,
    name: str,
    hint: Words | None = None,
    wrong: Words | None = None,
) -> rx.Component:
    """A control with its label, a hint, and what is wrong with it. `name` is the control's id."""
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.el.p(hint, class_name="hint", id=f"{name}-hint") if hint is not None else rx.fragment(),
        rx.cond(
            rx.Var.create(wrong).to(str) != "",
            rx.el.p(rx.icon("circle-alert", size=14), wrong, class_name="wrong", role="alert"),
        )
        if wrong is not None
        else rx.fragment(),
        class_name="field",
    )


def text_field(
    label: Words,
    *,
    name: str,
    hint: Words | None = None,
    wrong: Words | None = None,
    **props: Any,
) -> rx.Component:
    """A line of text with its label."""
    if hint is not None:
        props["aria_describedby"] = f"{name}-hint"
    control = rx.el.input(
        id=name,
        name=name,
        type=props.pop("type", "text"),
        class_name=f"input {props.pop('class_name', '')}",
        **props,
    )
    return field(label, control, name=name, hint=hint, wrong=wrong)


def text_area(
    label: Words,
    *,
    name: str,
    hint: Words | None = None,
    wrong: Words | None = None,
    **props: Any,
) -> rx.Component:
    """Several lines of text with their label."""
    control = rx.el.textarea(
        id=name, name=name, class_name=f"input {props.pop('class_name', '')}", **props
    )
    return field(label, control, name=name, hint=hint, wrong=wrong)


def select(
    label: Words,
    options: Sequence[tuple[str, Words]] | rx.Component,
    *,
    name: str,
    hint: Words | None = None,
    **props: Any,
) -> rx.Component:
    """A choice from a list: pairs of value and words, or ready `rx.el.option`s."""
    made = (
        options
        if isinstance(options, rx.Component)
        else rx.fragment(*(rx.el.option(words, value=value) for value, words in options))
    )
    control = rx.el.select(made, id=name, name=name, class_name="input", **props)
    return field(label, control, name=name, hint=hint)


def search_field(placeholder: Words, **props: Any) -> rx.Component:
    """A field to search in; wait with `debounce_timeout` when every letter would ask."""
    return rx.el.div(
        rx.icon("search"),
        rx.debounce_input(
            rx.el.input(
                type="search",
                class_name="input",
                placeholder=placeholder,
                aria_label=placeholder,
                **props,
            ),
            debounce_timeout=200,
        ),
        class_name="search",
    )


def segments(
    options: Sequence[tuple[str, Words] | tuple[str, Words, str]],
    value: Any,
    on_change: Any,
    *,
    label: Words,
) -> rx.Component:
    """One of a few: `(value, words)` or `(value, words, icon)`; `on_change` takes the value."""

    def one(option: tuple[str, Words] | tuple[str, Words, str]) -> rx.Component:
        return rx.el.button(
            rx.icon(option[2]) if len(option) == 3 else rx.fragment(),
            option[1],
            type="button",
            role="radio",
            aria_checked=rx.cond(value == option[0], "true", "false"),
            class_name="segment",
            on_click=on_change(option[0]),
        )

    return rx.el.div(
        *(one(option) for option in options),
        role="radiogroup",
        aria_label=label,
        class_name="segments",
    )


def close_label() -> rx.Var[str]:
    """The word on everything that closes."""
    return t("Close")
