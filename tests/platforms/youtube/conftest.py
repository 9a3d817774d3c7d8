"""A channel that is connected to a stand-in for YouTube."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.counterparts.stand import Stand
from tests.platforms.youtube.scene import Make, Scene


@pytest.fixture
def scene(stand_of: Callable[..., Stand], use: Callable[[Stand], None], tmp_path: Path) -> Make:
    """Make a scene; `person` picks who is connected."""

    def make(person: int = 0) -> Scene:
        stand = stand_of("youtube")
        use(stand)
        folder = tmp_path / "media"
        folder.mkdir(exist_ok=True)
        return Scene(stand, folder, person)

    return make
