"""Home as a person sees it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched import frontend
from autosched.ui.home.state import Home
from autosched.ui.home.trouble import troubles
from autosched.ui.parts import (
    bones,
    card,
    glyph,
    link_button,
    media_tile,
    ornament,
    progress_bar,
    retry,
    section,
    target_chip,
)
from autosched.ui.parts.surfaces import Picture
from autosched.ui.session import Session
from autosched.ui.words import moment, plural, t, today, zone_name


def home() -> rx.Component:
    """The page."""
    return rx.fragment(
        rx.el.header(
            rx.el.p(
                rx.el.span(today(Session.zone)),
                rx.el.span("·", aria_hidden="true"),
                rx.el.span(today(Session.zone, "hijri")),
                class_name="home-date",
            ),
            rx.el.h1(t("Salam, {name}", name=Home.first_name)),
            class_name="page-head home-head",
        ),
        rx.cond(
            ~Home.loaded,
            bones(3, height="8rem"),
            rx.cond(
                Home.failure != "",
                retry(Home.failure, Home.load),
                rx.fragment(
                    _attention(),
                    troubles(),
                    rx.cond(Home.is_new, _steps()),
                    rx.el.div(
                        _coming(),
                        _making(),
                        class_name=rx.cond(Home.making, "home-columns two", "home-columns"),
                    ),
                    rx.cond(Home.videos, _videos()),
                ),
            ),
        ),
    )


def _attention() -> rx.Component:
    return rx.cond(
        Session.attention_count > 0,
        rx.el.a(
            rx.icon("bell-ring"),
            rx.el.span(
                plural("{n} post needs a look", "{n} posts need a look", Session.attention_count),
                class_name="grow strong",
            ),
            rx.el.span(t("See what happened")),
            rx.icon("arrow-right", class_name="turns"),
            href="/attention",
            class_name="notice warn home-attention",
        ),
    )


def _template_picture(place: int) -> str:
    """A template's picture for a step, where the studio has made some."""
    pictures = sorted((frontend.root() / "assets" / "templates").glob("*.jpg"))
    return f"/templates/{pictures[place % len(pictures)].name}" if pictures else ""


def _step(
    number: int, title: str, text: str, action: str, href: str, done: Any, picture: Picture
) -> rx.Component:
    photo = _template_picture(3) if picture == "film" else ""
    return rx.el.li(
        rx.el.div(
            rx.el.img(src=photo, alt="") if photo else ornament(picture, size="6rem"),
            class_name=f"step-picture of-{picture}",
        ),
        rx.el.div(
            rx.el.span(
                rx.cond(done, rx.icon("check"), rx.el.span(str(number))),
                class_name=rx.cond(done, "step-number done", "step-number"),
            ),
            rx.el.h3(t(title)),
            class_name="row tight",
        ),
        rx.el.p(t(text), class_name="small muted grow"),
        rx.cond(
            done,
            rx.el.span(t("Done"), class_name="small faint"),
            link_button(t(action), href, look="primary" if number == 1 else "quiet"),
        ),
        class_name=rx.cond(done, "card step is-done", "card step"),
    )


def _steps() -> rx.Component:
    return section(
        t("Three steps to the first post"),
        rx.el.ol(
            _step(
                1,
                "Make a video",
                "Choose a template and a verse; the rest is drawn, set and mixed for you.",
                "Open the studio",
                "/studio",
                Home.has_video,
                "film",
            ),
            _step(
                2,
                "Connect an account",
                "Posts go out there by themselves. A folder collects what you post by hand.",
                "Connect",
                "/accounts",
                Home.has_account,
                "accounts",
            ),
            _step(
                3,
                "Plan a post",
                "Write it once, choose the moment; it goes out by itself, exactly once.",
                "Compose",
                "/compose",
                Home.has_post,
                "calendar",
            ),
            class_name="steps",
        ),
    )


def _coming() -> rx.Component:
    return section(
        t("Going out next"),
        rx.cond(
            Home.coming,
            card(rx.el.ul(rx.foreach(Home.coming, _post), class_name="rows"), class_name="flush"),
            card(
                rx.el.p(t("Nothing is planned for the next two weeks."), class_name="muted grow"),
                link_button(t("Plan a post"), "/compose", icon="square-pen"),
                class_name="row wrap",
            ),
        ),
        more=rx.el.a(t("Calendar"), href="/calendar", class_name="link"),
    )


def _post(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.icon("text"),
                rx.cond(
                    one.asset_id != "",
                    rx.el.img(src=f"/files/{one.asset_id}/poster", alt="", loading="lazy"),
                ),
                class_name="post-thumb",
            ),
            rx.el.span(
                rx.el.span(one.title, class_name="cut plain block"),
                rx.el.span(
                    rx.el.span(moment(one.start, Session.zone), class_name="numbers"),
                    rx.el.span(zone_name(Session.zone), class_name="post-zone"),
                    class_name="small faint row tight",
                ),
                class_name="grow",
            ),
            rx.el.span(
                rx.foreach(one.platforms, lambda each: glyph(each, size="1.375rem")),
                class_name="row tight",
            ),
            rx.cond(one.state != "scheduled", target_chip(one.state)),
            href=f"/compose?post={one.id}",
            class_name="home-post",
        )
    )


def _making() -> rx.Component:
    return rx.cond(
        Home.making,
        section(
            t("Being made"),
            card(
                rx.foreach(
                    Home.making,
                    lambda one: rx.cond(
                        one.waits,
                        rx.el.p(
                            rx.el.span(one.title, class_name="cut grow plain"),
                            rx.el.span(t("Waiting"), class_name="faint"),
                            class_name="row tight small",
                        ),
                        rx.cond(
                            Home.can_edit,
                            _progress(one, on_cancel=Home.stop(one.id)),
                            _progress(one),
                        ),
                    ),
                ),
                class_name="col",
            ),
            more=rx.el.a(t("Studio"), href="/studio", class_name="link"),
        ),
    )


def _progress(one: Any, **props: Any) -> rx.Component:
    return progress_bar(one.share, label=one.title, seconds_left=one.seconds_left, **props)


def _videos() -> rx.Component:
    return section(
        t("Latest videos"),
        rx.el.div(
            rx.foreach(
                Home.videos,
                lambda one: rx.el.a(
                    media_tile(
                        asset_id=one.id,
                        kind=one.kind,
                        name=one.name,
                        duration=one.duration,
                        frame="9 / 16",
                    ),
                    href=f"/library?open={one.id}",
                    class_name="strip-item",
                ),
            ),
            class_name="strip",
        ),
        more=rx.el.a(t("Library"), href="/library", class_name="link"),
    )
