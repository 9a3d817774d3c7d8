"""Uploads to TikTok: in chunks, and gone on with after a kill or a break."""

from __future__ import annotations

import pytest

from autosched.platforms.base import Action, PlatformError
from tests.platforms.desks import Killed
from tests.platforms.tiktok.scene import CHUNK, Make, refused, video

PUBLIC = {"privacy": "public"}
THREE = 3 * CHUNK + 1000


def test_all_but_the_last_chunk_goes_up_before_anything_is_public(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    assert at.steps("upload_append") == [206, 206]
    assert at.posts() == []
    at.platform.commit(desk, draft)
    assert at.steps("upload_append") == [206, 206, 201]
    assert len(at.posts()) == 1


def test_a_kill_at_any_record_costs_no_chunk(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    for after in range(5):
        at.bench.kill_after = 0
        desk = at.bench.desk(at.bench.handles[-1] if at.bench.handles else None)
        with pytest.raises(Killed):
            at.platform.prepare(desk, draft)
            raise AssertionError(f"not killed at {after}")
        if len(at.steps("upload_append")) == 2:
            break
    at.bench.kill_after = None
    desk = at.bench.desk(at.bench.handles[-1])
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert at.steps("upload_append") == [206, 206, 201]
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


@pytest.mark.parametrize("kind", ["cut", "reset_before", "reset_after", "status", "status_after"])
def test_a_break_in_the_middle_costs_at_most_one_chunk(scene: Make, kind: str) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    at.stand.fault(kind, platform="tiktok", step="upload_append")
    at.bench.publish(draft)
    again = 0 if kind.endswith("after") else 1
    assert len(at.steps("upload_append")) == 3 + again
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


def test_a_host_that_stays_away_is_left_to_the_schedule_and_gone_on_with(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    at.stand.fault("status", platform="tiktok", step="upload_append", times=4)
    assert refused(at, draft).action == Action.RETRY
    desk = at.bench.desk(at.bench.handles[-1])
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert at.steps("upload_init") == [200]
    assert len(at.posts()) == 1


def test_an_upload_that_tiktok_has_lost_is_begun_anew(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    at.stand.fault("lose_container", platform="tiktok", step="upload_append")
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.RETRY, "upload_expired")
    desk = at.bench.desk(at.bench.handles[-1])
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert at.steps("upload_init") == [200, 200]
    assert len(at.posts()) == 1


def test_an_upload_that_expires_before_its_last_chunk_is_begun_anew(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Long", video(at.folder, THREE), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.forward(3700)
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "upload_expired")
    desk = at.bench.desk(desk.handle)
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert len(at.posts()) == 1


def test_another_edit_is_another_upload(scene: Make) -> None:
    at = scene()
    desk = at.bench.desk()
    film = video(at.folder, THREE)
    desk.handle = at.platform.prepare(desk, at.bench.draft("First words", film, **PUBLIC))
    draft = at.bench.draft("Second words", film, **PUBLIC)
    desk = at.bench.desk(desk.handle)
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert [post["text"] for post in at.posts()] == ["Second words"]


def test_a_lost_answer_to_the_beginning_costs_nothing_but_another(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Hi", video(at.folder), **PUBLIC)
    at.stand.fault("reset_after", platform="tiktok", step="upload_init")
    assert refused(at, draft).action == Action.RETRY
    at.bench.publish(draft)
    assert len(at.posts()) == 1
