"""The stand-in as a real process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.counterparts.stand import Stand, stands

__all__ = ["Stand"]


@pytest.fixture(scope="session")
def run_sandbox() -> Iterator[Callable[..., Stand]]:
    """Start stand-ins; all are stopped at the end."""
    with stands() as start:
        yield start
