"""A page in the stand-in, connected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autosched.platforms.facebook import Facebook
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    found = stand_of("facebook")
    use(found)
    return found


@pytest.fixture
def bench(stand: Stand) -> Bench:
    return connected(Facebook(), stand)
