"""Figures: a page's posts in one question, a member's one by one, nothing that is not given."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autosched.platforms import vocabulary
from autosched.platforms.base import Action, PlatformError, Posted
from autosched.platforms.linkedin import figures
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.linkedin.files import film


def posted(remote_id: str) -> Posted:
    return Posted(remote_id, {}, datetime.now(UTC))


def test_a_pages_shares_and_films_come_in_one_question(
    page: Bench, stand: Stand, tmp_path: Path
) -> None:
    share = page.publish(page.draft("A share to be counted"))
    video = page.publish(page.draft("A film to be counted", film(tmp_path)))
    stand.forward(40_000)
    start = len(stand.log())
    gone = posted("urn:li:share:1")
    found = page.platform.measure(
        page.desk(), [posted(share.remote_id), gone, posted(video.remote_id)]
    )
    assert len(stand.log()) == start + 1
    assert set(found) == {share.remote_id, video.remote_id}
    assert found[share.remote_id]["impressionCount"] > 0
    assert "engagement" not in found[share.remote_id]


def test_a_members_figures_come_one_by_one(member: Bench, stand: Stand) -> None:
    published = member.publish(member.draft("A member's to be counted"))
    stand.forward(40_000)
    asked = [posted(published.remote_id), posted("urn:li:share:1")]
    found = member.platform.measure(member.desk(), asked)
    assert set(found) == {published.remote_id}
    assert found[published.remote_id]["MEMBERS_REACHED"] > 0
    assert len(found[published.remote_id]) == 7


def test_a_figure_that_linkedin_gives_no_more_is_left_out(
    member: Bench, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = member.publish(member.draft("Counted otherwise"))
    monkeypatch.setattr(figures, "_MEMBER", {"IMPRESSION": "x", "RETIRED": "y"})
    found = member.platform.measure(member.desk(), [posted(published.remote_id)])
    assert set(found[published.remote_id]) == {"IMPRESSION"}


def test_without_the_right_to_read_figures_none_are_asked_for(member: Bench, stand: Stand) -> None:
    member.connection.options["scopes"] = ["openid", "profile", "w_member_social"]
    start = len(stand.log())
    assert member.platform.measure(member.desk(), [posted("urn:li:share:1")]) == {}
    assert len(stand.log()) == start


def test_figures_in_trouble_are_for_later(page: Bench, stand: Stand) -> None:
    stand.fault("status", platform="linkedin", step="metrics", status=503)
    with pytest.raises(PlatformError) as refused:
        page.platform.measure(page.desk(), [posted("urn:li:share:1")])
    assert refused.value.action == Action.RETRY


def test_every_figure_has_its_common_name(member: Bench) -> None:
    assert set(member.platform.metrics.values()) <= set(vocabulary.ALL)
