"""The pages before the log-in: logging in, making an account, and joining by invitation."""

from __future__ import annotations

from autosched.ui.entry.forms import invitation, log_in, register
from autosched.ui.entry.state import Entry
from autosched.ui.page import Page


def pages() -> list[Page]:
    """The three pages; none has the shell."""
    return [
        Page("/login", "Log in", log_in, on_load=(Entry.arrive,), bare=True),
        Page("/register", "Make an account", register, on_load=(Entry.arrive,), bare=True),
        Page("/invite", "Invitation", invitation, on_load=(Entry.arrive,), bare=True),
    ]
