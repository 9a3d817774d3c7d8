"""A lost answer of X never makes two posts of one."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms import parts
from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.x.finding import _plain, _same
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench

TEXTS = [
    "plain",
    "signs & < > “quoted” é e\u0301",
    "See foo.bar and https://Example.com/ and http://example.com/a?b=c&d=%20#e.",
    "line\n\nand  spaces ",
    "@NightReminders #tag $ABC 🕌 بِسْمِ",
]


def there(stand: Stand, text: str) -> int:
    return sum(post["text"].split() == _nfc(text).split() for post in stand.posts("x"))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def lost(bench: Bench, stand: Stand, draft: Draft, fault: str, **more: Any) -> Desk:
    """A desk whose commit's answer was lost."""
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    stand.fault(fault, platform="x", step="create_post", **more)
    with pytest.raises(PlatformError) as unclear:
        bench.platform.commit(desk, draft)
    assert unclear.value.action == Action.SETTLE
    return desk


def later(desk: Desk, seconds: float = 60) -> Desk:
    """The same desk when the account's list does not lag behind any more."""
    made = dict(desk.handle["attempt"])
    made |= {name: made[name] - seconds for name in ("at", "ended") if name in made}
    desk.handle = {**desk.handle, "attempt": made}
    return desk


@pytest.mark.parametrize("fault", ["reset_after", "status_after"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_post_whose_answer_was_lost_is_found(
    bench: Bench, stand: Stand, fault: str, text: str
) -> None:
    draft = bench.draft(f"{text} ({fault})")
    desk = lost(bench, stand, draft, fault, status=503)
    proof = bench.platform.settle(bench.desk(desk.handle), draft)
    assert proof is not None
    assert there(stand, draft.text) == 1


def test_a_post_with_media_is_found_by_them_though_its_text_was_changed(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    photo = making.picture(tmp_path / "a.jpg")
    draft = bench.draft("with a picture, whose answer was lost", photo)
    desk = lost(bench, stand, draft, "reset_after")
    changed = bench.draft("now it says something else")
    assert bench.platform.settle(bench.desk(desk.handle), changed) is not None


@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_a_post_that_did_not_arrive_is_sent_after_some_patience_only(
    bench: Bench, stand: Stand, fault: str
) -> None:
    draft = bench.draft(f"did not arrive ({fault})")
    desk = lost(bench, stand, draft, fault, status=502)
    with pytest.raises(PlatformError) as patience:
        bench.platform.settle(desk, draft)
    assert (patience.value.action, patience.value.code) == (Action.RETRY, "not_shown_yet")
    assert patience.value.retry_after is not None
    assert 1 <= patience.value.retry_after <= parts.LISTS_LAG_SECONDS
    assert bench.platform.settle(later(desk), draft) is None
    bench.platform.commit(desk, draft)
    assert there(stand, draft.text) == 1


def test_while_the_list_lags_behind_no_no_is_given(bench: Bench, stand: Stand) -> None:
    draft = bench.draft("the list lags behind")
    stand.fault("lag", platform="x", seconds=15, times=None)
    desk = lost(bench, stand, draft, "reset_after")
    with pytest.raises(PlatformError) as patience:
        bench.platform.settle(desk, draft)
    assert patience.value.code == "not_shown_yet"
    stand.forward(20)
    assert bench.platform.settle(desk, draft) is not None


def test_a_post_that_shows_too_late_is_still_not_made_twice(bench: Bench, stand: Stand) -> None:
    draft = bench.draft("the list lags behind for very long")
    stand.fault("lag", platform="x", seconds=300, times=None)
    desk = later(lost(bench, stand, draft, "reset_after"))
    assert bench.platform.settle(desk, draft) is None  # as far as anyone can see
    with pytest.raises(PlatformError) as twin:
        bench.platform.commit(desk, draft)  # X itself knows that it has it
    assert twin.value.action == Action.SETTLE
    with pytest.raises(PlatformError) as patience:
        bench.platform.settle(desk, draft)
    assert patience.value.code == "not_shown_yet"
    with pytest.raises(PlatformError) as unseen:
        bench.platform.settle(later(desk), draft)
    assert (unseen.value.action, unseen.value.code) == (Action.ASK, "twin_not_shown")
    stand.forward(400)
    assert bench.platform.settle(desk, draft) is not None
    assert there(stand, draft.text) == 1


def test_a_twin_that_shows_by_now_is_the_proof(bench: Bench, stand: Stand) -> None:
    draft = bench.draft("see https://example.com/a, which lags behind")
    stand.fault("lag", platform="x", seconds=30, times=None)
    desk = later(lost(bench, stand, draft, "reset_after"))
    assert bench.platform.settle(desk, draft) is None
    stand.forward(60)
    assert bench.platform.commit(desk, draft).remote_id
    assert there(stand, draft.text) == 1


def test_what_was_posted_before_is_refused_and_not_taken_for_ours(
    bench: Bench, stand: Stand
) -> None:
    bench.publish(bench.draft("said before"))
    with pytest.raises(PlatformError) as twin:
        bench.publish(bench.draft("said before"))
    assert (twin.value.action, twin.value.code) == (Action.FIX, "duplicate")
    assert there(stand, "said before") == 1


def test_a_part_of_a_thread_whose_answer_was_lost_is_found_and_the_thread_goes_on(
    bench: Bench, stand: Stand
) -> None:
    draft = bench.draft("lost: one", thread=["lost: two", "lost: three"])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    for fault in ("reset_after", "reset_after", "reset_before"):
        stand.fault(fault, platform="x", step="create_post")
        with pytest.raises(PlatformError) as unclear:
            bench.platform.commit(desk, draft)
        assert unclear.value.action == Action.SETTLE
        assert bench.platform.settle(later(desk), draft) is None  # there is a part to come
    proof = bench.platform.commit(desk, draft)
    assert bench.platform.settle(desk, draft) == proof
    assert [there(stand, text) for text in ("lost: one", "lost: two", "lost: three")] == [1] * 3


def test_a_part_of_another_thread_is_not_taken_for_ours(bench: Bench, stand: Stand) -> None:
    bench.publish(bench.draft("another thread", thread=["the same words"]))
    draft = bench.draft("our thread", thread=["the same words"])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, bench.draft("our thread"))
    bench.platform.commit(desk, bench.draft("our thread"))
    desk.handle["attempt"] = {"part": 1, "first_at": 1e9 * 1.7, "at": 0, "tries": 1, "ended": 0}
    assert bench.platform.settle(desk, draft) is None


def test_of_what_was_never_tried_the_no_is_sure_at_once(bench: Bench) -> None:
    draft = bench.draft("never tried")
    handle = bench.platform.prepare(bench.desk(), draft)
    assert bench.platform.settle(bench.desk(handle), draft) is None


def test_a_post_that_is_long_ago_is_found_among_many(bench: Bench, stand: Stand) -> None:
    draft = bench.draft("long ago, among many")
    desk = lost(bench, stand, draft, "reset_after")
    account = bench.connection.secret["access"]
    for number in range(90):
        stand.client.post(
            stand.at("api.x.com", "2/tweets"),
            json={"text": f"another {number}"},
            headers={"authorization": f"Bearer {account}"},
        )
        if number % 45 == 44:
            stand.forward(901)  # X takes a hundred in a quarter of an hour
    bench.connection.secret["ends"] = 0
    desk = bench.desk(desk.handle)
    assert bench.platform.settle(desk, draft) is not None


def test_what_x_shows_is_brought_to_the_form_that_was_written() -> None:
    shown = {
        "text": "a &amp; b https://t.co/1 https://t.co/2 https://t.co/3",
        "entities": {
            "urls": [
                {"url": "https://t.co/1", "expanded_url": "http://foo.bar"},
                {"url": "https://t.co/2", "expanded_url": "https://example.com/ä/"},
                {
                    "url": "https://t.co/3",
                    "expanded_url": "https://x.com/a/status/12/photo/1",
                    "media_key": "3_1",
                },
            ]
        },
    }
    assert _same(shown, "a & b foo.bar https://Example.com/%C3%A4", loose=False)
    assert not _same(shown, "a & b foo.bar https://example.com/other", loose=False)
    assert _same(shown, "a & b foo.bar https://example.com/other", loose=True)
    assert not _same(shown, "a & c foo.bar", loose=True)
    assert _plain(" A\nb  ") == "a b"
