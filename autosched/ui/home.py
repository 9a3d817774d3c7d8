"""Home: what is next."""

from __future__ import annotations

import reflex as rx

from autosched.ui.page import Page
from autosched.ui.parts import page_head
from autosched.ui.session import Session
from autosched.ui.words import t


def pages() -> list[Page]:
    """The home page."""
    return [Page("/", "Home", _home)]


def _home() -> rx.Component:
    return rx.fragment(page_head(t("Salam, {name}", name=Session.person_name)))
