"""An account on the real server, connected."""

from __future__ import annotations

import pytest

from tests.counterparts.pds import Server
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
