"""Writing a post in a real browser on the running app."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autosched import clock, scripture
from autosched.schedule import service
from autosched.schedule.models import TargetState
from tests.ui.conftest import DESK, PHONE, TABLET, Site, Visit, Visitor
from tests.ui.people import desk, next_spring, publish_due


def _open(visitor: Visitor, query: str = "") -> Page:
    page = visitor.open(f"/compose{query}")
    expect(page.locator("#compose-text")).to_be_visible()
    return page


def _editor(page: Page, text: str) -> None:
    page.locator("#compose-text").fill(text)


def test_a_post_is_written_scheduled_and_stands_in_the_calendar(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    account = room.folder(tmp_path / "out")
    picture = room.picture(tmp_path / "dunes.png")
    page = _open(visitor)
    _editor(page, "A calm evening over the dunes")
    page.get_by_role("button", name="Media").click()
    page.get_by_role("button", name="dunes.png").click()
    page.get_by_role("button", name="Use these").click()
    page.get_by_role("button", name="Describe", exact=True).click()
    page.get_by_label("What does it show?").fill("Dunes at dusk")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Described")).to_be_visible()
    page.get_by_role("button", name="Tomorrow evening").click()
    expect(page.get_by_text("Goes out")).to_be_visible()
    page.get_by_role("button", name="Schedule").click()
    expect(page).to_have_url(re.compile("/calendar"))
    card = page.locator(".fc-event", has_text="A calm evening")
    expect(card.first).to_be_visible()
    [post] = room.posts()
    target = room.target(post.id)
    tomorrow = clock.wall(clock.now(), "Asia/Riyadh") + timedelta(days=1)
    assert post.media == [{"asset_id": picture.id, "alt": "Dunes at dusk"}]
    assert (target.account_id, target.state) == (account.id, TargetState.SCHEDULED)
    assert (
        target.due_at
        == clock.resolve(
            tomorrow.replace(hour=19, minute=0, second=0, microsecond=0), "Asia/Riyadh"
        ).utc
    )


def test_the_count_follows_typing_by_the_platforms_own_rule(inside: Site, visit: Visit) -> None:
    visitor = visit()
    desk(visitor.email).bluesky()
    page = _open(visitor)
    count = page.locator("[data-count=bluesky]")
    expect(count).to_contain_text("0/300")
    _editor(page, "Peace 👩‍👩‍👧‍👦")
    expect(count).to_contain_text("7/300")
    _editor(page, "بِسۡمِ")
    expect(count).to_contain_text("3/300")
    _editor(page, "x" * 301)
    expect(count).to_contain_text("301/300")
    expect(page.locator(".problem.blocking")).to_contain_text("this text has 301")


def test_what_was_typed_last_is_stored_however_quick_the_click(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = _open(visitor)
    page.locator("#compose-text").press_sequentially("quicker than the pause")
    page.locator("#compose-text").press("Control+s")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert [post.text for post in room.posts()] == ["quicker than the pause"]
    expect(page).to_have_url(re.compile("post="))


def test_a_verse_is_put_in_exactly_as_it_stands_in_the_canon(visit: Visit) -> None:
    page = _open(visit())
    _editor(page, "Read this:")
    page.locator("#compose-text").press("Control+End")
    page.get_by_role("button", name="Verse").click()
    page.get_by_role("searchbox").fill("94:5")
    page.locator(".verse-hit", has_text="94:5").first.click()
    verse = scripture.verses("94:5")[0]
    text = f"Read this:\n\n{verse.arabic}\n\n{verse.translation}\n{verse.reference}"
    expect(page.locator("#compose-text")).to_have_value(text)


def test_one_account_gets_words_of_its_own_and_can_have_everybodys_again(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    folder, bluesky = room.folder(tmp_path / "out"), room.bluesky()
    page = _open(visitor)
    for choice in page.locator(".account-choice[aria-pressed=false]").all():
        choice.click()
    _editor(page, "For everybody")
    page.get_by_role("button", name="Write differently for an account").click()
    page.get_by_role("menuitem", name=bluesky.handle).click()
    expect(page.get_by_role("tab", name=bluesky.handle)).to_have_attribute("aria-selected", "true")
    _editor(page, "For the sky alone")
    page.get_by_role("tab", name="Everywhere").click()
    expect(page.locator("#compose-text")).to_have_value("For everybody")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile("post="))
    [post] = room.posts()
    texts = {target.account_id: target.text for target in service.targets(room.actor, post.id)}
    assert (post.text, texts) == (
        "For everybody",
        {folder.id: None, bluesky.id: "For the sky alone"},
    )
    page.get_by_role("tab", name=bluesky.handle).click()
    page.get_by_role("button", name="Same as everywhere").click()
    expect(page.get_by_role("tab", name=bluesky.handle)).to_have_count(0)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_function("!localStorage.getItem('autosched_compose').includes('everybody')")
    assert {target.text for target in service.targets(room.actor, post.id)} == {None}


def test_unsaved_words_are_back_after_the_tab_was_closed(visit: Visit) -> None:
    visitor = visit()
    page = _open(visitor)
    _editor(page, "Not yet stored")
    page.wait_for_function("(localStorage.getItem('autosched_compose') ?? '').includes('yet')")
    page.close()
    visitor.page = visitor.context.new_page()
    page = _open(visitor)
    expect(page.locator("#compose-text")).to_have_value("Not yet stored")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#compose-text")).to_have_value("")


def test_of_two_people_at_one_post_nobody_loses_words(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    post = service.compose(room.actor, room.id, text="The first words")
    page = _open(visitor, f"?post={post.id}")
    _editor(page, "My words")
    service.edit(room.actor, post.id, version=post.version, text="Their words")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Somebody else changed this post")).to_be_visible()
    expect(page.locator(".composer-conflict .theirs")).to_have_text("Their words")
    expect(page.locator("#compose-text")).to_have_value("My words")
    assert room.post(post.id).text == "Their words"
    page.get_by_role("button", name="Go on with theirs").click()
    expect(page.locator("#compose-text")).to_have_value("Their words")
    expect(page.locator(".composer-aside .theirs")).to_have_text("My words")
    page.get_by_role("button", name="Put them back").click()
    expect(page.locator("#compose-text")).to_have_value("My words")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert room.post(post.id).text == "My words"


def test_words_can_be_stored_over_anothers_or_as_a_draft_of_their_own(
    inside: Site, visit: Visit
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    post = service.compose(room.actor, room.id, text="The first words")
    page = _open(visitor, f"?post={post.id}")
    _editor(page, "Mine, one")
    theirs = service.edit(room.actor, post.id, version=post.version, text="Theirs, one")
    # The open page hears of it by itself.
    expect(page.get_by_text("Somebody else changed this post")).to_be_visible()
    page.get_by_role("button", name="Store mine over theirs").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert room.post(post.id).text == "Mine, one"
    _editor(page, "Mine, two")
    service.edit(room.actor, post.id, version=theirs.version + 1, text="Theirs, two")
    page.get_by_role("button", name="Keep mine as a new draft").click()
    expect(page).not_to_have_url(re.compile(post.id))
    assert [each.text for each in room.posts()] == ["Theirs, two", "Mine, two"]


def test_a_time_that_the_clocks_jump_over_is_explained(visit: Visit) -> None:
    page = _open(visit(zone="Europe/Berlin"))
    night = next_spring("Europe/Berlin")
    page.locator("#compose-day").fill(f"{night:%Y-%m-%d}")
    page.locator("#compose-hour").fill("02:30")
    expect(page.locator(".clock-note")).to_contain_text("jump over 02:30")
    expect(page.locator(".clock-note")).to_contain_text("goes out at 03:30")
    page.locator("#compose-day").fill("2020-01-01")
    expect(page.get_by_text("This time has passed already")).to_be_visible()


def test_what_stands_against_a_post_is_said_before_it_is_stored(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    room.folder(tmp_path / "out")
    page = _open(visitor)
    page.locator("#compose-text").press("Control+Enter")
    expect(page.locator(".composer-foot .notice")).to_contain_text("Choose when it goes out")
    expect(page.locator("#compose-day")).to_be_focused()
    page.get_by_role("button", name="Tomorrow morning").click()
    page.locator("#compose-text").press("Control+Enter")
    expect(page.locator(".composer-foot .notice")).to_contain_text("nothing")
    assert room.posts() == []


def test_publishing_now_is_asked_for_twice_and_can_be_watched(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    room.folder(tmp_path / "out")
    page = _open(visitor)
    _editor(page, "This very moment")
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("button", name="Not yet").click()
    assert room.posts() == []
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("button", name="Publish now").click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("This very moment")
    publish_due()
    expect(panel.get_by_text("Published", exact=True)).to_be_visible()


def test_the_keyboard_alone_schedules(inside: Site, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    room.folder(tmp_path / "out")
    day = clock.wall(clock.now(), "Asia/Riyadh") + timedelta(days=20)
    page = _open(visitor, f"?at={day:%Y-%m-%d}T21:15")
    page.locator("#compose-text").press_sequentially("By hand")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/calendar"))
    [post] = room.posts()
    assert (post.text, room.target(post.id).state) == ("By hand", TargetState.SCHEDULED)
    wall = day.replace(hour=21, minute=15, second=0, microsecond=0)
    assert post.scheduled_at == clock.resolve(wall, "Asia/Riyadh").utc


def test_a_finished_render_and_a_clicked_day_open_the_page_with_them(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    asset = room.picture(tmp_path / "one.png")
    day = datetime.now() + timedelta(days=40)
    page = _open(visitor, f"?asset={asset.id}&at={day:%Y-%m-%d}T18:00")
    expect(page.locator(".composer-strip img")).to_have_attribute("src", re.compile(asset.id))
    expect(page.locator("#compose-day")).to_have_value(f"{day:%Y-%m-%d}")
    expect(page.locator("#compose-hour")).to_have_value("18:00")


def test_what_has_gone_out_is_shown_and_can_only_be_copied(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    account = room.folder(tmp_path / "out")
    post = service.compose(room.actor, room.id, text="Out already", account_ids=[account.id])
    service.publish_now(room.actor, post.id)
    publish_due()
    page = _open(visitor, f"?post={post.id}")
    expect(page.get_by_text("This post has gone out")).to_be_visible()
    expect(page.locator("#compose-text")).not_to_be_editable()
    page.get_by_role("link", name="Duplicate").click()
    expect(page).to_have_url(re.compile("from="))
    expect(page.locator("#compose-text")).to_have_value("Out already")
    expect(page.locator("#compose-text")).to_be_editable()


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_the_page_fits_and_is_mirrored_in_arabic(
    inside: Site, visit: Visit, tmp_path: Path, width: int
) -> None:
    visitor = visit(width=width, language="ar")
    room = desk(visitor.email)
    room.folder(tmp_path / "a-folder-with-quite-a-long-name")
    room.bluesky("a.rather.long.handle.example.org")
    page = _open(visitor)
    _editor(page, "فَإِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرًا " * 9 + "\n" + "w" * 90)
    expect(page.locator("[data-count]").first).not_to_contain_text("0/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    expect(page.get_by_role("heading", name="منشور جديد")).to_be_visible()
    assert not visitor.has_sideways_scroll()
    preview = page.locator(".composer-preview").bounding_box()
    paper = page.locator(".composer-sheet").bounding_box()
    assert preview is not None
    assert paper is not None
    if width == DESK:
        assert preview["x"] < paper["x"]


def test_a_storage_entry_of_another_version_does_not_stop_the_page(visit: Visit) -> None:
    visitor = visit()
    broken = json.dumps(json.dumps({"x": 1}))
    visitor.context.add_init_script(f"localStorage.setItem('autosched_compose', {broken})")
    expect(_open(visitor).locator("#compose-text")).to_have_value("")
