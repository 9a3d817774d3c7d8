"""Uploads to a page that are broken off or whose worker is killed: they go on, not begin anew."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.facebook import Facebook
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.facebook.meta_files import Watched, photo, prepared, video

PLATFORM = Facebook()
SIZE = 24_000_000
CHUNK = 4 << 20
IN_THE_PIPES = 8 << 20
"""What the buffers of two sockets hold when a connection breaks: it is sent again, and no more."""


def killed(bench: Bench, draft: Draft, until: float) -> dict[str, Any]:
    """The handle that is left when the worker dies while the upload is so far."""
    desk = bench.desk()
    desk.progress = Watched(until)
    with pytest.raises(Killed):
        PLATFORM.prepare(desk, draft)
    time.sleep(0.2)
    return bench.handles[-1]


def resumed(bench: Bench, draft: Draft, handle: dict[str, Any]) -> tuple[Desk, Watched]:
    desk, watched = bench.desk(handle), Watched()
    desk.progress = watched
    desk.handle = PLATFORM.prepare(desk, draft)
    return desk, watched


@pytest.mark.parametrize("shape", ["video", "reel"])
def test_a_killed_upload_goes_on_where_it_stood(
    bench: Bench, stand: Stand, tmp_path: Path, shape: str
) -> None:
    media = video(tmp_path, padding=SIZE)
    draft = bench.draft(f"Killed {shape}", media, shape=shape)
    handle = killed(bench, draft, 0.6)
    desk, watched = resumed(bench, draft, handle)
    assert watched.shares[0] >= 0.6 - CHUNK / media.size
    PLATFORM.commit(desk, draft)
    (post,) = [post for post in stand.posts("facebook") if post["text"] == draft.text]
    assert post["media"][0]["size"] == media.size


@pytest.mark.parametrize(("shape", "step"), [("video", "create_video"), ("reel", "upload_append")])
def test_a_broken_connection_is_taken_up_again_at_once(
    bench: Bench, stand: Stand, tmp_path: Path, shape: str, step: str
) -> None:
    media = video(tmp_path, padding=SIZE)
    draft = bench.draft(f"Broken {shape}", media, shape=shape)
    handle = killed(bench, draft, 0.1)
    stand.fault("cut", platform="facebook", step=step)
    desk, watched = resumed(bench, draft, handle)
    assert watched.back <= IN_THE_PIPES / media.size
    PLATFORM.commit(desk, draft)
    assert stand.posts("facebook")[-1]["media"][0]["size"] == media.size


@pytest.mark.parametrize("shape", ["video", "reel"])
def test_an_upload_whose_last_answer_is_lost_is_not_sent_again(
    bench: Bench, stand: Stand, tmp_path: Path, shape: str
) -> None:
    media = video(tmp_path)
    draft = bench.draft(f"Lost answer {shape}", media, shape=shape)
    if shape == "reel":
        stand.fault("reset_after", platform="facebook", step="upload_append")
        desk = prepared(bench, draft)
    else:
        desk = bench.desk()
        desk.progress = Watched(0.5)  # the one piece is there, and nothing of it is noted
        with pytest.raises(Killed):
            PLATFORM.prepare(desk, draft)
        desk = prepared(bench, draft, bench.handles[-1])
    before = len(stand.log())
    desk = prepared(bench, draft, desk.handle)
    steps = [seen["step"] for seen in stand.log()[before:]]
    assert steps == ["video_status"]
    PLATFORM.commit(desk, draft)


@pytest.mark.parametrize("shape", ["video", "reel"])
def test_a_finished_upload_is_not_begun_again_for_the_same_file_and_is_for_another(
    bench: Bench, tmp_path: Path, shape: str
) -> None:
    one, other = video(tmp_path, "1.mp4"), video(tmp_path, "2.mp4", padding=1000)
    first = prepared(bench, bench.draft("x", one, shape=shape))
    again = prepared(bench, bench.draft("y", one, shape=shape), first.handle)
    assert again.handle["upload"] == first.handle["upload"]
    changed = prepared(bench, bench.draft("x", other, shape=shape), first.handle)
    assert changed.handle["upload"]["video"] != first.handle["upload"]["video"]


def test_photos_that_are_there_are_not_sent_again_after_a_kill(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = bench.draft("Three", *(photo(tmp_path, f"{n}.jpg", shade=n) for n in range(3)))
    bench.kill_after = 1
    desk = bench.desk()
    with pytest.raises(Killed):
        PLATFORM.prepare(desk, draft)
    bench.kill_after = None
    before = len(stand.log())
    desk = prepared(bench, draft, bench.handles[0])
    steps = [seen["step"] for seen in stand.log()[before:]]
    assert steps == ["create_photo", "create_photo"]  # the one whose record was lost, and the last
    PLATFORM.commit(desk, draft)


def test_a_photo_with_another_description_is_another_photo(bench: Bench, tmp_path: Path) -> None:
    one, other = photo(tmp_path, alt="One"), photo(tmp_path, alt="Another")
    first = prepared(bench, bench.draft("x", one))
    second = prepared(bench, bench.draft("x", other), first.handle)
    assert first.handle["attached"] != second.handle["attached"]


@pytest.mark.parametrize("shape", ["video", "reel"])
def test_an_upload_that_facebook_has_lost_is_begun_anew(
    bench: Bench, stand: Stand, tmp_path: Path, shape: str
) -> None:
    draft = bench.draft(f"Lost {shape}", video(tmp_path), shape=shape)
    step = "create_reel" if shape == "reel" else "create_video"
    desk = prepared(bench, draft)
    stand.fault("lose_container", platform="facebook", step=step)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "upload_gone")
    desk = prepared(bench, draft, bench.handles[-1])
    PLATFORM.commit(desk, draft)
    assert len([p for p in stand.posts("facebook") if p["text"] == draft.text]) == 1
