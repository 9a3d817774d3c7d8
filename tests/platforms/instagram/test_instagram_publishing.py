"""Every kind of post by both log-ins, seen as it stands there afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from autosched.errors import InvalidError
from autosched.platforms.base import Action, PlatformError, Posted
from autosched.platforms.instagram import Instagram
from autosched.platforms.meta import figures
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.facebook.meta_files import photo, prepared, show, video
from tests.sandbox.meta_hand import MediaHost

PLATFORM = Instagram()


def last(stand: Stand) -> dict[str, Any]:
    return stand.posts("instagram")[-1]


def test_a_picture_goes_out_with_its_description(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image = photo(tmp_path)
    show(host, image)
    draft = bench.draft(
        "A picture", image, collaborators=["@one", "two"], ai_generated=True, first_comment="More"
    )
    before = len(stand.posts("instagram"))
    desk = prepared(bench, draft)
    assert len(stand.posts("instagram")) == before
    done = PLATFORM.commit(desk, draft)
    post = last(stand)
    assert (post["id"], post["permalink"]) == (done.remote_id, done.permalink)
    assert httpx.get(post["permalink"]).status_code == 200
    assert post["text"] == "A picture"
    assert post["media"][0]["alt"] == "A night sky"
    assert post["extra"]["collaborators"] == '["one", "two"]'
    assert post["extra"]["is_ai_generated"] == "true"
    assert [each["text"] for each in post["extra"]["comments"]] == ["More"]


def test_a_reel_goes_out_with_its_cover(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    film = video(tmp_path)
    show(host, film)
    before = len(stand.log())
    bench.publish(bench.draft("A reel", film, share_to_feed=False, cover_ms=1500))
    post = last(stand)
    assert post["kind"] == "reel"
    assert post["extra"]["share_to_feed"] == "false"
    assert post["extra"]["thumb_offset"] == "1500"
    brought = "upload_append" in {seen["step"] for seen in stand.log()[before:]}
    assert brought == (bench.connection.options["login"] == "facebook")


def test_a_carousel_mixes_pictures_and_videos_in_their_order(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    media = [
        photo(tmp_path, "1.jpg", shade=10, alt="First"),
        video(tmp_path, "2.mp4"),
        photo(tmp_path, "3.jpg", shade=30, alt="Third"),
    ]
    show(host, *media)
    bench.publish(bench.draft("A carousel", *media))
    post = last(stand)
    assert post["kind"] == "carousel"
    assert [each["mime"] for each in post["media"]] == ["image/jpeg", "video/mp4", "image/jpeg"]
    assert [each["alt"] for each in post["media"]] == ["First", "", "Third"]


@pytest.mark.parametrize("kind", ["image", "video"])
def test_a_story_goes_out_without_words(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path, kind: str
) -> None:
    media = photo(tmp_path) if kind == "image" else video(tmp_path)
    show(host, media)
    draft = bench.draft("Not shown", media, shape="story", first_comment="Nor this")
    done = bench.publish(draft)
    post = last(stand)
    assert (post["kind"], post["text"], post["id"]) == ("story", "", done.remote_id)
    assert "story_text" in {problem.code for problem in PLATFORM.check(draft)}


def test_the_days_quota_is_read_before_anything_is_made(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image = photo(tmp_path)
    show(host, image)
    before = len(stand.log())
    prepared(bench, bench.draft("x", image))
    assert stand.log()[before]["step"] == "publishing_limit"
    stand.fault("status", platform="instagram", step="publishing_limit", status=2207042)
    with pytest.raises(PlatformError) as caught:
        prepared(bench, bench.draft("y", image))
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "daily_cap")
    assert caught.value.retry_after == 3600


def test_a_post_is_taken_back_where_facebooks_log_in_has_given_the_right(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image = photo(tmp_path)
    show(host, image)
    done = bench.publish(bench.draft("Regret", image))
    if bench.connection.options["login"] == "instagram":
        with pytest.raises(InvalidError) as caught:
            PLATFORM.delete(bench.desk(), done.remote_id, {})
        assert caught.value.code == "cannot_delete"
        return
    for _ in range(2):
        PLATFORM.delete(bench.desk(), done.remote_id, {})
    assert last(stand)["deleted"]


def test_each_kind_of_post_is_asked_for_its_own_figures(
    stand: Stand, linked: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image, film = photo(tmp_path), video(tmp_path)
    show(host, image, film)
    posts = []
    for draft in (
        linked.draft("Counted", image),
        linked.draft("Watched", film),
        linked.draft("", image, shape="story"),
    ):
        desk = prepared(linked, draft)
        done = PLATFORM.commit(desk, draft)
        posts.append(Posted(done.remote_id, dict(desk.handle), draft.created_at))
    stand.forward(3600)
    before = len(stand.log())
    found = PLATFORM.measure(linked.desk(), posts)
    calls = len(stand.log()) - before
    again = Posted(posts[1].remote_id, {}, posts[1].published_at)
    unknown = PLATFORM.measure(linked.desk(), [again])
    stand.forward(-3600)
    assert calls == 3
    picture, reel, story = (found[post.remote_id] for post in posts)
    assert {"views", "saved", "profile_visits"} <= set(picture)
    assert {"views", "ig_reels_avg_watch_time"} <= set(reel)
    assert reel["ig_reels_avg_watch_time"] < 100  # seconds, of milliseconds
    assert {"views", "replies"} <= set(story)
    assert "likes" not in story
    assert set(unknown[posts[1].remote_id]) == set(reel)


def test_a_retired_metric_is_dropped_and_never_zero(
    stand: Stand, linked: Bench, host: MediaHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autosched.platforms.instagram import figures as ours

    monkeypatch.setattr(figures, "_dropped", {})
    monkeypatch.setattr(ours, "BY_PRODUCT", {"FEED": ("impressions", *ours.BY_PRODUCT["FEED"])})
    image = photo(tmp_path)
    show(host, image)
    done = linked.publish(linked.draft("Fewer figures", image))
    posted = Posted(done.remote_id, {"shape": "picture"}, linked.draft("x").created_at)
    found = PLATFORM.measure(linked.desk(), [posted])[done.remote_id]
    assert "impressions" not in found
    assert "views" in found
    before = len(stand.log())
    PLATFORM.measure(linked.desk(), [posted])
    assert len(stand.log()) - before == 1


def test_without_the_right_to_insights_the_post_itself_is_read(
    stand: Stand, bench: Bench, host: MediaHost, tmp_path: Path
) -> None:
    image = photo(tmp_path)
    show(host, image)
    done = bench.publish(bench.draft("Plain figures", image))
    desk = bench.desk()
    desk.secret["scopes"] = []
    posted = [
        Posted(done.remote_id, {"shape": "picture"}, bench.draft("x").created_at),
        Posted("18000000000000001", {"shape": "picture"}, bench.draft("x").created_at),
    ]
    assert PLATFORM.measure(desk, posted) == {
        done.remote_id: {"like_count": 0.0, "comments_count": 0.0}
    }
