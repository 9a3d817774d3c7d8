"""Far sides: an account on the real Bluesky server, and stand-ins of the other platforms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from autosched.settings import settings
from tests.counterparts.pds import Server
from tests.counterparts.stand import Stand, stands
from tests.platforms.writing import Writer, connected


@pytest.fixture
def writer(pds: Server) -> Writer:
    return connected(pds.person(), pds)


@pytest.fixture(scope="module")
def silent_account(pds: Server) -> Writer:
    return connected(pds.person(), pds)


@pytest.fixture
def silent_writer(silent_account: Writer) -> Writer:
    """A writer for tests in which nothing goes out: they share one account, to be quick."""
    return Writer(silent_account.person, silent_account.connection)


@pytest.fixture(scope="session")
def run_sandbox() -> Iterator[Callable[..., Stand]]:
    """Start stand-ins of platforms; all are stopped at the end."""
    with stands() as start:
        yield start


@pytest.fixture(scope="module")
def stand_of(run_sandbox: Callable[..., Stand]) -> Callable[..., Stand]:
    """A running stand-in of the platforms named, one for a test module."""
    return lru_cache(run_sandbox)


@pytest.fixture
def use(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Stand], None]:
    """Have the platforms' hosts stand at a stand-in, and wait but shortly for its faults."""

    def point(stand: Stand) -> None:
        stand.clear()
        monkeypatch.setenv("AUTOSCHED_SANDBOX", stand.url)
        settings.cache_clear()

    return point
