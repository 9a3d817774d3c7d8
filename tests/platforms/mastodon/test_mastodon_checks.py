"""What a server does not take is said before anything is sent, by the server's own limits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Draft, Media
from autosched.platforms.mastodon import Mastodon, instance

LARGE = instance.Instance().told()
SMALL = {**LARGE, "characters": 5000, "per_link": 25, "attachments": 6}


def draft(text: str, *media: Media, server: dict[str, Any] = LARGE, **options: Any) -> Draft:
    account = {"instance": server, "visibility": "unlisted"}
    return Draft("t", text, media, options, datetime.now(UTC), account)


def codes(made: Draft) -> list[str]:
    return [problem.code for problem in Mastodon().check(made) if problem.blocking]


def media(kind: str, mime: str, **more: Any) -> Media:
    return Media(Path("a"), kind, mime, 10, **more)


PHOTO = media("image", "image/jpeg")
GIF = media("image", "image/gif")
FILM = media("video", "video/mp4", duration=20.0)
SOUND = media("audio", "audio/mpeg", duration=20.0)


def test_a_text_is_counted_by_the_servers_numbers() -> None:
    assert codes(draft("x" * 500)) == []
    assert codes(draft("x" * 501)) == ["text_too_long"]
    assert codes(draft("x" * 501, server=SMALL)) == []
    link = " https://example.com/" + "a" * 300
    assert codes(draft("x" * 476 + link)) == []
    assert codes(draft("x" * 477 + link)) == ["text_too_long"]
    assert codes(draft("x" * 4975 + link, server=SMALL)) == ["text_too_long"]


def test_a_content_warning_counts_as_text_in_every_part() -> None:
    assert codes(draft("x" * 490, spoiler_text="y" * 10)) == []
    assert codes(draft("x" * 490, spoiler_text="y" * 11)) == ["text_too_long"]
    long = draft("x", spoiler_text="y" * 11, thread=["z" * 490])
    assert codes(long) == ["thread_text_too_long"]


def test_a_person_on_another_server_counts_without_it() -> None:
    assert codes(draft("@amina@a.very.long.name.example " + "x" * 493)) == []


def test_pictures_or_one_film_or_one_sound_are_taken() -> None:
    assert codes(draft("", *[PHOTO] * 4)) == []
    assert "too_many_images" in codes(draft("", *[PHOTO] * 5))
    assert codes(draft("", *[PHOTO] * 6, server=SMALL)) == []
    assert codes(draft("", FILM)) == codes(draft("", SOUND)) == []
    assert codes(draft("", FILM, PHOTO)) == ["mixed"]
    assert codes(draft("", SOUND, PHOTO)) == ["sound_alone"]
    assert codes(draft("", FILM, FILM)) == ["too_many_videos"]


def test_a_gif_by_itself_stays_one_and_among_pictures_becomes_one_of_them() -> None:
    assert Mastodon().shape(draft("", GIF)).name == "gif"
    assert Mastodon().shape(draft("", GIF, PHOTO)).name == "post"
    image = Mastodon().shape(draft("", GIF, PHOTO)).limits.image
    assert image is not None
    assert "image/gif" not in image.mimes


def test_a_server_without_films_and_sounds_takes_none() -> None:
    bare = {**LARGE, "mimes": ["image/png"]}
    assert codes(draft("", FILM, server=bare)) == ["too_many_videos"]
    assert codes(draft("", SOUND, server=bare)) == ["audio"]
    assert [shape.name for shape in Mastodon().shapes({"instance": bare})] == ["post"]
    image = Mastodon().shapes({"instance": bare})[0].limits.image
    assert image is not None
    assert image.mimes == ("image/png",)


def test_the_choices_begin_with_the_accounts_own() -> None:
    shape = Mastodon().shape(draft("a"))
    chosen = {option.name: option.default for option in shape.options}
    assert chosen["visibility"] == "unlisted"
    assert codes(draft("a", visibility="everyone")) == ["option_visibility"]


@pytest.mark.parametrize(
    ("language", "fine"), [("en", True), ("zh-Hant", True), ("", True), ("English!", False)]
)
def test_a_language_is_a_code(language: str, fine: bool) -> None:
    assert codes(draft("a", language=language)) == ([] if fine else ["option_language"])


def test_a_thread_has_an_end() -> None:
    assert codes(draft("0", thread=[str(n) for n in range(60)])) == ["thread_too_long"]


def test_an_account_without_limits_has_mastodons_own() -> None:
    assert instance.of({}) == instance.Instance()
    assert instance.of({"instance": LARGE}) == instance.Instance()
    assert instance.read("no answer") == instance.Instance()
    assert instance.read({"configuration": {"statuses": {"max_characters": 7}}}).characters == 7
