"""An account in the stand-in, connected by either log-in, and a host for its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autosched.platforms.instagram import Instagram
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected
from tests.sandbox.meta_hand import MediaHost, media_host


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    found = stand_of("instagram", "facebook")
    use(found)
    return found


@pytest.fixture(scope="module")
def host() -> Iterator[MediaHost]:
    with media_host() as found:
        yield found


@pytest.fixture
def own(stand: Stand, host: MediaHost) -> Bench:
    """By Instagram's own log-in."""
    found = connected(Instagram(), stand)
    found.public = host.url
    return found


@pytest.fixture
def linked(stand: Stand, host: MediaHost) -> Bench:
    """By Facebook's."""
    found = connected(Instagram(), stand, form={"login": "facebook"})
    found.public = host.url
    return found


@pytest.fixture(params=["own", "linked"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """By the one, and by the other."""
    found: Bench = request.getfixturevalue(request.param)
    return found
