"""The accounts' page: where posts go out, and how they are connected."""

from __future__ import annotations

from autosched.ui.accounts.page import accounts
from autosched.ui.accounts.returned import Returned
from autosched.ui.accounts.state import Accounts
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The accounts."""
    return [
        Page(
            "/accounts",
            "Accounts",
            accounts,
            on_load=(Accounts.arrive, Returned.look),
            refresh=Accounts.load,
            topics=frozenset({"account", "target"}),
        )
    ]
