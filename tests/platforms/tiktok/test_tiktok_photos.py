"""Photo posts on TikTok: it fetches the pictures itself as soon as they are announced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from autosched.platforms.base import Action, PlatformError, Published
from tests.platforms.desks import Killed
from tests.platforms.tiktok.scene import Make, Scene, picture, served

PUBLIC = {"privacy": "public"}


@pytest.fixture
def photos(scene: Make) -> Iterator[Scene]:
    made = scene()
    with served(made.folder) as url:
        made.bench.public = url
        yield made


def settled(scene: Scene, draft: Any, handle: dict[str, Any]) -> Published | None:
    for _ in range(20):
        try:
            return scene.platform.settle(scene.bench.desk(handle), draft)
        except PlatformError as error:
            if error.action != Action.RETRY:
                raise
            time.sleep(0.2)
    raise AssertionError("it never came to an end")


def test_pictures_go_out_with_their_title_and_cover(photos: Scene) -> None:
    media = [picture(photos.folder) for _ in range(3)]
    draft = photos.bench.draft(
        "Three evenings", *media, **PUBLIC, title="Evenings", cover_picture=2, auto_music=True
    )
    assert not [each for each in photos.platform.check(draft) if each.blocking]
    published = photos.bench.publish(draft)
    (post,) = photos.posts()
    assert published == Published(post["id"], post["permalink"])
    assert "/photo/" in post["permalink"]
    said = post["extra"]
    assert (said["title"], post["text"]) == ("Evenings", "Three evenings")
    assert said["photo_cover_index"] == 1
    assert said["auto_add_music"] is True
    assert len(post["media"]) == 3


def test_nothing_is_announced_before_the_commit(photos: Scene) -> None:
    draft = photos.bench.draft("Evening", picture(photos.folder), **PUBLIC)
    photos.platform.prepare(photos.bench.desk(), draft)
    assert photos.steps("photo_init") == []
    assert photos.steps("creator_info") == [200]


def test_an_announcement_whose_answer_was_lost_is_found_in_the_list(photos: Scene) -> None:
    draft = photos.bench.draft("A lost evening", picture(photos.folder), **PUBLIC)
    desk = photos.bench.desk()
    desk.handle = photos.platform.prepare(desk, draft)
    photos.stand.fault("reset_after", platform="tiktok", step="photo_init")
    with pytest.raises(PlatformError) as caught:
        photos.platform.commit(desk, draft)
    assert caught.value.action == Action.SETTLE
    found = settled(photos, draft, desk.handle)
    (post,) = photos.posts()
    assert found == Published(post["id"], post["permalink"])


def test_a_lost_announcement_that_is_not_listed_is_for_a_person(photos: Scene) -> None:
    draft = photos.bench.draft("Nowhere to be seen", picture(photos.folder), **PUBLIC)
    desk = photos.bench.desk()
    desk.handle = photos.platform.prepare(desk, draft)
    photos.stand.fault("reset_before", platform="tiktok", step="photo_init")
    with pytest.raises(PlatformError):
        photos.platform.commit(desk, draft)
    with pytest.raises(PlatformError) as early:
        photos.platform.settle(photos.bench.desk(desk.handle), draft)
    assert early.value.action == Action.RETRY
    with pytest.raises(PlatformError) as late:
        handle = {**desk.handle, "committing_at": time.time() - 100}
        photos.platform.settle(photos.bench.desk(handle), draft)
    assert (late.value.action, late.value.code) == (Action.ASK, "unlisted")


def test_a_lost_announcement_for_few_is_for_a_person_at_once(photos: Scene) -> None:
    draft = photos.bench.draft("For friends", picture(photos.folder), privacy="friends")
    desk = photos.bench.desk()
    desk.handle = photos.platform.prepare(desk, draft)
    photos.stand.fault("reset_after", platform="tiktok", step="photo_init")
    with pytest.raises(PlatformError):
        photos.platform.commit(desk, draft)
    with pytest.raises(PlatformError) as caught:
        photos.platform.settle(photos.bench.desk(desk.handle), draft)
    assert caught.value.action == Action.ASK
    for _ in range(50):
        if photos.posts():
            break
        time.sleep(0.1)
    assert len(photos.posts()) == 1  # which nobody can look up


def test_a_kill_after_the_announcement_is_settled_by_its_attempt(photos: Scene) -> None:
    draft = photos.bench.draft("Killed", picture(photos.folder), **PUBLIC)
    desk = photos.bench.desk()
    desk.handle = photos.platform.prepare(desk, draft)
    photos.bench.kill_after = 1
    with pytest.raises(Killed):
        photos.platform.commit(desk, draft)
    photos.bench.kill_after = None
    assert settled(photos, draft, photos.bench.handles[-1]) is not None
    assert len(photos.posts()) == 1


def test_pictures_that_tiktok_cannot_fetch_are_announced_once_more(photos: Scene) -> None:
    media = picture(photos.folder)
    draft = photos.bench.draft("Hidden", media, **PUBLIC)
    hidden = media.path.rename(media.path.with_suffix(".gone"))
    with pytest.raises(PlatformError) as caught:
        photos.bench.publish(draft)
    assert (caught.value.action, caught.value.code) == (Action.RETRY, "fetch_failed")
    hidden.rename(media.path)
    photos.bench.publish(draft)
    assert len(photos.posts()) == 1


def test_an_address_that_tiktok_has_not_verified_is_told(photos: Scene) -> None:
    photos.bench.public = "https://media.example.org"
    draft = photos.bench.draft("Foreign", picture(photos.folder), **PUBLIC)
    with pytest.raises(PlatformError) as caught:
        photos.bench.publish(draft)
    assert (caught.value.action, caught.value.code) == (Action.FIX, "address_unverified")


def test_pictures_can_be_left_as_a_draft_with_their_words(photos: Scene) -> None:
    draft = photos.bench.draft("Words", picture(photos.folder), shape="draft", title="Title")
    published = photos.bench.publish(draft)
    (post,) = photos.posts()
    assert post["extra"]["draft"] is True
    assert (post["text"], post["extra"]["title"]) == ("Words", "Title")
    assert published.permalink is None
    assert photos.bench.handles[-1]["handed_over"] is True
