"""What stands above or instead of a page when the browser's half is in trouble: no connection to
the server, or a fault in the page itself. Sentences, never a trace."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from autosched.ui.handlers import event_script
from autosched.ui.parts import button, empty, link_button
from autosched.ui.words import t


def connection_lost(stateful: bool) -> rx.Component | None:
    """The line above everything while the server does not answer."""
    if not stateful:
        return None
    return rx.cond(
        has_too_many_connection_errors,
        rx.el.div(
            rx.el.span(class_name="spinner", aria_hidden="true"),
            t("The connection is lost. It comes back by itself; nothing is lost."),
            class_name="connection-lost",
            role="status",
        ),
    )


def boundary(stateful: bool) -> rx.Component | None:
    """Around all pages: a fault in one of them is told, and logged by the server."""
    told = rx.el.div(
        empty(
            t("This page has stumbled"),
            t("The fault is ours and has been noted. Loading the page again usually helps."),
            button(
                t("Load again"),
                look="primary",
                icon="rotate-cw",
                on_click=event_script("window.location.reload()"),
            ),
            link_button(t("Home"), "/"),
            picture="lost",
            is_page=True,
        ),
        class_name="bare-page",
    )
    props: dict[str, Any] = {} if stateful else {"on_error": rx.noop()}
    return ErrorBoundary.create(
        fallback_render=ArgsFunctionOperation.create(("event_args",), rx.Var.create(told)), **props
    )
