"""An outage pauses one platform, lets one post try, and drains gently afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autosched import clock, db
from autosched.platforms.base import Action, PlatformError
from autosched.schedule import breaker, dispatch
from autosched.schedule.models import Account, PlatformHealth
from autosched.schedule.models import TargetState as S
from tests.schedule.conftest import Room


@pytest.fixture(autouse=True)
def nothing_cached() -> None:
    breaker.forget_cache()


def outage() -> PlatformError:
    return PlatformError("The wall is having trouble.", action=Action.RETRY, code="server_fault")


def open_breaker(key: str = "wall") -> None:
    for _ in range(breaker.THRESHOLD):
        breaker.failed(key, outage())
    breaker.forget_cache()


def set_health(**values: object) -> None:
    with db.write() as session:
        health = session.get_one(PlatformHealth, "wall")
        for name, value in values.items():
            setattr(health, name, value)
        session.add(health)


def test_few_failures_pause_nothing_and_an_answer_forgets_them(room: Room) -> None:
    target = room.target()
    for _ in range(breaker.THRESHOLD - 1):
        breaker.failed("wall", outage())
    breaker.forget_cache()
    assert breaker.health() == []
    assert [claimed for claimed, _ in dispatch.claim(5)] == [target]
    breaker.worked("wall")
    with db.read() as session:
        assert session.get(PlatformHealth, "wall") is None


def test_a_refusal_on_purpose_is_no_outage(room: Room) -> None:
    for _ in range(breaker.THRESHOLD * 2):
        breaker.failed("wall", PlatformError("Too long.", action=Action.FIX, code="text_too_long"))
    assert breaker.health() == []


def test_an_outage_holds_back_that_platform_only_and_says_so(room: Room) -> None:
    with db.write() as session:
        other = Account(
            workspace_id=room.id,
            platform="elsewhere",
            remote_id="me",
            handle="@me",
            created_by=room.actor,
        )
        session.add(other)
    held, free = room.target(), room.target(account=other)
    open_breaker()
    assert [claimed for claimed, _ in dispatch.claim(5)] == [free]
    assert room.state(held) == S.SCHEDULED
    (told,) = breaker.health()
    assert (told.key, told.state, told.reason) == ("wall", "open", "The wall is having trouble.")
    assert told.until is not None
    assert told.until > clock.now()


def test_after_the_pause_one_post_tries_and_a_failure_doubles_the_pause(room: Room) -> None:
    targets = [room.target(clock.ago(seconds=9 - number)) for number in range(4)]
    open_breaker()
    with db.read() as session:
        first = session.get_one(PlatformHealth, "wall").open_until
    assert first is not None
    set_health(open_until=clock.now() - timedelta(seconds=1))
    assert [claimed for claimed, _ in dispatch.claim(5)] == targets[:1]
    assert dispatch.claim(5) == []  # one at a time
    breaker.failed("wall", outage())
    (told,) = breaker.health()
    assert told.state == "open"
    assert told.until is not None
    assert told.until - clock.now() > timedelta(seconds=20)


def test_once_one_got_through_the_rest_follows_oldest_first_a_few_at_a_time(room: Room) -> None:
    targets = [room.target(clock.ago(seconds=99 - number)) for number in range(40)]
    open_breaker()
    breaker.worked("wall")
    assert [health.state for health in breaker.health()] == ["recovering"]
    assert [claimed for claimed, _ in dispatch.claim(100)] == targets[:2]
    set_health(recovering_since=clock.now() - timedelta(seconds=35))
    assert [claimed for claimed, _ in dispatch.claim(100)] == targets[2:12]
    set_health(recovering_since=clock.now() - timedelta(seconds=90))
    assert len(dispatch.claim(100)) == 28
    breaker.forget_cache()
    breaker.worked("wall")
    assert breaker.health() == []


def test_servers_of_their_own_fail_alone() -> None:
    assert breaker.key("x", {"server": "https://one.example"}) == "x"
    one = breaker.key("mastodon", {"server": "https://one.example"})
    assert one != breaker.key("mastodon", {"server": "https://two.example"})
