"""Connecting accounts in a real browser: through the platforms' own consent pages, as stand-ins."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from autosched import clock, db
from autosched.schedule import service
from autosched.schedule.models import Account, AccountState, PlatformHealth
from tests.counterparts.stand import Stand
from tests.ui.conftest import DESK, PHONE, TABLET, Site, Visit, Visitor
from tests.ui.people import Desk, desk


def _begin(visitor: Visitor, platform: str) -> Page:
    page = visitor.open("/accounts")
    card = page.locator(f".platform[data-platform={platform}]")
    card.get_by_role("button", name="Connect").click()
    return page


def _agree(page: Page, *, person: int = 0, decision: str = "Allow") -> None:
    """The stand-in's consent page: be somebody, and say yes or no."""
    expect(page.get_by_text("A stand-in on this machine")).to_be_visible()
    page.locator("input[name=person]").nth(person).check()
    page.get_by_role("button", name=decision).click()


def _x(visitor: Visitor, *, person: int = 0) -> Page:
    page = _begin(visitor, "x")
    _agree(page, person=person)
    expect(page.locator(".accounts [data-platform=x], .accounts .card")).not_to_have_count(0)
    return page


def _only(room: Desk) -> Account:
    [account] = service.accounts(room.actor, room.id)
    return account


def _change(account: Account, **values: object) -> None:
    with db.write() as session:
        stored = session.get_one(Account, account.id)
        for name, value in values.items():
            setattr(stored, name, value)
        session.add(stored)


def test_an_account_is_connected_on_the_platforms_own_page(inside: Site, visit: Visit) -> None:
    visitor = visit()
    page = _x(visitor)
    room = desk(visitor.email)
    account = _only(room)
    assert (account.platform, account.state) == ("x", AccountState.ACTIVE)
    card = page.locator(".accounts .card")
    expect(card).to_contain_text(account.handle)
    expect(card).to_contain_text("Ready")
    expect(card).to_contain_text("Post")
    expect(card).to_contain_text("Renews itself")
    # The address says nothing of the consent any more.
    expect(page).to_have_url(re.compile(r"/accounts$"))


def test_an_instance_is_asked_for_before_its_page_is_opened(
    inside: Site, visit: Visit, stand: Stand
) -> None:
    visitor = visit()
    page = _begin(visitor, "mastodon")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your password never comes here")
    dialog.get_by_label("Server").fill("mastodon.social")
    dialog.get_by_role("button", name="Go to Mastodon").click()
    _agree(page)
    expect(page.locator(".accounts .card")).to_contain_text("Mastodon")
    assert _only(desk(visitor.email)).platform == "mastodon"


def test_of_several_pages_the_chosen_ones_are_connected(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = _begin(visitor, "facebook")
    _agree(page)
    expect(
        page.get_by_role("heading", name="Which of them do you want to connect?")
    ).to_be_visible()
    chances = page.locator(".chance")
    assert chances.count() > 1
    assert service.accounts(room.actor, room.id) == []
    connect = page.locator(".choosing").get_by_role("button", name="Connect")
    expect(connect).to_be_disabled()
    wanted = chances.nth(1).locator(".strong").inner_text()
    chances.nth(1).get_by_role("checkbox").check()
    connect.click()
    expect(page.locator(".accounts .card")).to_have_count(1)
    assert [each.name for each in service.accounts(room.actor, room.id)] == [wanted]
    expect(page.locator(".chance")).to_have_count(0)


def test_who_says_no_on_the_platforms_page_is_told_calmly(inside: Site, visit: Visit) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = _begin(visitor, "x")
    _agree(page, decision="Cancel")
    expect(page.locator(".returned")).to_contain_text("X was not allowed to be connected")
    assert service.accounts(room.actor, room.id) == []
    page.locator(".returned").get_by_role("button", name="Close").click()
    expect(page.locator(".returned")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/accounts$"))


def test_reconnecting_as_somebody_else_is_refused(inside: Site, visit: Visit) -> None:
    visitor = visit()
    page = _x(visitor)
    room = desk(visitor.email)
    account = _only(room)
    _change(account, state=AccountState.NEEDS_PERSON, problem="X has ended the access.")
    page = visitor.open(f"/accounts?reconnect={account.id}")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Log in there as {account.handle}")
    dialog.get_by_role("button", name="Go to X").click()
    _agree(page, person=1)
    expect(page.locator(".returned")).to_contain_text(f"not {account.handle}")
    assert _only(room).state == AccountState.NEEDS_PERSON
    # As the right one it works, and the card is well again.
    page.locator(".accounts").get_by_role("button", name="Connect again").click()
    page.get_by_role("dialog").get_by_role("button", name="Go to X").click()
    _agree(page)
    expect(page.locator(".accounts .card")).to_contain_text("Ready")
    assert _only(room).state == AccountState.ACTIVE


def test_a_return_that_nobody_began_is_refused(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/connect/x/back?state=made-up&code=made-up")
    expect(page.locator(".returned")).to_contain_text("nothing that was begun in this browser")


def test_an_account_that_lost_its_access_says_why_and_what_helps(
    inside: Site, visit: Visit
) -> None:
    visitor = visit()
    page = _x(visitor)
    account = _only(desk(visitor.email))
    _change(account, state=AccountState.NEEDS_PERSON, problem="X has ended the access.")
    page = visitor.open("/accounts")
    card = page.locator(".accounts .card")
    expect(card).to_contain_text("Needs you")
    expect(card).to_contain_text("X has ended the access.")
    expect(card.get_by_role("button", name="Connect again")).to_be_visible()


def test_an_account_that_ends_soon_and_a_platform_in_trouble_are_told(
    inside: Site, visit: Visit
) -> None:
    visitor = visit()
    _x(visitor)
    account = _only(desk(visitor.email))
    now = clock.now()
    _change(account, ends_at=now + timedelta(days=3), renew_at=None)
    with db.write() as session:
        session.add(
            PlatformHealth(
                platform="x",
                failures=5,
                opened=1,
                since=now,
                open_until=now + timedelta(minutes=5),
                reason="X does not answer.",
            )
        )
    try:
        card = visitor.open("/accounts").locator(".accounts .card")
        expect(card).to_contain_text("Paused")
        expect(card).to_contain_text("X is having trouble since")
        expect(card).to_contain_text("Ends on")
        home = visitor.open("/")
        lines = home.locator(".home-troubles")
        expect(lines).to_contain_text("X is having trouble since")
        expect(lines).to_contain_text("must be connected again by")
        lines.get_by_role("link", name="Connect again").click()
        expect(home.get_by_role("dialog")).to_contain_text("again")
    finally:
        with db.write() as session:
            session.delete(session.get_one(PlatformHealth, "x"))


def test_disconnecting_says_what_it_means_and_offers_the_way_back(
    inside: Site, visit: Visit
) -> None:
    visitor = visit()
    page = _x(visitor)
    page.locator(".accounts").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("given back")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("No account yet")).to_be_visible()
    page.get_by_role("button", name="Connect again").click()
    expect(page.get_by_role("dialog")).to_contain_text("Go to X")


def test_the_stand_ins_are_named_and_can_be_looked_at(visit: Visit, stand: Stand) -> None:
    page = visit().open("/accounts")
    line = page.locator(".sandbox-line")
    expect(line).to_contain_text("stand-ins on this machine")
    expect(line.get_by_role("link")).to_have_attribute("href", stand.url)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_the_page_fits_and_is_mirrored_in_arabic(inside: Site, visit: Visit, width: int) -> None:
    visitor = visit(width=width, language="ar")
    page = visitor.open("/accounts")
    page.locator(".platform[data-platform=x]").get_by_role("button").click()
    _agree(page)
    expect(page.locator(".accounts .card")).to_be_visible()
    expect(page.locator(".accounts .card")).to_contain_text("يتجدد تلقائيًا")
    expect(page.locator(".platform[data-platform=youtube]")).to_contain_text("يوتيوب")
    assert not visitor.has_sideways_scroll()
