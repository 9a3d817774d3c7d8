"""Each row of the table, and that a lost answer is never taken for a refusal."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.linkedin import errors, rest
from autosched.platforms.linkedin.errors import ROWS, Duplicate, classify, until_midnight
from autosched.platforms.wire import Reply
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench

DUPLICATE = "…BadRequestResponseException: Content is a duplicate of urn:li:share:7123"


def reply(status: int, code: str = "", message: str = "It says so.") -> Reply:
    body: dict[str, Any] = {"status": status, "message": message}
    if code:
        body["code"] = code
    return Reply(status, httpx.Headers(), body, "…")


@pytest.mark.parametrize(
    ("status", "code", "message", "expected", "action"),
    [
        (401, "EXPIRED_ACCESS_TOKEN", "", "access_ended", "reconnect"),
        (401, "REVOKED_ACCESS_TOKEN", "", "access_ended", "reconnect"),
        (401, "", "", "access_ended", "reconnect"),
        (403, "ACCESS_DENIED", "resource is forbidden", "not_yet", "retry"),
        (403, "ACCESS_DENIED", "Not enough permissions", "no_permission", "reconnect"),
        (400, "FIELD_LENGTH_TOO_LONG", "x", "text_too_long", "fix"),
        (400, "INVALID_VALUE_FOR_FIELD", "x", "post_refused", "fix"),
        (400, "MEDIA_ASSET_WAITING_UPLOAD", "x", "upload_gone", "retry"),
        (400, "MEDIA_ASSET_PROCESSING_FAILED", "x", "upload_gone", "retry"),
        (400, "EXPIRED_UPLOAD_URL", "x", "upload_gone", "retry"),
        (400, "VERSION_MISSING", "x", "version_ended", "retry"),
        (426, "NONEXISTENT_VERSION", "x", "version_ended", "retry"),
        (426, "", "x", "version_ended", "retry"),
        (400, "INVALID_URN_ID", "x", "unknown_urn", "fix"),
        (400, "INVALID_URN_FORMAT", "x", "unknown_urn", "fix"),
        (404, "NOT_FOUND", "x", "gone", "fix"),
        (409, "CONFLICT", "x", "conflict", "retry"),
        (422, "", DUPLICATE, "duplicate", "fix"),
        (422, "", "ERROR :: /x :: a record is expected", "post_refused", "fix"),
        (429, "TOO_MANY_REQUESTS", "x", "rate_limited", "retry"),
        (406, "", "x", "strange_answer", "retry"),
        (302, "", "x", "strange_answer", "retry"),
    ],
)
def test_each_refusal_asks_for_what_it_should(
    status: int, code: str, message: str, expected: str, action: str
) -> None:
    error = classify(reply(status, code, message))
    assert (error.code, error.action) == (expected, action)
    assert error.sentence.endswith(".")
    assert ".." not in error.sentence
    assert "{" not in error.sentence
    assert error.remedy.endswith(".")


def test_every_row_is_met_by_some_refusal() -> None:
    marks = test_each_refusal_asks_for_what_it_should.pytestmark
    met = {values[3] for values in marks[0].args[1]}
    assert met == {row.code for row in ROWS}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_only_while_committing_does_a_fault_leave_doubt(status: int) -> None:
    assert classify(reply(status)).action == Action.RETRY
    assert classify(reply(status), committing=True).action == Action.SETTLE


@pytest.mark.parametrize("status", [200, 302])
def test_an_answer_that_says_nothing_leaves_doubt_while_committing(status: int) -> None:
    assert classify(reply(status), committing=True).action == Action.SETTLE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 426, 429])
def test_a_clear_refusal_leaves_no_doubt(status: int) -> None:
    assert classify(reply(status), committing=True).action != Action.SETTLE


def test_a_duplicate_names_the_first() -> None:
    error = classify(reply(422, "", DUPLICATE), committing=True)
    assert isinstance(error, Duplicate)
    assert error.urn == "urn:li:share:7123"


def test_a_used_up_day_ends_at_midnight() -> None:
    assert until_midnight(86_400 * 20_000 + 60.0) == 86_340
    error = classify(reply(429))
    assert error.retry_after == pytest.approx(until_midnight(), abs=5)


def test_a_used_up_day_is_told_to_all_workers(member: Bench, stand: Stand) -> None:
    heard: list[tuple[str, int, float]] = []

    class Meter:
        def take(self, bucket: str, most: int, seconds: float) -> None:
            assert bucket == f"linkedin {member.connection.remote_id}"

        def told(self, bucket: str, remaining: int, reset_in: float) -> None:
            heard.append((bucket, remaining, reset_in))

    desk, draft = member.desk(), member.draft("too many today")
    desk.handle = member.platform.prepare(desk, draft)
    desk.meter = Meter()
    stand.fault("rate", platform="linkedin", step="create_post")
    with pytest.raises(PlatformError) as refused:
        member.platform.commit(desk, draft)
    assert refused.value.code == "rate_limited"
    assert heard[0][1] == 0
    assert 0 < heard[0][2] <= 86_400
    assert not desk.handle["since"]


def test_a_version_that_has_ended_says_what_to_set(
    member: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "VERSION", "202507")
    with pytest.raises(PlatformError) as refused:
        member.publish(member.draft("by an old interface"))
    assert refused.value.code == "version_ended"
    assert "AUTOSCHED_LINKEDIN_API_VERSION" in refused.value.remedy


def test_what_is_refused_is_said_in_linkedins_words(member: Bench) -> None:
    desk, draft = member.desk(), member.draft("x")
    desk.handle = member.platform.prepare(desk, draft)
    desk.handle["post"]["visibility"] = "FRIENDS"
    with pytest.raises(PlatformError, match="visibility must be one of") as refused:
        member.platform.commit(desk, draft)
    assert refused.value.action == Action.FIX


def test_a_page_that_is_not_administered_asks_for_a_person(page: Bench) -> None:
    page.connection.options["urn"] = "urn:li:organization:10100003"
    with pytest.raises(PlatformError, match="does not let this account") as refused:
        page.publish(page.draft("for another page"))
    assert refused.value.action == Action.RECONNECT


def test_nothing_of_a_log_in_is_ever_a_duplicate() -> None:
    assert errors.refused_grant(reply(400)).code == "access_ended"
