"""An account on the stand-in of X."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autosched.platforms.x import X
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    made = stand_of("x")
    use(made)
    return made


@pytest.fixture
def bench(stand: Stand) -> Bench:
    return connected(X(), stand)
