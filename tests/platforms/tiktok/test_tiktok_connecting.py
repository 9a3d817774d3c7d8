"""Connecting a TikTok account: scopes, tokens that change, and what the creator may do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from autosched.errors import ForbiddenError
from autosched.platforms.base import Action, Connection, PlatformError, Posted
from autosched.platforms.tiktok import TikTok
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, Bench
from tests.platforms.tiktok.scene import Make, video

UNAUDITED = ("sandbox-tiktok-unaudited", "Yd7mTq2ZrW9cKx4HfLs8BvNpE3uJaG6t")


def connected_with(stand: Stand, *scopes: str, person: int = 0) -> list[Connection]:
    """Connect with only these boxes ticked."""
    begun = TikTok().begin({}, REDIRECT, "a-state")
    people = re.findall(r'name="person" value="([^"]+)"', stand.client.get(begun.url).text)
    form = {"person": people[person], "decision": "allow", "scope": list(scopes)}
    answer = stand.client.post(begun.url, data=form, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    back = {name: values[0] for name, values in query.items()}
    return TikTok().finish(begun.keep, back, REDIRECT)


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    running = stand_of("tiktok")
    use(running)
    running.forward(61)
    return running


def test_the_creator_is_known_from_the_start(scene: Make) -> None:
    connection = scene(person=1).bench.connection
    assert connection.handle == "quietverses"
    assert connection.name == "Quiet Verses"
    assert connection.avatar
    creator = connection.options["creator"]
    assert creator["privacy"] == ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert creator["seconds"] == 180
    assert creator["duet_disabled"]
    assert creator["stitch_disabled"]
    assert not creator["comment_disabled"]


def test_the_consent_names_the_client_key_and_puts_commas_between_scopes(stand: Stand) -> None:
    query = parse_qs(urlsplit(TikTok().begin({}, REDIRECT, "s").url).query)
    assert query["client_key"] == [stand.app("tiktok")["client_id"]]
    assert "client_id" not in query
    assert query["scope"][0].split(",")[0] == "user.info.basic"


def test_an_account_that_allows_only_drafts_has_only_drafts(stand: Stand) -> None:
    (connection,) = connected_with(stand, "user.info.basic", "video.upload")
    assert "creator" not in connection.options
    shapes = TikTok().shapes(connection.options)
    assert [shape.name for shape in shapes] == ["draft"]


def test_an_account_that_allows_no_drafts_has_none(stand: Stand) -> None:
    (connection,) = connected_with(stand, "user.info.basic", "video.publish")
    shapes = TikTok().shapes(connection.options)
    assert [shape.name for shape in shapes] == ["video", "photos"]
    assert connection.handle == "night.reminders"


def test_an_account_that_allows_neither_is_not_connected(stand: Stand) -> None:
    with pytest.raises(ForbiddenError, match=r"video\.publish"):
        connected_with(stand, "user.info.basic", "video.list")


def test_a_denied_consent_is_told(stand: Stand) -> None:
    begun = TikTok().begin({}, REDIRECT, "s")
    answer = stand.consent(begun.url, decision="deny")
    with pytest.raises(ForbiddenError) as caught:
        TikTok().finish(begun.keep, answer, REDIRECT)
    assert caught.value.code == "consent_denied"


def test_tokens_are_renewed_and_the_refresh_token_changes(scene: Make) -> None:
    at = scene()
    before = at.bench.connection.secret
    at.platform.renew(at.bench.desk())
    after = at.bench.secrets[-1]
    assert after["access"] != before["access"]
    assert after["refresh"] != before["refresh"]
    assert after["open_id"] == before["open_id"]
    ends = at.platform.ends_at(after)
    assert ends is not None
    assert ends > datetime.now(UTC) + timedelta(days=360)
    renew_at = at.platform.renew_at(after)
    assert renew_at is not None
    assert timedelta(hours=20) < renew_at - datetime.now(UTC) < timedelta(hours=24)


def test_a_token_that_is_about_to_end_is_renewed_before_it_is_used(scene: Make) -> None:
    at = scene()
    at.bench.connection.secret["ends"] = time.time() + 60
    at.platform.prepare(at.bench.desk(), at.bench.draft("Hi", video(at.folder), privacy="public"))
    assert len(at.bench.secrets) == 1


def test_an_access_that_was_taken_away_asks_for_reconnecting(scene: Make) -> None:
    at = scene()
    at.platform.revoke(at.bench.desk())
    with pytest.raises(PlatformError) as caught:
        at.platform.renew(at.bench.desk())
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "access_ended")
    with pytest.raises(PlatformError) as caught:
        at.bench.publish(at.bench.draft("Hi", video(at.folder), privacy="public"))
    assert caught.value.action == Action.RECONNECT


def test_a_missing_scope_asks_for_reconnecting(stand: Stand, scene: Make) -> None:
    at = scene()
    (connection,) = connected_with(stand, "user.info.basic", "video.upload")
    bench = Bench(at.platform, connection)
    connection.options["scopes"].append("video.publish")
    with pytest.raises(PlatformError) as caught:
        bench.publish(bench.draft("Hi", video(at.folder), privacy="public"))
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "scope_missing")


def test_an_app_that_was_not_reviewed_posts_for_the_owner_of_a_private_account_alone(
    scene: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_TIKTOK_CLIENT_ID", UNAUDITED[0])
    monkeypatch.setenv("AUTOSCHED_TIKTOK_CLIENT_SECRET", UNAUDITED[1])
    at = scene(person=0)
    with pytest.raises(PlatformError) as caught:
        at.bench.publish(at.bench.draft("Hi", video(at.folder), privacy="private"))
    assert (caught.value.action, caught.value.code) == (Action.FIX, "app_unaudited")
    private = scene(person=2)
    draft = private.bench.draft("Hi", video(private.folder), privacy="private")
    monkeypatch.setenv("AUTOSCHED_TIKTOK_AUDITED", "0")
    assert not [each for each in private.platform.check(draft) if each.blocking]
    private.bench.publish(draft)
    assert private.posts()[0]["extra"]["privacy_level"] == "SELF_ONLY"


def test_figures_are_mapped_and_what_is_not_public_has_none(scene: Make) -> None:
    at = scene()
    shown = at.bench.publish(at.bench.draft("Hi", video(at.folder), privacy="public"))
    hidden = at.bench.publish(at.bench.draft("Ho", video(at.folder), privacy="private"))
    at.stand.forward(7200)
    now = datetime.now(UTC)
    found = at.platform.measure(
        at.bench.desk(), [Posted(each.remote_id, {}, now) for each in (shown, hidden)]
    )
    assert set(found) == {shown.remote_id}
    figures = found[shown.remote_id]
    assert set(figures) == {"view_count", "like_count", "comment_count", "share_count"}
    assert figures["view_count"] > 0
    assert {at.platform.metrics[name] for name in figures} == {
        "views", "likes", "comments", "shares",
    }  # fmt: skip


def test_a_post_that_got_its_number_late_is_measured_by_its_attempt(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Hi", video(at.folder), privacy="public")
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    published = at.platform.commit(desk, draft)
    attempt = desk.handle["upload"]["publish_id"]
    found = at.platform.measure(at.bench.desk(), [Posted(attempt, {}, datetime.now(UTC))])
    assert set(found) == {attempt}
    assert published.remote_id.isdecimal()
