"""Accounts on two stand-ins: a server as Mastodon is, and one of another make."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autosched.platforms.mastodon import Mastodon
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected

LARGE, SMALL = "mastodon.social", "instance.sandbox"


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    made = stand_of("mastodon")
    use(made)
    return made


@pytest.fixture
def large(stand: Stand) -> Bench:
    return connected(Mastodon(), stand, form={"server": LARGE})


@pytest.fixture
def small(stand: Stand) -> Bench:
    """A server that knows no keys against repeats, and has other limits."""
    return connected(Mastodon(), stand, form={"server": SMALL})


@pytest.fixture(params=[LARGE, SMALL])
def bench(request: pytest.FixtureRequest, stand: Stand) -> Bench:
    """An account on each."""
    return connected(Mastodon(), stand, form={"server": request.param})
