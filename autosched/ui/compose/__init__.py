"""Writing a post: once for all accounts, with its own words where one needs them."""

from __future__ import annotations

from autosched.ui.compose.page import compose
from autosched.ui.compose.saving import Saving
from autosched.ui.compose.state import Compose
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The page for writing."""
    return [
        Page(
            "/compose",
            "Compose",
            compose,
            on_load=(Compose.arrive,),
            refresh=Saving.look_again,
            topics=frozenset({"post", "target"}),
        )
    ]
