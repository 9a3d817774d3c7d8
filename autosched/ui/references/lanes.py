"""The timeline: every lane on one axis that runs from left to right in every language."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.event import passthrough_event_spec

from autosched.ui.parts import icon_button
from autosched.ui.references.axis import MOST_ROWS
from autosched.ui.references.spoken import word
from autosched.ui.references.viewing import Viewing
from autosched.ui.words import length, t

_ARROWS = {
    "slide_up": "M8 13V3M4 7l4-4 4 4",
    "slide_down": "M8 3v10M4 9l4 4 4-4",
    "slide_left": "M13 8H3M7 4L3 8l4 4",
    "slide_right": "M3 8h10M9 4l4 4-4 4",
    "typewriter": "M3 12h4M9 4v8M7 4h4M7 12h4",
    "pop": "M8 2v3M8 11v3M2 8h3M11 8h3M4 4l2 2M10 10l2 2M12 4l-2 2M6 10l-2 2",
    "blur": "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM8 1v1M8 14v1M1 8h1M14 8h1",
    "fade": "M2 12L14 4v8z",
    "none": "M5 3v10",
}
_MARKS = {
    "cut": "M8 1v14",
    "dissolve": "M2 3l12 10M2 13L14 3",
    "fade_black": "M2 3l6 10 6-10",
    "fade_white": "M2 13L8 3l6 10",
    "wipe": "M3 3v10M3 8h10M10 5l3 3-3 3",
    "slide": "M2 8h12M11 5l3 3-3 3M5 5L2 8l3 3",
    "zoom": "M6 2H2v4M10 14h4v-4M2 2l4 4M14 14l-4-4",
    "flash": "M9 1L4 9h4l-1 6 5-8H8z",
}


class _ReferenceAxis(Component):
    """`assets/app/reference.js`: the playhead, seeking, zooming."""

    library = "$/public/app/reference.js"
    tag = "ReferenceAxis"
    seconds: rx.Var[float]
    starts: rx.Var[list[float]]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        return {**super().get_event_triggers(), "on_shot": passthrough_event_spec(int)}


def timeline() -> rx.Component:
    """All lanes with their names, and the tools that zoom."""
    return rx.el.div(
        _ReferenceAxis.create(
            seconds=Viewing.axis.seconds, starts=Viewing.axis.starts, on_shot=Viewing.look_at
        ),
        rx.el.div(
            rx.el.span(
                rx.el.span("0:00", id="axis-clock", class_name="numbers strong"),
                rx.el.span(" / ", length(Viewing.axis.seconds), class_name="faint numbers small"),
                class_name="ltr",
            ),
            rx.el.div(
                icon_button("zoom-out", t("Show more time"), custom_attrs={"data-zoom": "out"}),
                icon_button("zoom-in", t("Show less time"), custom_attrs={"data-zoom": "in"}),
                class_name="row tight push axis-tools",
            ),
            class_name="row tight axis-head",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(class_name="lane-name ruler"),
                _name("film", t("Shots"), "shots"),
                _name("split", t("Transitions"), "marks"),
                _name("type", t("Text"), "texts"),
                _name("audio-lines", t("Sound"), "sounds"),
                class_name="lane-names",
                aria_hidden="true",
            ),
            rx.el.div(
                rx.el.div(
                    _ruler(),
                    _shots(),
                    _marks(),
                    _texts(),
                    _sound(),
                    rx.el.div(
                        id="axis-head",
                        class_name="playhead",
                        role="slider",
                        tab_index=0,
                        aria_label=t("Position"),
                        aria_valuemin=0,
                        aria_valuemax=Viewing.axis.seconds,
                    ),
                    id="axis",
                    class_name="axis",
                ),
                id="axis-scroll",
                class_name="axis-scroll",
                dir="ltr",
            ),
            class_name="lanes",
            style={"--text-rows": Viewing.axis.text_rows},
        ),
        class_name="card flush reference-axis",
    )


def _name(icon: str, label: rx.Var[str], lane: str) -> rx.Component:
    return rx.el.span(rx.icon(icon), rx.el.span(label), class_name=f"lane-name {lane}")


def _ruler() -> rx.Component:
    # Its marks are drawn in the browser: how many there are depends on the zoom.
    return rx.el.div(id="axis-ruler", class_name="lane ruler numbers", aria_hidden="true")


def _empty(text: rx.Var[str]) -> rx.Component:
    return rx.el.span(text, class_name="lane-empty", dir="auto")


def _shots() -> rx.Component:
    picture = f"url(/references/{Viewing.shown.id}/shots)"
    size = f"{Viewing.columns}00% {Viewing.sheet_rows}00%"

    def bar(one: Any) -> rx.Component:
        return rx.el.button(
            rx.cond(
                one.picture != "",
                rx.el.span(class_name="shot-picture", style={"backgroundPosition": one.picture}),
            ),
            rx.el.span(word(one.scale), class_name="shot-word"),
            type="button",
            class_name=rx.cond((one.sure >= 0) & (one.sure < 60), "shot unsure", "shot"),
            style={"left": one.left, "width": one.width},
            title=f"{one.number + 1} · {word(one.scale)} · {word(one.camera)}",
            aria_label=f"{t('Shot')} {one.number + 1}",
            custom_attrs={"data-at": one.start, "data-shot": one.number},
        )

    return rx.el.div(
        rx.foreach(Viewing.axis.shots, bar),
        class_name="lane shots",
        style={"--sheet": picture, "--sheet-size": size, "--tile": Viewing.tile},
    )


def _marks() -> rx.Component:
    def mark(one: Any) -> rx.Component:
        told = f"{word(one.kind)} {word(one.direction)}"
        return rx.el.button(
            rx.el.svg(rx.el.path(d=rx.match(one.kind, *_MARKS.items(), "")), view_box="0 0 16 16"),
            type="button",
            class_name=rx.cond(one.sure < 60, f"mark {one.kind} unsure", f"mark {one.kind}"),
            style={"left": one.left, "width": one.width},
            title=f"{told} · {one.seconds} s · {one.sure} %",
            aria_label=told,
            custom_attrs={"data-at": one.time},
        )

    return rx.el.div(
        rx.cond(
            Viewing.axis.marks,
            rx.foreach(Viewing.axis.marks, mark),
            _empty(t("One shot throughout: no transition was found")),
        ),
        class_name="lane marks",
    )


def _texts() -> rx.Component:
    def motion(code: Any, side: str) -> rx.Component:
        return rx.cond(
            code != "",
            rx.el.svg(
                rx.el.path(d=rx.match(code, *_ARROWS.items(), "")),
                view_box="0 0 16 16",
                class_name=side,
            ),
        )

    def bar(one: Any) -> rx.Component:
        told = f"{word(one.enter)} → {word(one.exit)}"
        return rx.el.button(
            rx.el.span(class_name="coming", style={"width": one.coming}),
            rx.el.span(class_name="going", style={"width": one.going}),
            motion(one.enter, "enter"),
            rx.el.span(word(one.script), class_name="cut"),
            motion(one.exit, "exit"),
            type="button",
            class_name=rx.cond((one.sure >= 0) & (one.sure < 60), "text unsure", "text"),
            style={"left": one.left, "width": one.width, "--row": one.top},
            title=told,
            aria_label=f"{t('Text')}: {told}",
            custom_attrs={"data-at": one.start},
        )

    return rx.el.div(
        rx.cond(
            Viewing.axis.texts,
            rx.foreach(Viewing.axis.texts, bar),
            _empty(t("No text was found on the picture")),
        ),
        class_name="lane texts",
        custom_attrs={"data-most": MOST_ROWS},
    )


def _sound() -> rx.Component:
    def stretch(one: Any) -> rx.Component:
        return rx.el.span(
            word(one.kind),
            class_name=f"stretch {one.kind}",
            style={"left": one.left, "width": one.width},
            title=word(one.kind),
        )

    def drawn(path: Any, name: str) -> rx.Component:
        return rx.cond(
            path != "",
            rx.el.svg(
                rx.el.path(d=path),
                view_box="0 0 1000 100",
                preserve_aspect_ratio="none",
                class_name=name,
                aria_hidden="true",
            ),
        )

    return rx.el.div(
        rx.cond(
            Viewing.found.has_sound,
            rx.fragment(
                drawn(Viewing.axis.loudness, "loudness"),
                drawn(Viewing.axis.beats, "beats"),
                rx.foreach(Viewing.axis.sounds, stretch),
            ),
            _empty(t("No sound")),
        ),
        class_name="lane sounds",
    )
