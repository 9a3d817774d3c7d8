"""What is chosen for each account: the kind of post, its options, and what is done to its files."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.compose.options import Options
from autosched.ui.compose.state import WRITTEN, Compose
from autosched.ui.parts import button, chip, glyph, icon_button
from autosched.ui.words import number, t

# The languages that can be named for a post, where the platform cares.
_LANGUAGES = (
    ("en", "English"),
    ("ar", "العربية"),
    ("fr", "Français"),
    ("id", "Bahasa Indonesia"),
    ("tr", "Türkçe"),
    ("ur", "اردو"),
    ("bn", "বাংলা"),
)


def each_account() -> rx.Component:
    """One panel for each chosen account that has something to choose."""
    return rx.el.div(rx.foreach(Compose.chosen, _panel), class_name="each-account")


def _panel(line: Any) -> rx.Component:
    has_choices = (line.platform != "folder") | line.options
    return rx.cond(
        has_choices & (line.shape != ""),
        rx.el.details(
            rx.el.summary(
                glyph(line.platform, size="1.25rem"),
                rx.el.span(line.handle, class_name="cut ltr strong handle"),
                rx.el.span(_summary(line), class_name="each-summary"),
                rx.icon("chevron-down", size=16, class_name="each-arrow"),
            ),
            rx.el.fieldset(
                rx.cond(line.by_hand, rx.fragment(), _choices(line)),
                _hand(line),
                class_name="each-body",
                disabled=Compose.is_fixed,
            ),
            open=line.opened,
            class_name="each",
            custom_attrs={"data-account": line.id, "data-platform": line.platform},
        ),
    )


def _summary(line: Any) -> rx.Component:
    return rx.cond(
        line.by_hand,
        chip(t("By hand"), tone="gold", icon="hand"),
        rx.fragment(
            rx.el.span(line.shape_title, class_name="cut faint"),
            rx.cond(line.changes, rx.icon("wand-sparkles", size=14, class_name="faint")),
            rx.cond(line.cost != "", chip(line.cost, icon="coins")),
            rx.cond(line.missing > 0, chip(t("To be chosen"), tone="warn", icon="circle-alert")),
        ),
    )


def _choices(line: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(line.shapes, _shapes(line)),
        rx.cond(line.changes, _changes(line)),
        rx.foreach(line.options, lambda option: _option(line, option)),
        rx.cond(line.platform == "bluesky", _language(line)),
        rx.cond(
            line.cost != "",
            rx.el.p(
                rx.icon("coins", size=15),
                rx.el.span(t("Costs about {cost}.", cost=line.cost), " ", line.cost_reason),
                class_name="row tight small muted",
            ),
        ),
    )


def _one_of(ways: Any, chosen: Any, choose: Any, label: Any) -> rx.Component:
    def one(way: Any) -> rx.Component:
        return rx.el.button(
            way.title,
            type="button",
            role="radio",
            aria_checked=rx.cond(chosen == way.value, "true", "false"),
            class_name="segment",
            on_click=choose(way.value),
        )

    return rx.el.div(
        rx.foreach(ways, one), role="radiogroup", aria_label=label, class_name="segments"
    )


def _shapes(line: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(t("As"), class_name="field-label"),
        _one_of(
            line.shapes,
            line.shape,
            lambda value: Options.choose_shape(line.id, value, WRITTEN),
            t("Kind of post"),
        ),
        class_name="each-row",
    )


def _changes(line: Any) -> rx.Component:
    def fit(value: str, words: Any) -> rx.Component:
        return rx.el.button(
            words,
            type="button",
            role="radio",
            aria_checked=rx.cond(line.fit == value, "true", "false"),
            class_name="segment",
            on_click=Options.choose_fit(line.id, value, WRITTEN),
        )

    return rx.el.div(
        rx.el.p(t("What is done to fit this platform"), class_name="field-label"),
        rx.el.ul(
            rx.foreach(
                line.changes,
                lambda each: rx.el.li(
                    rx.icon("wand-sparkles", size=14), rx.el.span(each, dir="auto")
                ),
            ),
            class_name="changes small muted",
        ),
        _as_it_goes_out(line),
        rx.el.div(
            fit("pad", t("Margins around it")),
            fit("crop", t("Cut to fit")),
            fit("blur", t("Blurred around it")),
            role="radiogroup",
            aria_label=t("How it is made to fit"),
            class_name="segments",
        ),
        class_name="col tight",
    )


def _as_it_goes_out(line: Any) -> rx.Component:
    """Every file as this account's platform will get it."""

    def shown(item: Any) -> rx.Component:
        how = f"?fit={line.fit}&shape={line.shape}"
        return rx.el.img(
            src=f"/fitted/{line.id}/{item.asset_id}{how}",
            alt=t("As it goes out: {name}", name=item.name),
            loading="lazy",
        )

    return rx.el.div(rx.foreach(Compose.media, shown), class_name="as-it-goes-out")


def _option(line: Any, option: Any) -> rx.Component:
    return rx.match(
        option.kind,
        ("toggle", _toggle(line, option)),
        ("choice", _choice(line, option)),
        ("thread", _thread(line, option)),
        ("long_text", _written(line, option, rx.el.textarea, rows=3)),
        ("number", _written(line, option, rx.el.input, input_mode="decimal")),
        _written(line, option, rx.el.input),
    )


def _label(line: Any, option: Any) -> rx.Component:
    return rx.el.label(
        option.title,
        rx.cond(option.required, rx.el.span("*", class_name="must", aria_hidden="true")),
        html_for=_id(line, option),
    )


def _id(line: Any, option: Any) -> rx.Var[str]:
    return rx.Var.create(f"option-{line.id}-{option.name}")


def _hint(option: Any) -> rx.Component:
    return rx.cond(option.hint != "", rx.el.p(option.hint, class_name="hint", dir="auto"))


def _toggle(line: Any, option: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=option.on,
                on_change=lambda on: Options.choose(line.id, option.name, on),
            ),
            rx.el.span(option.title),
            class_name="check",
        ),
        _hint(option),
        class_name="field toggle",
    )


def _choice(line: Any, option: Any) -> rx.Component:
    return rx.el.div(
        _label(line, option),
        rx.el.select(
            rx.cond(
                option.value == "",
                rx.el.option(
                    rx.cond(option.required, t("Please choose"), t("As the platform has it")),
                    value="",
                ),
            ),
            rx.foreach(option.ways, lambda way: rx.el.option(way.title, value=way.value)),
            id=_id(line, option),
            value=option.value,
            on_change=lambda value: Options.choose(line.id, option.name, value),
            class_name="input",
            aria_invalid=rx.cond(option.missing, "true", "false"),
        ),
        _hint(option),
        class_name="field",
    )


def _written(line: Any, option: Any, control: Any, **props: Any) -> rx.Component:
    def told(value: Any) -> Any:
        return Options.write_option(line.id, option.name, value)

    return rx.el.div(
        _label(line, option),
        control(
            id=_id(line, option),
            key=f"{line.id}-{option.name}-{Compose.edition}",
            default_value=option.value,
            on_change=lambda value: told(value).debounce(250),
            on_blur=told,
            placeholder=rx.cond(option.kind == "tags", t("Separated by commas"), ""),
            dir="auto",
            class_name="input",
            custom_attrs={"data-option": f"{line.id}|{option.name}"},
            **props,
        ),
        _hint(option),
        class_name="field",
    )


def _thread(line: Any, option: Any) -> rx.Component:
    def part(one: Any) -> rx.Component:
        def told(value: Any) -> Any:
            return Options.write_part(line.id, option.name, one.place, value)

        return rx.el.li(
            rx.el.textarea(
                key=f"{line.id}-{option.name}-{one.place}-{Compose.edition}",
                default_value=one.text,
                on_change=lambda value: told(value).debounce(250),
                on_blur=told,
                rows=3,
                dir="auto",
                class_name="input",
                aria_label=t("Part {n}", n=one.place + 2),
                custom_attrs={"data-option": f"{line.id}|{option.name}|{one.place}"},
            ),
            rx.el.div(
                rx.el.span(
                    number(one.count),
                    "/",
                    number(line.limit),
                    class_name=rx.cond(
                        one.over, "composer-count over numbers ltr", "composer-count numbers ltr"
                    ),
                ),
                icon_button(
                    "x",
                    t("Take this part out"),
                    class_name="small",
                    on_click=Options.drop_part(line.id, option.name, one.place, WRITTEN),
                ),
                class_name="row tight between",
            ),
        )

    return rx.el.div(
        rx.el.span(option.title, class_name="field-label"),
        rx.cond(option.parts, rx.el.ol(rx.foreach(option.parts, part), class_name="thread")),
        rx.el.div(
            button(
                t("Add a part"),
                icon="plus",
                size="small",
                on_click=Options.add_part(line.id, option.name, WRITTEN),
            ),
        ),
        _hint(option),
        class_name="field",
    )


def _language(line: Any) -> rx.Component:
    """Bluesky shows a post to readers of its language."""
    return rx.el.div(
        rx.el.label(t("Language of this post"), html_for=f"language-{line.id}"),
        rx.el.select(
            rx.el.option(t("Language: found by itself"), value=""),
            *(rx.el.option(name, value=code) for code, name in _LANGUAGES),
            id=f"language-{line.id}",
            value=line.language,
            on_change=lambda value: Options.choose_language(line.id, value),
            class_name="input",
        ),
        class_name="field",
    )


def _hand(line: Any) -> rx.Component:
    """Instead of sending it: a reminder, and the package ready to be posted."""
    return rx.cond(
        line.platform != "folder",
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=line.by_hand,
                    on_change=lambda on: Options.post_by_hand(line.id, on, WRITTEN),
                ),
                rx.el.span(t("Remind me to post this by hand")),
                class_name="check",
            ),
            rx.el.p(
                t("At the planned minute the package is ready, and you are told."),
                class_name="hint",
            ),
            class_name="field toggle by-hand",
        ),
    )
