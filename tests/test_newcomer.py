"""The newcomer's whole way: one command, one URL, a verse, a video, a time, and the post is there.

The program is started as a person starts it; the clicks are made in a real browser, on a desk and
on a phone; what arrived is read from a real Bluesky server by a client that nobody here wrote.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from autosched import frontend
from tests.browser import browser
from tests.counterparts.pds import Person, serve
from tests.program import started

ZONE = "Europe/Istanbul"
DESK, PHONE = (1440, 900), (390, 844)
expect.set_options(timeout=20_000)
WORDS = "With hardship comes ease. #Quran"


def register(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_url("**/register")
    page.get_by_label("Name").fill("Amina")
    page.get_by_label("E-mail").fill("amina@example.org")
    page.locator("#password").fill("a quiet sentence")
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{url}/")


def connect(page: Page, url: str, person: Person, server: str) -> None:
    page.goto(f"{url}/accounts")
    card = page.locator(".platform", has_text="Bluesky")
    card.get_by_role("button", name="Connect").click()
    page.get_by_role("radio", name="With an app password").click()
    form = page.locator("form.connect-form", has=page.locator("[name=password]"))
    form.locator("[name=identifier]").fill(person.handle)
    form.locator("[name=password]").fill(person.app_password)
    form.locator("[name=service]").fill(server)
    form.get_by_role("button", name="Connect").click()
    expect(page.locator(".accounts", has_text=person.handle)).to_be_visible(timeout=20_000)


def render(page: Page, url: str) -> None:
    """A template and a verse of one's own choice, and the progress watched to its end."""
    page.goto(f"{url}/studio")
    page.locator("button.look", has_text="Ink on paper").click()
    page.locator(".thought").get_by_role("button", name="Take out").click()
    expect(page.locator(".thought")).to_have_count(0)
    page.locator("#verse-search").press_sequentially("Al-Inshirah 5")
    expect(page.locator(".hit", has_text="94:5")).to_be_visible()
    page.locator(".hit").first.click()
    expect(page.locator(".thought", has_text="94:5")).to_be_visible()
    page.get_by_role("radio", name="Square").click()
    expect(page.locator(".stage-frame img")).to_be_visible(timeout=30_000)
    page.locator("#render:not([disabled])").click()
    video = page.locator(".video").first
    bar = video.get_by_role("progressbar")
    expect(bar).to_be_visible(timeout=20_000)
    expect(video).to_have_attribute("data-state", "done", timeout=180_000)


def plan(page: Page, url: str, person: Person) -> datetime:
    """From the finished video to a time; the moment for which it was planned."""
    page.locator(".video").first.get_by_text("Plan a post").click()
    page.wait_for_url("**/compose?asset=*")
    expect(page.locator(".composer-strip > li")).to_have_count(1)
    choice = page.locator(".account-choice", has_text=person.handle)
    if choice.get_attribute("aria-pressed") != "true":
        choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")
    page.locator("#compose-text").fill(WORDS)
    due = (datetime.now(UTC) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    wall = due.astimezone(ZoneInfo(ZONE))
    page.locator("#compose-day").fill(wall.strftime("%Y-%m-%d"))
    page.locator("#compose-hour").fill(wall.strftime("%H:%M"))
    page.locator("button.schedule").click()
    page.wait_for_url("**/calendar*", timeout=15_000)
    return due


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_a_clean_start_to_a_post_on_a_real_server(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    frontend.build()
    with (
        serve(tmp_path / "pds", PDS_BLOB_UPLOAD_LIMIT=str(50 * 2**20)) as server,
        started(tmp_path / "data") as program,
        browser() as chromium,
    ):
        person = server.person("amina")
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, timezone_id=ZONE, locale="en-GB"
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        register(page, program.url)
        connect(page, program.url, person, server.url)
        render(page, program.url)
        due = plan(page, program.url, person)
        # The open page shows by itself that it has gone out.
        expect(page.locator(".is-published").first).to_be_visible(timeout=150_000)
        (record,) = person.posts()
        assert record.value.text == WORDS
        assert record.value.facets[0].features[0].tag == "Quran"
        assert record.value.embed.py_type == "app.bsky.embed.video"
        ratio = record.value.embed.aspect_ratio
        assert ratio.width == ratio.height
        written = datetime.fromisoformat(record.value.created_at)
        assert written == due
        late = server_seconds(person, due)
        assert 0 <= late < 60
        assert "Traceback" not in "".join(
            log.read_text() for log in (tmp_path / "data" / "logs").glob("*.log")
        )


def server_seconds(person: Person, due: datetime) -> float:
    """How long after `due` the repository was written, by its own clock (a TID's microseconds)."""
    alphabet = "234567abcdefghijklmnopqrstuvwxyz"
    number = 0
    for character in person.commits():
        number = number * 32 + alphabet.index(character)
    return (number >> 10) / 1e6 - due.timestamp()
