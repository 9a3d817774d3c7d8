"""The page of what was posted."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autosched.sandbox import timeline
from autosched.sandbox.world import Person, World

EVIL = "<script>alert('x')</script> & \"quoted\""


class Read(HTMLParser):
    """The tags of a page with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World("http://127.0.0.1:1", tmp_path)
    world.people += [
        Person("x", "1", "night", "Night Reminders"),
        Person("mastodon", "2", "quiet", "Quiet Verses"),
    ]
    return world


def page(world: World, platform: str | None = None) -> str:
    return bytes(timeline.page(world, platform).body).decode()


def test_an_empty_timeline_says_that_nothing_was_posted(world: World) -> None:
    assert "Nothing has been posted" in page(world)


def test_the_newest_post_comes_first_and_a_platform_can_be_chosen(world: World) -> None:
    world.publish("x", "1", "the elder")
    world.publish("mastodon", "2", "the younger")
    whole = Read(page(world))
    assert whole.words.index("the younger") < whole.words.index("the elder")
    assert "the elder" not in page(world, "mastodon")
    links = whole.named("a")
    assert [link["href"] for link in links[:3]] == ["/", "/?platform=mastodon", "/?platform=x"]
    chosen = Read(page(world, "x")).named("a")
    assert [link["href"] for link in chosen if "aria-current" in link] == ["/?platform=x"]


def test_nothing_that_was_posted_becomes_part_of_the_page(world: World) -> None:
    world.people.append(Person("x", "3", EVIL, EVIL))
    blob = world.keep("x", "3", b"x", "image/png", EVIL.replace("/", ""))
    blob.alt = EVIL
    other = world.keep("x", "3", b"x", EVIL, "file")
    clip = world.keep("x", "3", b"x", "video/mp4", "clip")
    clip.alt = EVIL
    world.publish(
        "x", "3", EVIL, [blob, other, clip], kind=EVIL, permalink="javascript:alert(1)",
        **{EVIL: EVIL},
    )  # fmt: skip
    world.publish(EVIL, EVIL, EVIL, permalink=f"https://a.example/{EVIL}")
    found = page(world, None)
    read = Read(found)
    assert not read.named("script")
    assert "<script" not in found
    assert not any("javascript:" in (link.get("href") or "") for link in read.named("a"))
    assert read.words.count(EVIL) >= 5
    assert not Read(page(world, EVIL)).named("script")
    allowed = {"style", "class", "aria-hidden", "dir", "src", "alt", "loading", "controls",
               "preload", "playsinline", "aria-label", "href", "datetime", "lang", "charset",
               "name", "content", "aria-current"}  # fmt: skip
    assert {name for _, attributes in read.tags for name in attributes} <= allowed


def test_text_keeps_its_lines_and_its_own_direction(world: World) -> None:
    world.publish("x", "1", "الحمد لله\nsecond line")
    found = page(world)
    (text,) = [each for each in Read(found).named("p") if each.get("class") == "text"]
    assert text["dir"] == "auto"
    assert "الحمد لله\nsecond line" in found
    assert re.search(r"\.text\{[^}]*white-space:pre-wrap", found)


def test_pictures_videos_and_other_files_are_shown_from_the_stand_in(world: World) -> None:
    still = world.keep("x", "1", b"x", "image/jpeg", "still")
    still.alt = "A field"
    moving = world.keep("x", "1", b"x", "video/mp4", "moving")
    paper = world.keep("x", "1", b"x", "application/pdf", "paper")
    world.publish("x", "1", "", [still, moving, paper], kind="mixed")
    read = Read(page(world))
    assert read.named("img")[0] | {"alt": "A field"} == read.named("img")[0]
    assert read.named("img")[0]["src"] == "/_sandbox/media/x-still"
    assert read.named("video")[0]["src"] == "/_sandbox/media/x-moving"
    assert "/_sandbox/media/x-paper" in [link["href"] for link in read.named("a")]


def test_a_card_tells_who_what_when_and_which_options(world: World) -> None:
    post = world.publish(
        "x", "1", "Hello", kind="reel", permalink="http://127.0.0.1:1/x.com/night/status/1",
        privacy="friends", made_with_ai=True, tags=["a", "b"], nothing=None, media_keys=["3_1"],
    )  # fmt: skip
    post.created_at = 1_767_225_600.0
    read = Read(page(world))
    for words in ("NR", "Night Reminders", "@night · X", "reel", "01 Jan 2026, 00:00:00 UTC",
                  "privacy", "friends", "made with ai", "yes", '["a", "b"]'):  # fmt: skip
        assert words in read.words
    assert "nothing" not in read.words.replace("nothing here", "")
    assert "3_1" not in read.words
    assert post.permalink in [link["href"] for link in read.named("a")]


def test_what_was_deleted_stays_to_be_seen_as_such(world: World) -> None:
    world.publish("x", "1", "Gone").deleted = True
    found = page(world)
    assert "Gone" in found
    assert "deleted" in Read(found).words


def test_there_is_a_light_and_a_dark_side(world: World) -> None:
    assert "prefers-color-scheme:dark" in page(world)


def test_a_long_timeline_shows_its_newest_part(world: World) -> None:
    for n in range(205):
        world.publish("x", "1", f"number {n}.")
    read = Read(page(world))
    assert len(read.named("article")) == 200
    assert "number 204." in read.words
    assert "number 4." not in read.words
    assert "The newest 200 of 205 posts." in read.words


def test_a_post_has_a_page_of_its_own_and_a_missing_one_has_none(world: World) -> None:
    post = world.publish("x", "1", "Alone")
    assert b"Alone" in bytes(timeline.single(world, post).body)
    assert timeline.single(world, None).status_code == 404
