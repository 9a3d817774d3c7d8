"""What is chosen for single accounts while writing, and what becomes of it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from autosched import clock
from autosched.schedule import service
from autosched.schedule.models import TargetState
from tests.counterparts.stand import Stand
from tests.ui.conftest import DESK, PHONE, TABLET, Site, Visit, Visitor
from tests.ui.people import desk, publish_due


def _open(visitor: Visitor, query: str = "") -> Page:
    page = visitor.open(f"/compose{query}")
    expect(page.locator("#compose-text")).to_be_visible()
    return page


def _panel(page: Page, platform: str) -> Locator:
    """The account's panel, opened."""
    panel = page.locator(f".each[data-platform={platform}]")
    expect(panel).to_be_visible()
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    return panel


def test_the_choices_for_an_account_reach_its_target(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    room.account("x")
    page = _open(visitor)
    page.locator("#compose-text").fill("The first of two")
    panel = _panel(page, "x")
    panel.get_by_label("Who may reply").select_option("following")
    panel.get_by_label("Made with AI").click()
    expect(panel.get_by_label("Made with AI")).to_be_checked()
    panel.get_by_role("button", name="Add a part").click()
    # However quick the keys: what was typed last is stored.
    part = panel.get_by_label("Part 2")
    part.press_sequentially("and the second")
    part.press("Control+s")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    [post] = room.posts()
    assert room.target(post.id).options == {
        "reply_settings": "following",
        "made_with_ai": True,
        "thread": ["and the second"],
    }
    # They stand there again when the post is opened.
    page.reload()
    panel = _panel(page, "x")
    expect(panel.get_by_label("Part 2")).to_have_value("and the second")
    expect(panel.get_by_label("Who may reply")).to_have_value("following")


def test_what_a_post_costs_is_said_before_it_is_scheduled(inside: Site, visit: Visit) -> None:
    visitor = visit()
    desk(visitor.email).account("x")
    page = _open(visitor)
    page.locator("#compose-text").fill("Not for nothing")
    expect(page.locator(".composer-cost")).to_contain_text("$")
    expect(_panel(page, "x")).to_contain_text("Costs about $")


def test_the_kind_of_post_is_chosen_where_more_than_one_takes_the_files(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    room.account("instagram", login="instagram")
    asset = room.picture(tmp_path / "dunes.png")
    page = _open(visitor, f"?asset={asset.id}")
    panel = _panel(page, "instagram")
    kinds = panel.get_by_role("radiogroup", name="Kind of post")
    expect(kinds.get_by_role("radio", name="Story")).to_be_visible()
    expect(kinds.get_by_role("radio", name="Reel")).to_have_count(0)
    kinds.get_by_role("radio", name="Story").click()
    expect(kinds.get_by_role("radio", name="Story")).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert room.target(room.posts()[0].id).options == {"shape": "story"}


def test_a_choice_that_must_be_made_opens_its_panel(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    room.account("youtube")
    page = _open(visitor)
    page.locator("#compose-text").fill("A talk")
    panel = page.locator(".each[data-platform=youtube]")
    expect(panel).to_contain_text("To be chosen")
    panel.get_by_label("Made for children").select_option("no")
    expect(panel).not_to_contain_text("To be chosen")
    panel.get_by_label("Tags").fill("peace, #night،  peace")
    panel.get_by_label("Tags").press("Control+s")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    options = room.target(room.posts()[0].id).options
    assert options == {"made_for_kids": "no", "tags": ["peace", "night"]}


def test_a_post_that_goes_out_by_hand_is_handed_over_and_reported(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    account = room.account("tiktok", "amina.tok")
    asset = room.picture(tmp_path / "dunes.png")
    page = _open(visitor, f"?asset={asset.id}")
    page.locator("#compose-text").fill("By my own hand")
    panel = _panel(page, "tiktok")
    panel.get_by_label("Remind me to post this by hand").click()
    expect(panel).to_contain_text("By hand")
    expect(page.locator(".problem.blocking")).to_have_count(0)
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("button", name="Publish now").click()
    shown = page.get_by_role("dialog")
    expect(shown).to_contain_text("By my own hand")
    publish_due()
    expect(shown).to_contain_text("It is time to post this by hand")
    link = shown.get_by_role("link", name="Download the package").get_attribute("href")
    packed = visitor.context.request.get(link or "").body()
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        assert {"caption.txt", "post.json"} <= set(package.namelist())
    shown.get_by_role("button", name="It went out").click()
    expect(shown.get_by_text("Published", exact=True).first).to_be_visible()
    [target] = service.targets(room.actor, room.posts()[0].id)
    assert (target.account_id, target.state) == (account.id, TargetState.PUBLISHED)


def test_a_published_post_tells_its_story_and_can_be_taken_back(
    inside: Site, visit: Visit, stand: Stand
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    account = room.connected("x", stand)
    post = service.compose(
        room.actor, room.id, text="Out, and back again", account_ids=[account.id]
    )
    service.publish_now(room.actor, post.id)
    publish_due()
    assert room.target(post.id).state == TargetState.PUBLISHED
    page = visitor.open(f"/calendar?post={post.id}")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("link", name="See it there")).to_be_visible()
    panel.get_by_text("What happened").click()
    story = panel.locator(".timeline")
    expect(story.locator("li").first).to_contain_text("Written.")
    expect(story.locator("li").last).to_contain_text("The platform has taken it.")
    panel.get_by_role("button", name="Take back").click()
    expect(panel).to_contain_text("Delete it on X, for everybody?")
    panel.get_by_role("button", name="Keep it").click()
    panel.get_by_role("button", name="Take back").click()
    panel.get_by_role("button", name="Take back").click()
    expect(panel.get_by_text("Cancelled", exact=True).first).to_be_visible()
    assert room.target(post.id).state == TargetState.CANCELLED
    [there] = [each for each in stand.posts("x") if each["text"] == "Out, and back again"]
    assert there["deleted"]


def test_what_happens_next_is_said(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    account = room.account("x")
    when = clock.wall(clock.now(), "Europe/Istanbul") + timedelta(days=2)
    post = service.compose(
        room.actor, room.id, text="In two days", account_ids=[account.id], when=when
    )
    panel = visitor.open(f"/calendar?post={post.id}").get_by_role("dialog")
    expect(panel.locator(".coming")).to_contain_text(re.compile(r"Goes out .* in 2 days"))


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_the_choices_fit_and_are_arabic(
    inside: Site, visit: Visit, tmp_path: Path, width: int
) -> None:
    visitor = visit(width=width, language="ar")
    room = desk(visitor.email)
    for platform in ("x", "instagram", "tiktok", "youtube", "linkedin", "mastodon"):
        room.account(platform, f"a.long.handle.on.{platform}.example.org")
    asset = room.picture(tmp_path / "dunes.png")
    page = _open(visitor, f"?asset={asset.id}")
    choices = page.locator(".account-choice")
    for place in range(choices.count()):
        if choices.nth(place).get_attribute("aria-pressed") == "false":
            choices.nth(place).click()
    expect(page.locator(".each")).to_have_count(6)
    for platform in ("x", "tiktok"):
        _panel(page, platform)
    expect(_panel(page, "x")).to_contain_text("من يمكنه الرد")
    assert not visitor.has_sideways_scroll()
