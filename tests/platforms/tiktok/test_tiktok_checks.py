"""What is said before a TikTok post is scheduled, and how its refusals read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.platforms import wire
from autosched.platforms.base import Action, Draft, Media
from autosched.platforms.tiktok import TikTok, errors, uploads
from autosched.settings import settings

VIDEO = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1080, 1920, 30.0)
PICTURE = Media(Path("picture.jpg"), "image", "image/jpeg", 500_000, 1080, 1350)
CREATOR = {
    "username": "night", "privacy": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"], "seconds": 60.0,
    "comment_disabled": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_TIKTOK_AUDITED", "1")


def blocking(text: str, *media: Media, account: Any = None, **options: Any) -> set[str]:
    draft = Draft("t", text, media, options, datetime.now(UTC), account or {})
    return {each.code for each in TikTok().check(draft) if each.blocking}


def test_a_good_post_has_nothing_against_it() -> None:
    assert blocking("Hi", VIDEO, privacy="public") == set()
    assert blocking("Hi", PICTURE, PICTURE, privacy="private") == set()
    assert blocking("", VIDEO, shape="draft") == set()


def test_who_can_see_it_must_be_chosen() -> None:
    assert blocking("Hi", VIDEO) == {"option_privacy"}


def test_only_what_the_creator_may_choose_is_offered() -> None:
    account = {"creator": CREATOR}
    assert blocking("Hi", VIDEO, account=account, privacy="friends") == {"option_privacy"}
    (privacy,) = [
        option for option in TikTok().shapes(account)[0].options if option.name == "privacy"
    ]
    assert [name for name, _ in privacy.choices] == ["public", "private"]
    assert privacy.default is None


def test_what_the_creator_has_switched_off_is_said() -> None:
    found = blocking(
        "Hi", VIDEO, account={"creator": CREATOR}, privacy="public", allow_comments=True
    )
    assert found == {"allow_comments_off"}


def test_a_video_longer_than_this_creator_may_post_is_said() -> None:
    long = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1080, 1920, 61.0)
    account = {"creator": CREATOR}
    assert blocking("Hi", long, account=account, privacy="public") == {"video_too_long"}


def test_the_text_is_counted_in_utf16_units() -> None:
    assert blocking("👍" * 1100, VIDEO, privacy="public") == set()
    assert blocking("👍" * 1100 + "a", VIDEO, privacy="public") == {"text_too_long"}
    assert blocking("a" * 4000, PICTURE, privacy="public") == set()
    assert blocking("a" * 4001, PICTURE, privacy="public") == {"text_too_long"}
    assert blocking("Hi", PICTURE, privacy="public", title="👍" * 46) == {"option_title"}
    assert TikTok().count("👍") == 2


def test_a_text_alone_and_both_kinds_of_media_are_no_post() -> None:
    assert blocking("Hi", privacy="public") == {"media_missing"}
    assert "mixed" in blocking("Hi", VIDEO, PICTURE, shape="draft")


def test_commercial_content_must_be_told_apart_and_not_be_hidden() -> None:
    assert blocking("Hi", VIDEO, privacy="public", disclose=True) == {"disclosure_open"}
    branded = {"disclose": True, "paid_partnership": True}
    assert blocking("Hi", VIDEO, privacy="private", **branded) == {"branded_private"}
    assert blocking("Hi", VIDEO, privacy="public", **branded) == set()


def test_a_cover_lies_within_the_post() -> None:
    assert blocking("Hi", VIDEO, privacy="public", cover_at=31) == {"cover_at"}
    assert blocking("Hi", VIDEO, privacy="public", cover_at=29.5) == set()
    assert blocking("Hi", PICTURE, privacy="public", cover_picture=2) == {"cover_picture"}


def test_what_the_account_has_not_allowed_is_offered_as_a_reminder() -> None:
    drafts = {"scopes": ["user.info.basic", "video.upload"]}
    assert blocking("Hi", VIDEO, account=drafts) == set()
    assert blocking("Hi", VIDEO, account=drafts, shape="video") == {"by_hand"}
    direct = {"scopes": ["user.info.basic", "video.publish"]}
    assert "by_hand" in blocking("Hi", VIDEO, account=direct, shape="draft", privacy="public")


def test_without_a_review_only_the_owner_can_be_posted_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AUTOSCHED_TIKTOK_AUDITED")
    assert blocking("Hi", VIDEO, privacy="public") == {"by_hand"}
    assert blocking("Hi", VIDEO, privacy="private") == set()
    assert blocking("Hi", VIDEO) == {"option_privacy"}
    # The stand-in's app counts as reviewed.
    monkeypatch.setenv("AUTOSCHED_SANDBOX", "http://127.0.0.1:9")
    settings.cache_clear()
    assert blocking("Hi", VIDEO, privacy="public") == set()


@given(st.integers(1, 4_000_000_000))
def test_chunks_keep_to_the_rules_and_cover_the_file(size: int) -> None:
    cut = uploads.plan(size)
    assert cut.count == size // cut.chunk
    assert 1 <= cut.count <= 1000
    if cut.count == 1:
        assert cut.chunk == size <= 64_000_000
    else:
        assert 5_242_880 <= cut.chunk <= 64_000_000
        assert cut.chunk <= size - cut.last <= 128_000_000
    firsts = [cut.chunk * number for number in range(cut.count)]
    assert sum(cut.stretch(first) for first in firsts) == size
    assert firsts[-1] == cut.last


@given(st.integers(1, 200_000_000), st.floats(0, 1))
def test_an_upload_goes_on_at_a_chunk_and_sends_at_most_one_again(size: int, share: float) -> None:
    cut = uploads.plan(size)
    received = int(size * share)
    first = cut.begun(received)
    assert first == size or first % cut.chunk == 0
    assert 0 <= received - first < cut.stretch(first) or first == size


def reply(status: int, body: Any = None) -> wire.Reply:
    return wire.Reply(status, httpx.Headers(), body, "")


def said(code: str) -> dict[str, Any]:
    return {"data": {}, "error": {"code": code, "message": "a reason", "log_id": "1"}}


@pytest.mark.parametrize(
    ("status", "body", "action", "code"),
    [
        (401, said("access_token_invalid"), Action.RECONNECT, "access_ended"),
        (200, {"error": "invalid_grant"}, Action.RECONNECT, "access_ended"),
        (401, said("something_new"), Action.RECONNECT, "access_ended"),
        (401, said("scope_not_authorized"), Action.RECONNECT, "scope_missing"),
        (200, {"error": "invalid_client"}, Action.RETRY, "app_refused"),
        (403, said("spam_risk_too_many_posts"), Action.RETRY, "daily_posts"),
        (403, said("reached_active_user_cap"), Action.RETRY, "daily_users"),
        (403, said("spam_risk_too_many_pending_share"), Action.FIX, "drafts_pending"),
        (403, said("spam_risk_user_banned_from_posting"), Action.FIX, "banned"),
        (
            403,
            said("unaudited_client_can_only_post_to_private_accounts"),
            Action.FIX,
            "app_unaudited",
        ),
        (403, said("url_ownership_unverified"), Action.FIX, "address_unverified"),
        (403, said("privacy_level_option_mismatch"), Action.FIX, "privacy_not_offered"),
        (429, said("rate_limit_exceeded"), Action.RETRY, "rate_limited"),
        (429, None, Action.RETRY, "rate_limited"),
        (400, said("invalid_publish_id"), Action.RETRY, "attempt_unknown"),
        (
            403,
            said("token_not_authorized_for_specified_publish_id"),
            Action.ASK,
            "attempt_foreign",
        ),
        (400, said("invalid_param"), Action.FIX, "post_refused"),
        (403, said("something_new"), Action.FIX, "post_refused"),
        (500, said("internal_error"), Action.RETRY, "server_fault"),
        (200, said("internal_error"), Action.RETRY, "server_fault"),
        (200, None, Action.RETRY, "server_fault"),
    ],
)
def test_each_refusal_asks_for_its_own(status: int, body: Any, action: Action, code: str) -> None:
    error = errors.classify(reply(status, body))
    assert (error.action, error.code) == (action, code)
    assert error.sentence.endswith(".")
    assert "{" not in error.sentence
    if action != Action.RETRY:
        assert error.remedy
    committing = errors.classify(reply(status, body), committing=True)
    doubtful = code == "server_fault"
    assert committing.action == (Action.SETTLE if doubtful else action)


def test_a_limit_of_the_day_is_waited_for_until_the_next() -> None:
    for code in ("spam_risk_too_many_posts", "reached_active_user_cap"):
        assert errors.classify(reply(403, said(code))).retry_after == 86_400


@pytest.mark.parametrize(
    ("status", "action", "code", "last"),
    [
        (403, Action.RETRY, "upload_expired", Action.RETRY),
        (400, Action.RETRY, "upload_refused", Action.RETRY),
        (416, Action.RETRY, "upload_refused", Action.SETTLE),
        (503, Action.RETRY, "server_fault", Action.SETTLE),
    ],
)
def test_each_refusal_of_a_chunk_asks_for_its_own(
    status: int, action: Action, code: str, last: Action
) -> None:
    error = errors.upload_refused(reply(status))
    assert (error.action, error.code) == (action, code)
    assert errors.upload_refused(reply(status), committing=True).action == last


@pytest.mark.parametrize(
    ("reason", "action", "code"),
    [
        ("file_format_check_failed", Action.FIX, "format_refused"),
        ("duration_check_failed", Action.FIX, "duration_refused"),
        ("frame_rate_check_failed", Action.FIX, "frame_rate_refused"),
        ("picture_size_check_failed", Action.FIX, "size_refused"),
        ("spam_risk", Action.FIX, "spam_risk"),
        ("spam_risk_text", Action.FIX, "spam_risk_text"),
        ("video_pull_failed", Action.RETRY, "fetch_failed"),
        ("photo_pull_failed", Action.RETRY, "fetch_failed"),
        ("internal", Action.RETRY, "processing_failed"),
        ("auth_removed", Action.RECONNECT, "access_ended"),
        ("publish_cancelled", Action.FIX, "cancelled_there"),
        ("something_new", Action.FIX, "attempt_failed"),
    ],
)
def test_each_end_of_an_attempt_asks_for_its_own(reason: str, action: Action, code: str) -> None:
    error = errors.failed(reason)
    assert (error.action, error.code) == (action, code)
    assert error.remedy


def test_no_row_is_without_its_test() -> None:
    """Every row is met by one of the cases above."""
    tested = {case[3] for case in test_each_refusal_asks_for_its_own.pytestmark[0].args[1]}
    assert {row.code for row in errors.ROWS} <= tested
    ends = test_each_end_of_an_attempt_asks_for_its_own.pytestmark[0].args[1]
    assert {row.code for row in errors.FAILURES} == {case[2] for case in ends}
