"""The editor: groups of controls over the live stage, parts of other templates, and saving."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.gallery import spoken
from autosched.ui.gallery.controls import GROUPS, PALETTE, Control, Group
from autosched.ui.gallery.design_state import Design
from autosched.ui.parts import button, notice
from autosched.ui.words import t

# A slide tells where it is while it moves; the server is asked when it rests for a moment.
_REST_MS = 160


def editor() -> rx.Component:
    """All groups, the mixing, and what is done with the draft."""
    return rx.cond(
        Design.can_edit,
        rx.el.div(
            rx.cond(
                ~Design.own,
                notice(t("Built-in templates stay as they are: saving makes one of your own.")),
            ),
            rx.cond(Design.own, _rename()),
            *(_group(group, number == 0) for number, group in enumerate(GROUPS)),
            _mixing(),
            _saving(),
            class_name="editor",
            id="editor",
        ),
        notice(t("To change templates you must be an editor of this workspace.")),
    )


def _rename() -> rx.Component:
    return rx.el.div(
        rx.el.label(t("Title"), html_for="template-title"),
        rx.el.input(
            id="template-title",
            default_value=Design.title,
            key=f"title-{Design.of}-{Design.revision}",
            max_length=60,
            class_name="input",
            dir="auto",
            on_blur=Design.rename,
        ),
        class_name="field",
    )


def _group(group: Group, is_open: bool) -> rx.Component:
    inside: list[Any] = []
    part = ""
    for control in group.controls:
        if control.part and control.part != part:
            part = control.part
            inside.append(rx.el.h4(t(part), class_name="field-label whole"))
        inside.append(_control(control))
    if group.name == "look":
        inside.append(
            rx.el.p(
                t("For your footage and pictures: drawn backgrounds have their own light."),
                class_name="hint small whole",
            )
        )
    if group.name == "background":
        inside.append(_palette())
    return rx.el.details(
        rx.el.summary(
            rx.icon(group.icon), t(group.title), rx.icon("chevron-down", class_name="push")
        ),
        rx.el.div(*inside, class_name="controls"),
        open=is_open,
        class_name="control-group",
        custom_attrs={"data-group": group.name},
    )


def _control(control: Control) -> rx.Component:
    draw = {"slide": _slide, "choice": _choice, "colour": _colour, "switch": _switch}
    return draw[control.kind](control)


def _key(place: str) -> str:
    return f"{place}-{Design.of}-{Design.revision}"


def _slide(control: Control) -> rx.Component:
    name, value = control.place.replace(".", "-"), Design.values[control.place]
    set_value = Design.set_value(control.place)
    shown = rx.cond(value == "", "–", value).to(str)
    with_unit = {"s": t("{seconds} s", seconds=shown), "": shown}.get(
        control.unit, f"{shown} {control.unit}"
    )
    return rx.el.div(
        rx.el.label(t(control.label), html_for=name),
        rx.el.output(
            rx.el.bdi(with_unit),
            class_name="numbers faint small",
            html_for=name,
        ),
        rx.el.input(
            type="range",
            id=name,
            key=_key(control.place),
            min=control.low,
            max=control.high,
            step=control.step,
            default_value=rx.cond(value == "", str(control.low), value),
            on_change=set_value.debounce(_REST_MS),
        ),
        class_name="slide",
    )


def _choice(control: Control) -> rx.Component:
    name = control.place.replace(".", "-")
    return rx.el.div(
        rx.el.label(t(control.label), html_for=name),
        rx.el.select(
            *(
                rx.el.option(words if control.named else t(words), value=value)
                for value, words in control.choices.items()
            ),
            id=name,
            value=Design.values[control.place],
            on_change=Design.set_value(control.place),
            class_name="input",
        ),
        class_name="field",
    )


def _colour(control: Control) -> rx.Component:
    return _colour_input(control.place, t(control.label))


def _colour_input(place: str, label: rx.Var[str]) -> rx.Component:
    name = place.replace(".", "-")
    return rx.el.div(
        rx.el.input(
            type="color",
            id=name,
            key=_key(place),
            default_value=Design.values[place],
            on_change=Design.set_value(place).debounce(_REST_MS),
        ),
        rx.el.label(label, html_for=name),
        class_name="colour",
    )


def _switch(control: Control) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=Design.values[control.place] == "true",
            on_change=Design.set_value(control.place),
        ),
        t(control.label),
        class_name="check",
    )


def _palette() -> rx.Component:
    def one(at: int) -> rx.Component:
        place = f"palette.{at}"
        return rx.cond(
            Design.values[place] != "",
            rx.el.input(
                type="color",
                key=_key(place),
                default_value=Design.values[place],
                on_change=Design.set_value(place).debounce(_REST_MS),
                aria_label=t("Colour {number} of the palette", number=at + 1),
            ),
        )

    return rx.el.div(
        rx.el.span(t("Palette, from dark to light"), class_name="field-label"),
        rx.el.div(*(one(at) for at in range(PALETTE)), class_name="palette-inputs"),
        class_name="field",
    )


def _mixing() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.icon("blend"),
            t("Take parts of another template"),
            rx.icon("chevron-down", class_name="push"),
        ),
        rx.el.div(
            rx.el.select(
                rx.el.option(t("Choose a template"), value=""),
                rx.foreach(Design.others, lambda pair: rx.el.option(pair[1], value=pair[0])),
                value=Design.mix_from,
                on_change=Design.choose_mix,
                class_name="input",
                id="mix-from",
                aria_label=t("Choose a template"),
            ),
            rx.el.div(
                *(
                    button(
                        t(words),
                        size="small",
                        disabled=Design.mix_from == "",
                        on_click=Design.mix(part),
                        custom_attrs={"data-part": part},
                    )
                    for part, words in spoken.PARTS.items()
                ),
                class_name="row wrap tight",
            ),
            class_name="col mixing",
        ),
        class_name="control-group",
        custom_attrs={"data-group": "mix"},
    )


def _saving() -> rx.Component:
    return rx.el.div(
        rx.el.input(
            value=Design.note,
            on_change=Design.set_note,
            max_length=200,
            placeholder=t("What is different (for the history)"),
            aria_label=t("What is different (for the history)"),
            class_name="input grow",
            dir="auto",
        ),
        button(
            t("Undo"), icon="undo-2", disabled=~Design.can_undo, on_click=Design.undo, id="undo"
        ),
        button(t("Discard"), look="bare", disabled=~Design.changed, on_click=Design.discard),
        button(
            rx.cond(Design.own, t("Save"), t("Save as mine")),
            icon="save",
            look="primary",
            busy=Design.busy,
            disabled=~Design.changed | Design.trashed,
            on_click=Design.save,
            id="save",
        ),
        class_name="saving",
    )
