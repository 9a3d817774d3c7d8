"""The studio in a real browser: a look, words, a frame of the engine, and videos."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from autosched import scripture
from tests.ui.conftest import DESK, PHONE, TABLET, Visit


def _add(page: Page, words: str) -> None:
    page.locator("#verse-search").fill("")
    page.locator("#verse-search").press_sequentially(words)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_studio_fits_every_window_in_both_directions(
    visit: Visit, width: int, language: str
) -> None:
    visitor = visit(width=width, language=language)
    page = visitor.open("/studio")
    expect(page.locator("button.look")).to_have_count(8)
    assert not visitor.has_sideways_scroll()
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")


def test_the_stage_shows_a_frame_of_the_engine_that_follows_the_choices(visit: Visit) -> None:
    page = visit().open("/studio")
    frame = page.locator(".stage-frame img")
    expect(frame).to_be_visible(timeout=90_000)
    first = frame.get_attribute("src")
    assert first is not None
    assert first.startswith("data:image/jpeg;base64,")
    page.locator("button.look", has_text="Ink on paper").click()
    page.wait_for_function(
        "before => document.querySelector('.stage-frame img')?.src !== before",
        arg=first,
        timeout=90_000,
    )


def test_a_reference_is_understood_and_a_mistaken_one_is_answered(visit: Visit) -> None:
    page = visit().open("/studio")
    _add(page, "94:9")
    expect(page.get_by_text("has 8 verses")).to_be_visible()
    _add(page, "الشرح ٥")
    hit = page.locator(".hit", has_text="94:5")
    expect(hit).to_be_visible()
    expect(hit.locator(".hit-arabic")).to_have_text(scripture.verses("94:5")[0].arabic)
    hit.click()
    expect(page.locator(".thought")).to_have_count(2)


def test_a_video_that_waits_can_be_cancelled_and_asked_for_again(visit: Visit) -> None:
    page = visit().open("/studio")
    expect(page.locator(".stage-frame img")).to_be_visible(timeout=90_000)
    page.locator("#render:not([disabled])").click()
    video = page.locator(".video")
    expect(video).to_have_attribute("data-state", "queued")
    video.get_by_role("button", name="Cancel").click()
    expect(video).to_have_attribute("data-state", "cancelled")
    video.get_by_role("button", name="Make it again").click()
    expect(page.locator(".video[data-state=queued]")).to_have_count(1)


def test_without_words_there_is_nothing_to_render(visit: Visit) -> None:
    page = visit().open("/studio")
    page.locator(".thought").get_by_role("button", name="Take out").click()
    expect(page.locator("#render")).to_be_disabled()
