"""The templates in a real browser: the gallery, a template's measures, its editor and versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autosched.studio import template as built_in
from autosched.studio.saved import exchange, service
from autosched.studio.saved.exchange import Source
from tests.ui.conftest import DESK, PHONE, TABLET, Site, Visit
from tests.ui.people import desk

LANTERNS = built_in.template("lantern-light")
STILL = ".stage-frame img"


def _drawn(page: Page) -> str:
    """The still on the stage, once it has been drawn."""
    expect(page.locator(STILL)).to_be_visible(timeout=60_000)
    expect(page.locator(".stage-note")).to_have_count(0, timeout=60_000)
    return page.locator(STILL).get_attribute("src") or ""


def _redrawn(page: Page, before: str) -> str:
    page.wait_for_function(
        "before => document.querySelector('.stage-frame img')?.src !== before",
        arg=before,
        timeout=60_000,
    )
    return _drawn(page)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_gallery_and_template_fit_every_window_in_both_directions(
    visit: Visit, width: int, language: str
) -> None:
    visitor = visit(width=width, language=language)
    page = visitor.open("/templates")
    expect(page.locator(".template-card")).to_have_count(8)
    assert not visitor.has_sideways_scroll()
    visitor.open("/templates/design?of=lantern-light")
    shown = {"glance": ".measures", "edit": "#editor", "versions": ".studio-choices .empty"}
    for number, (name, inside) in enumerate(shown.items()):
        page.locator(".studio-choices > .segments .segment").nth(number).click()
        expect(page.locator(inside)).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert not visitor.has_sideways_scroll(), name
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")


def test_the_gallery_is_searched_and_a_new_workspace_is_told_how_to_begin(visit: Visit) -> None:
    page = visit().open("/templates")
    page.get_by_role("searchbox").fill("lantern")
    expect(page.locator(".template-card")).to_have_count(1)
    page.get_by_role("searchbox").fill("zzz")
    expect(page.get_by_text("No template is called so")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("radio", name="This workspace's").click()
    expect(page.get_by_text("No templates of your own yet")).to_be_visible()
    page.locator("#learn").click()
    expect(page.get_by_text("No reference has been measured yet")).to_be_visible()


def test_a_control_changes_the_still_and_saving_makes_a_version(visit: Visit, inside: Site) -> None:
    visitor = visit()
    room = desk(visitor.email)
    made = service.create(room.actor, room.id, LANTERNS, title="Evening")
    page = visitor.open(f"/templates/design?of={made.id}")
    first = _drawn(page)
    page.get_by_role("radio", name="Edit").click()
    expect(page.locator("#save")).to_be_disabled()
    page.locator("[data-group=text] > summary").click()
    page.locator("#layout-reel-anchor").fill("1")
    second = _redrawn(page, first)
    page.locator("#undo").click()
    assert _redrawn(page, second) == first
    expect(page.locator("#save")).to_be_disabled()
    page.locator("#ornament-kind").select_option("dots")
    _redrawn(page, first)
    page.get_by_label("What is different").fill("Dots between")
    page.locator("#save").click()
    expect(page.get_by_text("Saved as version 2")).to_be_visible()
    stored = service.template(room.actor, made.id)
    assert stored.ornament.kind == "dots"
    assert stored.layout == LANTERNS.layout
    page.get_by_role("radio", name="Versions").click()
    newest = page.locator("[data-version='2']")
    expect(newest).to_contain_text("Dots between")
    expect(newest).to_contain_text("ornament.kind")
    page.locator("[data-version='1']").get_by_role("button", name="Make this the newest").click()
    expect(page.locator("[data-version='3']")).to_be_visible()
    assert service.template(room.actor, made.id).ornament == LANTERNS.ornament


def test_two_people_who_edit_at_once_both_keep_their_work(visit: Visit, inside: Site) -> None:
    visitor = visit()
    room = desk(visitor.email)
    made = service.create(room.actor, room.id, LANTERNS, title="Evening")
    page = visitor.open(f"/templates/design?of={made.id}")
    first = _drawn(page)
    page.get_by_role("radio", name="Edit").click()
    page.locator("[data-group=text] > summary").click()
    page.locator("#ornament-kind").select_option("rule")
    _redrawn(page, first)
    theirs = LANTERNS.model_copy(update={"vignette": 0.7})
    service.edit(room.actor, made.id, theirs, based_on=1, note="Theirs")
    page.locator("#save").click()
    expect(page.locator("#conflict")).to_be_visible()
    page.get_by_role("button", name="Save mine on top").click()
    expect(page.get_by_text("Saved as version 3")).to_be_visible()
    assert service.template(room.actor, made.id, 2).vignette == 0.7
    assert service.template(room.actor, made.id, 3).ornament.kind == "rule"


def test_parts_of_another_template_are_taken_and_a_built_in_one_stays(
    visit: Visit, inside: Site
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = visitor.open("/templates/design?of=lantern-light")
    first = _drawn(page)
    page.get_by_role("radio", name="Edit").click()
    page.locator("[data-group=mix] > summary").click()
    page.locator("#mix-from").select_option("ink-on-paper")
    page.locator("[data-part=background]").click()
    _redrawn(page, first)
    page.locator("#save").click()
    page.wait_for_url("**/templates/design?of=*")
    expect(page.get_by_text("was added")).to_be_visible()
    (own,) = service.saved(room.actor, room.id)
    mixed = service.template(room.actor, own.id)
    assert mixed.background == built_in.template("ink-on-paper").background
    assert mixed.motion == LANTERNS.motion


def test_a_template_is_seen_to_move(visit: Visit) -> None:
    page = visit().open("/templates/design?of=lantern-light")
    _drawn(page)
    page.locator("#play").click()
    video = page.locator(".stage-frame video")
    expect(video).to_be_visible(timeout=90_000)
    page.wait_for_function("document.querySelector('.stage-frame video').readyState >= 2")
    page.get_by_role("button", name="Show the still").click()
    expect(page.locator(STILL)).to_be_visible()


def test_a_file_is_added_exported_and_a_wrong_one_refused(
    visit: Visit, inside: Site, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = visitor.open("/templates")
    wrong = tmp_path / "wrong.autosched-template"
    wrong.write_text("{}")
    page.locator("#template-file").set_input_files(wrong)
    expect(page.get_by_text("This is not a template file")).to_be_visible()
    right = tmp_path / "evening.autosched-template"
    evening = LANTERNS.model_copy(update={"title": "Evening"})
    right.write_bytes(exchange.written(evening, sources=(Source(name="souk.mp4"),)))
    page.locator("#template-file").set_input_files(right)
    page.wait_for_url("**/templates/design?of=*")
    expect(page.get_by_text("souk.mp4")).to_be_visible()
    (own,) = service.saved(room.actor, room.id)
    with page.expect_download() as download:
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Export as a file").click()
    assert exchange.load(Path(download.value.path())).template.title == "Evening"
    _drawn(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Move to the trash").click()
    page.wait_for_url("**/templates")
    expect(page.locator(".template-card")).to_have_count(8)
    page.get_by_role("radio", name="Trash").click()
    page.get_by_role("button", name="Take out of the trash").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    assert [row.id for row in service.saved(room.actor, room.id)] == [own.id]


def test_the_studio_renders_in_the_workspaces_own_template(visit: Visit, inside: Site) -> None:
    visitor = visit()
    room = desk(visitor.email)
    made = service.create(room.actor, room.id, LANTERNS, title="Evening")
    page = visitor.open(f"/studio?template={made.id}")
    expect(page.locator("button.look")).to_have_count(9)
    chosen = page.locator("button.look[aria-checked=true]")
    expect(chosen).to_contain_text("Evening")
    expect(page.locator(".stage-frame img")).to_be_visible(timeout=90_000)
    page.locator("#render:not([disabled])").click()
    expect(page.locator(".video")).to_have_attribute("data-state", "queued")


def test_what_is_gone_or_forbidden_is_told(visit: Visit, inside: Site) -> None:
    other = visit()
    theirs = desk(other.email)
    made = service.create(theirs.actor, theirs.id, LANTERNS)
    page = visit().open(f"/templates/design?of={made.id}")
    expect(page.get_by_text("There is no such template")).to_be_visible()
