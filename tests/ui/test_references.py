"""References in a real browser: dropped in, measured, played along an axis, made a template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autosched.errors import InvalidError
from autosched.library import service as library
from autosched.studio import tending
from autosched.studio.models import ANALYSES
from autosched.studio.references import service
from tests.media import samples
from tests.studio.references.conftest import film
from tests.studio.references.reports import lay, rich
from tests.ui.conftest import DESK, PHONE, TABLET, Site, Visit, Visitor
from tests.ui.people import Desk, desk

Laid = Callable[..., str]


@pytest.fixture
def laid(inside: Site, tmp_path: Path) -> Laid:
    """Puts a film of that many seconds, with so many shots, into somebody's references: its id."""

    def make(room: Desk, seconds: float = 30.0, shots: int = 9, name: str = "A reel.mp4") -> str:
        out = tmp_path / f"{shots}-{seconds}.mp4"
        if not out.exists():
            source = f"gradients=s=180x320:r=10:d={seconds}"
            still = ("-preset", "ultrafast", "-pix_fmt", "yuv420p")
            samples.ffmpeg("-f", "lavfi", "-i", source, *still, out)
        asset = library.add_file(room.actor, room.id, out, name=name)
        return lay(room.actor, room.id, asset.id, rich(seconds, shots), tmp_path)

    return make


def _work() -> None:
    for analysis_id, lease in ANALYSES.claim(10):
        service.perform(analysis_id, lease)


def _one(visitor: Visitor, reference: str) -> Page:
    page = visitor.open(f"/references/one?id={reference}")
    expect(page.locator("#axis")).to_be_visible()
    page.wait_for_function("document.getElementById('reference-video').readyState >= 1")
    return page


def _time(page: Page) -> float:
    return float(page.evaluate("document.getElementById('reference-video').currentTime"))


def test_a_film_that_is_dropped_in_is_measured_and_opens(
    visit: Visit, inside: Site, tmp_path: Path
) -> None:
    page = visit().open("/references")
    expect(page.get_by_text("No references yet")).to_be_visible()
    page.locator("input[data-uploads]").set_input_files(film(tmp_path / "reel.mp4"))
    card = page.locator("[data-reference]")
    expect(card).to_have_attribute("data-state", "queued")
    expect(card.get_by_role("progressbar")).to_be_visible()
    _work()
    expect(card).to_have_attribute("data-state", "done")
    card.get_by_role("link").click()
    expect(page.get_by_role("heading", name="reel.mp4")).to_be_visible()
    expect(page.locator(".lane.shots .shot").first).to_be_visible()


def test_a_measuring_is_cancelled_and_begun_again(
    visit: Visit, inside: Site, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.open("/references")
    room = desk(visitor.email)
    page.locator("input[data-uploads]").set_input_files(film(tmp_path / "reel.mp4"))
    card = page.locator("[data-reference]")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_attribute("data-state", "cancelled")
    card.get_by_role("button", name="Measure again").click()
    expect(card).to_have_attribute("data-state", "queued")
    [(analysis_id, lease)] = ANALYSES.claim(1)

    def refuse(*_: object) -> dict[str, object]:
        raise InvalidError("The film is broken at its end.")

    tending.perform(ANALYSES, analysis_id, lease, refuse)
    expect(card).to_have_attribute("data-state", "failed")
    expect(card.get_by_text("The film is broken at its end.")).to_be_visible()
    card.get_by_role("button", name="Take off the list").click()
    expect(page.get_by_text("No references yet")).to_be_visible()
    assert len(library.assets(room.actor, room.id)) == 1


def test_references_are_chosen_from_the_library(visit: Visit, inside: Site, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.open("/references")
    room = desk(visitor.email)
    library.add_file(room.actor, room.id, film(tmp_path / "dunes.mp4"))
    library.add_file(room.actor, room.id, samples.picture(tmp_path / "sky.jpg"))
    library.add_file(room.actor, room.id, samples.sound(tmp_path / "tone.wav"))
    page.locator("#open-shelf").click()
    shelf = page.get_by_role("dialog")
    expect(shelf.locator(".tile")).to_have_count(2)
    for tile in shelf.locator(".tile").all():
        tile.click()
    shelf.get_by_role("button", name="Measure the style").click()
    expect(page.locator("[data-reference]")).to_have_count(2)
    _work()
    expect(page.locator("[data-reference][data-state=done]")).to_have_count(2)
    page.get_by_role("link", name="Open sky.jpg").click()
    # A picture has no time: no axis, no rhythm, no sound.
    expect(page.get_by_role("heading", name="Composition")).to_be_visible()
    expect(page.locator("#axis")).to_have_count(0)
    expect(page.get_by_role("heading", name="Rhythm and transitions")).to_have_count(0)


def test_a_click_on_the_axis_seeks_and_the_playhead_follows(visit: Visit, laid: Laid) -> None:
    visitor = visit()
    visitor.open("/references")
    page = _one(visitor, laid(desk(visitor.email)))
    axis = page.locator("#axis").bounding_box()
    assert axis is not None
    page.mouse.click(axis["x"] + axis["width"] / 2, axis["y"] + 8)
    assert _time(page) == pytest.approx(15.0, abs=0.3)
    head = page.locator("#axis-head")
    assert float(str(head.get_attribute("aria-valuenow"))) == pytest.approx(15.0, abs=0.3)
    box = head.bounding_box()
    assert box is not None
    assert box["x"] == pytest.approx(axis["x"] + axis["width"] / 2, abs=8)
    number = page.locator(".shot.now").get_attribute("data-shot")
    expect(page.locator(".shot-panel h2")).to_have_text(f"Shot {int(str(number)) + 1}")
    head.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert _time(page) == pytest.approx(16.0, abs=0.3)
    page.keyboard.press("Home")
    assert _time(page) == 0
    # A mark is narrow: a click on it means its start.
    mark = page.locator(".lane.marks .mark").nth(3)
    mark.click()
    assert _time(page) == pytest.approx(float(str(mark.get_attribute("data-at"))), abs=0.1)


def test_figures_show_how_sure_they_are_and_what_was_not_measured(visit: Visit, laid: Laid) -> None:
    visitor = visit()
    visitor.open("/references")
    page = _one(visitor, laid(desk(visitor.email)))
    tempo = page.locator("[data-figure=tempo] .figure-value")
    expect(tempo).to_have_text("92.3 BPM")
    expect(tempo).to_have_attribute("title", "Confidence 55 %")
    expect(tempo).to_have_class("figure-value numbers unsure")
    expect(page.locator("[data-figure=key] .figure-value")).to_have_class("figure-value numbers")
    for name in ("instruments", "highlights", "horizon"):
        expect(page.locator(f"[data-figure={name}] dd")).to_have_text("not measured")


def test_ten_minutes_with_hundreds_of_shots_stay_light_and_can_be_zoomed(
    visit: Visit, laid: Laid
) -> None:
    visitor = visit()
    visitor.open("/references")
    page = _one(visitor, laid(desk(visitor.email), 600.0, 300))
    assert page.locator(".lane.shots .shot").count() > 250
    assert page.evaluate("document.querySelectorAll('main *').length") < 3500
    assert page.locator(".beats path").count() == 1
    before = page.evaluate("document.getElementById('axis').clientWidth")
    for _ in range(3):
        page.get_by_role("button", name="Show less time").click()
    after = page.evaluate("document.getElementById('axis').clientWidth")
    assert after == pytest.approx(8 * before, rel=0.01)
    marks = page.locator("#axis-ruler span").all_text_contents()
    assert marks[:3] == ["0:00", "0:10", "0:20"]
    assert not visitor.has_sideways_scroll()


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ar", "light")])
def test_nothing_is_wider_than_the_window_and_time_runs_to_the_right(
    visit: Visit, laid: Laid, width: int, language: str, theme: str
) -> None:
    visitor = visit(width=width, language=language, theme=theme)
    visitor.open("/references")
    reference = laid(desk(visitor.email))
    page = visitor.open("/references")
    expect(page.locator("[data-reference]")).to_be_visible()
    assert not visitor.has_sideways_scroll()
    page = _one(visitor, reference)
    assert not visitor.has_sideways_scroll()
    lefts = page.eval_on_selector_all(
        ".lane.shots .shot", "shots => shots.map(shot => shot.getBoundingClientRect().left)"
    )
    assert lefts == sorted(lefts)
    if language == "ar":
        expect(page.get_by_role("heading", name="الإيقاع والانتقالات")).to_be_visible()


def test_pictures_of_a_report_are_served_to_members_only(visit: Visit, laid: Laid) -> None:
    owner, stranger = visit(), visit(name="Bilal")
    owner.open("/references")
    reference = laid(desk(owner.email))
    for name in ("shots", "luma", "secret"):
        answer = stranger.context.request.get(f"/references/{reference}/{name}")
        assert answer.status == 404
    mine = owner.context.request.get(f"/references/{reference}/shots")
    assert (mine.status, mine.headers["content-type"]) == (200, "image/jpeg")
    assert owner.context.request.get(f"/references/{reference}/luma").status == 404
    page = stranger.open(f"/references/one?id={reference}")
    expect(page.get_by_role("alert").first).to_contain_text("There is no such analysis")


def test_the_look_is_shown_on_another_file_with_a_divider(
    visit: Visit, laid: Laid, tmp_path: Path
) -> None:
    visitor = visit()
    visitor.open("/references")
    room = desk(visitor.email)
    reference = laid(room)
    page = _one(visitor, reference)
    expect(page.get_by_text("Add another video or picture")).to_be_visible()
    library.add_file(room.actor, room.id, samples.picture(tmp_path / "dunes.jpg"))
    page = _one(visitor, reference)
    after = page.locator(".compare img.after")
    after.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.compare img.after').naturalWidth > 0")
    page.get_by_role("slider", name="Divider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".compare")).to_have_attribute("style", "--cut: 0%;")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as .cube").click()
    assert saved.value.suggested_filename == "A reel.mp4.cube"
    assert saved.value.path().read_text().startswith("LUT_3D_SIZE")


def test_several_references_become_one_template(visit: Visit, laid: Laid) -> None:
    visitor = visit()
    visitor.open("/references")
    room = desk(visitor.email)
    laid(room, name="One.mp4")
    laid(room, 20.0, 5, name="Two.mp4")
    page = visitor.open("/references")
    for box in page.get_by_role("checkbox").all():
        box.click()
    bar = page.get_by_role("region", name="Chosen")
    expect(bar).to_contain_text("2 references chosen")
    bar.get_by_role("button", name="Make a template from them").click()
    page.wait_for_url("**/templates/design?of=*")
