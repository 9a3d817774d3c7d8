"""Lost answers on a page: the platform is asked, and nothing goes out twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.facebook import Facebook
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.facebook.meta_files import patient, photo, prepared, video

PLATFORM = Facebook()
STEP = {"text": "create_post", "photo": "create_post", "video": "create_video",
        "reel": "create_reel"}  # fmt: skip
KINDS = list(STEP)


def draft_of(bench: Bench, kind: str, text: str, folder: Path, **options: Any) -> Draft:
    if kind == "text":
        return bench.draft(text, **options)
    if kind == "photo":
        return bench.draft(text, photo(folder), **options)
    return bench.draft(text, video(folder), shape=kind, **options)


def out(stand: Stand, text: str) -> list[dict[str, Any]]:
    return [post for post in stand.posts("facebook") if post["text"] == text]


def lost(desk: Desk, draft: Draft) -> None:
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert caught.value.action == Action.SETTLE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["reset_after", "status_after"])
def test_a_post_whose_answer_is_lost_is_found(
    stand: Stand, bench: Bench, tmp_path: Path, kind: str, fault: str
) -> None:
    draft = draft_of(bench, kind, f"Found {kind} {fault}", tmp_path)
    desk = prepared(bench, draft)
    stand.fault(fault, platform="facebook", step=STEP[kind])
    lost(desk, draft)
    proof = settled(bench, draft)
    (post,) = out(stand, draft.text)
    assert proof.permalink == post["permalink"]


def settled(bench: Bench, draft: Draft) -> Any:
    """Ask until there is an answer, as the schedule does."""
    for _ in range(40):
        desk = bench.desk(bench.handles[-1])
        try:
            return PLATFORM.settle(desk, draft)
        except PlatformError as error:
            if error.action != Action.RETRY or not error.retry_after:
                raise
            time.sleep(0.1)
    raise AssertionError("no answer")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_a_post_that_never_arrived_is_sent_again_after_patience(
    stand: Stand, bench: Bench, tmp_path: Path, kind: str, fault: str
) -> None:
    draft = draft_of(bench, kind, f"Again {kind} {fault}", tmp_path)
    desk = prepared(bench, draft)
    stand.fault(fault, platform="facebook", step=STEP[kind])
    lost(desk, draft)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.settle(bench.desk(bench.handles[-1]), draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "not_shown_yet")
    desk = bench.desk(patient(bench.handles[-1]))
    assert PLATFORM.settle(desk, draft) is None
    PLATFORM.commit(desk, draft)
    assert len(out(stand, draft.text)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_that_dies_before_the_call_has_sent_nothing(
    stand: Stand, bench: Bench, tmp_path: Path, kind: str
) -> None:
    draft = draft_of(bench, kind, f"Died {kind}", tmp_path)
    desk = prepared(bench, draft)
    assert PLATFORM.settle(bench.desk(desk.handle), draft) is None
    PLATFORM.commit(desk, draft)
    assert len(out(stand, draft.text)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_that_dies_after_the_call_leaves_enough_to_find_the_post(
    stand: Stand, bench: Bench, tmp_path: Path, kind: str
) -> None:
    draft = draft_of(bench, kind, f"Died late {kind}", tmp_path)
    desk = prepared(bench, draft)
    bench.kill_after = 1  # the attempt is noted, its outcome is not
    with pytest.raises(Killed):
        PLATFORM.commit(desk, draft)
    bench.kill_after = None
    assert settled_from(bench, bench.handles[-2], draft)
    assert len(out(stand, draft.text)) == 1


def settled_from(bench: Bench, handle: dict[str, Any], draft: Draft) -> Any:
    bench.handles.append(handle)
    return settled(bench, draft)


def test_a_list_that_lags_is_waited_for(stand: Stand, bench: Bench) -> None:
    draft = bench.draft("Shown late")
    desk = prepared(bench, draft)
    stand.fault("lag", platform="facebook", seconds=2, times=None)
    stand.fault("reset_after", platform="facebook", step="create_post")
    lost(desk, draft)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.settle(bench.desk(bench.handles[-1]), draft)
    assert caught.value.code == "not_shown_yet"
    assert settled(bench, draft) is not None
    assert len(out(stand, draft.text)) == 1


def test_a_repeat_that_facebook_calls_a_duplicate_is_settled_not_failed(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    for kind in ("text", "photo"):
        draft = draft_of(bench, kind, f"Twin {kind}", tmp_path)
        desk = prepared(bench, draft)
        stand.fault("lag", platform="facebook", seconds=600, times=None)
        stand.fault("reset_after", platform="facebook", step="create_post")
        lost(desk, draft)
        desk = bench.desk(patient(bench.handles[-1]))
        assert PLATFORM.settle(desk, draft) is None  # the list runs behind beyond all patience
        lost(desk, draft)
        with pytest.raises(PlatformError) as caught:
            PLATFORM.settle(bench.desk(patient(bench.handles[-1])), draft)
        assert caught.value.action == Action.ASK
        stand.clear()
        assert PLATFORM.settle(bench.desk(bench.handles[-1]), draft) is not None
        assert len(out(stand, draft.text)) == 1


def test_the_very_same_words_as_before_are_refused_and_not_taken_for_ours(
    stand: Stand, bench: Bench
) -> None:
    bench.publish(bench.draft("Twice the same"))
    with pytest.raises(PlatformError) as caught:
        bench.publish(bench.draft("Twice the same"))
    assert (caught.value.action, caught.value.code) == (Action.FIX, "duplicate")


def test_a_post_is_found_behind_many_newer_ones(stand: Stand, bench: Bench) -> None:
    draft = bench.draft("Far down")
    desk = prepared(bench, draft)
    stand.fault("reset_after", platform="facebook", step="create_post")
    lost(desk, draft)
    handle = bench.handles[-1]
    for number in range(30):
        bench.publish(bench.draft(f"Newer {number}"))
    before = len(stand.log())
    proof = settled_from(bench, handle, draft)
    (post,) = out(stand, draft.text)
    assert proof.remote_id == post["id"]
    assert [seen["step"] for seen in stand.log()[before:]] == ["list_posts", "list_posts"]


def test_a_link_without_words_is_found_by_the_link(stand: Stand, bench: Bench) -> None:
    draft = bench.draft("", link="https://example.org/alone")
    desk = prepared(bench, draft)
    stand.fault("reset_after", platform="facebook", step="create_post")
    lost(desk, draft)
    assert settled(bench, draft) is not None


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
def test_a_first_comment_is_written_once(stand: Stand, bench: Bench, fault: str) -> None:
    draft = bench.draft(f"Commented {fault}", first_comment="Only once")
    desk = prepared(bench, draft)
    stand.fault(fault, platform="facebook", step="comment")
    lost(desk, draft)
    if fault == "reset_before":
        with pytest.raises(PlatformError):
            PLATFORM.settle(bench.desk(bench.handles[-1]), draft)
        desk = bench.desk(patient(bench.handles[-1]))
        assert PLATFORM.settle(desk, draft) is None
        PLATFORM.commit(desk, draft)
    else:
        assert settled(bench, draft) is not None
    (post,) = out(stand, draft.text)
    assert [each["text"] for each in post["extra"]["comments"]] == ["Only once"]


def test_a_post_without_its_comment_is_gone_on_with(stand: Stand, bench: Bench) -> None:
    draft = bench.draft("Half way", first_comment="The rest")
    desk = prepared(bench, draft)
    stand.fault("reset_after", platform="facebook", step="create_post")
    lost(desk, draft)
    desk = bench.desk(bench.handles[-1])
    assert PLATFORM.settle(desk, draft) is None  # the comment was never sent
    PLATFORM.commit(desk, draft)
    (post,) = out(stand, draft.text)
    assert [each["text"] for each in post["extra"]["comments"]] == ["The rest"]


def test_a_slow_video_is_settled_when_it_is_done(
    stand: Stand, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autosched.platforms.facebook import publishing

    monkeypatch.setattr(publishing, "_LOOKS", (0.05,))
    stand.fault("slow", platform="facebook", seconds=1.2, times=None)
    draft = bench.draft("Slow reel", video(tmp_path), shape="reel")
    desk = prepared(bench, draft)
    lost(desk, draft)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.settle(bench.desk(bench.handles[-1]), draft)
    assert (caught.value.code, caught.value.retry_after) == ("processing", 30.0)
    assert settled(bench, draft) is not None
    assert len(out(stand, draft.text)) == 1


def test_a_slow_video_that_fails_is_no_doubt_but_a_matter_for_a_person(
    stand: Stand, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autosched.platforms.facebook import publishing

    monkeypatch.setattr(publishing, "_LOOKS", ())
    stand.fault("fail_processing", platform="facebook", step="create_video")
    draft = bench.draft("Failing video", video(tmp_path))
    desk = prepared(bench, draft)
    lost(desk, draft)
    assert settled(bench, draft) is None
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(bench.desk(bench.handles[-1]), draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "video_refused")
    assert out(stand, draft.text) == []
