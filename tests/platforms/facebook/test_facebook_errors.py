"""Every row of the table of refusals, as the platform answers it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.facebook import Facebook
from autosched.platforms.facebook.errors import ROWS, classify
from autosched.platforms.meta import usage
from autosched.platforms.wire import Reply
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected
from tests.platforms.facebook.meta_files import prepared

PLATFORM = Facebook()
ANSWERS = {
    102: (Action.RECONNECT, "access_ended"),
    190: (Action.RECONNECT, "access_ended"),
    458: (Action.RECONNECT, "access_removed"),
    459: (Action.RECONNECT, "login_needed"),
    460: (Action.RECONNECT, "password_changed"),
    463: (Action.RECONNECT, "access_expired"),
    464: (Action.RECONNECT, "account_unconfirmed"),
    467: (Action.RECONNECT, "logged_out"),
    492: (Action.RECONNECT, "session_changed"),
    10: (Action.RECONNECT, "right_missing"),
    200: (Action.RECONNECT, "right_missing"),
    4: (Action.RETRY, "throttled"),
    17: (Action.RETRY, "throttled"),
    32: (Action.RETRY, "throttled"),
    341: (Action.RETRY, "throttled"),
    613: (Action.RETRY, "throttled"),
    80001: (Action.RETRY, "throttled"),
    1: (Action.SETTLE, "unclear"),
    2: (Action.SETTLE, "unclear"),
    503: (Action.SETTLE, "unclear"),
    368: (Action.RECONNECT, "blocked"),
    506: (Action.FIX, "duplicate"),
    100: (Action.FIX, "post_refused"),
    33: (Action.RETRY, "gone"),
    1609005: (Action.FIX, "link_unreadable"),
    1366046: (Action.FIX, "photo_too_large"),
    1366051: (Action.FIX, "photos_posted"),
    1349125: (Action.FIX, "format_refused"),
    1404102: (Action.FIX, "policy"),
    1346003: (Action.FIX, "policy"),
    1390008: (Action.RETRY, "too_fast"),
    1363047: (Action.RETRY, "upload_troubled"),
    1363037: (Action.RETRY, "upload_troubled"),
    1609010: (Action.RETRY, "not_now"),
    1404078: (Action.RECONNECT, "page_authorization"),
}
# Rows that no fault can bring about: the stand-in does not say them so.
BY_BODY = {"app_secret", "api_version", "session_gone", "upload_moved", "server_fault", "gone"}


@pytest.mark.parametrize("number", sorted(ANSWERS))
def test_each_refusal_asks_for_what_the_table_says(stand: Stand, bench: Bench, number: int) -> None:
    draft = bench.draft(f"Refused with {number}")
    desk = prepared(bench, draft)
    stand.fault("status", platform="facebook", step="create_post", status=number)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    error = caught.value
    assert (error.action, error.code) == ANSWERS[number]
    assert error.sentence.endswith((".", "?"))
    assert "{" not in error.sentence
    assert error.remedy


def test_every_row_is_met_by_some_answer() -> None:
    met = {code for _, code in ANSWERS.values()} | BY_BODY
    assert {row.code for row in ROWS} <= met


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"code": 100, "message": "Invalid appsecret_proof provided"}}, "app_secret"),
        ({"error": {"code": 2635, "message": "(#2635) deprecated version"}}, "api_version"),
        ({"error": {"code": 100, "message": "(#100) Invalid upload session id"}}, "session_gone"),
        ({"debug_info": {"retriable": False, "type": "OffsetInvalidError"}}, "upload_moved"),
        ({"debug_info": {"retriable": True, "type": "ServiceError"}}, "server_fault"),
        ({"debug_info": {"retriable": False, "type": "NotFoundError"}}, "gone"),
        ({"debug_info": {"retriable": False, "type": "NotAuthorizedError"}}, "access_ended"),
        ({"debug_info": {"retriable": True, "type": "RateLimitError"}}, "throttled"),
        ({"debug_info": {"retriable": True, "type": "SomethingNew"}}, "server_fault"),
        ({"error": {"code": 9999, "message": "Something new"}}, "refused"),
        ({"error": {"code": 9999, "is_transient": True}}, "server_fault"),
        ("<html>", "server_fault"),
    ],
)
def test_other_bodies_are_understood_too(body: Any, code: str) -> None:
    assert classify(reply(400, body)).code == code


def reply(status: int, body: Any, **headers: str) -> Reply:
    return Reply(status, httpx.Headers(headers), body, str(body))


def test_what_says_nothing_leaves_doubt_only_while_committing() -> None:
    for status, body in ((200, {}), (302, None), (502, "<html>"), (400, None)):
        assert classify(reply(status, body)).action == Action.RETRY
        assert classify(reply(status, body), committing=True).action == Action.SETTLE
    clear = {"error": {"code": 9999, "message": "No"}}
    assert classify(reply(400, clear), committing=True).action == Action.FIX
    assert classify(reply(500, clear), committing=True).action == Action.SETTLE


def test_a_throttle_waits_as_long_as_the_header_says(stand: Stand, bench: Bench) -> None:
    draft = bench.draft("Too much")
    desk = prepared(bench, draft)
    stand.fault("rate", platform="facebook", step="create_post", seconds=240)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert caught.value.action == Action.RETRY
    assert caught.value.retry_after == 240


def test_an_expired_token_is_a_matter_for_a_person(stand: Stand) -> None:
    bench = connected(PLATFORM, stand, person=1)
    stand.fault("expire_token", platform="facebook", step="create_post")
    with pytest.raises(PlatformError) as caught:
        bench.publish(bench.draft("Expired"))
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "access_expired")


class Noted:
    """A meter that holds what it was told."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.heard: dict[str, tuple[int, float]] = {}

    def take(self, bucket: str, most: int, seconds: float) -> None:
        self.taken.append(bucket)

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        self.heard[bucket] = (remaining, reset_in)


def test_the_usage_headers_are_passed_on_once_half_is_used() -> None:
    meter = Noted()
    usage.after(meter, {"x-app-usage": '{"call_count": 12, "total_time": 3}'})
    assert meter.heard == {}
    usage.after(meter, {"x-app-usage": '{"call_count": 75, "total_time": 3}'})
    assert meter.heard == {"app:calls": (usage.UNTOLD // 4, 300.0)}
    said = '{"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 7}]}'
    usage.after(meter, {"x-business-use-case-usage": said})
    assert meter.heard["calls"] == (0, 420.0)
    for broken in ("", "no", "[]", "1", '{"1": [3]}', '{"call_count": "many"}'):
        assert usage.seconds_to_wait({"x-business-use-case-usage": broken}) is None


def test_every_call_is_counted(stand: Stand, bench: Bench) -> None:
    desk, meter = bench.desk(), Noted()
    desk.meter = meter
    draft = bench.draft("Counted calls")
    desk.handle = PLATFORM.prepare(desk, draft)
    PLATFORM.commit(desk, draft)
    assert meter.taken == ["calls", "app:calls"] * 2
