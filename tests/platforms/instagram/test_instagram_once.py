"""Lost answers on Instagram: the container is asked, and nothing goes out twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.instagram import Instagram
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.facebook.meta_files import patient, prepared
from tests.platforms.instagram.kinds import KINDS, draft_of, out
from tests.sandbox.meta_hand import MediaHost

PLATFORM = Instagram()


def lost(desk: Desk, draft: Draft) -> None:
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert caught.value.action == Action.SETTLE


def asked(bench: Bench, draft: Draft) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        PLATFORM.settle(bench.desk(bench.handles[-1]), draft)
    return caught.value


def settled(bench: Bench, draft: Draft, handle: dict[str, Any] | None = None) -> Published | None:
    """Ask until there is an answer, as the schedule does."""
    for _ in range(60):
        try:
            return PLATFORM.settle(bench.desk(handle or bench.handles[-1]), draft)
        except PlatformError as error:
            if error.action != Action.RETRY:
                raise
            time.sleep(0.1)
    raise AssertionError("no answer")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["reset_after", "status_after"])
def test_a_post_whose_answer_is_lost_is_found(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path, kind: str, fault: str
) -> None:
    draft = draft_of(own, host, kind, f"Found {kind} {fault}", tmp_path)
    desk = prepared(own, draft)
    stand.fault(fault, platform="instagram", step="publish")
    lost(desk, draft)
    proof = settled(own, draft)
    assert out(stand, desk) == 1
    assert proof is not None
    assert proof.remote_id == stand.posts("instagram")[-1]["id"]
    assert proof.permalink == stand.posts("instagram")[-1]["permalink"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_a_post_that_never_arrived_is_sent_again_after_patience(
    linked: Bench, stand: Stand, host: MediaHost, tmp_path: Path, kind: str, fault: str
) -> None:
    draft = draft_of(linked, host, kind, f"Again {kind} {fault}", tmp_path)
    desk = prepared(linked, draft)
    stand.fault(fault, platform="instagram", step="publish")
    lost(desk, draft)
    error = asked(linked, draft)
    assert (error.action, error.code) == (Action.RETRY, "not_shown_yet")
    desk = linked.desk(patient(linked.handles[-1]))
    assert PLATFORM.settle(desk, draft) is None
    PLATFORM.commit(desk, draft)
    assert out(stand, desk) == 1


def test_a_worker_that_dies_around_the_call_leaves_enough_to_tell(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Died", tmp_path)
    desk = prepared(own, draft)
    assert PLATFORM.settle(own.desk(desk.handle), draft) is None  # nothing was sent
    own.kill_after = 1
    with pytest.raises(Killed):
        PLATFORM.commit(desk, draft)
    own.kill_after = None
    assert settled(own, draft, own.handles[-2]) is not None
    assert out(stand, desk) == 1


def test_a_list_that_lags_is_waited_for_and_the_containers_word_is_enough(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Shown late", tmp_path)
    desk = prepared(own, draft)
    stand.fault("lag", platform="instagram", seconds=2, times=None)
    stand.fault("reset_after", platform="instagram", step="publish")
    lost(desk, draft)
    assert asked(own, draft).code == "not_shown_yet"
    late = PLATFORM.settle(own.desk(patient(own.handles[-1])), draft)
    assert late == Published(desk.handle["container"], None)
    found = settled(own, draft)
    assert found is not None
    assert found.permalink
    assert out(stand, desk) == 1


def test_a_container_that_is_out_is_never_published_again_nor_made_anew(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Out already", tmp_path)
    desk = prepared(own, draft)
    handle = dict(desk.handle)
    PLATFORM.commit(desk, draft)
    lost(own.desk(handle), draft)  # a worker that knows nothing of it
    assert settled(own, draft) is not None
    again = prepared(own, draft, handle)
    assert again.handle["container"] == handle["container"]
    lost(again, draft)
    assert out(stand, desk) == 1


def test_a_container_that_is_lost_after_a_lost_answer_is_a_no(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path
) -> None:
    draft = draft_of(own, host, "picture", "Lost twice", tmp_path)
    desk = prepared(own, draft)
    stand.fault("reset_before", platform="instagram", step="publish")
    lost(desk, draft)
    stand.fault("lose_container", platform="instagram", step="container_status", times=1)
    assert asked(own, draft).code == "not_shown_yet"
    desk = own.desk(patient(own.handles[-1]))
    assert PLATFORM.settle(desk, draft) is None
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "container_gone")
    desk = prepared(own, draft, desk.handle)
    PLATFORM.commit(desk, draft)
    assert out(stand, desk) == 1


@pytest.mark.parametrize("fault", ["reset_after", "reset_before", "status"])
def test_a_first_comment_is_written_once(
    own: Bench, stand: Stand, host: MediaHost, tmp_path: Path, fault: str
) -> None:
    draft = draft_of(own, host, "picture", f"Commented {fault}", tmp_path, first_comment="Once")
    desk = prepared(own, draft)
    stand.fault(fault, platform="instagram", step="comment")
    lost(desk, draft)
    if fault != "reset_after":
        assert asked(own, draft).code == "not_shown_yet"
        desk = own.desk(patient(own.handles[-1]))
        assert PLATFORM.settle(desk, draft) is None
        PLATFORM.commit(desk, draft)
    assert settled(own, draft, desk.handle) is not None
    assert out(stand, desk) == 1
    remarks = stand.posts("instagram")[-1]["extra"]["comments"]
    assert [each["text"] for each in remarks] == ["Once"]
