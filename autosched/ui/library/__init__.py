"""The library's page: the workspace's videos, pictures and sounds."""

from __future__ import annotations

from autosched.ui.library.page import library
from autosched.ui.library.state import Library
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The library."""
    return [
        Page(
            "/library",
            "Library",
            library,
            on_load=(Library.load,),
            refresh=Library.look_again,
            topics=frozenset({"asset", "render"}),
        )
    ]
