"""Videos on TikTok: in chunks, gone on with after a kill, and public once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from autosched.platforms.base import Action, Draft, PlatformError, Published
from autosched.platforms.tiktok import uploads
from tests.platforms.desks import Killed
from tests.platforms.tiktok.scene import CHUNK, Make, Scene, film, video

PUBLIC = {"privacy": "public"}
THREE = 3 * CHUNK + 1000


def refused(scene: Scene, draft: Draft, handle: dict[str, Any] | None = None) -> PlatformError:
    desk = scene.bench.desk(handle)
    with pytest.raises(PlatformError) as caught:
        desk.handle = scene.platform.prepare(desk, draft)
        scene.platform.commit(desk, draft)
    scene.bench.handles.append(dict(desk.handle))
    return caught.value


def settled(scene: Scene, draft: Draft, *, later: bool = False) -> Published | None:
    """Ask as the schedule does: again and again while the answer is “not yet”."""
    desk = scene.bench.desk(scene.bench.handles[-1])
    if later:
        desk.handle["upload"]["last_at"] -= uploads.URL_SECONDS / 2
    for _ in range(20):
        try:
            found = scene.platform.settle(desk, draft)
        except PlatformError as error:
            if error.action != Action.RETRY:
                raise
            time.sleep(0.2)
            continue
        scene.bench.handles.append(dict(desk.handle))
        return found
    raise AssertionError("it never came to an end")


def test_a_small_video_goes_out_in_one_piece(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Evening #quran", video(at.folder), **PUBLIC, ai_generated=True)
    assert not [each for each in at.platform.check(draft) if each.blocking]
    published = at.bench.publish(draft)
    (post,) = at.posts()
    assert post["id"] == published.remote_id
    assert post["permalink"] == published.permalink
    assert post["text"] == "Evening #quran"
    said = post["extra"]
    assert said["privacy_level"] == "PUBLIC_TO_EVERYONE"
    assert said["is_aigc"] is True
    # Nobody may comment, duet or stitch unless it was said.
    assert all(said[f"disable_{name}"] for name in ("comment", "duet", "stitch"))


def test_the_options_reach_tiktok_in_its_own_terms(scene: Make) -> None:
    at = scene()
    options = {
        "privacy": "friends", "allow_comments": True, "allow_duet": True, "allow_stitch": True,
        "disclose": True, "your_brand": True, "paid_partnership": True, "cover_at": 0.5,
    }  # fmt: skip
    published = at.bench.publish(at.bench.draft("Hi", video(at.folder), **options))
    (post,) = at.posts()
    said = post["extra"]
    assert said["privacy_level"] == "MUTUAL_FOLLOW_FRIENDS"
    assert not any(said[f"disable_{name}"] for name in ("comment", "duet", "stitch"))
    assert said["brand_content_toggle"]
    assert said["brand_organic_toggle"]
    assert said["video_cover_timestamp_ms"] == 500
    # What is not for everyone has no number of its own: its attempt is the proof.
    assert published.remote_id.startswith("v_pub_file")
    assert published.permalink is None


def test_disclosures_count_only_when_commercial_content_is_disclosed(scene: Make) -> None:
    at = scene()
    at.bench.publish(at.bench.draft("Hi", video(at.folder), **PUBLIC, paid_partnership=True))
    assert at.posts()[0]["extra"]["brand_content_toggle"] is False


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
    from autosched.platforms.tiktok import attempts

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


def test_a_lost_answer_to_the_beginning_costs_nothing_but_another(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Hi", video(at.folder), **PUBLIC)
    at.stand.fault("reset_after", platform="tiktok", step="upload_init")
    assert refused(at, draft).action == Action.RETRY
    at.bench.publish(draft)
    assert len(at.posts()) == 1


def test_an_access_token_that_ends_on_the_way_is_renewed(scene: Make) -> None:
    at = scene()
    old = at.bench.connection.secret
    for step in ("creator_info", "upload_init", "upload_status"):
        at.stand.fault("expire_token", platform="tiktok", step=step)
    at.bench.publish(at.bench.draft("Hi", video(at.folder), **PUBLIC))
    assert len(at.posts()) == 1
    assert len(at.bench.secrets) == 3
    assert at.bench.secrets[-1]["refresh"] != old["refresh"]


@pytest.mark.parametrize("person", [1])
def test_what_the_creator_has_switched_off_is_obeyed_when_the_post_goes_out(
    scene: Make, person: int
) -> None:
    at = scene(person)
    # As if the account had been connected when all was still allowed.
    at.bench.connection.options.pop("creator")
    draft = at.bench.draft("Hi", video(at.folder), **PUBLIC, allow_duet=True)
    assert not [each for each in at.platform.check(draft) if each.blocking]
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.FIX, "allow_duet_off")
    long = video(at.folder, duration=200.0)
    assert refused(at, at.bench.draft("Hi", long, **PUBLIC)).code == "video_too_long"
    error = refused(at, at.bench.draft("Hi", video(at.folder), privacy="followers"))
    assert (error.action, error.code) == (Action.FIX, "privacy_not_offered")
    assert at.steps("upload_init") == []


def test_a_draft_lies_in_the_inbox_and_counts_as_handed_over(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Words", video(at.folder), shape="draft")
    told = {each.code for each in at.platform.check(draft)}
    assert told == {"handed_over", "text_left_out"}
    published = at.bench.publish(draft)
    (post,) = at.posts()
    assert post["extra"]["draft"] is True
    assert published.remote_id.startswith("v_inbox_file")
    assert published.permalink is None
    assert at.bench.handles[-1]["handed_over"] is True
    assert at.steps("creator_info") == []
