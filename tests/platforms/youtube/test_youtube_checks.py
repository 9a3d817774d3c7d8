"""What is said before a video is scheduled, and how YouTube's refusals read."""

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
from autosched.platforms.youtube import YouTube, calls, checks, errors
from autosched.settings import settings

SHORT = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1080, 1920, 60.0)
WIDE = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1920, 1080, 600.0)
PICTURE = Media(Path("picture.jpg"), "image", "image/jpeg", 500_000, 1280, 720)


@pytest.fixture(autouse=True)
def _reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_YOUTUBE_AUDITED", "1")


def drafted(text: str, *media: Media, account: Any = None, **options: Any) -> Draft:
    said = {"made_for_kids": "no"} | options
    return Draft("t", text, media, said, datetime.now(UTC), account or {})


def blocking(text: str, *media: Media, account: Any = None, **options: Any) -> set[str]:
    draft = drafted(text, *media, account=account, **options)
    return {each.code for each in YouTube().check(draft) if each.blocking}


def test_a_good_video_has_nothing_against_it() -> None:
    assert blocking("Title\nand more", SHORT) == set()
    assert blocking("", WIDE, PICTURE, title="A title") == set()


def test_whether_it_is_made_for_children_must_be_said() -> None:
    assert blocking("Hi", SHORT, made_for_kids=None) == {"option_made_for_kids"}


def test_a_text_or_a_picture_alone_is_no_post() -> None:
    assert blocking("Hi") == {"media_missing"}
    assert blocking("Hi", PICTURE) == {"media_missing"}


def test_the_title_is_what_was_written_or_the_first_line() -> None:
    assert checks.title_of(drafted("\n  First \nsecond", SHORT)) == "First"
    assert checks.title_of(drafted("First", SHORT, title=" Written ")) == "Written"
    assert blocking("", SHORT) == {"title_missing"}
    assert blocking("a" * 101, SHORT) == {"title_too_long"}
    assert blocking("a" * 101, SHORT, title="Short") == set()
    assert blocking("Hi", SHORT, title="a" * 101) == {"option_title"}


def test_the_description_is_counted_in_bytes() -> None:
    assert blocking("ب" * 2500, SHORT, title="Title") == set()
    assert blocking("ب" * 2501, SHORT, title="Title") == {"text_too_heavy"}
    assert YouTube().count("ب") == 2


@pytest.mark.parametrize("where", ["title", "text", "tags"])
def test_angle_brackets_are_taken_nowhere(where: str) -> None:
    said = {"title": "Title", "tags": ["one"], **({where: "<3"} if where == "title" else {})}
    if where == "tags":
        said["tags"] = ["one", "<3"]
    assert blocking("I <3 this" if where == "text" else "Hi", SHORT, **said) == {"angled"}


def test_tags_are_counted_with_their_commas_and_quotes() -> None:
    assert checks.tags_length(["one", "two words"]) == 3 + 1 + 9 + 2
    assert checks.tags_of(drafted("", tags="#one, two words,,one")) == ["one", "two words"]
    assert blocking("Hi", SHORT, tags=["a" * 249, "b" * 250]) == set()
    assert blocking("Hi", SHORT, tags=["a" * 250, "b" * 250]) == {"tags_too_long"}


@given(st.lists(st.text("ab ", min_size=1, max_size=9), max_size=9))
def test_the_length_of_tags_is_that_of_what_youtube_would_show(tags: list[str]) -> None:
    shown = ",".join(f'"{tag}"' if " " in tag else tag for tag in tags)
    assert checks.tags_length(tags) == len(shown)


def test_an_upright_film_of_three_minutes_is_a_short() -> None:
    platform = YouTube()
    assert platform.shape(drafted("Hi", SHORT)).name == "short"
    assert platform.shape(drafted("Hi", WIDE)).name == "video"
    long = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1080, 1920, 181.0)
    assert platform.shape(drafted("Hi", long)).name == "video"
    assert blocking("Hi", long, shape="short") == {"video_too_long"}
    told = {each.code for each in platform.check(drafted("Hi", SHORT, shape="video"))}
    assert told == {"becomes_short"}


def test_a_channel_without_a_confirmed_number_has_short_videos_and_no_covers() -> None:
    account = {"long_uploads": "eligible"}
    long = Media(Path("film.mp4"), "video", "video/mp4", 5_000_000, 1920, 1080, 901.0)
    assert blocking("Hi", long) == set()
    assert blocking("Hi", long, account=account) == {"video_too_long"}
    assert blocking("Hi", SHORT, PICTURE, account=account) == {"cover_not_allowed"}


def test_without_a_review_only_private_videos_can_be_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AUTOSCHED_YOUTUBE_AUDITED")
    assert blocking("Hi", SHORT) == {"by_hand"}
    assert blocking("Hi", SHORT, privacy="private") == set()
    monkeypatch.setenv("AUTOSCHED_SANDBOX", "http://127.0.0.1:9")
    settings.cache_clear()
    assert blocking("Hi", SHORT) == set()


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 1),  # 23:00 in California, in summer
        (datetime(2026, 1, 1, 6, 0, tzinfo=UTC), 2),  # 22:00, in winter
        (datetime(2026, 3, 8, 8, 30, tzinfo=UTC), 22.5),  # 0:30 of a day of 23 hours
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), 24.5),  # 0:30 of a day of 25 hours
    ],
)
def test_the_quota_is_fresh_after_midnight_in_california(now: datetime, hours: float) -> None:
    assert calls.until_reset(now) == hours * 3600 + 60


def reply(status: int, body: Any = None) -> wire.Reply:
    return wire.Reply(status, httpx.Headers(), body, "")


def said(reason: str, message: str = "a reason") -> dict[str, Any]:
    return {"error": {"code": 0, "message": message, "errors": [{"reason": reason}]}}


@pytest.mark.parametrize(
    ("status", "body", "action", "code"),
    [
        (401, said("youtubeSignupRequired"), Action.RECONNECT, "no_channel"),
        (401, said("authError"), Action.RECONNECT, "access_ended"),
        (401, said("expired"), Action.RECONNECT, "access_ended"),
        (401, said("required"), Action.RECONNECT, "access_ended"),
        (400, {"error": "invalid_grant"}, Action.RECONNECT, "access_ended"),
        (401, {"error": "invalid_client"}, Action.RETRY, "app_refused"),
        (403, said("quotaExceeded"), Action.RETRY, "quota_spent"),
        (403, said("rateLimitExceeded"), Action.RETRY, "rate_limited"),
        (403, said("userRateLimitExceeded"), Action.RETRY, "rate_limited"),
        (429, said("rateLimitExceeded"), Action.RETRY, "rate_limited"),
        (429, None, Action.RETRY, "rate_limited"),
        (403, said("insufficientPermissions"), Action.RECONNECT, "scope_missing"),
        (400, said("uploadLimitExceeded"), Action.RETRY, "daily_uploads"),
        (403, said("forbidden", "to set custom video thumbnails."), Action.FIX,
         "cover_not_allowed"),
        (403, said("forbidden"), Action.FIX, "forbidden"),
        (403, said("forbiddenPrivacySetting"), Action.FIX, "forbidden"),
        (400, said("invalidTitle"), Action.FIX, "title_refused"),
        (400, said("invalidDescription"), Action.FIX, "description_refused"),
        (400, said("invalidTags"), Action.FIX, "tags_refused"),
        (400, said("invalidCategoryId"), Action.FIX, "category_refused"),
        (400, said("invalidImage"), Action.FIX, "cover_refused"),
        (404, said("videoNotFound"), Action.FIX, "video_gone"),
        (400, said("invalidPublishAt"), Action.FIX, "post_refused"),
        (400, said("invalidFilename"), Action.FIX, "post_refused"),
        (400, said("mediaBodyRequired"), Action.FIX, "post_refused"),
        (400, said("invalidVideoMetadata"), Action.FIX, "post_refused"),
        (400, said("somethingNew"), Action.FIX, "post_refused"),
        (404, said("notFound"), Action.RETRY, "session_lost"),
        (410, None, Action.RETRY, "session_lost"),
        (503, said("backendError"), Action.RETRY, "server_fault"),
        (500, None, Action.RETRY, "server_fault"),
        (302, None, Action.RETRY, "server_fault"),
    ],
)  # fmt: skip
def test_each_refusal_asks_for_its_own(status: int, body: Any, action: Action, code: str) -> None:
    error = errors.classify(reply(status, body), until_reset=100.0)
    assert (error.action, error.code) == (action, code)
    assert error.sentence.endswith(".")
    assert "{" not in error.sentence
    assert error.remedy
    if code == "quota_spent":
        assert error.retry_after == 100.0
    if code == "daily_uploads":
        assert error.retry_after == 86_400
    committing = errors.classify(reply(status, body), committing=True)
    assert committing.action == (Action.SETTLE if code == "server_fault" else action)


@pytest.mark.parametrize(
    ("reason", "action", "code"),
    [
        ("uploadAborted", Action.RETRY, "upload_broken"),
        ("conversion", Action.FIX, "file_refused"),
        ("invalidFile", Action.FIX, "file_refused"),
        ("emptyFile", Action.FIX, "file_refused"),
        ("codec", Action.FIX, "file_refused"),
        ("tooSmall", Action.FIX, "file_too_small"),
        ("duplicate", Action.FIX, "duplicate"),
        ("length", Action.FIX, "too_long"),
        ("copyright", Action.FIX, "rights"),
        ("claim", Action.FIX, "rights"),
        ("uploaderAccountSuspended", Action.FIX, "suspended"),
        ("inappropriate", Action.FIX, "rules_broken"),
        ("termsOfUse", Action.FIX, "rules_broken"),
        ("somethingNew", Action.FIX, "video_refused"),
    ],
)
def test_each_end_of_a_video_asks_for_its_own(reason: str, action: Action, code: str) -> None:
    error = errors.refused_video(reason)
    assert (error.action, error.code) == (action, code)
    assert error.remedy


def test_no_row_is_without_its_test() -> None:
    """Every row is met by one of the cases above."""
    refusals = test_each_refusal_asks_for_its_own.pytestmark[0].args[1]
    assert {row.code for row in errors.ROWS} <= {case[3] for case in refusals}
    ends = test_each_end_of_a_video_asks_for_its_own.pytestmark[0].args[1]
    assert {row.code for row in errors.FAILURES} == {case[2] for case in ends}
