"""The look carried over: before and after on a file of one's own, and the LUT to take along."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component

from autosched.ui.parts import button
from autosched.ui.references.viewing import Viewing
from autosched.ui.words import t


class _Compare(Component):
    """Two pictures of the same, with a divider between them (`assets/app/compare.js`)."""

    library = "$/public/app/compare.js"
    tag = "Compare"
    before: rx.Var[str]
    after: rx.Var[str]
    words: rx.Var[dict[str, str]]


def carried_over() -> rx.Component:
    """The comparison, the files that it can be seen on, and the download."""
    words = {"before": t("Before"), "after": t("After"), "divider": t("Divider")}
    reference = f"/references/{Viewing.shown.id}"
    return rx.el.div(
        rx.el.div(
            rx.el.h3(t("The look on your own footage")),
            button(
                t("Download as .cube"),
                icon="download",
                size="small",
                class_name="push",
                on_click=rx.redirect(f"{reference}/look.cube", is_external=True),
            ),
            class_name="row wrap tight",
        ),
        rx.cond(
            Viewing.tried != "",
            rx.el.div(
                _Compare.create(
                    before=f"/files/{Viewing.tried}/poster",
                    after=f"{reference}/tried/{Viewing.tried}",
                    words=rx.Var.create(words),
                ),
                rx.el.div(
                    rx.foreach(Viewing.others, _other),
                    class_name="tried-on",
                    role="radiogroup",
                    aria_label=t("The look on your own footage"),
                ),
                class_name="carried",
            ),
            rx.el.p(
                t("Add another video or picture to the library to see the look on it."),
                class_name="faint small",
            ),
        ),
        class_name="titled",
    )


def _other(one: Any) -> rx.Component:
    return rx.el.button(
        rx.el.img(src=f"/files/{one.id}/poster", alt="", loading="lazy"),
        type="button",
        role="radio",
        aria_checked=rx.cond(Viewing.tried == one.id, "true", "false"),
        aria_label=one.name,
        title=one.name,
        on_click=Viewing.try_on(one.id),
    )
