"""Home: what goes out next, what is being made, what needs somebody, and the first steps."""

from __future__ import annotations

from autosched.ui.home.page import home
from autosched.ui.home.state import Home
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The home page."""
    return [
        Page(
            "/",
            "Home",
            home,
            on_load=(Home.load,),
            refresh=Home.load,
            topics=frozenset({"render", "asset", "target", "post", "account"}),
        )
    ]
