"""Coming in, finding one's way, and the look of the pages, in a real browser on the running app."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from autosched import events
from autosched.identity import service, workspaces
from autosched.identity.models import Role, User
from autosched.schedule import accounts
from tests.ui.conftest import DESK, PASSWORD, PHONE, TABLET, Site, Visit, start

PAGES = ("/", "/library", "/accounts", "/settings")


def _user(email: str) -> User:
    return service.log_in(email, PASSWORD)[1]


def _home(email: str) -> tuple[str, str]:
    user = _user(email)
    return user.id, workspaces.workspaces(user.id)[0][0].id


def test_the_first_person_is_told_that_the_installation_becomes_theirs(
    built: None, valkey_url: str, tmp_path: Path, visit: Visit
) -> None:
    fresh, process = start(tmp_path / "fresh", valkey_url)
    try:
        visitor = visit(known=False, base=fresh.url, zone="Asia/Jakarta")
        page = visitor.open("/")
        expect(page).to_have_url(re.compile("/register"))
        expect(page.get_by_text("it owns this installation")).to_be_visible()
        expect(page.get_by_text("Asia/Jakarta")).to_be_visible()
        page.get_by_label("Your name").fill("Amina")
        page.get_by_label("E-mail").fill("amina@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Make an account").click()
        expect(page.get_by_role("heading", name="Salam, Amina")).to_be_visible()
        visitor.open("/settings")
        expect(page.get_by_label("Time zone")).to_have_value("Asia/Jakarta")
    finally:
        process.terminate()
        process.wait(90)


def test_a_wrong_password_is_answered_with_a_sentence_and_keeps_the_address(
    visit: Visit,
) -> None:
    visitor = visit()
    visitor.context.clear_cookies()
    page = visitor.open("/login")
    page.get_by_label("E-mail").fill(visitor.email)
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("The address or the password is not right")
    expect(page.get_by_label("E-mail")).to_have_value(visitor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Salam, Amina")).to_be_visible()


def test_the_log_in_leads_back_to_where_one_wanted_to_go(visit: Visit) -> None:
    visitor = visit()
    visitor.context.clear_cookies()
    page = visitor.open("/accounts")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_label("E-mail").fill(visitor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()


def test_after_logging_out_the_pages_are_closed(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/settings")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/login"))
    visitor.page.goto("/library")
    expect(page).to_have_url(re.compile("/login"))


def test_a_log_in_ended_elsewhere_ends_an_open_page_with_the_next_click(
    visit: Visit, inside: Site
) -> None:
    visitor = visit()
    page = visitor.open("/library")
    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.context.cookies()}
    service.log_out(cookies["autosched_login"])
    page.get_by_role("radio", name="Videos").click()
    expect(page).to_have_url(re.compile("/login"))


def test_switching_to_arabic_turns_the_page_around_at_once_and_stays(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/settings")
    root = page.locator("html")
    expect(root).to_have_attribute("dir", "ltr")
    page.get_by_role("radio", name="العربية").click()
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("lang", "ar")
    expect(page.get_by_role("heading", name="الإعدادات")).to_be_visible()
    rail, sheet = page.locator(".rail").bounding_box(), page.locator(".sheet").bounding_box()
    assert rail
    assert sheet
    assert rail["x"] > sheet["x"]
    visitor.open("/library")
    expect(page.get_by_role("heading", name="المكتبة")).to_be_visible()
    expect(page).to_have_title(re.compile("المكتبة"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways_at_any_width(visit: Visit, language: str, theme: str) -> None:
    visitor = visit(width=PHONE, language=language, theme=theme)
    for width in (PHONE, TABLET, DESK):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        for path in (*PAGES, "/credits", "/login-nowhere"):
            visitor.open(path)
            assert not visitor.has_sideways_scroll(), (path, width)
    visitor.context.clear_cookies()
    for width in (PHONE, TABLET, DESK):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        for path in ("/login", "/register", "/invite?token=wrong"):
            visitor.open(path)
            assert not visitor.has_sideways_scroll(), (path, width)


def test_on_a_phone_everything_that_is_tapped_is_large_enough(visit: Visit) -> None:
    visitor = visit(width=PHONE)
    for path in PAGES:
        visitor.open(path)
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, select, .phone-bar a, .icon-button')]
                .filter((each) => each.offsetParent)
                .map((each) => [each.getBoundingClientRect(), each.outerHTML.slice(0, 90)])
                .filter(([box]) => box.width < 43.5 || box.height < 43.5)
                .map(([box, html]) => `${box.width}x${box.height} ${html}`)"""
        )
        assert small == [], path


def test_the_whole_way_in_is_possible_without_a_mouse(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()
    page.get_by_role("button", name="You").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="You")).to_be_focused()


def test_a_colleague_joins_by_the_link_and_is_seen_at_once(visit: Visit) -> None:
    owner = visit()
    page = owner.open("/settings")
    colleague = f"yusuf-{uuid4().hex[:8]}@example.org"
    page.get_by_label("Invite by e-mail").fill(colleague)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link of the invitation").input_value()
    assert link.startswith(page.url.split("/settings")[0])

    guest = visit(known=False)
    there = guest.open(link)
    expect(there.get_by_role("heading", name="Join Amina")).to_be_visible()
    expect(there.get_by_label("E-mail")).to_have_value(colleague)
    there.get_by_label("Your name").fill("Yusuf Karim")
    there.get_by_label("Password", exact=True).fill(PASSWORD)
    there.get_by_role("button", name="Make an account").click()
    expect(there.get_by_role("heading", name="Salam, Yusuf")).to_be_visible()
    expect(page.get_by_text("Yusuf Karim", exact=True)).to_be_visible()


def test_a_member_who_may_only_look_is_not_offered_what_they_cannot_do(
    visit: Visit, inside: Site
) -> None:
    owner, guest = visit(), visit(name="Layla Noor")
    owner_id, workspace_id = _home(owner.email)
    token = workspaces.invite(owner_id, workspace_id, guest.email, Role.VIEWER)
    workspaces.accept(_user(guest.email).id, token)
    guest.page.goto("/")
    guest.page.evaluate(f"localStorage.setItem('autosched_workspace', '{workspace_id}')")
    page = guest.open("/library")
    expect(page.get_by_text("Drop videos")).to_have_count(0)
    guest.open("/accounts")
    expect(page.get_by_text("An owner or an admin of this workspace")).to_be_visible()
    guest.open("/settings")
    expect(page.get_by_label("Time zone")).to_be_disabled()


def test_a_folder_is_connected_and_a_bad_one_is_refused_with_a_remedy(
    visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.open("/accounts")
    cards = page.locator(".platform")
    cards.filter(has_text="Folder").get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Folder on the server").fill("relative/path")
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Folder on the server").fill(str(tmp_path / "posts"))
    dialog.get_by_role("button", name="Connect").click()
    expect(page.locator(".accounts").get_by_text("posts", exact=True).first).to_be_visible()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("No account yet")).to_be_visible()


def test_what_others_change_appears_in_an_open_page_by_itself(
    visit: Visit, inside: Site, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.open("/accounts")
    expect(page.get_by_text("No account yet")).to_be_visible()
    user_id, workspace_id = _home(visitor.email)
    page.wait_for_timeout(500)
    accounts.connect(user_id, workspace_id, "folder", {"path": str(tmp_path / "elsewhere")})
    expect(page.get_by_text("elsewhere").first).to_be_visible(timeout=3000)


def test_a_tab_that_is_gone_leaves_no_listener_behind(visit: Visit, inside: Site) -> None:
    import redis

    visitor = visit()
    visitor.open("/library")
    _, workspace_id = _home(visitor.email)
    channel = events._channel(workspace_id)
    client = redis.from_url(inside.env["AUTOSCHED_REDIS_URL"])

    def listeners() -> int:
        return dict(client.pubsub_numsub(channel))[channel.encode()]

    for path in ("/accounts", "/settings", "/library"):
        visitor.open(path)
    for _ in range(80):
        if listeners() == 1:
            break
        visitor.page.wait_for_timeout(100)
    assert listeners() == 1
    visitor.page.close()
    other = visit()
    other.open("/")
    for _ in range(120):
        if listeners() == 0:
            break
        other.page.wait_for_timeout(100)
    assert listeners() == 0
    client.close()


def test_a_second_workspace_is_made_and_switched_to(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/settings?new=workspace")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Ramadan team")
    dialog.get_by_role("button", name="Make it").click()
    button = page.locator(".rail").get_by_role("button", name="Change the workspace")
    expect(button).to_contain_text("Ramadan team")
    button.click()
    page.get_by_role("menuitem", name="Amina Yusuf").click()
    expect(button).to_contain_text("Amina Yusuf")


def test_an_address_that_leads_nowhere_says_so(visit: Visit) -> None:
    page = visit().open("/no/such/page")
    expect(page.get_by_role("heading", name="This page does not exist")).to_be_visible()


def test_the_sources_and_licences_are_open_to_everyone(visit: Visit) -> None:
    page = visit(known=False).open("/credits")
    expect(page.get_by_text("King Fahd Glorious Quran Printing Complex")).to_be_visible()
    expect(page.get_by_text("Amiri Quran")).to_be_visible()
