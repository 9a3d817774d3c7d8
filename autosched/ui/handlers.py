"""Reflex's `rx.event` with a type that checkers understand: a handler takes anything and is Any.

(`rx.event` is a class whose `__new__` returns something else, which mypy reads as the class.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx


def event(function: Callable[..., Any]) -> Any:
    """Mark a method of a state as what a page may call."""
    return rx.event(function)


def background(function: Callable[..., Any]) -> Any:
    """The same for a long one: others run meanwhile; it changes the state `async with self`."""
    return rx.event(background=True)(function)
