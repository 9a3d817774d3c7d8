"""What can be done about a post that did not simply go out, as buttons that do it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.schedule import service
from autosched.schedule.service import Concern, Help
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.parts import button
from autosched.ui.parts.controls import Look
from autosched.ui.session import Session
from autosched.ui.words import t

# Each help: icon, words, and what is said when it is done.
HELPS: dict[Help, tuple[str, str, str]] = {
    Help.RETRY: ("rotate-cw", "Try again", "It is tried again now."),
    Help.RECONNECT: ("plug", "Reconnect the account", ""),
    Help.EDIT: ("pencil", "Edit", ""),
    Help.RESCHEDULE: ("calendar-clock", "Choose another time", ""),
    Help.PUBLISH_NOW: ("send", "Publish it now anyway", "It goes out now."),
    Help.WENT_OUT: ("circle-check", "It went out", "Thank you. It counts as published."),
    Help.DID_NOT: ("send", "It did not: publish it now", "It goes out now."),
    Help.ASK_AGAIN: ("radar", "Ask the platform again", "The platform is asked now."),
    Help.CANCEL: ("ban", "Leave it out", "It stays back on this account."),
}

# What a target's state or trouble means, where its own sentence is not in the reader's language.
MEANINGS = {
    "failed": "The platform did not take this post.",
    "missed": "It was too late by this workspace's rule, so it was not sent without asking.",
    "needs_person": "This needs a person before it can go on.",
    "unconfirmed": (
        "It was sent, but the answer got lost. The platform is asked; it is not sent twice."
    ),
    "retry_wait": "It did not go through yet. It is tried again by itself.",
    "by_hand": "It is time to post this by hand: all is ready.",
}


def in_words(text: str, language: str, fallback: str = "") -> str:
    """A sentence of the server's in the reader's language, where the catalogue has it.

    Where it has not: `fallback`, a sentence of the catalogue, or the sentence as it stands.
    """
    if language != "ar" or not text:
        return text
    known = words.catalogue().get(text)
    if isinstance(known, str):
        return known
    return words.say(fallback, "ar") if fallback else text


def why(concern: Concern, language: str) -> tuple[str, str, str]:
    """The reason, what to do, and the platform's own words where the reason had to stand in."""
    meaning = MEANINGS.get(concern.code) or MEANINGS.get(concern.state, "")
    reason = in_words(concern.sentence, language, meaning)
    remedy = in_words(concern.remedy, language)
    own = concern.sentence if reason != concern.sentence else ""
    return reason, "" if own and remedy == concern.remedy else remedy, own


class Helping(Session):
    """Does what a person chose to do about a target."""

    helping: str = ""

    @event
    async def help(self, target_id: str, post_id: str, account_id: str, kind: str) -> Any:
        """One of `Help`, for one target."""
        chosen = Help(kind)
        if chosen == Help.RECONNECT:
            yield rx.redirect(f"/accounts?reconnect={account_id}")
            return
        if chosen in (Help.EDIT, Help.RESCHEDULE):
            yield rx.redirect(f"/compose?post={post_id}")
            return
        self.helping = f"{target_id}:{kind}"
        yield
        try:
            if chosen in (Help.RETRY, Help.ASK_AGAIN, Help.PUBLISH_NOW):
                await self.ask(service.retry, target_id)
            elif chosen in (Help.WENT_OUT, Help.DID_NOT):
                await self.ask(service.answer, target_id, chosen == Help.WENT_OUT)
            else:
                await self.ask(service.cancel_target, target_id)
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good(HELPS[chosen][2])
        self.helping = ""
        yield Helping.after_help

    @event
    def after_help(self) -> Any:
        """Look again at what is shown."""
        from autosched.ui.page import registered

        shown = registered.get(self.router.route_id)
        return shown.refresh if shown else None


def help_button(target: Any, kind: Any, *, first: bool) -> rx.Component:
    """One help for one target, the first of them standing out."""
    look: Look = "primary" if first else "quiet"

    def made(help_: Help) -> rx.Component:
        icon, english, _ = HELPS[help_]
        return button(
            t(english),
            icon=icon,
            look="bare" if help_ == Help.CANCEL else look,
            size="small",
            busy=Helping.helping == f"{target.target_id}:{help_.value}",
            on_click=Helping.help(target.target_id, target.post_id, target.account_id, help_.value),
            class_name=f"help-{help_.value}",
        )

    return rx.match(kind, *((help_.value, made(help_)) for help_ in Help), rx.fragment())


def help_buttons(target: Any) -> rx.Component:
    """All helps for a target, for those who may change things."""
    return rx.cond(
        Session.can_edit,
        rx.el.div(
            rx.foreach(
                target.helps,
                lambda kind, place: rx.cond(
                    place == 0,
                    help_button(target, kind, first=True),
                    help_button(target, kind, first=False),
                ),
            ),
            class_name="helps",
        ),
    )
