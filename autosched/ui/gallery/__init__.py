"""The templates: a gallery of them, and each one's page with its measures, editor and versions."""

from __future__ import annotations

from autosched.ui.gallery.cards import gallery
from autosched.ui.gallery.design import design
from autosched.ui.gallery.design_state import Design
from autosched.ui.gallery.state import Gallery
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The gallery, and the page of one template."""
    return [
        Page(
            "/templates",
            "Templates",
            gallery,
            on_load=(Gallery.load,),
            refresh=Gallery.look_again,
            topics=frozenset({"template"}),
        ),
        Page(
            "/templates/design",
            "Template",
            design,
            on_load=(Design.load,),
            refresh=Design.look_again,
            topics=frozenset({"template"}),
            width="full",
        ),
    ]
