"""What a page is: its address, its title, what it shows, and when it must look again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Page:
    """A page of the app.

    `title` is an English sentence of the catalogue. `component` draws the inside; the shell is
    put around it unless `bare`. `on_load` events run after the person and the workspace are
    known. `refresh` runs whenever the workspace tells one of `topics` (and every few seconds
    without news, topic "tick"), for as long as the tab shows this page. `width`: "page" (a
    measure that reads well), "full" (calendar, editor) or "narrow".
    """

    route: str
    title: str
    component: Callable[[], rx.Component]
    on_load: Sequence[Any] = ()
    refresh: Any = None
    topics: frozenset[str] = frozenset()
    bare: bool = False
    width: str = "page"
    context: dict[str, Any] = field(default_factory=dict)


# Filled by `app` in the order of registration; the session reads what a page listens to.
registered: dict[str, Page] = {}
