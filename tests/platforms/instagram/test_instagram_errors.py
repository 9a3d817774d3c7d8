"""Every row of the table of refusals, as the platform answers it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.instagram import Instagram, containers
from autosched.platforms.instagram.errors import ROWS, classify
from autosched.platforms.wire import Reply
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.facebook.meta_files import photo, prepared, show
from tests.sandbox.meta_hand import MediaHost

PLATFORM = Instagram()
WHILE_MAKING = {
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
    613: (Action.RETRY, "throttled"),
    80002: (Action.RETRY, "throttled"),
    1: (Action.RETRY, "server_fault"),
    2: (Action.RETRY, "server_fault"),
    503: (Action.RETRY, "server_fault"),
    100: (Action.FIX, "post_refused"),
    33: (Action.RETRY, "gone"),
    2207003: (Action.RETRY, "media_slow"),
    2207020: (Action.RETRY, "container_expired"),
    2207001: (Action.RETRY, "processing_fault"),
    2207032: (Action.RETRY, "processing_fault"),
    2207053: (Action.RETRY, "processing_fault"),
    2207006: (Action.RETRY, "container_gone"),
    2207008: (Action.RETRY, "builder_missing"),
    2207027: (Action.RETRY, "not_ready"),
    2207052: (Action.RETRY, "not_fetched"),
    2207042: (Action.RETRY, "daily_cap"),
    2207051: (Action.FIX, "spam_block"),
    2207050: (Action.FIX, "restricted"),
    2207004: (Action.FIX, "image_size"),
    2207005: (Action.FIX, "image_format"),
    2207009: (Action.FIX, "image_ratio"),
    2207010: (Action.FIX, "text_too_long"),
    2207026: (Action.FIX, "video_format"),
    2207023: (Action.FIX, "media_type"),
    2207028: (Action.FIX, "carousel_count"),
    2207040: (Action.FIX, "too_many_tags"),
    2207057: (Action.FIX, "cover_outside"),
}
UNCLEAR = (1, 2, 503, 2207001, 2207032, 2207053)
# Rows that no fault can bring about: the stand-in does not say them so.
BY_BODY = {"app_secret", "api_version", "upload_moved", "by_hand", "too_few_viewers"}


@pytest.fixture
def shown(own: Bench, host: MediaHost, tmp_path: Path) -> Bench:
    """An account whose one picture can be fetched."""
    show(host, photo(tmp_path))
    return own


@pytest.fixture(scope="module")
def ready() -> dict[str, Any]:
    """The handle of a post whose container is processed."""
    return {}


@pytest.mark.parametrize("number", sorted(WHILE_MAKING))
def test_each_refusal_while_making_asks_for_what_the_table_says(
    stand: Stand, shown: Bench, tmp_path: Path, number: int
) -> None:
    stand.fault("status", platform="instagram", step="create_container", status=number)
    with pytest.raises(PlatformError) as caught:
        prepared(shown, shown.draft("x", photo(tmp_path)))
    error = caught.value
    assert (error.action, error.code) == WHILE_MAKING[number]
    assert error.sentence.endswith(".")
    assert "{" not in error.sentence
    assert error.remedy


@pytest.mark.parametrize("number", sorted(WHILE_MAKING))
def test_a_refusal_of_the_publishing_is_clear_or_is_settled(
    stand: Stand, shown: Bench, tmp_path: Path, ready: dict[str, Any], number: int
) -> None:
    draft = shown.draft("Never published", photo(tmp_path))
    if not ready:  # one container for all: none of these publishes it
        ready.update(prepared(shown, draft).handle)
    desk = shown.desk(ready)
    stand.fault("status", platform="instagram", step="publish", status=number)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    expected = (Action.SETTLE, "unclear") if number in UNCLEAR else WHILE_MAKING[number]
    assert (caught.value.action, caught.value.code) == expected


def test_every_row_is_met_by_some_answer() -> None:
    met = {code for _, code in WHILE_MAKING.values()} | BY_BODY
    assert {row.code for row in ROWS} <= met


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"code": 10, "message": "(#10) Stories can be published by business"}},
         "by_hand"),
        ({"error": {"code": 10, "message": "(#10) Not enough viewers for the media"}},
         "too_few_viewers"),
        ({"error": {"code": 100, "message": "Invalid appsecret_proof"}}, "app_secret"),
        ({"error": {"code": 2635, "message": "deprecated"}}, "api_version"),
        ({"debug_info": {"retriable": True, "type": "PartialRequestError"}}, "upload_moved"),
        ({"debug_info": {"retriable": False, "type": "NotFoundError"}}, "gone"),
        ({"error_type": "OAuthException", "code": 400, "error_message": "No"}, "post_refused"),
    ],
)  # fmt: skip
def test_other_bodies_are_understood_too(body: Any, code: str) -> None:
    assert classify(Reply(400, httpx.Headers(), body, "")).code == code


@pytest.mark.parametrize(
    ("said", "action", "code"),
    [
        ("Error: Media upload has failed with error code 2207026", Action.FIX, "video_format"),
        ("Error: Media upload has failed with error code 2207001", Action.RETRY,
         "processing_fault"),
        ("Error: Media upload has failed with error code 2207099", Action.RETRY,
         "processing_fault"),
        ("Something else", Action.RETRY, "processing_fault"),
        ("", Action.RETRY, "processing_fault"),
    ],
)  # fmt: skip
def test_why_processing_failed_is_read_from_the_containers_words(
    said: str, action: Action, code: str
) -> None:
    error = containers.failed(said)
    assert (error.action, error.code) == (action, code)


def test_a_throttle_waits_as_long_as_the_header_says(
    stand: Stand, shown: Bench, tmp_path: Path
) -> None:
    stand.fault("rate", platform="instagram", step="create_container", seconds=120)
    with pytest.raises(PlatformError) as caught:
        prepared(shown, shown.draft("x", photo(tmp_path)))
    assert (caught.value.action, caught.value.retry_after) == (Action.RETRY, 120)


def test_an_expired_token_is_a_matter_for_a_person(
    stand: Stand, shown: Bench, tmp_path: Path
) -> None:
    stand.fault("expire_token", platform="instagram", step="create_container")
    with pytest.raises(PlatformError) as caught:
        prepared(shown, shown.draft("x", photo(tmp_path)))
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "access_expired")
