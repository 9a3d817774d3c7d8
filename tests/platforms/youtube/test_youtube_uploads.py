"""Uploads to YouTube: gone on with after a kill or a break, and found again."""

from __future__ import annotations

import time
from typing import Any

import pytest

from autosched.platforms.base import Action, Draft
from tests.platforms.desks import Killed
from tests.platforms.youtube.scene import CHUNK, Make, Scene, finished, picture, refused, video

KIDS = {"made_for_kids": "no"}
THREE = 2 * CHUNK + 500_000


def test_a_kill_at_any_record_costs_nothing(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Killed", video(at.folder, THREE), picture(at.folder), **KIDS)
    deaths = 0
    while deaths < 20:
        at.bench.kill_after = 0
        desk = at.bench.desk(at.bench.handles[-1] if at.bench.handles else None)
        try:
            at.platform.prepare(desk, draft)
            break
        except Killed:
            deaths += 1
    assert deaths >= 5
    at.bench.kill_after = None
    finished(at, draft)
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


@pytest.mark.parametrize("kind", ["cut", "reset_before", "reset_after", "status", "status_after"])
def test_a_break_in_the_middle_costs_at_most_one_chunk(scene: Make, kind: str) -> None:
    at = scene()
    draft = at.bench.draft("Broken", video(at.folder, THREE), **KIDS)
    at.stand.fault(kind, platform="youtube", step="upload_append")
    at.bench.publish(draft)
    # Three chunks, the question how far it is, and the broken one again where it was not kept.
    assert len(at.steps("upload_append")) == 4 + (kind in ("reset_before", "status"))
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


def test_what_came_of_a_broken_chunk_is_not_sent_again(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Broken", video(at.folder, THREE), **KIDS)
    at.stand.fault("cut", platform="youtube", step="upload_append")
    at.bench.publish(draft)
    marks = [handle["received"] for handle in at.bench.handles if handle.get("received")]
    # Half of the first chunk stayed, and the next began right there.
    assert marks[0] == CHUNK // 2
    assert marks[1] == CHUNK // 2 + CHUNK


def test_a_host_that_stays_away_is_left_to_the_schedule_and_gone_on_with(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Away", video(at.folder, THREE), **KIDS)
    at.stand.fault("reset_before", platform="youtube", step="upload_append", times=2)
    assert refused(at, draft).action == Action.RETRY
    finished(at, draft)
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


@pytest.mark.parametrize("kind", ["reset_after", "status_after"])
def test_a_last_byte_whose_answer_was_lost_is_asked_of_the_session(scene: Make, kind: str) -> None:
    at = scene()
    draft = at.bench.draft("Lost", video(at.folder), **KIDS)
    at.stand.fault(kind, platform="youtube", step="upload_append")
    at.bench.publish(draft)
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


def test_a_session_that_youtube_lost_is_begun_anew(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Lost", video(at.folder, THREE), **KIDS)
    at.stand.fault("lose_container", platform="youtube", step="upload_append")
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.RETRY, "session_lost")
    finished(at, draft)
    assert at.steps("upload_init") == [200, 200]
    assert len(at.posts()) == 1


def with_lost_session(at: Scene, draft: Draft) -> dict[str, Any]:
    """The handle after a kill between the last byte's answer and its record, with a session that
    YouTube knows no more."""
    desk = at.bench.desk()
    at.platform.prepare(desk, draft)
    (before,) = [handle for handle in at.bench.handles if handle.get("last_at")][:1]
    url = before["session"]
    return {**before, "session": url[:-4] + "gone"}


def test_an_upload_without_its_session_is_found_in_the_channels_list(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Found again", video(at.folder), **KIDS)
    at.bench.handles.append(with_lost_session(at, draft))
    finished(at, draft)
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


def test_a_list_that_lags_is_waited_for_before_anything_is_uploaded_anew(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Not yet listed", video(at.folder), **KIDS)
    handle = with_lost_session(at, draft)
    at.stand.fault("lag", platform="youtube", seconds=600)
    error = refused(at, draft, handle)
    assert (error.action, error.code) == (Action.RETRY, "session_lost")
    assert at.steps("upload_init") == [200]
    # After a while it counts as never arrived. In private a second one harms nobody.
    at.bench.handles.append({**handle, "last_at": time.time() - 120})
    finished(at, draft)
    assert at.steps("upload_init") == [200, 200]
    shown = [post for post in at.posts() if post["extra"]["privacyStatus"] == "public"]
    assert len(shown) == 1


def test_another_video_of_the_same_title_is_not_taken_for_this_one(scene: Make) -> None:
    at = scene()
    at.bench.publish(at.bench.draft("Same title", video(at.folder, 200_000), **KIDS))
    draft = at.bench.draft("Same title", video(at.folder, 300_000), **KIDS)
    at.bench.handles.clear()
    handle = with_lost_session(at, draft)
    mine = at.bench.handles[-1]["video_id"]
    at.bench.handles.append(handle)
    assert finished(at, draft).remote_id == mine


def test_another_edit_is_another_upload(scene: Make) -> None:
    at = scene()
    film = video(at.folder)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, at.bench.draft("First title", film, **KIDS))
    draft = at.bench.draft("Second title", film, **KIDS)
    at.bench.handles.append(desk.handle)
    finished(at, draft)
    shown = [post for post in at.posts() if post["extra"]["privacyStatus"] == "public"]
    assert [post["text"] for post in shown] == ["Second title"]
