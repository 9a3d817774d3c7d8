"""The list of what needs a look: why, what is known, and the buttons that help."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autosched import clock, db
from autosched.schedule import service
from autosched.schedule.models import Target, TargetState
from tests.ui.conftest import PHONE, Site, Visit
from tests.ui.people import Desk, desk, publish_due


def _stands(room: Desk, folder: Path, text: str, **values: object) -> str:
    """A post whose target was left standing so, as by a worker that died; the target's id."""
    account = room.folder(folder)
    post = service.compose(room.actor, room.id, text=text, account_ids=[account.id])
    with db.write() as session:
        target = session.get_one(Target, room.target(post.id).id)
        for name, value in values.items():
            setattr(target, name, value)
        session.add(target)
    return post.id


def test_without_trouble_the_page_is_calm(visit: Visit) -> None:
    page = visit().open("/attention")
    expect(page.get_by_text("All is well")).to_be_visible()


def test_a_person_says_whether_an_unclear_post_went_out(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    sent = clock.now() - timedelta(minutes=30)
    post_id = _stands(
        room,
        tmp_path / "out",
        "Perhaps out",
        state=TargetState.NEEDS_PERSON,
        error="It is not clear whether this post went out.",
        remedy="Look at the profile, and say whether the post is there.",
        error_code="unconfirmed",
        doubt_since=sent,
        due_at=sent,
    )
    page = visitor.open("/attention")
    case = page.locator(".case", has_text="Perhaps out")
    expect(case.locator(".trouble")).to_contain_text("It is not clear whether")
    expect(case.locator(".trouble")).to_contain_text("Look at the profile")
    expect(page.locator(".nav-item .count")).to_have_text("1")
    case.get_by_role("button", name="It went out").click()
    expect(page.get_by_text("All is well")).to_be_visible()
    expect(page.locator(".nav-item .count")).to_have_count(0)
    target = room.target(post_id)
    assert (target.state, target.published_at) == (TargetState.PUBLISHED, sent)


def test_a_missed_post_goes_out_only_when_somebody_says_so(
    inside: Site, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    room = desk(visitor.email)
    post_id = _stands(
        room,
        tmp_path / "out",
        "Too late",
        state=TargetState.MISSED,
        error="This post was not sent, because by then it was 3 hours late.",
        error_code="missed",
        due_at=clock.now() - timedelta(hours=3),
    )
    publish_due()
    assert room.target(post_id).state == TargetState.MISSED
    page = visitor.open("/attention")
    page.get_by_role("button", name="Publish it now anyway").click()
    expect(page.get_by_text("It goes out now.")).to_be_visible()
    publish_due()
    assert room.target(post_id).state == TargetState.PUBLISHED


def test_trouble_arrives_in_the_open_page(inside: Site, visit: Visit, tmp_path: Path) -> None:
    visitor = visit()
    room = desk(visitor.email)
    page = visitor.open("/attention")
    expect(page.get_by_text("All is well")).to_be_visible()
    folder = tmp_path / "stick"
    account = room.folder(folder)
    post = service.compose(room.actor, room.id, text="To a stick", account_ids=[account.id])
    folder.rename(tmp_path / "gone")
    folder.write_text("in its place")
    service.publish_now(room.actor, post.id)
    publish_due()
    expect(page.locator(".case", has_text="To a stick")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_every_help_can_be_reached(
    inside: Site, visit: Visit, tmp_path: Path, language: str
) -> None:
    visitor = visit(width=PHONE, language=language)
    room = desk(visitor.email)
    _stands(
        room,
        tmp_path / "out",
        "A rather long first line that tells what this post was going to be about",
        state=TargetState.FAILED,
        error="The platform said no to this, with an explanation that is long enough to wrap.",
        due_at=clock.now(),
    )
    page = visitor.open("/attention")
    expect(page.locator(".helps .button")).to_have_count(3)
    assert not visitor.has_sideways_scroll()
    for button in page.locator(".helps .button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
