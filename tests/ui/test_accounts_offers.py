"""What the accounts page says of platforms: in both languages, and of what is not set up yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autosched.platforms import registry
from autosched.platforms.base import Platform
from autosched.settings import settings
from autosched.ui import words
from autosched.ui.accounts import offers
from autosched.ui.accounts.returned import _OTHER, PROBLEMS
from tests.ui.conftest import Site, Visit, start

PLATFORMS = registry.platforms()


def _said(platform: Platform) -> Iterator[str]:
    """All that a platform says by itself on a page."""
    yield platform.title
    for field in (*platform.fields, *platform.consent_fields):
        yield field.title
        if (platform.name, field.name) not in offers.WAYS:
            yield field.hint
    for shape in platform.shapes({}):
        yield shape.title
        for option in shape.options:
            yield option.title
            yield option.hint
            yield from (title for _, title in option.choices)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda each: str(each.name))
def test_what_a_platform_offers_is_said_in_arabic_too(platform: Platform) -> None:
    known = words.catalogue()
    fixed = {each for each in _said(platform) if each and not any(sign.isdigit() for sign in each)}
    assert sorted(each for each in fixed if each not in known and each != "https://…") == []


def test_every_platform_is_introduced_and_every_sentence_has_its_arabic() -> None:
    known = words.catalogue()
    assert {each.name for each in PLATFORMS} == set(offers.ABOUT)
    ways = [title for ways in offers.WAYS.values() for _, title in ways]
    said = [*offers.ABOUT.values(), *offers.NEEDS.values(), *ways, *PROBLEMS.values(), _OTHER]
    assert [each for each in said if each not in known] == []


def test_a_platform_needs_an_app_unless_it_has_keys_or_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AUTOSCHED_SANDBOX", raising=False)
    settings.cache_clear()
    lacking = {each.name for each in PLATFORMS if offers.lacks_app(each)}
    assert lacking == {"x", "instagram", "facebook", "tiktok", "youtube", "linkedin"}
    monkeypatch.setenv("AUTOSCHED_X_CLIENT_ID", "an-app")
    assert not offers.lacks_app(registry.platform("x"))


def test_a_platform_that_does_not_know_this_installation_says_what_to_set(
    site: Site, visit: Visit, tmp_path: Path
) -> None:
    bare, process = start(tmp_path / "bare", site.env["AUTOSCHED_REDIS_URL"])
    try:
        page = visit(base=bare.url).open("/accounts")
        card = page.locator(".platform[data-platform=linkedin]")
        expect(card).to_contain_text("not known to it yet")
        card.get_by_role("button", name="What to set").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator("#return-address")).to_have_text(f"{bare.url}/connect/linkedin/back")
        expect(dialog).to_contain_text("AUTOSCHED_LINKEDIN_CLIENT_ID")
        expect(dialog).to_contain_text("autosched up --sandbox")
        expect(page.locator(".sandbox-line")).to_have_count(0)
    finally:
        process.kill()  # how it stops is another test's; here a page is still open
        process.wait(90)
