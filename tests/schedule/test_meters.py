"""Rate limits are shared by all workers, and a lost broker lets everything through."""

from __future__ import annotations

import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.schedule import meters
from autosched.schedule.meters import SharedMeter

_REFUSAL = (Action.RETRY, "rate_budget")


@pytest.fixture(autouse=True)
def fresh_client() -> None:
    meters._client.cache_clear()
    meters._script.cache_clear()


def refused(meter: SharedMeter, bucket: str, most: int = 3) -> float | None:
    """Seconds to wait, or `None` if the call may go ahead."""
    try:
        meter.take(bucket, most, 60)
    except PlatformError as error:
        return error.retry_after if (error.action, error.code) == _REFUSAL else -1
    return None


@pytest.mark.usefixtures("valkey")
def test_calls_beyond_the_limit_wait_for_the_window_whoever_made_the_others() -> None:
    one, other = SharedMeter("x", "X", "account"), SharedMeter("x", "X", "account")
    assert [refused(each, "post") for each in (one, other, one)] == [None, None, None]
    wait = refused(other, "post")
    assert wait is not None
    assert 55 < wait <= 60
    assert refused(one, "upload") is None
    assert refused(SharedMeter("x", "X", "another"), "post") is None


@pytest.mark.usefixtures("valkey")
def test_what_the_app_as_a_whole_may_do_is_counted_over_all_accounts() -> None:
    for number in range(3):
        assert refused(SharedMeter("x", "X", f"account {number}"), "app:day") is None
    assert refused(SharedMeter("x", "X", "account 9"), "app:day") is not None


@pytest.mark.usefixtures("valkey")
def test_what_the_platform_says_is_left_counts_more() -> None:
    meter = SharedMeter("x", "X", "told")
    meter.told("post", 1, 30)
    assert refused(meter, "post", 100) is None
    wait = refused(meter, "post", 100)
    assert wait is not None
    assert wait <= 30


@pytest.mark.usefixtures("valkey")
def test_reading_figures_leaves_a_share_to_publishing() -> None:
    reading = SharedMeter("x", "X", "shared", reserve=0.3)
    assert [refused(reading, "read", 10) for _ in range(8)].count(None) == 7
    assert refused(SharedMeter("x", "X", "shared"), "read", 10) is None


def test_without_a_broker_everything_goes_through(
    data: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_REDIS_URL", "redis://127.0.0.1:1")
    from autosched.settings import settings

    settings.cache_clear()
    meter = SharedMeter("x", "X", "alone")
    assert [refused(meter, "post", 1) for _ in range(5)] == [None] * 5
    meter.told("post", 0, 60)
