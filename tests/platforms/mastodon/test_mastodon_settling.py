"""A lost answer never makes two posts of one, with a server that knows our key or without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.mastodon.finding import _same
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench

TEXTS = [
    "plain",
    "signs & < > “quoted” é",
    "See https://example.com/a/long/way/that/goes/on?b=c&d=e#f and http://foo.example/.",
    "line\n\nand\nspaces  here ",
    "#tag for @quietverses and @amina@far.example 🕌 بِسْمِ",
]


def there(stand: Stand, text: str) -> int:
    return sum(post["text"] == text for post in stand.posts("mastodon"))


def lost(bench: Bench, stand: Stand, draft: Draft, fault: str, **more: Any) -> Desk:
    """A desk whose commit's answer was lost."""
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    stand.fault(fault, platform="mastodon", step="create_post", **more)
    with pytest.raises(PlatformError) as unclear:
        bench.platform.commit(desk, draft)
    assert unclear.value.action == Action.SETTLE
    return desk


def later(desk: Desk) -> Desk:
    """The same desk when the account's list does not lag behind any more."""
    made = dict(desk.handle["attempt"])
    made |= {name: made[name] - 60 for name in ("at", "ended") if name in made}
    desk.handle = {**desk.handle, "attempt": made}
    return desk


@pytest.mark.parametrize("fault", ["reset_after", "status_after"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_post_whose_answer_was_lost_is_found(
    bench: Bench, stand: Stand, fault: str, text: str
) -> None:
    draft = bench.draft(f"{text} ({fault}, {bench.connection.handle})")
    desk = lost(bench, stand, draft, fault, status=500)
    proof = bench.platform.settle(bench.desk(desk.handle), draft)
    assert proof is not None
    assert proof.permalink is not None
    assert there(stand, draft.text) == 1


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_a_post_that_not_everybody_sees_is_found(
    bench: Bench, stand: Stand, visibility: str
) -> None:
    draft = bench.draft(f"not for all: {visibility}", visibility=visibility, spoiler_text="a & b")
    desk = lost(bench, stand, draft, "reset_after")
    assert bench.platform.settle(desk, draft) is not None


def test_a_post_with_media_is_found_by_them(bench: Bench, stand: Stand, tmp_path: Path) -> None:
    draft = bench.draft("", making.picture(tmp_path / "a.jpg"))
    desk = lost(bench, stand, draft, "reset_after")
    assert bench.platform.settle(bench.desk(desk.handle), bench.draft("changed")) is not None


@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_a_post_that_did_not_arrive_is_sent_after_some_patience_only(
    bench: Bench, stand: Stand, fault: str
) -> None:
    draft = bench.draft(f"did not arrive ({fault}, {bench.connection.handle})")
    desk = lost(bench, stand, draft, fault, status=503)
    with pytest.raises(PlatformError) as patience:
        bench.platform.settle(desk, draft)
    assert (patience.value.action, patience.value.code) == (Action.RETRY, "not_shown_yet")
    assert bench.platform.settle(later(desk), draft) is None
    bench.platform.commit(desk, draft)
    assert there(stand, draft.text) == 1


def test_while_the_list_lags_behind_no_no_is_given(bench: Bench, stand: Stand) -> None:
    draft = bench.draft(f"the list lags behind on {bench.connection.handle}")
    stand.fault("lag", platform="mastodon", seconds=15, times=None)
    desk = lost(bench, stand, draft, "reset_after")
    with pytest.raises(PlatformError) as patience:
        bench.platform.settle(desk, draft)
    assert patience.value.code == "not_shown_yet"
    stand.forward(20)
    assert bench.platform.settle(desk, draft) is not None
    assert there(stand, draft.text) == 1


def test_the_key_keeps_a_post_single_that_shows_too_late(large: Bench, stand: Stand) -> None:
    draft = large.draft("the list lags behind for very long")
    stand.fault("lag", platform="mastodon", seconds=300, times=None)
    desk = later(lost(large, stand, draft, "reset_after"))
    assert large.platform.settle(desk, draft) is None  # as far as anyone can see
    assert large.platform.commit(desk, draft).remote_id
    assert there(stand, draft.text) == 1


def test_media_that_were_posted_keep_a_post_single_that_shows_too_late(
    small: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = small.draft("with a picture, very late", making.picture(tmp_path / "a.jpg"))
    stand.fault("lag", platform="mastodon", seconds=300, times=None)
    desk = later(lost(small, stand, draft, "reset_after"))
    assert small.platform.settle(desk, draft) is None  # as far as anyone can see
    with pytest.raises(PlatformError) as taken:
        small.platform.commit(desk, draft)  # the media are in a post already
    assert taken.value.action == Action.SETTLE
    with pytest.raises(PlatformError) as patience:
        small.platform.settle(desk, draft)
    assert patience.value.code == "not_shown_yet"
    stand.forward(400)
    assert small.platform.settle(desk, draft) is not None
    assert there(stand, draft.text) == 1


def test_media_that_are_posted_and_shown_by_now_are_the_proof(
    small: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = small.draft("with a picture, late", making.picture(tmp_path / "a.jpg"))
    stand.fault("lag", platform="mastodon", seconds=30, times=None)
    desk = later(lost(small, stand, draft, "reset_after"))
    assert small.platform.settle(desk, draft) is None
    stand.forward(60)
    assert small.platform.commit(desk, draft).remote_id
    assert there(stand, draft.text) == 1


def test_media_that_are_in_no_post_after_all_are_uploaded_anew(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = bench.draft(
        f"lost twice on {bench.connection.handle}", making.picture(tmp_path / "a.jpg")
    )
    desk = later(lost(bench, stand, draft, "reset_before"))
    assert bench.platform.settle(desk, draft) is None
    stand.fault("lose_container", platform="mastodon", step="create_post")
    with pytest.raises(PlatformError) as taken:
        bench.platform.commit(desk, draft)
    assert taken.value.action == Action.SETTLE
    assert bench.platform.settle(later(desk), draft) is None
    with pytest.raises(PlatformError) as gone:
        bench.platform.commit(desk, draft)
    assert (gone.value.action, gone.value.code) == (Action.RETRY, "upload_gone")
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    assert there(stand, draft.text) == 1


def test_a_part_of_a_thread_whose_answer_was_lost_is_found_and_the_thread_goes_on(
    bench: Bench, stand: Stand
) -> None:
    texts = [f"lost on {bench.connection.handle}: {n}" for n in ("one", "two", "three")]
    draft = bench.draft(texts[0], thread=texts[1:])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    for fault in ("reset_after", "reset_after", "reset_before"):
        stand.fault(fault, platform="mastodon", step="create_post")
        with pytest.raises(PlatformError) as unclear:
            bench.platform.commit(desk, draft)
        assert unclear.value.action == Action.SETTLE
        assert bench.platform.settle(later(desk), draft) is None  # there is a part to come
    proof = bench.platform.commit(desk, draft)
    assert bench.platform.settle(desk, draft) == proof
    assert [there(stand, text) for text in texts] == [1] * 3


def test_of_what_was_never_tried_the_no_is_sure_at_once(bench: Bench) -> None:
    draft = bench.draft("never tried")
    handle = bench.platform.prepare(bench.desk(), draft)
    assert bench.platform.settle(bench.desk(handle), draft) is None


def test_a_post_is_found_behind_many_others(small: Bench, stand: Stand) -> None:
    draft = small.draft("behind many others")
    desk = lost(small, stand, draft, "reset_after")
    for number in range(60):
        stand.client.post(
            stand.at("instance.sandbox", "api/v1/statuses"),
            json={"status": f"another {number}"},
            headers={"authorization": f"Bearer {small.connection.secret['access']}"},
        )
    assert small.platform.settle(desk, draft) is not None


def test_what_a_page_shows_is_brought_to_the_words_that_were_written() -> None:
    shown = {
        "content": '<p>One<br>two &amp; <span class="h-card"><a href="x">@<span>amina</span></a>'
        '</span></p><p><a href="https://e.example/x"><span class="invisible">https://</span>'
        '<span class="ellipsis">e.example</span><span class="invisible">/x</span></a></p>',
        "spoiler_text": "a &amp; b",
    }
    assert _same(shown, "One\ntwo & @amina@far.example\n\nhttps://e.example/x", "a & b")
    assert not _same(shown, "One\ntwo & @amina@far.example\n\nhttps://e.example/x", "")
    assert not _same(shown, "One\ntwo & @amina\n\nhttps://e.example/y", "a & b")
