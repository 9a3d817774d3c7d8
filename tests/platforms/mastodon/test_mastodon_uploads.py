"""Uploads to Mastodon servers: each file once, waited for, made anew where it was lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Draft, Media, PlatformError
from autosched.platforms.mastodon import uploads
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench, Killed


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Media:
    return making.video(tmp_path_factory.mktemp("film") / "film.mp4", bits="1500k")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_PAUSE_SECONDS", 0.1)


@pytest.fixture
def steps(stand: Stand) -> Callable[[], list[str]]:
    """What the server was asked since the test began."""
    before = len(stand.log())
    return lambda: [seen["step"] for seen in stand.log()[before:]]


def prepared(bench: Bench, draft: Draft, handle: dict[str, Any] | None = None) -> dict[str, Any]:
    return bench.platform.prepare(bench.desk(handle), draft)


def finished(bench: Bench, stand: Stand, draft: Draft, handle: dict[str, Any]) -> dict[str, Any]:
    """The post with what was prepared."""
    proof = bench.platform.commit(bench.desk(handle), draft)
    return next(post for post in stand.posts("mastodon") if post["id"] == proof.remote_id)


@pytest.mark.parametrize("steps_done", range(4))
def test_an_upload_goes_on_after_a_kill_at_any_step(
    large: Bench, film: Media, steps: Callable[[], list[str]], steps_done: int, stand: Stand
) -> None:
    draft = large.draft(f"killed after {steps_done}", film)
    large.kill_after = steps_done
    with pytest.raises(Killed):
        prepared(large, draft)
    large.kill_after = None
    handle = prepared(large, draft, large.handles[-1])
    assert steps().count("upload") == 1
    assert finished(large, stand, draft, handle)["media"][0]["size"] == film.size


@pytest.mark.parametrize("fault", ["cut", "reset_before", "reset_after"])
def test_an_upload_that_is_broken_off_is_made_again(
    bench: Bench, film: Media, fault: str, stand: Stand
) -> None:
    draft = bench.draft(f"meets {fault}", film)
    stand.fault(fault, platform="mastodon", step="upload")
    with pytest.raises(PlatformError) as lost:
        prepared(bench, draft)
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "unreachable")
    handle = prepared(bench, draft, bench.handles[-1])
    assert finished(bench, stand, draft, handle)["media"][0]["size"] == film.size


def test_slow_work_is_waited_for_no_longer_than_a_while(
    large: Bench, film: Media, monkeypatch: pytest.MonkeyPatch, stand: Stand
) -> None:
    monkeypatch.setattr(uploads, "_WAIT_SECONDS", 0.5)
    stand.fault("slow", platform="mastodon", seconds=5, times=None)
    draft = large.draft("slow", film)
    with pytest.raises(PlatformError) as slow:
        prepared(large, draft)
    assert (slow.value.action, slow.value.code) == (Action.RETRY, "processing")
    stand.forward(10)
    handle = prepared(large, draft, large.handles[-1])
    assert finished(large, stand, draft, handle)["kind"] == "video"


@pytest.mark.parametrize("step", ["upload", "upload_status"])
def test_work_that_was_broken_off_is_begun_anew(
    large: Bench, film: Media, steps: Callable[[], list[str]], step: str, stand: Stand
) -> None:
    stand.fault("fail_processing", platform="mastodon", step=step)
    draft = large.draft(f"fails once at {step}", film)
    with pytest.raises(PlatformError) as failed:
        prepared(large, draft)
    assert (failed.value.action, failed.value.code) == (Action.RETRY, "processing_failed")
    prepared(large, draft, large.handles[-1])
    assert steps().count("upload") == 2


def test_an_upload_that_was_lost_while_it_was_worked_on_is_made_anew(
    large: Bench, film: Media, stand: Stand
) -> None:
    stand.fault("lose_container", platform="mastodon", step="upload_status")
    draft = large.draft("lost on the way", film)
    with pytest.raises(PlatformError) as lost:
        prepared(large, draft)
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "upload_gone")
    handle = prepared(large, draft, large.handles[-1])
    assert finished(large, stand, draft, handle)["kind"] == "video"


def test_media_that_are_lost_before_the_post_are_uploaded_anew(
    bench: Bench, tmp_path: Path, stand: Stand
) -> None:
    draft = bench.draft("lost at the last moment", making.picture(tmp_path / "a.jpg"))
    desk = bench.desk(prepared(bench, draft))
    stand.fault("lose_container", platform="mastodon", step="create_post")
    with pytest.raises(PlatformError) as lost:
        bench.platform.commit(desk, draft)
    assert (lost.value.action, lost.value.code) == (Action.RETRY, "upload_gone")
    with pytest.raises(PlatformError, match="no longer has"):  # never without its picture
        bench.platform.commit(bench.desk(desk.handle), draft)
    handle = prepared(bench, draft, desk.handle)
    assert len(finished(bench, stand, draft, handle)["media"]) == 1


def test_the_same_picture_twice_is_two_and_each_is_uploaded_once(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]], stand: Stand
) -> None:
    media = [making.picture(tmp_path / f"{n}.jpg", alt="same") for n in range(2)]
    draft = bench.draft("twice", *media)
    handle = prepared(bench, draft)
    prepared(bench, draft, handle)
    assert steps().count("upload") == 2
    assert len(finished(bench, stand, draft, handle)["media"]) == 2


def test_another_description_is_said_without_another_upload(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]], stand: Stand
) -> None:
    handle = prepared(bench, bench.draft("d", making.picture(tmp_path / "a.jpg", alt="before")))
    draft = bench.draft("d", making.picture(tmp_path / "a.jpg", alt="after"))
    handle = prepared(bench, draft, handle)
    assert (steps().count("upload"), steps().count("upload_edit")) == (1, 1)
    assert finished(bench, stand, draft, handle)["media"][0]["alt"] == "after"


def test_another_file_under_the_same_name_and_an_old_upload_are_uploaded(
    bench: Bench, tmp_path: Path, steps: Callable[[], list[str]]
) -> None:
    handle = prepared(bench, bench.draft("e", making.picture(tmp_path / "a.jpg")))
    draft = bench.draft("e", making.picture(tmp_path / "a.jpg", "gold"))
    handle = prepared(bench, draft, handle)
    assert steps().count("upload") == 2
    for state in handle["media"].values():
        state["at"] -= 21 * 3600
    prepared(bench, draft, handle)
    assert steps().count("upload") == 3


def test_a_file_that_is_not_there_any_more_is_missed(bench: Bench, tmp_path: Path) -> None:
    media = making.picture(tmp_path / "a.jpg")
    media.path.unlink()
    with pytest.raises(PlatformError) as missing:
        prepared(bench, bench.draft("gone", media))
    assert (missing.value.action, missing.value.code) == (Action.FIX, "file_missing")
