"""The library in a real browser: files come in whole, or say why not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.ui.conftest import Site, Visit


def _picture(path: Path, side: int = 64, seed: int = 1) -> Path:
    noise = np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


def _choose(page: Page, *files: Path) -> None:
    page.locator("input[data-uploads]").set_input_files([str(file) for file in files])


def _tile(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=f"Open {name}")).to_be_visible()


def test_chosen_files_appear_in_the_grid(visit: Visit, tmp_path: Path) -> None:
    page = visit().open("/library")
    expect(page.get_by_text("Your library is empty")).to_be_visible()
    _choose(page, _picture(tmp_path / "dunes.png"), _picture(tmp_path / "sea.png", seed=2))
    _tile(page, "dunes.png")
    _tile(page, "sea.png")


def test_a_file_is_dropped_anywhere_on_the_page(visit: Visit, tmp_path: Path) -> None:
    page = visit().open("/library")
    bytes_ = list(_picture(tmp_path / "x.png").read_bytes())
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "dropped.png"));
            return transfer;
        }""",
        bytes_,
    )
    page.dispatch_event(".rail", "dragenter", {"dataTransfer": transfer})
    expect(page.get_by_text("Let go to add to the library")).to_be_visible()
    page.dispatch_event(".rail", "drop", {"dataTransfer": transfer})
    _tile(page, "dropped.png")


def test_a_refused_file_is_listed_with_its_reason(visit: Visit, tmp_path: Path) -> None:
    page = visit().open("/library")
    words = tmp_path / "letter.mp4"
    words.write_text("this is a letter, not a video")
    _choose(page, words)
    row = page.locator(".upload.refused")
    expect(row).to_contain_text("letter.mp4")
    expect(row).to_contain_text("This is not a video, picture or sound")
    row.get_by_role("button", name="Close").click()
    expect(row).to_have_count(0)


def test_the_reason_of_a_refusal_is_told_in_arabic(visit: Visit, tmp_path: Path) -> None:
    page = visit(language="ar").open("/library")
    words = tmp_path / "letter.mp4"
    words.write_text("this is a letter, not a video")
    _choose(page, words)
    expect(page.locator(".upload.refused")).to_contain_text("ليس هذا مقطعًا")


def test_an_upload_goes_on_where_it_stopped_when_the_connection_comes_back(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit().open("/library")
    sent: list[int] = []

    def unreliable(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/api/v1/uploads/*", unreliable)
    large = _picture(tmp_path / "large.png", side=2000)
    assert large.stat().st_size > 8 * 1024**2
    _choose(page, large)
    _tile(page, "large.png")
    chunk = 4 * 1024**2
    assert sent == [0, chunk, chunk, 2 * chunk]


def test_a_file_chosen_again_after_closing_the_page_goes_on_where_it_stopped(
    visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.open("/library")
    large = _picture(tmp_path / "large.png", side=2000, seed=5)

    def stall(route: Route) -> None:
        if route.request.headers.get("upload-offset", "0") != "0":
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", stall)
    _choose(page, large)
    expect(page.locator(".upload.waiting")).to_contain_text("No connection")
    page.unroute("**/api/v1/uploads/*")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()

    again = visitor.context.new_page()
    visitor.page = again
    visitor.open("/library")
    fresh: list[int] = []

    def note(route: Route) -> None:
        if route.request.method == "PATCH":
            fresh.append(int(route.request.headers["upload-offset"]))
        route.continue_()

    again.route("**/api/v1/uploads/*", note)
    _choose(again, large)
    _tile(again, "large.png")
    assert fresh[0] == 4 * 1024**2


def test_a_file_is_renamed_described_and_found_again(visit: Visit, tmp_path: Path) -> None:
    visitor = visit()
    page = visitor.open("/library")
    _choose(page, _picture(tmp_path / "plain.png"))
    page.get_by_role("button", name="Open plain.png").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Red dunes")
    dialog.get_by_label("Description").click()
    expect(page.get_by_role("heading", name="Red dunes")).to_be_visible()
    dialog.get_by_label("Description").fill("Dunes in the last light")
    dialog.get_by_label("Name").click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    page.keyboard.press("Escape")
    _tile(page, "Red dunes")
    page.get_by_placeholder("Search names").fill("last light")
    _tile(page, "Red dunes")
    page.get_by_placeholder("Search names").fill("nothing like it")
    expect(page.get_by_text("Nothing found")).to_be_visible()


def test_a_file_is_deleted_only_after_a_second_word(visit: Visit, tmp_path: Path) -> None:
    page = visit().open("/library")
    _choose(page, _picture(tmp_path / "old.png"))
    page.get_by_role("button", name="Open old.png").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Keep it").click()
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Your library is empty")).to_be_visible()


@pytest.mark.parametrize("count", [65])
def test_a_large_library_is_shown_page_by_page(visit: Visit, inside: Site, count: int) -> None:
    from autosched.identity import service, workspaces
    from autosched.library import service as library
    from tests.ui.conftest import PASSWORD

    visitor = visit()
    user = service.log_in(visitor.email, PASSWORD)[1]
    workspace = workspaces.workspaces(user.id)[0][0]
    folder = inside.data.parent / "many"
    folder.mkdir(exist_ok=True)
    for number in range(count):
        file = folder / f"{number}.png"
        buffer = io.BytesIO()
        Image.new("RGB", (8, 8), (number, 255 - number, 90)).save(buffer, "PNG")
        file.write_bytes(buffer.getvalue())
        library.add_file(user.id, workspace.id, file)
    page = visitor.open("/library")
    tiles = page.locator("button.tile")
    expect(tiles).to_have_count(60)
    page.get_by_role("button", name="Show more").click()
    expect(tiles).to_have_count(count)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_a_file_is_saved_under_its_name(visit: Visit, tmp_path: Path) -> None:
    page = visit().open("/library")
    _choose(page, _picture(tmp_path / "dunes.png"))
    page.get_by_role("button", name="Open dunes.png").click()
    with page.expect_download() as saved:
        page.get_by_role("dialog").get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "dunes.png"
    assert saved.value.path().read_bytes() == (tmp_path / "dunes.png").read_bytes()
