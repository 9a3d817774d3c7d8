"""Every kind of post on a page, seen as it stands there afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from autosched.platforms.base import Action, PlatformError, Posted
from autosched.platforms.facebook import Facebook
from autosched.platforms.meta import figures
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.facebook.meta_files import photo, prepared, video

PLATFORM = Facebook()


def post_of(stand: Stand, text: str) -> dict[str, Any]:
    found = [post for post in stand.posts("facebook") if post["text"] == text]
    assert len(found) == 1
    return found[0]


def test_words_go_out(stand: Stand, bench: Bench) -> None:
    done = bench.publish(bench.draft("As-salamu alaykum"))
    post = post_of(stand, "As-salamu alaykum")
    assert done.remote_id == post["id"]
    assert done.permalink == post["permalink"]
    assert httpx.get(done.permalink).status_code == 200


def test_a_link_is_shown_as_a_card(stand: Stand, bench: Bench) -> None:
    bench.publish(bench.draft("Read this", link="https://example.org/a"))
    assert post_of(stand, "Read this")["extra"]["link"] == "https://example.org/a"


def test_a_photo_and_its_description_stay_unseen_until_the_post(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    draft = bench.draft("One photo", photo(tmp_path))
    before = len(stand.posts("facebook"))
    desk = prepared(bench, draft)
    assert len(stand.posts("facebook")) == before
    PLATFORM.commit(desk, draft)
    (shown,) = post_of(stand, "One photo")["media"]
    assert shown["alt"] == "A night sky"


def test_several_photos_keep_their_order(stand: Stand, bench: Bench, tmp_path: Path) -> None:
    media = [photo(tmp_path, f"{n}.jpg", shade=20 * n, alt=f"Photo {n}") for n in range(5)]
    bench.publish(bench.draft("Five photos", *media))
    shown = post_of(stand, "Five photos")["media"]
    assert [each["alt"] for each in shown] == [f"Photo {n}" for n in range(5)]


def test_a_video_goes_up_in_pieces_and_out_when_it_is_processed(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    media = video(tmp_path, padding=9_000_000)
    before = len(stand.log())
    done = bench.publish(bench.draft("A video", media, title="The title", ai_generated=True))
    post = post_of(stand, "A video")
    assert post["kind"] == "video"
    assert post["extra"]["title"] == "The title"
    assert post["extra"]["is_ai_generated"] == "true"
    assert done.permalink == post["permalink"]
    calls = [seen for seen in stand.log()[before:] if seen["step"] == "create_video"]
    assert len(calls) == 1 + 3 + 1


def test_a_reel_goes_up_as_a_stream(stand: Stand, bench: Bench, tmp_path: Path) -> None:
    done = bench.publish(bench.draft("A reel", video(tmp_path), shape="reel"))
    post = post_of(stand, "A reel")
    assert post["kind"] == "reel"
    assert done.permalink == post["permalink"]


def test_the_first_comment_stands_under_the_post(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    bench.publish(bench.draft("Words and a comment", first_comment="#morning"))
    bench.publish(bench.draft("Reel and a comment", video(tmp_path), shape="reel",
                              first_comment="#evening"))  # fmt: skip
    for text, comment in (("Words and a comment", "#morning"), ("Reel and a comment", "#evening")):
        remarks = post_of(stand, text)["extra"]["comments"]
        assert [remark["text"] for remark in remarks] == [comment]


def test_a_refused_comment_says_that_the_post_is_out_and_only_it_is_tried_again(
    stand: Stand, bench: Bench
) -> None:
    stand.fault("status", platform="facebook", step="comment", status=368)
    draft = bench.draft("Comment refused", first_comment="later")
    desk = prepared(bench, draft)
    with pytest.raises(PlatformError, match="The post is out, but not its first comment"):
        PLATFORM.commit(desk, draft)
    again = prepared(bench, draft, bench.handles[-1])
    PLATFORM.commit(again, draft)
    remarks = post_of(stand, "Comment refused")["extra"]["comments"]
    assert [remark["text"] for remark in remarks] == ["later"]


def test_a_post_can_be_taken_back_twice(stand: Stand, bench: Bench, tmp_path: Path) -> None:
    for draft in (bench.draft("Regret"), bench.draft("Regret video", video(tmp_path))):
        desk = prepared(bench, draft)
        done = PLATFORM.commit(desk, draft)
        for _ in range(2):
            PLATFORM.delete(bench.desk(), done.remote_id, desk.handle)
        assert post_of(stand, draft.text)["deleted"]


def test_a_video_that_cannot_be_processed_is_a_matter_for_a_person(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    stand.fault("fail_processing", platform="facebook", step="create_reel")
    draft = bench.draft("Broken reel", video(tmp_path), shape="reel")
    desk = prepared(bench, draft)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "video_refused")
    again = prepared(bench, draft, bench.handles[-1])
    PLATFORM.commit(again, draft)
    post_of(stand, "Broken reel")


def test_figures_come_by_their_names_and_seconds_are_seconds(
    stand: Stand, bench: Bench, tmp_path: Path
) -> None:
    posts = []
    for draft in (bench.draft("Counted"), bench.draft("Watched", video(tmp_path), shape="reel")):
        desk = prepared(bench, draft)
        done = PLATFORM.commit(desk, draft)
        posts.append(Posted(done.remote_id, dict(desk.handle), draft.created_at))
    stand.forward(86_400)
    found = PLATFORM.measure(bench.desk(), posts)
    stand.forward(-86_400)
    text, reel = found[posts[0].remote_id], found[posts[1].remote_id]
    assert {"post_media_view", "post_total_media_view_unique", "reactions", "comments"} <= set(text)
    assert "total_video_avg_time_watched" not in text
    assert 0 < reel["total_video_avg_time_watched"] < 100
    assert reel["blue_reels_play_count"] > 0
    assert set(PLATFORM.metrics) >= {"post_media_view", "reactions"}


def test_a_retired_metric_is_dropped_and_never_zero(
    stand: Stand, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autosched.platforms.facebook import figures as ours

    monkeypatch.setattr(ours, "POST", ("post_impressions", *ours.POST, "post_fans"))
    monkeypatch.setattr(figures, "_dropped", {})
    draft = bench.draft("Some figures are gone")
    desk = prepared(bench, draft)
    done = PLATFORM.commit(desk, draft)
    posted = Posted(done.remote_id, dict(desk.handle), draft.created_at)
    found = PLATFORM.measure(bench.desk(), [posted])[done.remote_id]
    assert "post_media_view" in found
    assert not {"post_impressions", "post_fans"} & set(found)
    before = len(stand.log())
    PLATFORM.measure(bench.desk(), [posted])
    assert len(stand.log()) - before == 2


def test_a_post_that_is_gone_has_no_figures(stand: Stand, bench: Bench) -> None:
    done = bench.publish(bench.draft("Gone soon"))
    PLATFORM.delete(bench.desk(), done.remote_id, {})
    posted = Posted(done.remote_id, {"post": done.remote_id}, bench.draft("x").created_at)
    assert PLATFORM.measure(bench.desk(), [posted]) == {}


def test_without_the_right_to_insights_the_post_itself_is_read(stand: Stand, bench: Bench) -> None:
    done = bench.publish(bench.draft("Plain figures"))
    desk = bench.desk()
    desk.secret["scopes"] = ["pages_read_engagement"]
    posted = Posted(done.remote_id, {"post": done.remote_id}, bench.draft("x").created_at)
    assert set(PLATFORM.measure(desk, [posted])[done.remote_id]) == {"comments", "reactions"}


def test_what_will_not_do_is_said_before(bench: Bench, tmp_path: Path) -> None:
    def codes(draft: Any) -> set[str]:
        return {problem.code for problem in PLATFORM.check(draft) if problem.blocking}

    image, film = photo(tmp_path), video(tmp_path)
    assert codes(bench.draft("")) == {"empty"}
    assert codes(bench.draft("x" * 63_207)) == {"text_too_long"}
    assert codes(bench.draft("x", image, link="https://example.org")) == {"link_and_photos"}
    assert codes(bench.draft("x", link="example.org")) == {"link"}
    assert codes(bench.draft("x", shape="reel")) == {"media_missing"}
    assert "too_many_images" in codes(bench.draft("x", image, film))
    assert codes(bench.draft("x", *[image] * 11)) == {"too_many_images"}
    assert codes(bench.draft("x", replace(film, duration=91.0), shape="reel")) == {"video_too_long"}
    assert codes(bench.draft("x", replace(film, duration=1.5), shape="reel")) == {"video_too_short"}
    assert codes(bench.draft("x", film, title="t" * 300)) == {"option_title"}
    assert codes(bench.draft("x", film)) == set()
    assert "better_as_reel" in {p.code for p in PLATFORM.check(bench.draft("x", film))}
    assert PLATFORM.shape(bench.draft("x", film)).name == "video"
    assert PLATFORM.shape(bench.draft("x", image)).name == "post"
    assert PLATFORM.cost(bench.draft("x")) is None
