"""Uploads go on where they stopped, and what LinkedIn lost is uploaded anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Draft, PlatformError
from autosched.platforms.linkedin import uploads
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.linkedin.files import document, film, picture

PART = 4_194_304


def parts(stand: Stand, since: int) -> list[tuple[str, int]]:
    """The parts that were sent: their place, and how it was answered."""
    return [
        (line["path"].rpartition("/")[2], line["status"])
        for line in stand.log()[since:]
        if line["step"] == "upload_append"
    ]


def finished(bench: Bench, draft: Draft, handle: dict[str, Any]) -> dict[str, Any]:
    desk = bench.desk(handle)
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    return desk.handle


@pytest.mark.parametrize("steps", range(1, 8))
def test_after_a_kill_at_any_step_a_film_goes_on_and_no_part_is_sent_twice(
    member: Bench, stand: Stand, tmp_path: Path, steps: int
) -> None:
    """Killed while the record is being written: the step was done, and is not known."""
    draft = member.draft(f"A long film, killed after {steps}", film(tmp_path, 2 * PART + 100_000))
    start = len(stand.log())
    member.kill_after = steps - 1
    with pytest.raises(Killed):
        member.platform.prepare(member.desk(), draft)
    member.kill_after = None
    remembered = member.handles[-2] if len(member.handles) > 1 else {}
    finished(member, draft, remembered)
    sent = [place for place, status in parts(stand, start)]
    # At most the one part whose arrival was not yet remembered is sent again.
    assert len(sent) <= 3 + 1
    assert set(sent) == {"0", "1", "2"}
    assert draft.text in [post["text"] for post in stand.posts("linkedin")]


def test_a_part_that_breaks_off_is_sent_again_and_no_other(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = member.draft("A film that breaks off", film(tmp_path, 2 * PART + 100_000))
    desk = member.desk()
    desk.handle = {}
    start = len(stand.log())
    stand.fault("cut", platform="linkedin", step="upload_append")
    with pytest.raises(PlatformError) as broken:
        member.platform.prepare(desk, draft)
    assert broken.value.action == Action.RETRY
    finished(member, draft, member.handles[-1])
    assert [place for place, status in parts(stand, start)] == ["0", "0", "1", "2"]


def test_a_lost_answer_of_the_last_step_is_no_harm(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = member.draft("A film finished twice", film(tmp_path))
    start = len(stand.log())
    stand.fault("reset_after", platform="linkedin", step="upload_finish")
    with pytest.raises(PlatformError):
        member.platform.prepare(member.desk(), draft)
    finished(member, draft, member.handles[-1])
    assert [place for place, _ in parts(stand, start)] == ["0"]


def test_a_page_asks_whether_a_picture_has_arrived_before_it_sends_it_again(
    page: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = page.draft("A picture once", picture(tmp_path))
    start = len(stand.log())
    stand.fault("reset_after", platform="linkedin", step="upload_append")
    with pytest.raises(PlatformError):
        page.platform.prepare(page.desk(), draft)
    finished(page, draft, page.handles[-1])
    assert len(parts(stand, start)) == 1


@pytest.mark.parametrize("kind", ["picture", "document"])
def test_a_member_sends_a_picture_or_document_again_to_the_same_place(
    member: Bench, stand: Stand, tmp_path: Path, kind: str
) -> None:
    media = picture(tmp_path) if kind == "picture" else document(tmp_path)
    draft = member.draft(f"A {kind} twice", media, title="t")
    start = len(stand.log())
    stand.fault("reset_after", platform="linkedin", step="upload_append")
    with pytest.raises(PlatformError):
        member.platform.prepare(member.desk(), draft)
    finished(member, draft, member.handles[-1])
    assert len(parts(stand, start)) == 2
    steps = [line["step"] for line in stand.log()[start:]]
    assert steps.count("upload_init") == 1


def test_what_is_uploaded_is_not_uploaded_again(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    media = [picture(tmp_path, "a"), picture(tmp_path, "b", "red")]
    draft = member.draft("Two pictures", *media)
    stand.fault("status", platform="linkedin", step="create_post", status=409)
    desk = member.desk()
    desk.handle = member.platform.prepare(desk, draft)
    with pytest.raises(PlatformError) as refused:
        member.platform.commit(desk, draft)
    assert refused.value.code == "conflict"
    start = len(stand.log())
    finished(member, draft, desk.handle)
    assert parts(stand, start) == []


def test_a_file_that_was_changed_is_uploaded_anew(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = member.draft("Changed", picture(tmp_path))
    desk = member.desk()
    first = member.platform.prepare(desk, draft)["post"]["content"]["media"]["id"]
    picture(tmp_path, colour="red")
    os.utime(tmp_path / "a.png", (1, 1))
    second = member.platform.prepare(desk, draft)["post"]["content"]["media"]["id"]
    assert first != second


def test_an_address_that_has_expired_is_asked_for_anew(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = member.draft("Late", picture(tmp_path))
    member.kill_after = 0
    with pytest.raises(Killed):
        member.platform.prepare(member.desk(), draft)
    member.kill_after = None
    handle = member.handles[-1]
    stand.forward(4_000)
    with pytest.raises(PlatformError) as refused:  # our clock does not know it
        finished(member, draft, handle)
    assert (refused.value.code, refused.value.action) == ("upload_gone", Action.RETRY)
    finished(member, draft, member.handles[-1])
    (key,) = handle["media"]
    handle["media"][key]["ends"] = 1.0
    start = len(stand.log())
    finished(member, member.draft("Later", *draft.media), handle)
    assert [line["step"] for line in stand.log()[start:]].count("upload_init") == 1


@pytest.mark.parametrize("step", ["upload_append", "upload_finish", "upload_status"])
def test_an_upload_that_linkedin_lost_is_made_anew(
    page: Bench, stand: Stand, tmp_path: Path, step: str
) -> None:
    draft = page.draft(f"Lost at {step}", film(tmp_path))
    stand.fault("lose_container", platform="linkedin", step=step)
    with pytest.raises(PlatformError) as refused:
        page.platform.prepare(page.desk(), draft)
    assert (refused.value.code, refused.value.action) == ("upload_gone", Action.RETRY)
    finished(page, draft, page.handles[-1])


def test_an_upload_that_is_lost_when_the_post_goes_out_is_made_anew(
    page: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = page.draft("Lost at the last moment", picture(tmp_path))
    desk = page.desk()
    desk.handle = page.platform.prepare(desk, draft)
    stand.fault("lose_container", platform="linkedin", step="create_post")
    with pytest.raises(PlatformError) as refused:
        page.platform.commit(desk, draft)
    assert refused.value.action == Action.RETRY
    assert not page.handles[-1]["since"]
    finished(page, draft, page.handles[-1])


def test_what_can_not_be_processed_is_tried_once_more_and_then_for_the_person(
    page: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = page.draft("Broken", film(tmp_path))
    for action in (Action.RETRY, Action.FIX):
        stand.fault("fail_processing", platform="linkedin", step="upload_finish")
        desk = page.desk(page.handles[-1] if page.handles else {})
        with pytest.raises(PlatformError, match="could not process the video: Media") as refused:
            page.platform.prepare(desk, draft)
        assert refused.value.action == action


def test_slow_processing_is_waited_for_and_then_asked_after_later(
    page: Bench, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.5)
    draft = page.draft("Slow", film(tmp_path))
    stand.fault("slow", platform="linkedin", seconds=1.5, times=None)
    with pytest.raises(PlatformError) as refused:
        page.platform.prepare(page.desk(), draft)
    assert (refused.value.code, refused.value.action) == ("processing", Action.RETRY)
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 10.0)
    start = len(stand.log())
    finished(page, draft, page.handles[-1])
    assert parts(stand, start) == []


def test_a_file_that_has_left_the_library_is_for_the_person(member: Bench, tmp_path: Path) -> None:
    media = picture(tmp_path)
    media.path.unlink()
    with pytest.raises(PlatformError, match="no longer in the library") as refused:
        member.publish(member.draft("gone", media))
    assert refused.value.action == Action.FIX
