"""The page for writing: the paper in the middle, the preview beside it, the actions below."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.event import passthrough_event_spec

from autosched.ui.compose import editor
from autosched.ui.compose.each import each_account
from autosched.ui.compose.media import describing, picker
from autosched.ui.compose.preview import preview
from autosched.ui.compose.saving import Saving
from autosched.ui.compose.state import WRITTEN, Compose
from autosched.ui.compose.timing import timing
from autosched.ui.compose.verses import verse_search
from autosched.ui.parts import bones, button, link_button, notice, page_head, retry
from autosched.ui.words import t


class _Keys(Component):
    """`assets/app/compose.js`: Ctrl+Enter schedules, Ctrl+S stores."""

    library = "$/public/app/compose.js"
    tag = "ComposeKeys"

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        return {
            **super().get_event_triggers(),
            "on_schedule": passthrough_event_spec(list[str]),
            "on_save": passthrough_event_spec(list[str]),
        }


def compose() -> rx.Component:
    """The page."""
    return rx.fragment(
        _Keys.create(on_schedule=Saving.schedule, on_save=Saving.save),
        page_head(
            rx.cond(Compose.post_id != "", t("Edit post"), t("New post")),
            rx.cond(
                Compose.came_back,
                rx.el.div(
                    rx.el.span(t("Your unsaved words are back."), class_name="small muted"),
                    button(t("Discard"), look="bare", size="small", on_click=Compose.discard),
                    class_name="row tight",
                ),
            ),
        ),
        rx.cond(
            ~Compose.loaded,
            bones(3, height="9rem"),
            rx.cond(
                Compose.failure != "",
                retry(Compose.failure, Compose.arrive),
                rx.el.div(
                    rx.el.div(
                        _standing(),
                        _conflict(),
                        _aside(),
                        editor.accounts(),
                        editor.sheet(),
                        editor.problems(),
                        each_account(),
                        timing(),
                        _actions(),
                        class_name="composer-main",
                    ),
                    preview(),
                    class_name="composer",
                ),
            ),
        ),
        picker(),
        describing(),
        verse_search(),
    )


def _standing() -> rx.Component:
    return rx.match(
        Compose.standing,
        (
            "published",
            notice(t("This post has gone out, and stays as it went out."), look="good"),
        ),
        ("publishing", notice(t("This post is going out just now."), look="info")),
        (
            "cancelled",
            notice(t("This post was cancelled. Schedule it to bring it back."), look="info"),
        ),
        rx.fragment(),
    )


def _conflict() -> rx.Component:
    return rx.cond(
        Compose.in_conflict,
        rx.el.section(
            rx.el.h2(t("Somebody else changed this post while you were writing")),
            rx.el.p(
                t("Nothing is lost: your words are below, theirs are here."), class_name="muted"
            ),
            rx.el.blockquote(Compose.theirs, class_name="theirs", dir="auto"),
            rx.el.div(
                button(
                    t("Store mine over theirs"),
                    look="primary",
                    size="small",
                    on_click=Saving.keep_mine(WRITTEN),
                ),
                button(
                    t("Go on with theirs"),
                    size="small",
                    on_click=Saving.take_theirs(WRITTEN),
                ),
                button(
                    t("Keep mine as a new draft"),
                    size="small",
                    on_click=Saving.mine_as_new(WRITTEN),
                ),
                class_name="row wrap tight",
            ),
            class_name="composer-conflict",
            role="alert",
        ),
    )


def _aside() -> rx.Component:
    return rx.cond(
        Compose.aside != "",
        rx.el.details(
            rx.el.summary(rx.icon("archive", size=15), t("Your words, laid aside")),
            rx.el.p(Compose.aside, class_name="theirs", dir="auto"),
            rx.el.div(
                button(t("Put them back"), size="small", icon="undo-2", on_click=Saving.put_back),
                button(t("Not needed"), size="small", look="bare", on_click=Saving.drop_aside),
                class_name="row tight",
            ),
            class_name="composer-aside",
            open=True,
        ),
    )


def _actions() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Compose.trouble_line != "",
            notice(Compose.trouble_line, look="bad"),
        ),
        rx.cond(
            (Compose.cost != "") & ~Compose.is_fixed,
            rx.el.p(
                rx.icon("coins", size=15),
                t("Going out costs about {cost}.", cost=Compose.cost),
                class_name="row tight small composer-cost",
            ),
        ),
        rx.cond(
            Compose.is_fixed,
            rx.el.div(
                link_button(t("To the calendar"), "/calendar", icon="calendar"),
                link_button(
                    t("Duplicate"), f"/compose?from={Compose.post_id}", icon="copy", look="primary"
                ),
                class_name="composer-buttons",
            ),
            rx.cond(Compose.can_edit, _buttons(), _only_looking()),
        ),
        class_name="composer-foot",
    )


def _only_looking() -> rx.Component:
    return notice(t("You can look at this post. To change it, ask for the role of an editor."))


def _buttons() -> rx.Component:
    is_planned = Compose.standing == "scheduled"
    return rx.cond(
        Saving.asks_to_publish,
        rx.el.div(
            rx.el.span(t("Publish it now, for everybody to see?"), class_name="strong grow"),
            button(t("Not yet"), on_click=Saving.ask_to_publish(False)),
            button(
                t("Publish now"),
                icon="send",
                look="primary",
                on_click=Saving.publish(WRITTEN),
            ),
            class_name="composer-buttons",
            role="alert",
        ),
        rx.el.div(
            button(
                t("Publish now"),
                icon="send",
                look="bare",
                busy=Saving.busy == "publish",
                on_click=Saving.ask_to_publish(True),
                aria_label=t("Publish now"),
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                is_planned,
                rx.fragment(),
                button(
                    t("Save draft"),
                    busy=Saving.busy == "save",
                    on_click=Saving.save(WRITTEN),
                    class_name="save-draft",
                ),
            ),
            rx.cond(
                is_planned,
                button(
                    t("Store changes"),
                    icon="check",
                    look="primary",
                    busy=Saving.busy == "save",
                    on_click=Saving.save(WRITTEN),
                    custom_attrs={"data-keys": "Ctrl S"},
                ),
                button(
                    t("Schedule"),
                    icon="calendar-check",
                    look="primary",
                    busy=Saving.busy == "schedule",
                    on_click=Saving.schedule(WRITTEN),
                    class_name="schedule",
                    title="Ctrl+Enter",
                ),
            ),
            class_name="composer-buttons",
        ),
    )
