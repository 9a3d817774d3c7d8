"""Every refusal of X asks for the right thing, in words for a person."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from autosched.platforms import wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.x import calls, errors
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench

PROBLEMS = "https://api.x.com/2/problems"


def reply(status: int, body: Any = None, **headers: str) -> wire.Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wire.Reply(status, httpx.Headers(named), body, json.dumps(body))


def problem(status: int, kind: str = "", detail: str = "", message: str = "") -> wire.Reply:
    body: dict[str, Any] = {"status": status, "title": "Title", "detail": detail}
    body["type"] = f"{PROBLEMS}/{kind}" if kind else "about:blank"
    if message:
        body["errors"] = [{"message": message}]
    return reply(status, body)


def token(status: int, error: str, description: str = "") -> wire.Reply:
    return reply(status, {"error": error, "error_description": description})


INVALID = "invalid-request"
CASES = [
    (problem(403, detail="You are not allowed to create a Tweet with duplicate content."),
     "duplicate", Action.FIX),
    (token(400, "invalid_grant"), "access_ended", Action.RECONNECT),
    (token(400, "invalid_request", "Value passed for the token was invalid."),
     "access_ended", Action.RECONNECT),
    (token(400, "invalid_request", "Value passed for the authorization code was invalid."),
     "consent_expired", Action.RECONNECT),
    (token(400, "invalid_request", "The code verifier did not match the code challenge."),
     "consent_mixed_up", Action.RECONNECT),
    (token(401, "unauthorized_client", "Missing valid authorization header"),
     "app_refused", Action.RETRY),
    (problem(401), "access_ended", Action.RECONNECT),
    (problem(402, "credits-depleted"), "no_credit", Action.RETRY),
    (problem(429, "usage-capped"), "no_credit", Action.RETRY),
    (problem(429, "rate-limit-exceeded"), "rate_limited", Action.RETRY),
    (problem(400, INVALID, message="Your media IDs are invalid."), "upload_gone", Action.RETRY),
    (problem(400, INVALID, message="The media is not processed."), "processing", Action.RETRY),
    (problem(403, detail="You attempted to reply to a Tweet that is deleted or not visible."),
     "answer_gone", Action.FIX),
    (problem(403, "client-forbidden", "You can reply only where its author calls you."),
     "reply_refused", Action.FIX),
    (problem(403, "unsupported-authentication", "Unsupported Authentication"),
     "app_not_allowed", Action.FIX),
    (problem(403, "client-forbidden", "Your app is not permitted to perform this action."),
     "app_not_allowed", Action.FIX),
    (problem(403, detail="You are not permitted to do this."), "not_allowed", Action.FIX),
    (problem(400, INVALID, message="Your Tweet text is too long."), "text_too_long", Action.FIX),
    (problem(413), "file_too_large", Action.FIX),
    (problem(404, "resource-not-found", "Could not find media with id: [1]."),
     "upload_gone", Action.RETRY),
    (problem(404, "resource-not-found", "Could not find tweet with id: [1]."),
     "not_found", Action.FIX),
    (problem(400, INVALID, message="Something about the post"), "post_refused", Action.FIX),
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
        assert refused.remedy or code == "not_found"


def test_every_row_has_its_refusal() -> None:
    met = {id(errors.refusals.look_up(errors.ROWS, *_read(answer))) for answer, _, _ in CASES}
    assert [row for row in errors.ROWS if id(row) not in met] == []


def _read(answer: wire.Reply) -> tuple[int, str, str, str]:
    return answer.status, errors.key(answer), "", errors.said(answer)


def test_a_fault_of_x_leaves_doubt_only_while_the_post_is_sent() -> None:
    for status in (500, 502, 503, 504, 408, 302):
        assert errors.classify(problem(status)).action == Action.RETRY
        assert errors.classify(problem(status), committing=True).action == Action.SETTLE


def test_a_rate_limit_is_waited_out_as_x_says() -> None:
    reset = str(int(time.time()) + 120)
    refused = errors.classify(reply(429, {}, x_rate_limit_reset=reset))
    assert refused.retry_after == pytest.approx(120, abs=3)
    assert errors.classify(reply(429, {})).retry_after == 60
    assert errors.classify(problem(402)).retry_after == 3600


def test_no_credit_is_not_tried_again_at_once(bench: Bench, stand: Stand) -> None:
    stand.fault("status", platform="x", step="create_post", status=402)
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("no credit"))
    assert (refused.value.code, refused.value.retry_after) == ("no_credit", 3600)


def test_x_itself_words_them_so(bench: Bench, stand: Stand, tmp_path: Path) -> None:
    def refused(text: str, **options: Any) -> PlatformError:
        with pytest.raises(PlatformError) as told:
            bench.publish(bench.draft(text, **options))
        return told.value

    assert refused("x" * 281).code == "text_too_long"
    assert refused("fine", reply_settings="nobody").code == "post_refused"
    assert refused("$ABC $DEF").code == "app_not_allowed"
    answered = bench.draft("is deleted", thread=["before this"])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, answered)
    bench.platform.commit(desk, bench.draft("is deleted"))
    bench.platform.delete(bench.desk(), desk.handle["out"][0], {})
    with pytest.raises(PlatformError) as gone:
        bench.platform.commit(desk, answered)
    assert (gone.value.code, gone.value.action) == ("answer_gone", Action.FIX)
    with pytest.raises(PlatformError) as picture:
        media = making.picture(tmp_path / "a.jpg")
        media.path.write_bytes(b"no picture")
        bench.publish(bench.draft("x", media))
    assert picture.value.code == "post_refused"


def test_an_outage_before_the_post_is_simply_tried_again(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    stand.fault("status", platform="x", step="upload", status=503)
    with pytest.raises(PlatformError) as trouble:
        bench.publish(bench.draft("x", making.picture(tmp_path / "a.jpg")))
    assert (trouble.value.code, trouble.value.action) == ("server_fault", Action.RETRY)


class Meter:
    """Notes what it is asked and told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int, float]] = []
        self.heard: list[tuple[str, int, float]] = []

    def take(self, bucket: str, most: int, seconds: float) -> None:
        self.taken.append((bucket, most, seconds))

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        self.heard.append((bucket, remaining, reset_in))


def test_calls_are_counted_and_what_x_says_is_left_is_passed_on(bench: Bench) -> None:
    desk, meter = bench.desk(), Meter()
    desk.meter = meter
    draft = bench.draft("counted")
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    assert meter.taken == [("posts", 100, 900.0), ("app:posts", 10_000, 86_400)]
    ((bucket, left, reset_in),) = meter.heard
    assert bucket == "posts"
    assert 0 <= left < 100
    assert 0 < reset_in <= 901


def test_every_kind_of_call_has_its_budget(bench: Bench, tmp_path: Path) -> None:
    desk, meter = bench.desk(), Meter()
    desk.meter = meter
    film = making.video(tmp_path / "a.mp4")
    draft = bench.draft("budgets", film)
    desk.handle = bench.platform.prepare(desk, draft)
    proof = bench.platform.commit(desk, draft)
    bench.platform.delete(desk, proof.remote_id, {})
    used = {bucket for bucket, _, _ in meter.taken}
    assert used == {"uploads", "upload_states", "posts", "app:posts", "deletions"}
    assert used - {"app:posts"} <= set(calls.BUDGETS)
