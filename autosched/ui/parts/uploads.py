"""The place to drop files, with what is being sent below it; usable on any page."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.event import passthrough_event_spec

from autosched.ui.session import Session
from autosched.ui.words import catalogue, t


class _Uploads(Component):
    library = "$/public/app/uploads.js"
    tag = "Uploads"
    workspace: rx.Var[str]
    words: rx.Var[dict[str, str]]
    problems: rx.Var[dict[str, str]]
    whole_page: rx.Var[bool]
    compact: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        return {**super().get_event_triggers(), "on_done": passthrough_event_spec(str)}


def uploads(*, on_done: Any, whole_page: bool = False, compact: bool = False) -> rx.Component:
    """Takes files by drop or choice and sends them to the workspace's library.

    `on_done` is given the id of each asset as it arrives. With `whole_page` files may be dropped
    anywhere. An upload goes on while the person looks at other pages.
    """
    words = {
        "drop": t("Drop videos, pictures or sounds here"),
        "choose": t("or choose them from this device"),
        "pick": t("Add videos, pictures or sounds"),
        "release": t("Let go to add to the library"),
        "queued": t("Next"),
        "checking": t("Being looked at"),
        "waiting": t("No connection, going on by itself"),
        "done": t("Added"),
        "refused": t("This file was refused."),
        "cancel": t("Cancel"),
        "dismiss": t("Close"),
    }
    problems = {
        code.removeprefix("error."): f"{found['sentence']} {found.get('remedy', '')}".strip()
        for code, found in catalogue().items()
        if code.startswith("error.") and isinstance(found, dict)
    }
    return _Uploads.create(
        workspace=Session.workspace_id,
        words=rx.Var.create(words),
        problems=rx.Var.create(problems),
        whole_page=whole_page,
        compact=compact,
        on_done=on_done,
    )
