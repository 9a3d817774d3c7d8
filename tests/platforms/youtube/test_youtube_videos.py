"""Videos on YouTube: nobody sees them before their time, and then they are shown once."""

from __future__ import annotations

import hashlib
import time

import pytest

from autosched.platforms.base import Action, PlatformError, Published
from autosched.platforms.youtube import videos
from tests.platforms.desks import Killed
from tests.platforms.youtube.scene import Make, film, finished, picture, refused, video

KIDS = {"made_for_kids": "no"}


def test_a_video_goes_out_with_all_that_was_said_of_it(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft(
        "Evening reflections\nWith a few words on patience.", video(at.folder), **KIDS,
        tags=["quran", "evening light"], privacy="public", category="27", ai_generated=True,
        paid_promotion=True, notify_subscribers=False,
    )  # fmt: skip
    assert not [each for each in at.platform.check(draft) if each.blocking]
    published = at.bench.publish(draft)
    (post,) = at.posts()
    assert published == Published(post["id"], post["permalink"])
    said = post["extra"]
    assert post["text"] == "Evening reflections"
    assert said["description"] == draft.text
    assert said["tags"] == ["quran", "evening light"]
    assert said["categoryId"] == "27"
    assert said["privacyStatus"] == "public"
    assert said["selfDeclaredMadeForKids"] is False
    assert said["containsSyntheticMedia"] is True
    assert said["hasPaidProductPlacement"] is True
    assert said["notifySubscribers"] is False
    assert post["kind"] == "short"


def test_nobody_sees_it_before_the_commit(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Later", video(at.folder), **KIDS, privacy="unlisted")
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    assert at.posts()[0]["extra"]["privacyStatus"] == "private"
    assert at.steps("update_post") == []
    at.platform.commit(desk, draft)
    assert at.posts()[0]["extra"]["privacyStatus"] == "unlisted"
    # What an update leaves out falls back: all of the status is said again.
    assert at.posts()[0]["extra"]["selfDeclaredMadeForKids"] is False


def test_a_private_video_is_done_when_it_is_uploaded(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Mine", video(at.folder), made_for_kids="yes", privacy="private")
    published = at.bench.publish(draft)
    assert at.steps("update_post") == []
    assert at.posts()[0]["extra"]["selfDeclaredMadeForKids"] is True
    assert at.platform.settle(at.bench.desk(at.bench.handles[-1]), draft) == published


def test_a_picture_becomes_the_cover_before_anybody_sees_the_video(scene: Make) -> None:
    at = scene()
    cover = picture(at.folder)
    draft = at.bench.draft("Covered", cover, video(at.folder), **KIDS)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    digest = hashlib.sha256(cover.path.read_bytes()).hexdigest()
    assert at.posts()[0]["extra"]["thumbnail_sha256"] == digest
    assert at.posts()[0]["extra"]["privacyStatus"] == "private"
    at.platform.prepare(at.bench.desk(desk.handle), draft)
    assert at.steps("thumbnail") == [200]


def test_a_cover_that_the_channel_may_not_have_is_told(scene: Make) -> None:
    at = scene(person=1)
    draft = at.bench.draft("Covered", video(at.folder), picture(at.folder), **KIDS)
    assert "cover_not_allowed" in {each.code for each in at.platform.check(draft)}
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.FIX, "cover_not_allowed")


@pytest.mark.parametrize("kind", ["reset_after", "status_after"])
def test_a_change_whose_answer_was_lost_is_read_off_the_video(scene: Make, kind: str) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder), **KIDS)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.fault(kind, platform="youtube", step="update_post")
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert caught.value.action == Action.SETTLE
    found = at.platform.settle(at.bench.desk(desk.handle), draft)
    assert found == Published(at.posts()[0]["id"], at.posts()[0]["permalink"])
    assert at.steps("update_post") in ([0], [503])


@pytest.mark.parametrize("kind", ["reset_before", "status"])
def test_a_change_that_never_arrived_is_made_after_some_patience(scene: Make, kind: str) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder), **KIDS)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.stand.fault(kind, platform="youtube", step="update_post")
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert caught.value.action == Action.SETTLE
    with pytest.raises(PlatformError) as early:
        at.platform.settle(at.bench.desk(desk.handle), draft)
    assert early.value.action == Action.RETRY
    later = at.bench.desk({**desk.handle, "committing_at": time.time() - 60})
    assert at.platform.settle(later, draft) is None
    at.platform.commit(later, draft)
    (post,) = at.posts()
    assert post["extra"]["privacyStatus"] == "public"


def test_a_kill_around_the_change_is_settled(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Once", video(at.folder), **KIDS)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.bench.kill_after = 0
    with pytest.raises(Killed):
        at.platform.commit(desk, draft)
    at.bench.kill_after = None
    later = at.bench.desk({**at.bench.handles[-1], "committing_at": time.time() - 60})
    assert at.platform.settle(later, draft) is None
    assert at.platform.commit(later, draft) == at.platform.settle(later, draft)
    assert len(at.posts()) == 1


def test_a_video_that_youtube_cannot_read_never_goes_out(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Noise", video(at.folder, content=b"no film at all" * 900), **KIDS)
    error = refused(at, draft)
    assert (error.action, error.code) == (Action.FIX, "file_refused")
    assert at.steps("update_post") == []


def test_a_video_that_youtube_is_slow_with_goes_out_on_time(
    scene: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(videos, "POLL_SECONDS", (0.1,))
    at = scene()
    at.stand.fault("slow", platform="youtube", seconds=30)
    at.bench.publish(at.bench.draft("Slow", video(at.folder), **KIDS))
    assert at.posts()[0]["extra"]["privacyStatus"] == "public"


def test_a_video_that_was_deleted_before_it_went_out_is_told(scene: Make) -> None:
    at = scene()
    draft = at.bench.draft("Gone", video(at.folder), **KIDS)
    desk = at.bench.desk()
    desk.handle = at.platform.prepare(desk, draft)
    at.platform.delete(at.bench.desk(), desk.handle["video_id"], {})
    with pytest.raises(PlatformError) as caught:
        at.platform.commit(desk, draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "video_gone")
    # Whoever tries again all the same gets it uploaded anew.
    finished(at, draft)
    assert at.steps("upload_init") == [200, 200]


def test_a_video_is_deleted_and_once_more_is_no_error(scene: Make) -> None:
    at = scene()
    published = at.bench.publish(at.bench.draft("Off again", video(at.folder), **KIDS))
    for _ in range(2):
        at.platform.delete(at.bench.desk(), published.remote_id, {})
    assert at.steps("delete_post") == [204, 404]
    assert [post for post in at.posts() if not post.get("deleted")] == []


def test_an_access_token_that_ends_on_the_way_is_renewed(scene: Make) -> None:
    at = scene()
    for step in ("upload_init", "read_post", "update_post"):
        at.stand.fault("expire_token", platform="youtube", step=step)
    at.bench.publish(at.bench.draft("Renewed", video(at.folder), **KIDS))
    assert len(at.posts()) == 1
    assert len(at.bench.secrets) == 3
    # Google's refresh token stays the same.
    assert {each["refresh"] for each in at.bench.secrets} == {at.bench.connection.secret["refresh"]}


def test_a_spent_quota_is_waited_for(scene: Make) -> None:
    at = scene()
    at.stand.fault("status", platform="youtube", step="upload_init", status=403)
    error = refused(at, at.bench.draft("Tomorrow", video(at.folder), **KIDS))
    assert (error.action, error.code) == (Action.RETRY, "quota_spent")
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 25 * 3600 + 60


def test_a_wide_film_is_a_video(scene: Make) -> None:
    at = scene()
    wide = video(at.folder, content=film("320x180"), width=320, height=180)
    draft = at.bench.draft("Wide", wide, **KIDS)
    assert at.platform.shape(draft).name == "video"
    at.bench.publish(draft)
    assert at.posts()[0]["kind"] == "video"
