"""Each post goes out once: a page's is looked for, a member's is named by LinkedIn itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autosched.platforms.base import Action, Desk, Draft, PlatformError
from autosched.platforms.linkedin import posting
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, Killed
from tests.platforms.linkedin.files import picture


def lost(bench: Bench, stand: Stand, draft: Draft, fault: str, step: str = "create_post") -> Desk:
    """A desk after a commit whose answer was lost."""
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    status = {"status": 503} if fault.startswith("status") else {}
    stand.fault(fault, platform="linkedin", step=step, **status)
    with pytest.raises(PlatformError) as refused:
        bench.platform.commit(desk, draft)
    assert refused.value.action == Action.SETTLE
    return bench.desk(bench.handles[-1])


def count(stand: Stand, text: str) -> int:
    return [post["text"] for post in stand.posts("linkedin")].count(text)


@pytest.mark.parametrize("fault", ["reset_after", "status_after", "reset_before", "status"])
@pytest.mark.parametrize("who", ["member", "page"])
@pytest.mark.parametrize("with_picture", [False, True])
def test_whatever_is_lost_the_post_is_out_once(
    who: str,
    fault: str,
    with_picture: bool,
    stand: Stand,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    bench: Bench = request.getfixturevalue(who)
    text = f"Once by a {who}, {fault}, {with_picture} #peace (here)"
    draft = bench.draft(text, *([picture(tmp_path)] if with_picture else []))
    desk = lost(bench, stand, draft, fault)
    with pytest.raises(PlatformError) as early:  # a moment later it may not show yet
        bench.platform.settle(desk, draft)
    assert (early.value.code, early.value.action) == ("too_early", Action.RETRY)
    time.sleep(0.25)
    found = bench.platform.settle(desk, draft)
    if who == "page":
        assert (found is not None) == fault.endswith("after")
    found = found or bench.platform.commit(desk, draft)
    assert count(stand, text) == 1
    assert found.remote_id in [post["id"] for post in stand.posts("linkedin")]
    assert bench.platform.settle(bench.desk(bench.handles[-1]), draft) == found


def test_a_worker_killed_before_the_call_has_published_nothing(member: Bench, stand: Stand) -> None:
    draft = member.draft("Killed before")
    desk = member.desk()
    desk.handle = member.platform.prepare(desk, draft)
    assert member.platform.settle(desk, draft) is None
    assert count(stand, "Killed before") == 0


@pytest.mark.parametrize("who", ["member", "page"])
def test_a_worker_killed_after_the_call_has_published_once(
    who: str, stand: Stand, request: pytest.FixtureRequest
) -> None:
    bench: Bench = request.getfixturevalue(who)
    text = f"Killed after, by a {who}"
    draft = bench.draft(text)
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    bench.kill_after = 1  # the call is noted and made, and its answer is never noted
    with pytest.raises(Killed):
        bench.platform.commit(desk, draft)
    bench.kill_after = None
    time.sleep(0.25)
    found = bench.platform.settle(bench.desk(bench.handles[-2]), draft)
    assert found is not None
    assert count(stand, text) == 1


def test_a_page_whose_list_lags_is_saved_by_the_duplicate(page: Bench, stand: Stand) -> None:
    draft = page.draft("Behind time")
    desk = lost(page, stand, draft, "reset_after")
    stand.fault("lag", platform="linkedin", seconds=600, times=None)
    time.sleep(0.25)
    assert page.platform.settle(desk, draft) is None  # patience was too short
    published = page.platform.commit(desk, draft)
    assert published.remote_id in [post["id"] for post in stand.posts("linkedin")]
    assert count(stand, "Behind time") == 1


def test_a_duplicate_of_what_somebody_else_wrote_is_for_the_person(
    member: Bench, stand: Stand
) -> None:
    member.publish(member.draft("The same words"))
    with pytest.raises(PlatformError, match="has this very post already") as refused:
        member.publish(member.draft("The same words"))
    assert (refused.value.action, refused.value.code) == (Action.FIX, "duplicate")
    assert count(stand, "The same words") == 1


def test_a_clear_refusal_before_is_no_reason_to_take_a_duplicate_for_ours(
    member: Bench, stand: Stand
) -> None:
    member.publish(member.draft("Words of an hour ago"))
    draft = member.draft("Words of an hour ago")
    desk = member.desk()
    desk.handle = member.platform.prepare(desk, draft)
    stand.fault("status", platform="linkedin", step="create_post", status=409)
    for code in ("conflict", "duplicate"):
        with pytest.raises(PlatformError) as refused:
            member.platform.commit(desk, draft)
        assert refused.value.code == code


def test_after_ten_minutes_only_a_person_knows_and_the_evidence_is_shown(
    member: Bench, stand: Stand
) -> None:
    draft = member.draft("Long ago (perhaps)")
    desk = lost(member, stand, draft, "reset_after")
    desk.handle["since"] = desk.handle["attempted"] = time.time() - posting.PROBE_SECONDS - 1
    before = len(stand.log())
    with pytest.raises(PlatformError, match="shows no program a member's posts") as asked:
        member.platform.settle(desk, draft)
    assert asked.value.action == Action.ASK
    assert "“Long ago (perhaps)”" in asked.value.remedy
    assert len(stand.log()) == before
    assert count(stand, "Long ago (perhaps)") == 1


def test_a_question_whose_answer_is_lost_too_is_asked_again(member: Bench, stand: Stand) -> None:
    draft = member.draft("Lost twice")
    desk = lost(member, stand, draft, "reset_before")
    time.sleep(0.25)
    stand.fault("reset_after", platform="linkedin", step="create_post")
    with pytest.raises(PlatformError) as refused:
        member.platform.settle(desk, draft)
    assert refused.value.action == Action.SETTLE
    time.sleep(0.25)
    assert member.platform.settle(member.desk(member.handles[-1]), draft) is not None
    assert count(stand, "Lost twice") == 1


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
def test_a_pages_comment_whose_answer_was_lost_is_there_once(
    page: Bench, stand: Stand, fault: str
) -> None:
    text = f"Commented, {fault}"
    draft = page.draft(text, first_comment="The first word")
    desk = lost(page, stand, draft, fault, step="comment")
    with pytest.raises(PlatformError) as early:
        page.platform.settle(desk, draft)
    assert early.value.code == "too_early"
    time.sleep(0.25)
    found = page.platform.settle(desk, draft)
    assert (found is not None) == (fault == "reset_after")
    if found is None:
        page.platform.commit(desk, draft)
    assert count(stand, text) == 1
    assert [line["status"] for line in stand.log() if line["step"] == "comment"][-1] in (0, 201)


def test_a_members_comment_whose_answer_was_lost_is_for_the_person(
    member: Bench, stand: Stand
) -> None:
    draft = member.draft("Commented by a member", first_comment="The first word")
    desk = lost(member, stand, draft, "reset_after", step="comment")
    time.sleep(0.25)
    with pytest.raises(PlatformError, match="The post is out") as asked:
        member.platform.settle(desk, draft)
    assert asked.value.action == Action.ASK
    assert "https://www.linkedin.com/feed/update/" in asked.value.remedy


def test_a_comment_that_is_refused_leaves_the_post_out_and_is_all_that_is_tried_again(
    member: Bench, stand: Stand
) -> None:
    draft = member.draft("Out already", first_comment="Later")
    desk = member.desk()
    desk.handle = member.platform.prepare(desk, draft)
    stand.fault("rate", platform="linkedin", step="comment")
    with pytest.raises(PlatformError, match="The post is out, but its first") as refused:
        member.platform.commit(desk, draft)
    assert refused.value.action == Action.RETRY
    again = member.desk(member.handles[-1])
    again.handle = member.platform.prepare(again, draft)
    member.platform.commit(again, draft)
    assert count(stand, "Out already") == 1
    assert again.handle["comment"]


def test_an_unreached_linkedin_has_published_nothing(
    member: Bench, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autosched.settings import settings

    desk, draft = member.desk(), member.draft("never left")
    desk.handle = member.platform.prepare(desk, draft)
    monkeypatch.setenv("AUTOSCHED_SANDBOX", "http://127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(PlatformError) as refused:
        member.platform.commit(desk, draft)
    assert refused.value.action == Action.RETRY
    assert not member.handles[-1]["since"]
