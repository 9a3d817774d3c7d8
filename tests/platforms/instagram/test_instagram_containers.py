"""Kills and breaks on the way to Instagram: uploads and containers go on, not begin anew."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.instagram import Instagram
from autosched.platforms.instagram import containers as making
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.facebook.meta_files import Watched, photo, prepared, video
from tests.platforms.instagram.kinds import KINDS, draft_of, out
from tests.sandbox.meta_hand import MediaHost

PLATFORM = Instagram()
SIZE = 24_000_000
IN_THE_PIPES = 8 << 20
"""What the buffers of two sockets hold when a connection breaks: it is sent again, and no more."""


# Uploads


def test_a_killed_upload_goes_on_where_it_stood(
    linked: Bench, stand: Stand, tmp_path: Path
) -> None:
    media = video(tmp_path, padding=SIZE, seconds=12.0)
    draft = linked.draft("Killed", media)
    desk = linked.desk()
    desk.progress = Watched(0.6)
    with pytest.raises(Killed):
        PLATFORM.prepare(desk, draft)
    time.sleep(0.2)
    desk = linked.desk(linked.handles[-1])
    desk.progress = watched = Watched()
    desk.handle = PLATFORM.prepare(desk, draft)
    assert watched.shares[0] >= 0.6 - (4 << 20) / media.size
    PLATFORM.commit(desk, draft)
    assert stand.posts("instagram")[-1]["media"][0]["size"] == media.size


def test_a_broken_connection_is_taken_up_again_at_once(
    linked: Bench, stand: Stand, tmp_path: Path
) -> None:
    media = video(tmp_path, padding=SIZE, seconds=12.0)
    draft = linked.draft("Broken", media)
    stand.fault("cut", platform="instagram", step="upload_append")
    desk = linked.desk()
    desk.progress = watched = Watched()
    desk.handle = PLATFORM.prepare(desk, draft)
    assert watched.back <= IN_THE_PIPES / media.size
    PLATFORM.commit(desk, draft)
    assert stand.posts("instagram")[-1]["media"][0]["size"] == media.size


def test_an_upload_whose_last_answer_is_lost_is_not_sent_again(
    linked: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = linked.draft("Lost answer", video(tmp_path))
    stand.fault("reset_after", platform="instagram", step="upload_append")
    before = len(stand.log())
    PLATFORM.commit(prepared(linked, draft), draft)
    steps = [seen["step"] for seen in stand.log()[before:]]
    assert steps.count("upload_append") == 1


def test_an_upload_that_instagram_has_lost_is_made_anew(
    linked: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = linked.draft("Lost upload", video(tmp_path))
    stand.fault("lose_container", platform="instagram", step="upload_append")
    with pytest.raises(PlatformError) as caught:
        prepared(linked, draft)
    assert caught.value.action == Action.RETRY
    desk = prepared(linked, draft, linked.handles[-1])
    PLATFORM.commit(desk, draft)
    assert out(stand, desk) == 1


# Containers


@pytest.mark.parametrize("kind", KINDS)
def test_containers_that_are_there_are_not_made_again_after_a_kill(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path, kind: str
) -> None:
    draft = draft_of(own, host, kind, f"Kept {kind}", tmp_path)
    own.kill_after = 0
    with pytest.raises(Killed):
        PLATFORM.prepare(own.desk(), draft)
    own.kill_after = None
    before = len(stand.log())
    desk = prepared(own, draft, own.handles[0])
    made = [s["step"] for s in stand.log()[before:]].count("create_container")
    assert made == {"carousel": 3}.get(kind, 0)  # two more pictures and the whole
    PLATFORM.commit(desk, draft)
    assert out(stand, desk) == 1


def test_a_post_that_was_changed_gets_a_container_of_its_own(
    own: Bench, host: MediaHost, tmp_path: Path
) -> None:
    first = draft_of(own, host, "picture", "Before", tmp_path)
    handle = prepared(own, first).handle
    changed = prepared(own, own.draft("After", *first.media, shape="picture"), handle).handle
    same = prepared(own, first, handle).handle
    assert changed["container"] != handle["container"] == same["container"]


def test_an_old_container_is_not_relied_on(own: Bench, host: MediaHost, tmp_path: Path) -> None:
    draft = draft_of(own, host, "picture", "Old", tmp_path)
    handle = prepared(own, draft).handle
    for kept in handle["containers"].values():
        kept["made"] -= making.LIFE_SECONDS
    assert prepared(own, draft, handle).handle["container"] != handle["container"]


def test_a_container_that_expired_is_made_anew(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Expired", tmp_path)
    desk = prepared(own, draft)
    stand.forward(86_500)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "container_gone")
    again = prepared(own, draft, own.handles[-1])
    stand.forward(-86_500)
    assert again.handle["container"] != desk.handle["container"]


def test_a_file_that_could_not_be_processed_is_tried_in_a_new_container(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "carousel", "Trouble", tmp_path)
    stand.fault("fail_processing", platform="instagram", step="create_container")
    with pytest.raises(PlatformError) as caught:
        prepared(own, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "processing_fault")
    PLATFORM.commit(prepared(own, draft, own.handles[-1]), draft)


def test_slow_processing_gives_the_worker_back(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_LOOKS", (0.05,))
    stand.fault("slow", platform="instagram", seconds=1.0, times=None)
    draft = draft_of(own, host, "picture", "Slow", tmp_path)
    with pytest.raises(PlatformError) as caught:
        prepared(own, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "not_ready")
    assert caught.value.retry_after == 30.0
    time.sleep(1.1)
    stand.clear()
    before = len(stand.log())
    desk = prepared(own, draft, own.handles[-1])
    assert "create_container" not in {seen["step"] for seen in stand.log()[before:]}
    PLATFORM.commit(desk, draft)


def test_a_file_that_cannot_be_fetched_is_offered_twice_more(
    own: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image = photo(tmp_path, "nowhere.jpg")
    draft, handle = own.draft("Nowhere", image), None
    for action in (Action.RETRY, Action.RETRY, Action.FIX):
        with pytest.raises(PlatformError) as caught:
            prepared(own, draft, handle)
        assert (caught.value.action, caught.value.code) == (action, "not_fetched")
        handle = own.handles[-1]
    assert "AUTOSCHED_PUBLIC_URL" in caught.value.remedy


def test_a_container_that_is_missing_for_long_is_given_up(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Missing", tmp_path)
    desk = prepared(own, draft)
    for _ in range(2):
        stand.fault("status", platform="instagram", step="publish", status=2207008)
        with pytest.raises(PlatformError) as caught:
            PLATFORM.commit(desk, draft)
        assert (caught.value.action, caught.value.retry_after) == (Action.RETRY, 30.0)
        assert desk.handle["container"]
        desk.handle["missing_since"] -= 100
    desk.handle["missing_since"] -= 100
    stand.fault("status", platform="instagram", step="publish", status=2207008)
    with pytest.raises(PlatformError):
        PLATFORM.commit(desk, draft)
    assert desk.handle["container"] is None
