"""What did not simply go out: why, what is known, and the buttons that help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.schedule import service
from autosched.schedule.models import TargetState
from autosched.ui import words
from autosched.ui.calendar.helping import why
from autosched.ui.calendar.shown import happened
from autosched.ui.calendar.story import Chapter, is_by_hand
from autosched.ui.calendar.telling import history, trouble
from autosched.ui.handlers import event
from autosched.ui.parts import (
    bones,
    empty,
    glyph,
    link_button,
    page_head,
    retry,
    section,
    target_chip,
)
from autosched.ui.session import Session
from autosched.ui.words import moment, t


@dataclass(frozen=True)
class Case:
    """A target that needs a look, with what is known of it."""

    target_id: str
    post_id: str
    account_id: str
    platform: str
    handle: str
    title: str
    asset_id: str
    state: str
    sentence: str
    remedy: str
    own_words: str
    helps: list[str]
    due: str
    next_try: str
    by_hand: bool = False
    history: list[Chapter] = field(default_factory=list)


class Cases(Session):
    """The state of the page."""

    waiting: list[Case] = []
    by_itself: list[Case] = []
    loaded: bool = False
    failure: str = ""

    @event
    async def load(self) -> Any:
        """Look what needs somebody."""
        if not self.ready or not self.workspace_id:
            return None
        try:
            found = await self.ask(_gather, self.workspace_id, self.language or "en")
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            self.loaded = True
            return self.trouble(error) if error.status == 401 else None
        waiting = [case for case in found if not _goes_on(case)]
        by_itself = [case for case in found if _goes_on(case)]
        if waiting != self.waiting:
            self.waiting = waiting
        if by_itself != self.by_itself:
            self.by_itself = by_itself
        self.loaded, self.failure = True, ""
        return None


def _goes_on(case: Case) -> bool:
    return case.state == TargetState.RETRY_WAIT


def _gather(actor: str, workspace_id: str, language: str) -> list[Case]:
    cases = []
    pictures: dict[str, str] = {}
    for concern in service.attention(actor, workspace_id):
        if concern.post_id not in pictures:
            media = service.post(actor, concern.post_id).media
            pictures[concern.post_id] = media[0]["asset_id"] if media else ""
        reason, remedy, own = why(concern, language)
        cases.append(
            Case(
                target_id=concern.target_id,
                post_id=concern.post_id,
                account_id=concern.account_id,
                platform=concern.platform,
                handle=concern.handle,
                title=concern.title,
                asset_id=pictures[concern.post_id],
                state=concern.state,
                sentence=reason,
                remedy=remedy,
                own_words=own,
                helps=[help_.value for help_ in concern.helps],
                due=concern.due_at.isoformat() if concern.due_at else "",
                next_try=concern.next_try.isoformat() if concern.next_try else "",
                by_hand=is_by_hand(concern.code),
                history=happened(actor, concern.target_id, language),
            )
        )
    return cases


def attention() -> rx.Component:
    """The page."""
    return rx.fragment(
        page_head(
            t("Attention"),
            lead=t("What did not simply go out, and what you can do about it."),
        ),
        rx.cond(
            ~Cases.loaded,
            bones(3, height="9rem"),
            rx.cond(
                Cases.failure != "",
                retry(Cases.failure, Cases.load),
                rx.cond(Cases.waiting, _cases(), rx.cond(Cases.by_itself, _cases(), _calm())),
            ),
        ),
    )


def _cases() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(Cases.waiting, _case), class_name="cases"),
        rx.cond(
            Cases.by_itself,
            section(
                t("Tried again by itself"),
                rx.el.ul(rx.foreach(Cases.by_itself, _case), class_name="cases"),
            ),
        ),
    )


def _case(case: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.cond(
                case.asset_id != "",
                rx.el.img(src=f"/files/{case.asset_id}/poster", alt="", loading="lazy"),
                rx.icon("text"),
            ),
            href=f"/compose?post={case.post_id}",
            class_name="case-picture",
            aria_label=t("Open {name}", name=case.title),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.h2(case.title, class_name="cut plain grow"),
                target_chip(case.state),
                class_name="row",
            ),
            rx.el.p(
                glyph(case.platform, size="1rem"),
                rx.el.span(case.handle, class_name="ltr cut"),
                rx.cond(
                    case.due != "",
                    rx.el.span(
                        t("due {when}", when=moment(case.due, Cases.zone, "moment")),
                        class_name="numbers",
                    ),
                ),
                rx.cond(
                    (case.state == "retry_wait") | (case.state == "unconfirmed"),
                    rx.cond(
                        case.next_try != "",
                        rx.el.span(
                            t("next try {when}", when=moment(case.next_try, Cases.zone, "ago"))
                        ),
                    ),
                ),
                class_name="case-facts small faint",
            ),
            trouble(case),
            history(case),
            class_name="case-body",
        ),
        class_name="case",
        id=case.target_id,
    )


def _calm() -> rx.Component:
    return empty(
        t("All is well"),
        t("Every post went out as planned. If one ever does not, you will find it here."),
        link_button(t("To the calendar"), "/calendar", icon="calendar"),
        picture="calm",
    )
