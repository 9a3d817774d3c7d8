"""The platforms by name."""

from __future__ import annotations

import pytest

from autosched.errors import NotFoundError
from autosched.platforms import registry
from autosched.platforms.counting import UNITS
from autosched.platforms.folder import Folder


def test_eight_platforms_are_offered_and_the_folder_last() -> None:
    names = [platform.name for platform in registry.platforms()]
    assert names[:9] == [
        "x",
        "instagram",
        "facebook",
        "tiktok",
        "youtube",
        "linkedin",
        "bluesky",
        "mastodon",
        "folder",
    ]


def test_a_platform_is_found_by_its_name_and_an_unknown_name_gets_a_sentence() -> None:
    assert registry.platform("folder").title == "Folder"
    with pytest.raises(NotFoundError, match="There is no platform called “myspace”"):
        registry.platform("myspace")


def test_a_far_side_can_be_registered_for_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.platforms()
    monkeypatch.setattr(registry, "_platforms", dict(registry._platforms))

    class Elsewhere(Folder):
        name = "elsewhere"

    registry.register(Elsewhere())
    assert registry.platform("elsewhere").name == "elsewhere"
    assert registry.platforms()[-1].name == "elsewhere"


def test_every_platform_counts_in_a_known_unit() -> None:
    for platform in registry.platforms():
        text = "بِسْمِ 👩‍🚀 abc"
        assert platform.count(text) == UNITS[platform.shapes({})[0].limits.text_unit](text)
