"""LinkedIn's stand-in, a member and a page on it, and short waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autosched.platforms.linkedin import LinkedIn, posting, uploads
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected


@pytest.fixture
def stand(
    stand_of: Callable[..., Stand],
    use: Callable[[Stand], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Stand:
    found = stand_of("linkedin")
    use(found)
    # The stand-in processes media in a third of a second, and shows posts at once.
    monkeypatch.setattr(uploads, "GRACE_SECONDS", {"image": 0.5, "document": 0.5})
    monkeypatch.setattr(uploads, "_PAUSES", (0.1, 0.2))
    monkeypatch.setattr(posting, "PATIENCE_SECONDS", 0.2)
    return found


@pytest.fixture
def member(stand: Stand) -> Bench:
    return connected(LinkedIn(), stand, account=0)


@pytest.fixture
def page(stand: Stand) -> Bench:
    return connected(LinkedIn(), stand, account=1)
