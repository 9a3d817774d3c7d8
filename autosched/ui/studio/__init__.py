"""The studio: a template, the words, the sound, and the videos that come of them."""

from __future__ import annotations

from autosched.ui.page import Page
from autosched.ui.studio.page import studio
from autosched.ui.studio.state import Studio


def pages() -> list[Page]:
    """The studio's page."""
    return [
        Page(
            "/studio",
            "Studio",
            studio,
            on_load=(Studio.load,),
            refresh=Studio.look_again,
            topics=frozenset({"render", "asset"}),
            width="full",
        )
    ]
