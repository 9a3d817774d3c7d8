"""The pages of references: all of them, and one with everything that was measured of it."""

from __future__ import annotations

from autosched.ui.page import Page
from autosched.ui.references.page import references
from autosched.ui.references.state import References
from autosched.ui.references.viewer import viewer
from autosched.ui.references.viewing import Viewing


def pages() -> list[Page]:
    """The list, and one reference."""
    return [
        Page(
            "/references",
            "References",
            references,
            on_load=(References.load,),
            refresh=References.look_again,
            topics=frozenset({"analysis", "asset"}),
        ),
        Page(
            "/references/one",
            "Reference",
            viewer,
            on_load=(Viewing.load,),
            refresh=Viewing.look_again,
            topics=frozenset({"analysis"}),
            width="full",
        ),
    ]
