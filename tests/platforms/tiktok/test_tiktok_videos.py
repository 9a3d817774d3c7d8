"""Videos on TikTok: with all that was said of them, as far as the creator allows it."""

from __future__ import annotations

import pytest

from autosched.platforms.base import Action
from tests.platforms.tiktok.scene import Make, refused, video

PUBLIC = {"privacy": "public"}


def test_a_small_video_goes_out_in_one_piece(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Evening #quran", video(at.folder), **PUBLIC, ai_generated=True)
    assert not [each for each in at.platform.check(draft) if each.blocking]
    published = at.bench.publish(draft)
    (post,) = at.posts()
    assert post["id"] == published.remote_id
    assert post["permalink"] == published.permalink
    assert post["text"] == "Evening #quran"
    said = post["extra"]
    assert said["privacy_level"] == "PUBLIC_TO_EVERYONE"
    assert said["is_aigc"] is True
    # Nobody may comment, duet or stitch unless it was said.
    assert all(said[f"disable_{name}"] for name in ("comment", "duet", "stitch"))


def test_the_options_reach_tiktok_in_its_own_terms(scene: Make) -> None:
    at = scene()
    options = {
        "privacy": "friends", "allow_comments": True, "allow_duet": True, "allow_stitch": True,
        "disclose": True, "your_brand": True, "paid_partnership": True, "cover_at": 0.5,
    }  # fmt: skip
    published = at.bench.publish(at.bench.draft("Hi", video(at.folder), **options))
    (post,) = at.posts()
    said = post["extra"]
    assert said["privacy_level"] == "MUTUAL_FOLLOW_FRIENDS"
    assert not any(said[f"disable_{name}"] for name in ("comment", "duet", "stitch"))
    assert said["brand_content_toggle"]
    assert said["brand_organic_toggle"]
    assert said["video_cover_timestamp_ms"] == 500
    # What is not for everyone has no number of its own: its attempt is the proof.
    assert published.remote_id.startswith("v_pub_file")
    assert published.permalink is None


def test_disclosures_count_only_when_commercial_content_is_disclosed(scene: Make) -> None:
    at = scene()
    at.bench.publish(at.bench.draft("Hi", video(at.folder), **PUBLIC, paid_partnership=True))
    assert at.posts()[0]["extra"]["brand_content_toggle"] is False


def test_an_access_token_that_ends_on_the_way_is_renewed(scene: Make) -> None:
    at = scene()
    old = at.bench.connection.secret
    for step in ("creator_info", "upload_init", "upload_status"):
        at.stand.fault("expire_token", platform="tiktok", step=step)
    at.bench.publish(at.bench.draft("Hi", video(at.folder), **PUBLIC))
    assert len(at.posts()) == 1
    assert len(at.bench.secrets) == 3
    assert at.bench.secrets[-1]["refresh"] != old["refresh"]


@pytest.mark.parametrize("person", [1])
def test_what_the_creator_has_switched_off_is_obeyed_when_the_post_goes_out(
    scene: Make, person: int
) -> None:
    at = scene(person)
    # As if the account had been connected when all was still allowed.
    at.bench.connection.options.pop("creator")
    draft = at.bench.draft("Hi", video(at.folder), **PUBLIC, allow_duet=True)
    assert not [each for each in at.platform.check(draft) if each.blocking]
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.FIX, "allow_duet_off")
    long = video(at.folder, duration=200.0)
    assert refused(at, at.bench.draft("Hi", long, **PUBLIC)).code == "video_too_long"
    error = refused(at, at.bench.draft("Hi", video(at.folder), privacy="followers"))
    assert (error.action, error.code) == (Action.FIX, "privacy_not_offered")
    assert at.steps("upload_init") == []


def test_a_draft_lies_in_the_inbox_and_counts_as_handed_over(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Words", video(at.folder), shape="draft")
    told = {each.code for each in at.platform.check(draft)}
    assert told == {"handed_over", "text_left_out"}
    published = at.bench.publish(draft)
    (post,) = at.posts()
    assert post["extra"]["draft"] is True
    assert published.remote_id.startswith("v_inbox_file")
    assert published.permalink is None
    assert at.bench.handles[-1]["handed_over"] is True
    assert at.steps("creator_info") == []
