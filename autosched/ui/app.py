"""The Reflex app: its pages, and the HTTP routes that are mounted beside them."""

from __future__ import annotations

from importlib import import_module

import reflex as rx
from starlette.applications import Starlette

from autosched.api import routes
from autosched.ui import mishap, page
from autosched.ui.page import Page
from autosched.ui.session import Session
from autosched.ui.shell import frame
from autosched.ui.words import direction, t

# Each module has `pages() -> list[Page]`. A room adds its line here.
ROOMS: tuple[str, ...] = (
    "autosched.ui.entry",
    "autosched.ui.home",
    "autosched.ui.library",
    "autosched.ui.accounts",
    "autosched.ui.settings",
    "autosched.ui.credits",
    "autosched.ui.studio",
    "autosched.ui.gallery",
    "autosched.ui.references",
    "autosched.ui.compose",
    "autosched.ui.calendar",
)

STYLES = (
    "tokens",
    "base",
    "parts",
    "shell",
    "entry",
    "home",
    "library",
    "accounts",
    "settings",
    "studio",
    "gallery",
    "references",
    "compose",
    "calendar",
)

app = rx.App(
    api_transformer=Starlette(routes=routes()),
    toaster=rx.toast.provider(position="bottom-right", dir=direction, close_button=True),
    # In the places of Reflex's own, which show addresses and traces.
    extra_app_wraps={
        (5, "Overlay"): mishap.connection_lost,
        (55, "ErrorBoundary"): mishap.boundary,
    },
    stylesheets=[f"/style/{name}.css" for name in STYLES],
    head_components=[
        rx.el.meta(
            name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"
        ),
        rx.el.meta(name="theme-color", content="#0e1230"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.script(src="/app/before.js"),
        rx.el.script(src="/app/behaviour.js", defer=True),
    ],
)


def add(made: Page) -> None:
    """Register a page: inside the shell, with the person looked up first; or bare."""
    page.registered[made.route.strip("/") or "index"] = made
    app.add_page(
        made.component if made.bare else frame(made),
        route=made.route.removeprefix("/") if made.route == "/404" else made.route,
        title=t("{page} · autosched", page=t(made.title)),
        on_load=[*made.on_load] if made.bare else [Session.enter, *made.on_load],
    )


for room in ROOMS:
    for found in import_module(room).pages():
        add(found)
