"""A template's measures: pace, transitions, colours, words, framing and sound."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.studio import art
from autosched.ui.gallery import spoken
from autosched.ui.gallery.design_state import Design
from autosched.ui.gallery.spoken import said
from autosched.ui.parts import card, chip
from autosched.ui.words import t


def at_a_glance() -> rx.Component:
    """All measures as small cards."""
    return rx.el.div(
        rx.cond(Design.origins, _origins()),
        _pace(),
        _transitions(),
        _colours(),
        _words(),
        rx.cond(
            rx.Var.create(Design.measures.scales).length() > 0,
            _framing(),
            rx.cond(rx.Var.create(Design.measures.cameras).length() > 0, _framing()),
        ),
        _sound(),
        class_name="measures",
    )


def _measure(title: rx.Var[str], icon: str, *children: Any, **props: Any) -> rx.Component:
    return card(
        rx.el.h3(rx.icon(icon), title, class_name="measure-title"),
        *children,
        class_name="measure",
        **props,
    )


def _fact(label: rx.Var[str], value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value, class_name="numbers"), class_name="fact")


def _seconds(value: Any) -> rx.Var[str]:
    return t("{seconds} s", seconds=value)


def _origins() -> rx.Component:
    return _measure(
        t("Learned from"),
        "scan-eye",
        rx.el.ul(
            rx.foreach(
                Design.origins,
                lambda each: rx.el.li(
                    rx.cond(
                        each.analysis != "",
                        rx.el.a(
                            each.name,
                            href=f"/references/one?id={each.analysis}",
                            class_name="link cut plain",
                        ),
                        rx.el.span(each.name, class_name="cut plain"),
                    )
                ),
            ),
            class_name="col tight small",
        ),
    )


def _pace() -> rx.Component:
    measures = Design.measures
    return _measure(
        t("Pace"),
        "gauge",
        rx.cond(
            measures.shots > 0,
            rx.fragment(
                rx.el.p(
                    rx.el.span(_seconds(measures.shots), class_name="measure-figure"),
                    rx.el.span(t("a shot"), class_name="faint"),
                    class_name="row tight",
                ),
                rx.el.div(
                    rx.foreach(
                        rx.Var.range(8),
                        lambda at: rx.el.span(
                            style={
                                "--length": rx.cond(
                                    at % 2 == 0, 100 + measures.spread, 100 - measures.spread * 0.6
                                )
                            }
                        ),
                    ),
                    class_name="rhythm",
                    aria_hidden="true",
                ),
                rx.cond(
                    measures.on_beat,
                    chip(t("Cut on the beat"), icon="music"),
                ),
            ),
            rx.el.p(t("Shots are as long as their words need."), class_name="muted small"),
        ),
    )


def _bars(parts: Any, names: dict[str, str]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            parts,
            lambda part: rx.el.li(
                rx.el.span(said(part.word, names), class_name="share-word cut"),
                rx.el.span(
                    rx.el.span(style={"--share": f"{part.percent}%"}),
                    class_name="bar",
                    aria_hidden="true",
                ),
                rx.el.span(f"{part.percent}%", class_name="numbers faint"),
            ),
        ),
        class_name="shares small",
    )


def _transitions() -> rx.Component:
    return _measure(
        t("Transitions"),
        "blend",
        _bars(Design.measures.transitions, spoken.TRANSITIONS),
        rx.el.dl(_fact(t("Each takes"), _seconds(Design.measures.blend)), class_name="facts"),
    )


def _colours() -> rx.Component:
    measures = Design.measures
    return _measure(
        t("Colours"),
        "palette",
        rx.el.div(
            rx.foreach(
                measures.palette,
                lambda colour: rx.el.span(
                    style={"background": colour}, title=colour, class_name="swatch"
                ),
            ),
            class_name="swatches",
            role="img",
            aria_label=t("Palette"),
        ),
        rx.el.dl(
            _fact(
                t("Drawn background"),
                said(measures.art, {kind.name: kind.title for kind in art.KINDS.values()}),
            ),
            _fact(t("Temperature"), measures.temperature),
            _fact(t("Contrast"), measures.contrast),
            _fact(t("Saturation"), measures.saturation),
            class_name="facts",
        ),
        rx.cond(measures.own_look, chip(t("Carries the look of its reference"), icon="blend")),
    )


def _words() -> rx.Component:
    measures = Design.measures
    return _measure(
        t("Words"),
        "type",
        rx.el.div(
            rx.el.span(
                rx.el.span(style={"background": measures.arabic_colour}),
                rx.el.span(style={"background": measures.translation_colour}),
                class_name="words-place",
                style={"inset-block-start": f"{measures.down}%"},
            ),
            class_name="frame-sketch",
            style={"background": measures.ground},
            aria_hidden="true",
        ),
        rx.el.dl(
            _fact(t("The Arabic comes"), said(measures.arabic_motion, spoken.MOTIONS)),
            _fact(t("The translation comes"), said(measures.translation_motion, spoken.MOTIONS)),
            _fact(t("Takes"), _seconds(measures.motion_seconds)),
            class_name="facts",
        ),
    )


def _framing() -> rx.Component:
    return _measure(
        t("Framing"),
        "frame",
        rx.cond(Design.measures.scales, _bars(Design.measures.scales, spoken.SCALES)),
        rx.cond(Design.measures.cameras, _bars(Design.measures.cameras, spoken.CAMERAS)),
    )


def _sound() -> rx.Component:
    sound, ambience = Design.measures, Design.measures.ambience
    return _measure(
        t("Sound"),
        "audio-lines",
        rx.el.p(
            rx.cond(ambience == "", t("Silence"), said(ambience, spoken.AMBIENCES)),
            class_name="measure-figure",
        ),
        rx.cond(
            sound.music != "",
            rx.el.dl(
                _fact(t("Music"), rx.cond(sound.music == "yes", t("Suits it"), t("None"))),
                rx.cond(
                    sound.tempo != "",
                    _fact(t("Beats a minute"), rx.el.bdi(sound.tempo, class_name="ltr")),
                ),
                rx.cond(sound.mood != "", _fact(t("Mood"), said(sound.mood, spoken.MOODS))),
                class_name="facts",
            ),
        ),
    )
