"""What was measured, in panels: the shot under the playhead, rhythm, look, text and sound.

A figure that the measuring is not sure of is dotted, with how sure on it; one that could not be
measured is said to be so.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.references.carrying import carried_over
from autosched.ui.references.spoken import word
from autosched.ui.references.viewing import Viewing
from autosched.ui.words import number, t


def shot_panel() -> rx.Component:
    """The shot under the playhead."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                Viewing.is_picture,
                t("Composition"),
                t("Shot {n}", n=number(Viewing.shot_number + 1)),
            )
        ),
        _figures(Viewing.shot),
        class_name="card shot-panel",
        aria_live="off",
    )


def panels() -> rx.Component:
    """All others."""
    found = Viewing.found
    return rx.el.div(
        _look(),
        rx.cond(
            ~Viewing.is_picture,
            _panel(
                "film",
                t("Rhythm and transitions"),
                _figures(found.rhythm),
                rx.cond(
                    found.kinds,
                    _shares(found.kinds),
                    _nothing(t("No transition was found.")),
                ),
            ),
        ),
        _panel(
            "type",
            t("Text motion"),
            rx.cond(
                found.texts,
                rx.fragment(
                    _figures(found.texts),
                    _motions(),
                ),
                _nothing(t("No text was found on the picture.")),
            ),
        ),
        rx.cond(
            ~Viewing.is_picture,
            _panel(
                "audio-lines",
                t("Music and sound"),
                rx.cond(
                    found.has_sound,
                    rx.fragment(_figures(found.sound), _mood()),
                    _nothing(t("The reference is silent.")),
                ),
            ),
        ),
        class_name="panels",
    )


def _panel(icon: str, title: rx.Var[str], *children: Any, **props: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(rx.icon(icon), title),
        *children,
        class_name=f"card panel {props.pop('class_name', '')}",
        **props,
    )


def _nothing(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(text, class_name="faint small")


def _figures(rows: Any) -> rx.Component:
    return rx.el.dl(rx.foreach(rows, _figure), class_name="figures")


def _figure(one: Any) -> rx.Component:
    measured = (one.value != "") | (one.word != "")
    sure = f"{one.sure} %"
    doubt = (one.sure >= 0) & (one.sure < 75)
    return rx.el.div(
        rx.el.dt(word(one.name)),
        rx.el.dd(
            rx.cond(
                measured,
                rx.fragment(
                    rx.cond(
                        one.share >= 0,
                        rx.el.span(
                            rx.el.span(style={"--share": f"{one.share * 100}%"}),
                            class_name=rx.cond(one.centred, "meter centred ltr", "meter ltr"),
                            aria_hidden="true",
                        ),
                    ),
                    rx.cond(
                        one.colour != "",
                        rx.el.span(class_name="figure-swatch", style={"background": one.colour}),
                    ),
                    rx.el.span(
                        rx.cond(one.word != "", word(one.word), one.value),
                        class_name=rx.cond(
                            doubt,
                            "figure-value numbers unsure",
                            "figure-value numbers",
                        ),
                        dir=rx.cond(one.word != "", "auto", "ltr"),
                        title=rx.cond(one.sure >= 0, t("Confidence {sure}", sure=sure), ""),
                    ),
                ),
                rx.el.span(t("not measured"), class_name="not-measured"),
            ),
        ),
        class_name="figure",
        custom_attrs={"data-figure": one.name},
    )


def _shares(rows: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            rows,
            lambda one: rx.el.li(
                rx.el.span(word(one.kind), class_name="cut"),
                rx.el.span(
                    rx.el.span(style={"--share": f"{one.percent}%"}), class_name="share-bar"
                ),
                rx.el.span(number(one.count), class_name="numbers"),
            ),
        ),
        class_name="kind-shares",
    )


def _motions() -> rx.Component:
    def bar(count: Any, share: Any) -> rx.Component:
        return rx.fragment(
            rx.el.span(
                rx.cond(count > 0, rx.el.span(style={"--share": f"{share}%"})),
                class_name="share-bar",
            ),
            rx.el.span(rx.cond(count > 0, number(count), "–"), class_name="numbers"),
        )

    return rx.cond(
        Viewing.found.motions,
        rx.el.ul(
            rx.el.li(
                rx.el.span(t("Motion")),
                rx.el.span(t("In")),
                rx.el.span(),
                rx.el.span(t("Out")),
                rx.el.span(),
                class_name="faint tiny",
            ),
            rx.foreach(
                Viewing.found.motions,
                lambda one: rx.el.li(
                    rx.el.span(word(one.kind), class_name="cut"),
                    bar(one.coming, one.coming_share),
                    bar(one.going, one.going_share),
                ),
            ),
            class_name="kind-shares two",
        ),
    )


def _look() -> rx.Component:
    found = Viewing.found
    return _panel(
        "palette",
        t("Colours and light"),
        rx.cond(
            found.palette,
            rx.el.div(
                rx.foreach(
                    found.palette,
                    lambda one: rx.el.div(
                        rx.el.span(class_name="palette-colour", style={"background": one.colour}),
                        rx.el.span(one.colour, class_name="tiny numbers ltr palette-name"),
                        rx.el.span(f"{one.weight} %", class_name="tiny faint numbers ltr"),
                        class_name="palette-part",
                        style={"flexGrow": one.weight},
                        title=f"{one.colour} · {one.weight} %",
                    ),
                ),
                class_name="palette ltr",
            ),
            _nothing(t("The palette was not measured.")),
        ),
        _figures(found.grade),
        _scopes(),
        rx.cond(found.has_lut, carried_over()),
        class_name="look-panel",
    )


def _scopes() -> rx.Component:
    def scope(name: str, title: rx.Var[str]) -> rx.Component:
        return rx.cond(
            rx.Var.create(Viewing.pictures).contains(name),
            rx.el.figure(
                rx.el.img(src=f"/references/{Viewing.shown.id}/{name}", alt=title, loading="lazy"),
                rx.el.figcaption(title, class_name="tiny faint"),
                class_name="scope",
            ),
        )

    return rx.el.div(
        scope("luma", t("Waveform")), scope("hues", t("Vectorscope")), class_name="scopes"
    )


def _mood() -> rx.Component:
    found = Viewing.found
    return rx.el.div(
        rx.el.h3(t("Mood")),
        rx.cond(
            found.mood != "",
            rx.el.div(
                rx.el.div(
                    rx.el.span(
                        class_name="mood-dot",
                        style={
                            "left": found.mood_left,
                            "top": found.mood_top,
                        },
                    ),
                    class_name="mood-field ltr",
                    aria_hidden="true",
                ),
                rx.el.div(
                    rx.el.strong(word(found.mood)),
                    rx.el.span(
                        t("Upwards: more stirred. To the right: more pleasant."),
                        class_name="tiny faint",
                    ),
                    class_name="col tight",
                ),
                class_name="row mood",
            ),
            rx.el.span(t("not measured"), class_name="not-measured"),
        ),
        class_name="titled",
    )
