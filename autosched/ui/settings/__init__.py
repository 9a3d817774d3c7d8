"""The settings: the workspace, its people, and how this person likes the app."""

from __future__ import annotations

from autosched.ui.page import Page
from autosched.ui.settings.page import settings
from autosched.ui.settings.state import Settings


def pages() -> list[Page]:
    """The settings."""
    return [
        Page(
            "/settings",
            "Settings",
            settings,
            on_load=(Settings.load,),
            refresh=Settings.look_again,
            topics=frozenset({"member"}),
            width="narrow",
        )
    ]
