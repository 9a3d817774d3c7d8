"""The calendar in a real browser on the running app: looking, dragging, helping."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from autosched import clock
from autosched.schedule import service
from autosched.schedule.models import Post, TargetState
from tests.ui.conftest import DESK, PASSWORD, PHONE, TABLET, Site, Visit, Visitor
from tests.ui.people import Desk, desk, next_spring, publish_due

# How a post may stand that could not be handed over.
_NOT_OUT = {TargetState.FAILED, TargetState.NEEDS_PERSON, TargetState.RETRY_WAIT}


def _soon(zone: str, days: int = 3, hour: int = 18) -> datetime:
    now = clock.wall(clock.now(), zone)
    return now.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _planned(room: Desk, when: datetime, text: str, folder: Path) -> Post:
    account = room.folder(folder)
    return service.compose(room.actor, room.id, text=text, account_ids=[account.id], when=when)


def _open(visitor: Visitor, day: datetime | None = None, view: str = "month") -> Page:
    page = visitor.open("/calendar" + (f"?date={day:%Y-%m-%d}" if day else ""))
    expect(page.locator(".fc-view")).to_be_visible()
    if view != "month":
        page.locator(f"[data-view={view}]").click()
    return page


def _card(page: Page, text: str) -> Locator:
    return page.locator(".fc-event", has_text=text).first


def _day(page: Page, day: datetime) -> Locator:
    return page.locator(f".fc-daygrid-day[data-date='{day:%Y-%m-%d}']")


def _drag(page: Page, what: Locator, to: Locator) -> None:
    what.hover()
    page.mouse.down()
    box = to.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7
    page.mouse.move(x - 20, y, steps=8)
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_dragging_across_a_change_of_the_clocks_keeps_the_hour_on_the_wall(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Europe/Berlin")
    room = desk(visitor.email)
    night = next_spring("Europe/Berlin")  # the last Sunday of a March
    # From the week before the change to the day of the change itself.
    before = night - timedelta(days=9)
    day = before.replace(hour=18)
    post = _planned(room, day, "Eighteen o'clock", tmp_path / "out")
    assert room.target(post.id).due_at == clock.resolve(day, "Europe/Berlin").utc
    page = _open(visitor, night)
    _drag(page, _card(page, "Eighteen"), _day(page, night))
    expect(page.get_by_text("Moved to")).to_contain_text("18:00")
    target = room.target(post.id)
    wall = night.replace(hour=18)
    assert target.due_at == clock.resolve(wall, "Europe/Berlin").utc
    assert target.due_at is not None
    assert (target.due_at.hour, target.run_at) == (16, target.due_at)
    expect(_day(page, night).locator(".fc-event")).to_contain_text("18:00")
    page.get_by_role("button", name="Undo").click()
    expect(_day(page, before).locator(".fc-event")).to_be_visible()
    assert room.target(post.id).due_at == clock.resolve(day, "Europe/Berlin").utc


def test_a_card_dragged_into_the_past_comes_back_with_a_sentence(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    soon = _soon("Asia/Riyadh", days=1)
    post = _planned(room, soon, "Not back then", tmp_path / "out")
    page = _open(visitor, soon)
    past = _soon("Asia/Riyadh", days=-1)
    if not _day(page, past).count():
        page.get_by_role("button", name="Earlier").click()
    expect(_card(page, "Not back")).to_be_visible()
    _drag(page, _card(page, "Not back"), _day(page, past))
    expect(page.get_by_text("has passed already")).to_be_visible()
    expect(_day(page, soon).locator(".fc-event")).to_be_visible()
    expect(_day(page, past).locator(".fc-event")).to_have_count(0)
    assert room.post(post.id).scheduled_at == clock.resolve(soon, "Asia/Riyadh").utc


def test_what_has_gone_out_stays_where_it_is(inside: Site, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    account = room.folder(tmp_path / "out")
    post = service.compose(room.actor, room.id, text="Gone out", account_ids=[account.id])
    service.publish_now(room.actor, post.id)
    publish_due()
    today = clock.wall(clock.now(), "Asia/Riyadh")
    page = _open(visitor)
    days = [today + timedelta(days=step) for step in (1, -1)]
    other = next(day for day in days if _day(page, day).count())
    _drag(page, _card(page, "Gone out"), _day(page, other))
    expect(page.get_by_text("stays where it is")).to_be_visible()
    expect(_day(page, today).locator(".fc-event")).to_be_visible()


def test_a_draft_is_dragged_out_of_the_tray_and_stays_a_draft(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    account = room.folder(tmp_path / "out")
    post = service.compose(room.actor, room.id, text="Someday", account_ids=[account.id])
    day = _soon("Asia/Riyadh", days=40)
    page = _open(visitor, day)
    _drag(page, page.locator(".tray-draft", has_text="Someday"), _day(page, day))
    expect(page.get_by_text("still as a draft")).to_be_visible()
    expect(_day(page, day).locator(".fc-event.is-draft")).to_be_visible()
    assert room.post(post.id).scheduled_at == clock.resolve(day, "Asia/Riyadh").utc
    assert room.target(post.id).state == TargetState.DRAFT
    _card(page, "Someday").click()
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Scheduled for").first).to_be_visible()
    assert room.target(post.id).state == TargetState.SCHEDULED


def test_a_failed_post_says_why_and_trying_again_works(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    folder = tmp_path / "stick"
    account = room.folder(folder)
    post = service.compose(room.actor, room.id, text="By hand", account_ids=[account.id])
    folder.rename(tmp_path / "pulled-out")
    folder.write_text("a file where the folder was")
    service.publish_now(room.actor, post.id)
    publish_due()
    assert room.target(post.id).state in _NOT_OUT
    page = _open(visitor)
    _card(page, "By hand").click()
    panel = page.get_by_role("dialog")
    reason = room.target(post.id).error
    assert reason
    expect(panel.locator(".trouble")).to_contain_text(reason)
    folder.unlink()
    (tmp_path / "pulled-out").rename(folder)
    panel.locator(".helps .button").first.click()
    expect(page.get_by_text("It is tried again now.")).to_be_visible()
    publish_due()
    # The open panel hears of it by itself.
    expect(panel.get_by_text("Published", exact=True)).to_be_visible()
    assert room.target(post.id).state == TargetState.PUBLISHED
    panel.get_by_text("What happened").click()
    expect(panel.locator(".timeline")).to_contain_text("Asked to try again.")


def test_a_change_made_elsewhere_arrives_without_a_reload(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    page = _open(visitor, _soon("Asia/Riyadh"))
    page.evaluate("window.stayed = true")
    post = _planned(room, _soon("Asia/Riyadh"), "From elsewhere", tmp_path / "out")
    expect(_card(page, "From elsewhere")).to_have_class(re.compile("is-scheduled"))
    service.publish_now(room.actor, post.id)
    publish_due()
    expect(page.locator(".fc-event.is-published", has_text="From elsewhere")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_a_full_day_says_how_many_more_there_are(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    account = room.folder(tmp_path / "out")
    day = _soon("Asia/Riyadh", days=40, hour=6)
    for number in range(15):
        when = day + timedelta(minutes=10 * number)
        text = f"Number {number:02}"
        service.compose(room.actor, room.id, text=text, account_ids=[account.id], when=when)
    page = _open(visitor, day)
    more = _day(page, day).locator(".fc-more-link")
    expect(more).to_have_text(re.compile(r"^\+1\d more$"))
    more.click()
    expect(page.locator(".fc-popover .fc-event")).to_have_count(15)
    box = page.locator(".fc-popover").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900


def test_a_click_on_an_empty_hour_writes_a_post_for_it(inside: Site, visit: Visit) -> None:
    visitor = visit(zone="Asia/Riyadh")
    day = _soon("Asia/Riyadh", days=40)
    page = _open(visitor, day)
    _day(page, day).click(position={"x": 60, "y": 70})
    expect(page).to_have_url(re.compile("compose"))
    expect(page.locator("#compose-day")).to_have_value(f"{day:%Y-%m-%d}")
    expect(page.locator("#compose-hour")).to_have_value("18:00")


def test_filters_leave_what_was_asked_for(inside: Site, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    day = _soon("Asia/Riyadh", days=40)
    _planned(room, day, "To the folder", tmp_path / "out")
    sky = room.bluesky()
    service.compose(room.actor, room.id, text="To the sky", account_ids=[sky.id], when=day)
    page = _open(visitor, day)
    expect(_card(page, "To the folder")).to_be_visible()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name=sky.handle).click()
    expect(_card(page, "To the sky")).to_be_visible()
    expect(page.locator(".fc-event", has_text="To the folder")).to_have_count(0)
    page.get_by_role("button", name="Show everything").click()
    expect(_card(page, "To the folder")).to_be_visible()


def test_the_days_stand_in_the_workspaces_zone_whatever_the_browsers(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    owner = visit(zone="Pacific/Auckland")
    room = desk(owner.email)
    day = _soon("Pacific/Auckland", days=40, hour=8)
    _planned(room, day, "Morning there", tmp_path / "out")
    elsewhere = visit(known=False, zone="America/Los_Angeles")
    form = {"email": owner.email, "password": PASSWORD}
    elsewhere.context.request.post("/auth/login", form=form, max_redirects=0)
    page = _open(elsewhere, day)
    expect(_day(page, day).locator(".fc-event")).to_contain_text("08:00")
    expect(page.locator(".fc-daygrid-day.fc-day-today")).to_have_count(
        int(_day(page, clock.wall(clock.now(), "Pacific/Auckland")).count())
    )


def test_a_post_is_cancelled_and_leaves_the_calendar(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(zone="Asia/Riyadh")
    room = desk(visitor.email)
    day = _soon("Asia/Riyadh", days=40)
    post = _planned(room, day, "Better not", tmp_path / "out")
    page = _open(visitor, day)
    _card(page, "Better not").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel this post").click()
    expect(page.get_by_text("It will not go out")).to_be_visible()
    assert room.target(post.id).state == TargetState.CANCELLED


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_calendar_fits_and_turns_with_the_language(
    inside: Site, visit: Visit, tmp_path: Path, width: int, language: str
) -> None:
    visitor = visit(width=width, language=language, zone="Asia/Riyadh")
    room = desk(visitor.email)
    day = _soon("Asia/Riyadh", days=2)
    for hour in range(5):
        _planned(room, day.replace(hour=10 + hour), "وَٱلضُّحَىٰ " * 12, tmp_path / "out")
    service.compose(room.actor, room.id, text="A draft " * 20)
    page = _open(visitor, day)
    expect(page.locator(".fc-event").first).to_be_visible()
    assert page.locator(".fc-direction-rtl").count() == (language == "ar")
    assert not visitor.has_sideways_scroll()
    if width == PHONE:
        expect(page.locator(".fc-list")).to_be_visible()
        page.locator("[data-view=month]").click()
        expect(_day(page, day)).to_be_visible()
        assert not visitor.has_sideways_scroll()
        _day(page, day).click()
        expect(page.locator(".fc-list-event")).to_have_count(5)
    page.locator(".fc-event").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not visitor.has_sideways_scroll()
