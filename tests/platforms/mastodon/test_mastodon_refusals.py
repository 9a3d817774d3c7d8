"""Every refusal of a Mastodon server asks for the right thing, in words for a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from autosched.platforms import refusals, wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.mastodon import calls, errors
from autosched.settings import settings
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench


def reply(status: int, error: str = "", description: str = "", **headers: str) -> wire.Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body: dict[str, Any] = {"error": error}
    if description:
        body["error_description"] = description
    return wire.Reply(status, httpx.Headers(named), body, json.dumps(body))


CASES = [
    (reply(422, "Error processing thumbnail for uploaded media"),
     "processing_failed", Action.RETRY),
    (reply(400, "invalid_grant", "The grant is invalid."), "consent_expired", Action.RECONNECT),
    (reply(401, "invalid_client", "Client authentication failed"),
     "app_unknown", Action.RECONNECT),
    (reply(401, "The access token was revoked"), "access_ended", Action.RECONNECT),
    (reply(403, "This action is outside the authorized scopes"),
     "scope_missing", Action.RECONNECT),
    (reply(403, "Your login is currently disabled"), "account_closed", Action.RECONNECT),
    (reply(403, "This action is not allowed"), "not_allowed", Action.FIX),
    (reply(422, "Cannot attach files that have not finished processing. Try again!"),
     "processing", Action.RETRY),
    (reply(400, "Bad Request: media already attached to status"), "upload_gone", Action.RETRY),
    (reply(422, "Media 1 not found or already attached to another post"),
     "upload_gone", Action.RETRY),
    (reply(413, "Request Entity Too Large"), "file_too_large", Action.FIX),
    (reply(404, "Record not found"), "not_found", Action.FIX),
    (reply(410, "Gone"), "not_found", Action.FIX),
    (reply(429, "Too many requests"), "rate_limited", Action.RETRY),
    (reply(422, "Validation failed: Text can't be blank"), "post_refused", Action.FIX),
    (reply(400, "Bad Request: too long"), "post_refused", Action.FIX),
    (reply(418, "I'm a teapot"), "strange_answer", Action.RETRY),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "code", "action"), CASES)
def test_a_refusal_asks_for_what_its_row_says(
    answer: wire.Reply, code: str, action: Action
) -> None:
    for committing in (False, True):
        refused = errors.classify(answer, committing=committing)
        assert (refused.code, refused.action) == (code, action)
        assert refused.sentence.endswith(".")
        assert "{" not in refused.sentence
        assert refused.remedy


def test_every_row_has_its_refusal() -> None:
    met = {id(refusals.look_up(errors.ROWS, *_read(answer))) for answer, _, _ in CASES}
    assert [row for row in errors.ROWS if id(row) not in met] == []


def _read(answer: wire.Reply) -> tuple[int, str, str, str]:
    return answer.status, str(answer.get("error") or ""), "", errors.said(answer)


def test_a_fault_of_the_server_leaves_doubt_only_while_the_post_is_sent() -> None:
    for status in (500, 502, 503, 504):
        trouble = errors.classify(reply(status, "Internal Server Error"))
        assert (trouble.code, trouble.action) == ("server_fault", Action.RETRY)
        assert errors.classify(reply(status), committing=True).action == Action.SETTLE
    assert errors.classify(reply(302), committing=True).action == Action.SETTLE


def test_a_pause_is_as_long_as_the_server_says() -> None:
    reset = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    refused = errors.classify(reply(429, "Too many requests", x_ratelimit_reset=reset))
    assert refused.retry_after == pytest.approx(120, abs=3)
    assert errors.classify(reply(429, "Too many requests")).retry_after == 60
    twice = errors.classify(reply(503, "", retry_after="120, Sat, 21 Nov 2026 11:00:00 GMT"))
    assert twice.retry_after == 120


def test_a_server_itself_words_them_so(bench: Bench, stand: Stand) -> None:
    def refused(text: str, **options: Any) -> PlatformError:
        with pytest.raises(PlatformError) as told:
            bench.publish(bench.draft(text, **options))
        return told.value

    assert refused("x" * 5001).code == "post_refused"
    assert refused("").code == "post_refused"
    assert refused("fine", visibility="nobody").code == "post_refused"
    stand.fault("rate", platform="mastodon", step="create_post", seconds=90)
    pause = refused("a pause")
    assert pause.code == "rate_limited"
    assert pause.retry_after == pytest.approx(90, abs=3)
    stand.fault("expire_token", platform="mastodon", step="create_post")
    assert refused("expired").code == "access_ended"


def test_maintenance_is_waited_out_as_the_server_says(bench: Bench, stand: Stand) -> None:
    stand.fault("status", platform="mastodon", step="delete_post", status=503)
    with pytest.raises(PlatformError) as trouble:
        bench.platform.delete(bench.desk(), "1", {})
    assert (trouble.value.code, trouble.value.retry_after) == ("server_fault", 5)


def test_a_server_inside_is_never_called_though_an_account_names_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOSCHED_SANDBOX")
    settings.cache_clear()
    bench.connection.secret["server"] = "https://10.0.0.5"
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("inside"))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "private_address")
    bench.connection.secret["server"] = "https://nowhere.invalid"
    with pytest.raises(PlatformError) as unknown:
        bench.publish(bench.draft("nowhere"))
    assert (unknown.value.action, unknown.value.code) == (Action.RETRY, "unreachable")


class Meter:
    """Notes what it is asked and told."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.heard: list[tuple[str, int, float]] = []

    def take(self, bucket: str, most: int, seconds: float) -> None:
        assert (most, seconds) == calls.BUDGETS[bucket]
        self.taken.append(bucket)

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        self.heard.append((bucket, remaining, reset_in))


def test_calls_are_counted_and_what_the_server_says_is_left_is_passed_on(large: Bench) -> None:
    desk, meter = large.desk(), Meter()
    desk.meter = meter
    draft = large.draft("counted")
    desk.handle = large.platform.prepare(desk, draft)
    proof = large.platform.commit(desk, draft)
    large.platform.delete(desk, proof.remote_id, {})
    assert meter.taken == ["calls", "calls", "deletions"]
    assert [bucket for bucket, _, _ in meter.heard] == ["calls", "deletions"]
    assert all(0 <= left < 300 and 0 < reset <= 1801 for _, left, reset in meter.heard)
