"""Connecting a YouTube channel: lasting access, scopes, and what the channel may do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms.base import Action, PlatformError, Posted
from autosched.platforms.youtube import YouTube, calls
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, Bench, connected
from tests.platforms.youtube.scene import Make, Scene, video

UNAUDITED = ("sandbox-youtube-unaudited", "GOCSPX-m3VtQz8LrKw1YxBd6HfNpS0aEc")
KIDS = {"made_for_kids": "no"}


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    running = stand_of("youtube")
    use(running)
    return running


@pytest.fixture
def unaudited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_YOUTUBE_CLIENT_ID", UNAUDITED[0])
    monkeypatch.setenv("AUTOSCHED_YOUTUBE_CLIENT_SECRET", UNAUDITED[1])


def with_scopes(stand: Stand, *scopes: str) -> Bench:
    """Connect with only these boxes ticked."""
    begun = YouTube().begin({}, REDIRECT, "a-state")
    url = begun.url.replace("include_granted_scopes=true&", "")
    people = re.findall(r'name="person" value="([^"]+)"', stand.client.get(url).text)
    form = {"person": people[0], "decision": "allow", "scope": list(scopes)}
    answer = stand.client.post(url, data=form, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    back = {name: values[0] for name, values in query.items()}
    return Bench(YouTube(), YouTube().finish(begun.keep, back, REDIRECT)[0])


def test_the_channel_is_known_from_the_start(scene: Make) -> None:
    connection = scene().bench.connection
    assert connection.remote_id.startswith("UC")
    assert (connection.handle, connection.name) == ("nightreminders", "Night Reminders")
    assert connection.avatar
    assert connection.secret["uploads"].startswith("UU")
    assert connection.secret["refresh"]
    assert connection.options["long_uploads"] == "allowed"
    assert scene(person=1).bench.connection.options["long_uploads"] == "eligible"


def test_the_consent_asks_for_lasting_access_with_pkce(stand: Stand) -> None:
    begun = YouTube().begin({}, REDIRECT, "s")
    query = parse_qs(urlsplit(begun.url).query)
    assert query["access_type"] == ["offline"]
    assert query["prompt"] == ["consent"]
    assert query["code_challenge_method"] == ["S256"]
    assert begun.keep["verifier"] not in begun.url


def test_an_account_that_is_connected_again_gets_a_refresh_token_again(stand: Stand) -> None:
    first, second = (connected(YouTube(), stand).connection for _ in range(2))
    assert first.secret["refresh"]
    assert second.secret["refresh"]


def test_a_right_that_was_not_given_is_named(stand: Stand) -> None:
    with pytest.raises(ForbiddenError, match=r"youtube\.force-ssl"):
        with_scopes(stand, calls.UPLOAD, calls.READ)


def test_an_account_without_a_channel_is_told(stand: Stand) -> None:
    with pytest.raises(InvalidError) as caught:
        connected(YouTube(), stand, person=2)
    assert caught.value.code == "no_channel"


def test_access_is_looked_after_daily_and_does_not_end(scene: Make) -> None:
    at = scene()
    secret = at.bench.connection.secret
    assert at.platform.ends_at(secret) is None
    renew_at = at.platform.renew_at(secret)
    assert renew_at is not None
    assert timedelta(hours=23) < renew_at - datetime.now(UTC) < timedelta(hours=25)
    at.platform.renew(at.bench.desk())
    after = at.bench.secrets[-1]
    assert after["access"] != secret["access"]
    assert after["refresh"] == secret["refresh"]
    assert after["renewed"] >= secret["renewed"]


@pytest.mark.usefixtures("unaudited")
def test_access_of_a_project_in_testing_ends_after_a_week(scene: Make) -> None:
    at = scene()
    ends = at.platform.ends_at(at.bench.connection.secret)
    assert ends is not None
    assert timedelta(days=6) < ends - datetime.now(UTC) <= timedelta(days=7)


@pytest.mark.usefixtures("unaudited")
def test_a_locked_video_is_told_and_uploaded_anew_on_the_next_try(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Locked", video(at.folder), **KIDS)
    with pytest.raises(PlatformError) as caught:
        at.bench.publish(draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "locked_private")
    last = at.bench.handles[-1]
    assert last["locked"] == at.posts()[0]["id"]
    desk = at.bench.desk(last)
    at.platform.prepare(desk, draft)
    assert len(at.posts()) == 2
    private = at.bench.draft("Mine", video(at.folder), **KIDS, privacy="private")
    at.bench.publish(private)


def test_a_token_that_is_about_to_end_is_renewed_before_it_is_used(scene: Make) -> None:
    at = scene()
    at.bench.connection.secret["ends"] = time.time() + 60
    at.platform.prepare(at.bench.desk(), at.bench.draft("Hi", video(at.folder), **KIDS))
    assert len(at.bench.secrets) == 1


def test_an_access_that_was_taken_away_asks_for_reconnecting(scene: Make) -> None:
    at = scene()
    at.platform.revoke(at.bench.desk())
    with pytest.raises(PlatformError) as caught:
        at.bench.publish(at.bench.draft("Hi", video(at.folder), **KIDS))
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "access_ended")


def test_figures_come_from_the_videos_and_from_the_report(scene: Make) -> None:
    at = scene()
    published = at.bench.publish(at.bench.draft("Figures", video(at.folder), **KIDS))
    at.stand.forward(5 * 86_400)
    now = datetime.now(UTC)
    found = at.platform.measure(at.bench.desk(), [Posted(published.remote_id, {}, now)])
    figures = found[published.remote_id]
    assert figures["viewCount"] > 0
    assert {"viewCount", "likeCount", "commentCount"} <= set(figures)
    assert {at.platform.metrics[name] for name in figures} >= {"views", "likes", "comments"}


def test_the_report_is_read_by_its_columns(
    run_sandbox: Callable[..., Stand], use: Callable[[Stand], None], tmp_path: Path
) -> None:
    # Of its own, so that its clock is not ahead when the video goes out: the report ends today.
    fresh = run_sandbox("youtube")
    use(fresh)
    at = Scene(fresh, tmp_path)
    published = at.bench.publish(at.bench.draft("Figures", video(at.folder), **KIDS))
    fresh.forward(5 * 86_400)
    first = datetime.now(UTC) - timedelta(days=1)
    found = at.platform.measure(at.bench.desk(), [Posted(published.remote_id, {}, first)])
    figures = found[published.remote_id]
    assert figures["averageViewDuration"] == 36
    assert figures["estimatedSecondsWatched"] % 60 == 0
    assert at.platform.metrics["estimatedSecondsWatched"] == "watch_seconds"
    assert set(figures) == set(at.platform.metrics)


def test_without_the_right_to_reports_the_public_figures_are_left(
    stand: Stand, scene: Make
) -> None:
    at = scene()
    at.bench = with_scopes(stand, calls.UPLOAD, calls.READ, calls.CHANGE)
    published = at.bench.publish(at.bench.draft("Figures", video(at.folder), **KIDS))
    posted = Posted(published.remote_id, {}, datetime.now(UTC) - timedelta(days=1))
    figures = at.platform.measure(at.bench.desk(), [posted])[published.remote_id]
    assert set(figures) == {"viewCount", "likeCount", "commentCount"}
    assert at.steps("report") == []


def test_a_report_that_fails_takes_no_other_figure_with_it(scene: Make) -> None:
    at = scene()
    published = at.bench.publish(at.bench.draft("Figures", video(at.folder), **KIDS))
    at.stand.fault("status", platform="youtube", step="report")
    posted = Posted(published.remote_id, {}, datetime.now(UTC))
    figures = at.platform.measure(at.bench.desk(), [posted])[published.remote_id]
    assert set(figures) == {"viewCount", "likeCount", "commentCount"}
