"""Wall-clock times become moments, and the two hours a year that are odd are said to be so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import clock
from autosched.errors import InvalidError

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Istanbul",
        "Europe/London",
        "America/New_York",
        "Africa/Cairo",
        "Asia/Jakarta",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Gaza",
    ]
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))


@given(MOMENTS, ZONES)
def test_a_moment_shown_on_a_wall_leads_back_to_itself_or_its_twin(
    moment: datetime, zone: str
) -> None:
    wall = clock.wall(moment, zone)
    resolved = clock.resolve(wall, zone)
    if resolved.kind == "fold":
        assert moment in (resolved.utc, clock.resolve(wall, zone, later=True).utc)
    else:
        assert resolved.kind == "exact"
        assert resolved.utc == moment
    assert resolved.wall == wall


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)), ZONES)
def test_what_is_resolved_is_what_the_clocks_will_show(wall: datetime, zone: str) -> None:
    resolved = clock.resolve(wall, zone)
    assert clock.wall(resolved.utc, zone) == resolved.wall
    assert (resolved.kind == "gap") == (resolved.wall != wall)


def test_a_time_that_does_not_exist_moves_by_the_jump_and_says_so() -> None:
    resolved = clock.resolve(datetime(2027, 3, 14, 2, 30), "America/New_York")
    assert resolved.kind == "gap"
    assert resolved.wall == datetime(2027, 3, 14, 3, 30)
    assert resolved.utc == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_of_a_time_that_comes_twice_either_can_be_chosen() -> None:
    wall = datetime(2026, 11, 1, 1, 30)
    first = clock.resolve(wall, "America/New_York")
    second = clock.resolve(wall, "America/New_York", later=True)
    assert first.kind == second.kind == "fold"
    assert second.utc - first.utc == timedelta(hours=1)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "europe/istanbul "])
def test_what_is_no_zone_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(InvalidError, match="not a time zone"):
        clock.zone(name)


def test_identifiers_made_later_sort_later() -> None:
    first = clock.new_id()
    assert len(first) == 26
    assert len({clock.new_id() for _ in range(1000)}) == 1000
    import time

    time.sleep(0.002)
    assert clock.new_id() > first
