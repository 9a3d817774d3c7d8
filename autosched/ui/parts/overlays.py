"""Dialogs, menus and popovers: Radix's primitives for focus and keys, our own look."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.constants.compiler import MemoizationMode
from reflex_base.event import no_args_event_spec, passthrough_event_spec
from reflex_components_radix.primitives.dialog import dialog as _dialog

from autosched.ui.parts.controls import Words, icon_button
from autosched.ui.words import direction, t


def dialog(
    *children: Any,
    title: Words,
    open: Any,
    on_open_change: Any,
    lead: Words | None = None,
    foot: list[rx.Component] | None = None,
    wide: bool = False,
    class_name: str = "",
) -> rx.Component:
    """A dialog over the page; on a phone a sheet from below.

    `open` and `on_open_change` (given a bool) control it; Escape and a click beside it close it.
    """
    describe = {} if lead is not None else {"custom_attrs": {"aria-describedby": ""}}
    return _dialog.root(
        _dialog.portal(
            _dialog.overlay(class_name="scrim"),
            _dialog.content(
                rx.el.div(
                    rx.el.div(
                        _dialog.title(title, as_child=False),
                        _dialog.description(lead) if lead is not None else rx.fragment(),
                    ),
                    icon_button("x", t("Close"), on_click=on_open_change(False)),
                    class_name="dialog-head",
                ),
                *children,
                rx.el.div(*foot, class_name="dialog-foot") if foot else rx.fragment(),
                class_name=f"dialog {'wide' if wide else ''} {class_name}",
                **describe,
            ),
        ),
        open=open,
        on_open_change=on_open_change,
    )


class _Menu(Component):
    library = "@radix-ui/react-dropdown-menu@2.1.16"


class _MenuRoot(_Menu):
    tag = "Root"
    alias = "MenuRoot"
    dir: rx.Var[str]
    modal: rx.Var[bool]


class _MenuTrigger(_Menu):
    tag = "Trigger"
    alias = "MenuTrigger"
    _memoization_mode = MemoizationMode(recursive=False)


class _MenuPortal(_Menu):
    tag = "Portal"
    alias = "MenuPortal"


class _MenuContent(_Menu):
    tag = "Content"
    alias = "MenuContent"
    align: rx.Var[str]
    side: rx.Var[str]
    side_offset: rx.Var[int]
    collision_padding: rx.Var[int]


class _MenuItem(_Menu):
    tag = "Item"
    alias = "MenuItem"
    disabled: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        return {**super().get_event_triggers(), "on_select": no_args_event_spec}


class _MenuSeparator(_Menu):
    tag = "Separator"
    alias = "MenuSeparator"


class _MenuLabel(_Menu):
    tag = "Label"
    alias = "MenuLabel"


def menu(
    trigger: list[Any],
    *items: rx.Component,
    label: Words,
    class_name: str = "icon-button",
    align: str = "end",
    side: str = "bottom",
) -> rx.Component:
    """A menu below its button. `trigger` is what stands in the button, `label` its name."""
    return _MenuRoot.create(
        _MenuTrigger.create(*trigger, class_name=class_name, custom_attrs={"aria-label": label}),
        _MenuPortal.create(
            _MenuContent.create(
                *items,
                class_name="menu",
                align=align,
                side=side,
                side_offset=6,
                collision_padding=8,
            )
        ),
        dir=direction,
        modal=False,
    )


def menu_item(
    label: Words,
    *,
    icon: str | None = None,
    on_select: Any = None,
    bad: bool = False,
    disabled: rx.Var[bool] | bool = False,
    end: rx.Component | None = None,
) -> rx.Component:
    """A line of a menu. `bad`: it takes something away."""
    return _MenuItem.create(
        rx.icon(icon) if icon else rx.fragment(),
        rx.el.span(label, class_name="cut grow"),
        end if end is not None else rx.fragment(),
        class_name="menu-item bad" if bad else "menu-item",
        disabled=disabled,
        **({"on_select": on_select} if on_select is not None else {}),
    )


def menu_line() -> rx.Component:
    """A thin line between groups of a menu."""
    return _MenuSeparator.create(class_name="menu-line")


def menu_title(label: Words) -> rx.Component:
    """The name of a group of a menu."""
    return _MenuLabel.create(label, class_name="menu-title")


class _Popover(Component):
    library = "@radix-ui/react-popover@1.1.15"


class _PopoverRoot(_Popover):
    tag = "Root"
    alias = "PopoverRoot"
    open: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        return {**super().get_event_triggers(), "on_open_change": passthrough_event_spec(bool)}


class _PopoverTrigger(_Popover):
    tag = "Trigger"
    alias = "PopoverTrigger"
    _memoization_mode = MemoizationMode(recursive=False)


class _PopoverPortal(_Popover):
    tag = "Portal"
    alias = "PopoverPortal"


class _PopoverContent(_Popover):
    tag = "Content"
    alias = "PopoverContent"
    align: rx.Var[str]
    side: rx.Var[str]
    side_offset: rx.Var[int]
    collision_padding: rx.Var[int]


def popover(
    trigger: list[Any],
    *children: Any,
    label: Words,
    class_name: str = "button quiet",
    align: str = "end",
    **props: Any,
) -> rx.Component:
    """A small panel beside its button. `open` and `on_open_change` may control it."""
    return _PopoverRoot.create(
        _PopoverTrigger.create(*trigger, class_name=class_name, custom_attrs={"aria-label": label}),
        _PopoverPortal.create(
            _PopoverContent.create(
                *children, class_name="menu", align=align, side_offset=6, collision_padding=8
            )
        ),
        **props,
    )
