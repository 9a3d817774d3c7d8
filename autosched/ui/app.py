"""The Reflex app: its pages, and the HTTP routes that are mounted beside them."""

from __future__ import annotations

import reflex as rx
from starlette.applications import Starlette

from autosched.api import routes


def _index() -> rx.Component:
    return rx.text("autosched")


app = rx.App(api_transformer=Starlette(routes=routes()))
app.add_page(_index, route="/", title="autosched")
