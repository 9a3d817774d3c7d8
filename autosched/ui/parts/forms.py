"""Forms that the browser sends by itself: what answers may set a cookie or lead elsewhere."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


class _SentByBrowser(Component):
    """A form without a handler: Reflex's own never lets the browser send it."""

    tag = "form"
    _is_tag_in_global_scope = True


def browser_form(*children: Any, action: rx.Var[str] | str, **props: Any) -> rx.Component:
    """A form that is posted to `action`; scripts see neither it nor the answer."""
    attributes = {"method": "post", "action": action, **props.pop("custom_attrs", {})}
    return _SentByBrowser.create(*children, custom_attrs=attributes, **props)


def hidden(name: str, value: rx.Var[str] | str) -> rx.Component:
    """What such a form sends without showing it."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)
