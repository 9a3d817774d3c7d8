"""Reflex's `rx.event` with a type that checkers understand: a handler takes anything and is Any.

(`rx.event` is a class whose `__new__` returns something else, which mypy reads as the class.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.vars import VarData


def event(function: Callable[..., Any]) -> Any:
    """Mark a method of a state as what a page may call."""
    return rx.event(function)


def background(function: Callable[..., Any]) -> Any:
    """The same for a long one: others run meanwhile; it changes the state `async with self`."""
    return rx.event(background=True)(function)


def event_script(script: str, *values: Any) -> Any:
    """An event that evaluates an expression in the browser and never asks the server.

    Each `%s` of it takes a value: a var as it stands, anything else as a literal.
    """
    given = [rx.Var.create(value) for value in values]
    code = script % tuple(str(each) for each in given)
    data = VarData.merge(*(each._get_all_var_data() for each in given))
    return rx.run_script(rx.Var(_js_expr=code, _var_data=data))
