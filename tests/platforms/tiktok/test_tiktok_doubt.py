"""Lost answers and failures on TikTok: whatever happens, a video is public once."""

from __future__ import annotations

import pytest

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.tiktok import attempts
from tests.platforms.desks import Killed
from tests.platforms.tiktok.scene import CHUNK, Make, film, refused, settled, video

PUBLIC = {"privacy": "public"}
THREE = 3 * CHUNK + 1000


@pytest.mark.parametrize("kind", ["reset_after", "status_after"])
@pytest.mark.parametrize("size", [0, THREE])
def test_a_last_chunk_whose_answer_was_lost_is_found_and_never_sent_again(
    scene: Make, kind: str, size: int
) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder, size), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.fault(kind, platform="tiktok", step="upload_append")
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert caught.value.action == Action.SETTLE
    found = settled(at, draft)
    assert found is not None
    assert len(at.posts()) == 1
    assert at.posts()[0]["id"] == found.remote_id or found.remote_id.startswith("v_pub_file")


@pytest.mark.parametrize("kind", ["reset_before", "cut", "status"])
def test_a_last_chunk_that_never_arrived_is_sent_after_some_patience(
    scene: Make, kind: str
) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder, THREE), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.fault(kind, platform="tiktok", step="upload_append")
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert caught.value.action == Action.SETTLE
    with pytest.raises(PlatformError) as early:
        at.platform.settle(at.bench.desk(desk.handle), draft)
    assert early.value.action == Action.RETRY
    assert settled(at, draft, later=True) is None
    desk = at.bench.desk(at.bench.handles[-1])
    at.platform.commit(desk, draft)
    assert len(at.posts()) == 1
    assert at.steps("upload_init") == [200]


def test_a_kill_in_the_middle_of_the_last_chunk_is_settled(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.bench.kill_after = 1  # the record after the last chunk has been sent
    with pytest.raises(Killed):
        at.platform.commit(desk, draft)
    at.bench.kill_after = None
    assert settled(at, draft) is not None
    assert len(at.posts()) == 1


def test_an_attempt_that_tiktok_forgot_after_its_last_byte_is_for_a_person(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder, THREE), **PUBLIC)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.fault("reset_before", platform="tiktok", step="upload_append")
    with pytest.raises(PlatformError):
        at.platform.commit(desk, draft)
    at.stand.fault("lose_container", platform="tiktok", step="upload_status")
    with pytest.raises(PlatformError) as caught:
        at.platform.settle(at.bench.desk(desk.handle), draft)
    assert (caught.value.action, caught.value.code) == (Action.ASK, "attempt_lost")
    # The person says it is not there: it is uploaded anew.
    desk = at.bench.desk(desk.handle)
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert len(at.posts()) == 1


def test_a_slow_tiktok_leaves_the_post_in_doubt_until_it_is_done(
    scene: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "POLL_SECONDS", (0.1,))
    at = scene()
    at.stand.fault("slow", platform="tiktok", seconds=2)
    draft = at.bench.draft("Slow", video(at.folder), **PUBLIC)
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.SETTLE, "processing")
    at.stand.clear()
    at.stand.forward(3)
    assert settled(at, draft) is not None
    assert len(at.posts()) == 1


def test_an_attempt_that_failed_inside_tiktok_is_made_once_more(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Again", video(at.folder), **PUBLIC)
    at.stand.fault("fail_processing", platform="tiktok", step="upload_append")
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.RETRY, "processing_failed")
    desk = at.bench.desk(at.bench.handles[-1])
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.commit(desk, draft)
    assert len(at.posts()) == 1


def test_a_failure_that_settling_finds_out_is_told_by_the_next_commit(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Bad", video(at.folder, content=film(rate=10)), **PUBLIC)
    at.stand.fault("reset_after", platform="tiktok", step="upload_append")
    assert refused(at, draft).action == Action.SETTLE
    assert settled(at, draft) is None
    desk = at.bench.desk(at.bench.handles[-1])
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "frame_rate_refused")
    assert at.posts() == []
