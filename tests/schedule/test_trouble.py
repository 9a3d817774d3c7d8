"""What stands in the way of a workspace's posts, and which kinds of post its files can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from autosched import clock, db
from autosched.errors import NotFoundError
from autosched.platforms import registry
from autosched.platforms.base import Draft, Media
from autosched.schedule import shapes, trouble
from autosched.schedule.models import Account, AccountState, PlatformHealth, TargetState
from tests.schedule.conftest import Room


def _in_trouble(platform: str) -> None:
    now = clock.now()
    with db.write() as session:
        session.add(
            PlatformHealth(
                platform=platform,
                opened=1,
                since=now - timedelta(minutes=3),
                open_until=now + timedelta(minutes=5),
                reason="It does not answer.",
            )
        )


def _account(room: Room, **values: object) -> None:
    with db.write() as session:
        account = session.get_one(Account, room.account.id)
        for name, value in values.items():
            setattr(account, name, value)
        session.add(account)


def test_a_platform_in_trouble_tells_how_many_posts_wait_for_it(room: Room) -> None:
    assert trouble.troubles(room.actor, room.id) == []
    _in_trouble("wall")
    room.target()
    room.target(state=TargetState.RETRY_WAIT)
    room.target(clock.now() + timedelta(days=1))
    room.target(state=TargetState.PUBLISHED)
    [found] = trouble.troubles(room.actor, room.id)
    assert (found.platform, found.state, found.waiting) == ("wall", "open", 2)
    assert found.account_ids == (room.account.id,)
    assert found.reason == "It does not answer."


def test_a_platform_on_which_one_has_no_account_is_not_ones_trouble(room: Room) -> None:
    _in_trouble("elsewhere")
    assert trouble.troubles(room.actor, room.id) == []
    _in_trouble("wall")
    _account(room, state=AccountState.DISCONNECTED)
    assert trouble.troubles(room.actor, room.id) == []


def test_strangers_are_told_nothing(room: Room) -> None:
    for asked in (trouble.troubles, trouble.ending):
        with pytest.raises(NotFoundError):
            asked("somebody", room.id)


def test_an_account_is_spoken_of_a_week_before_it_ends(room: Room) -> None:
    _account(room, ends_at=clock.now() + timedelta(days=8))
    assert trouble.ending(room.actor, room.id) == []
    _account(room, ends_at=clock.now() + timedelta(days=6))
    [found] = trouble.ending(room.actor, room.id)
    assert (found.account_id, found.handle) == (room.account.id, "@me")
    _account(room, state=AccountState.NEEDS_PERSON)
    assert trouble.ending(room.actor, room.id) == []


_FILM = Media(Path("a.mp4"), "video", "video/mp4", 1000, 1080, 1920, 20.0)
_PICTURE = Media(Path("a.jpg"), "image", "image/jpeg", 1000, 1080, 1350)
_MOVING = replace(_PICTURE, mime="image/gif")


@pytest.mark.parametrize(
    ("platform", "media", "names"),
    [
        ("instagram", (_FILM,), ["reel", "story"]),
        ("instagram", (_PICTURE, _PICTURE), ["carousel"]),
        ("facebook", (_FILM,), ["video", "reel"]),
        ("facebook", (_PICTURE,), ["post"]),
        ("x", (_PICTURE,), ["post"]),
        ("x", (_MOVING,), ["post", "gif"]),
    ],
)
def test_only_the_kinds_of_post_that_take_the_files_are_offered(
    platform: str, media: tuple[Media, ...], names: list[str]
) -> None:
    draft = Draft("", "Peace", media, {}, clock.now())
    found = shapes.fitting(registry.platform(platform), draft)
    assert [shape.name for shape in found] == names
