"""Uploads to X go on where they stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Draft, Media, PlatformError
from autosched.platforms.x import uploads
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench, Killed

SEGMENT = 64 * 1024


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SEGMENT_BYTES", SEGMENT)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """A video of some six segments."""
    return making.video(tmp_path_factory.mktemp("film") / "film.mp4", seconds=2.0, bits="1500k")


@pytest.fixture
def steps(stand: Stand) -> Callable[[], list[str]]:
    """What X was asked since the test began."""
    before = len(stand.log())
    return lambda: [seen["step"] for seen in stand.log()[before:]]


def prepared(bench: Bench, draft: Draft, handle: dict[str, Any] | None = None) -> dict[str, Any]:
    return bench.platform.prepare(bench.desk(handle), draft)


def finished(bench: Bench, stand: Stand, draft: Draft, handle: dict[str, Any]) -> dict[str, Any]:
    """The post with what was prepared."""
    proof = bench.platform.commit(bench.desk(handle), draft)
    return next(post for post in stand.posts("x") if post["id"] == proof.remote_id)


@pytest.mark.parametrize("steps_done", range(12))
def test_a_video_goes_on_after_a_kill_at_any_step(
    bench: Bench, film: Media, steps: Callable[[], list[str]], steps_done: int, stand: Stand
) -> None:
    draft = bench.draft(f"killed after {steps_done}", film)
    segments = -(-film.size // SEGMENT)
    bench.kill_after = steps_done
    try:
        handle = prepared(bench, draft)
    except Killed:
        bench.kill_after = None
        handle = prepared(bench, draft, bench.handles[-1])
    bench.kill_after = None
    done = steps()
    assert done.count("upload_append") <= segments + 1  # a segment is sent twice at the most
    assert done.count("upload_init") <= 2
    assert done.count("upload_finish") == 1
    post = finished(bench, stand, draft, handle)
    assert (post["kind"], post["media"][0]["size"]) == ("video", film.size)


@pytest.mark.parametrize("fault", ["cut", "reset_before", "reset_after"])
def test_a_segment_that_is_broken_off_is_sent_again_and_no_other(
    bench: Bench, film: Media, steps: Callable[[], list[str]], fault: str, stand: Stand
) -> None:
    draft = bench.draft(f"a segment meets {fault}", film)
    bench.kill_after = 3  # begun, and two segments are there
    with pytest.raises(Killed):
        prepared(bench, draft)
    bench.kill_after = None
    stand.fault(fault, platform="x", step="upload_append")
    with pytest.raises(PlatformError) as lost:
        prepared(bench, draft, bench.handles[-1])
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "unreachable")
    handle = prepared(bench, draft, bench.handles[-1])
    segments = -(-film.size // SEGMENT)
    assert steps().count("upload_append") <= segments + 2
    assert finished(bench, stand, draft, handle)["media"][0]["size"] == film.size


def test_a_lost_answer_to_finishing_is_asked_for(
    bench: Bench, film: Media, steps: Callable[[], list[str]], stand: Stand
) -> None:
    draft = bench.draft("finishing is lost", film)
    stand.fault("reset_after", platform="x", step="upload_finish")
    with pytest.raises(PlatformError):
        prepared(bench, draft)
    prepared(bench, draft, bench.handles[-1])
    assert steps().count("upload_finish") == 1
    assert "upload_status" in steps()


def test_finishing_that_never_arrived_is_done_again(
    bench: Bench, film: Media, steps: Callable[[], list[str]], stand: Stand
) -> None:
    draft = bench.draft("finishing did not arrive", film)
    stand.fault("reset_before", platform="x", step="upload_finish")
    with pytest.raises(PlatformError):
        prepared(bench, draft)
    handle = prepared(bench, draft, bench.handles[-1])
    assert finished(bench, stand, draft, handle)["media"][0]["size"] == film.size


def test_slow_work_of_x_is_waited_for_in_vain_no_longer_than_a_while(
    bench: Bench, film: Media, monkeypatch: pytest.MonkeyPatch, stand: Stand
) -> None:
    monkeypatch.setattr(uploads, "_WAIT_SECONDS", 1.5)
    stand.fault("slow", platform="x", seconds=4, times=None)
    draft = bench.draft("slow", film)
    with pytest.raises(PlatformError) as slow:
        prepared(bench, draft)
    assert (slow.value.action, slow.value.code) == (Action.RETRY, "processing")
    stand.forward(10)
    handle = prepared(bench, draft, bench.handles[-1])
    assert finished(bench, stand, draft, handle)["kind"] == "video"


def test_work_that_x_broke_off_is_begun_anew(
    bench: Bench, film: Media, steps: Callable[[], list[str]], stand: Stand
) -> None:
    stand.fault("fail_processing", platform="x", step="upload_finish")
    draft = bench.draft("fails once", film)
    with pytest.raises(PlatformError) as failed:
        prepared(bench, draft)
    assert (failed.value.action, failed.value.code) == (Action.RETRY, "processing_failed")
    prepared(bench, draft, bench.handles[-1])
    assert steps().count("upload_init") == 2


def test_a_file_that_x_can_t_use_must_be_changed(
    bench: Bench, tmp_path: Path, stand: Stand
) -> None:
    path = tmp_path / "no.mp4"
    path.write_bytes(b"no film" * 100)
    with pytest.raises(PlatformError) as failed:
        prepared(bench, bench.draft("x", Media(path, "video", "video/mp4", 700)))
    assert (failed.value.action, failed.value.code) == (Action.FIX, "media_refused")
    assert "Unsupported video format" in failed.value.sentence


@pytest.mark.parametrize("step", ["upload_append", "upload_finish", "upload_status"])
def test_an_upload_that_x_has_lost_is_made_anew(
    bench: Bench, film: Media, step: str, stand: Stand
) -> None:
    stand.fault("lose_container", platform="x", step=step)
    draft = bench.draft(f"lost at {step}", film)
    with pytest.raises(PlatformError) as lost:
        prepared(bench, draft)
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "upload_gone")
    handle = prepared(bench, draft, bench.handles[-1])
    assert finished(bench, stand, draft, handle)["media"][0]["size"] == film.size


def test_media_that_are_lost_before_the_post_are_uploaded_anew(
    bench: Bench, tmp_path: Path, stand: Stand
) -> None:
    draft = bench.draft("lost at the last moment", making.picture(tmp_path / "a.jpg"))
    handle = prepared(bench, draft)
    stand.fault("lose_container", platform="x", step="create_post")
    desk = bench.desk(handle)
    with pytest.raises(PlatformError) as lost:
        bench.platform.commit(desk, draft)
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "upload_gone")
    with pytest.raises(PlatformError, match="no longer has"):  # never without its picture
        bench.platform.commit(bench.desk(desk.handle), draft)
    handle = prepared(bench, draft, desk.handle)
    assert len(finished(bench, stand, draft, handle)["media"]) == 1


def test_pictures_are_uploaded_and_described_once(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]], stand: Stand
) -> None:
    media = [making.picture(tmp_path / f"{n}.jpg", alt="same") for n in range(2)]
    draft = bench.draft("twice the same picture", *media)
    handle = prepared(bench, draft)
    prepared(bench, draft, handle)
    assert steps().count("upload") == 2
    assert steps().count("alt_text") == 2
    assert len(finished(bench, stand, draft, handle)["media"]) == 2


def test_another_file_under_the_same_name_is_another_upload(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]]
) -> None:
    first = making.picture(tmp_path / "a.jpg", alt="as it was")
    handle = prepared(bench, bench.draft("edited", first))
    second = making.picture(tmp_path / "a.jpg", "gold", alt="as it is")
    again = prepared(bench, bench.draft("edited", second), handle)
    assert again["attached"] != handle["attached"]
    assert steps().count("upload") == 2


def test_another_description_is_said_without_another_upload(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]]
) -> None:
    first = making.picture(tmp_path / "a.jpg", alt="before")
    handle = prepared(bench, bench.draft("described", first))
    again = making.picture(tmp_path / "a.jpg", alt="after")
    assert (
        prepared(bench, bench.draft("described", again), handle)["attached"] == (handle["attached"])
    )
    assert (steps().count("upload"), steps().count("alt_text")) == (1, 2)


def test_an_upload_that_ends_soon_is_made_anew(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]]
) -> None:
    draft = bench.draft("old", making.picture(tmp_path / "a.jpg"))
    handle = prepared(bench, draft)
    (name,) = handle["media"]
    handle["media"][name]["ends"] -= 86_000
    prepared(bench, draft, handle)
    assert steps().count("upload") == 2


def test_a_file_that_is_not_there_any_more_is_missed(bench: Bench, tmp_path: Path) -> None:
    media = making.picture(tmp_path / "a.jpg")
    media.path.unlink()
    with pytest.raises(PlatformError) as missing:
        prepared(bench, bench.draft("gone", media))
    assert (missing.value.action, missing.value.code) == (Action.FIX, "file_missing")
