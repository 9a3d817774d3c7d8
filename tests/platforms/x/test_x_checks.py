"""What X is told not to take before anything is sent, and what a post costs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms import parts
from autosched.platforms.base import Draft, Media
from autosched.platforms.x import X
from tests.platforms import making


def draft(text: str, *media: Media, **options: Any) -> Draft:
    return Draft("t", text, media, options, datetime.now(UTC))


def codes(made: Draft) -> list[str]:
    return [problem.code for problem in X().check(made) if problem.blocking]


def media(kind: str, mime: str, **more: Any) -> Media:
    return Media(Path("a"), kind, mime, 10, **more)


def test_a_text_is_weighed() -> None:
    assert codes(draft("日" * 140)) == []
    assert codes(draft("日" * 141)) == ["text_too_long"]
    assert codes(draft("https://example.com/" + "a" * 500 + " " + "b" * 256)) == []


def test_every_part_of_a_thread_is_weighed_and_none_says_the_same() -> None:
    assert codes(draft("one", thread=["two", "three"])) == []
    assert codes(draft("one", thread=["two", "x" * 281])) == ["thread_text_too_long"]
    assert codes(draft("one", thread=["two", "one "])) == ["thread_repeats"]
    assert codes(draft("0", thread=[str(n) for n in range(1, 30)])) == ["thread_too_long"]
    assert parts.texts(draft("one", thread=["", "two", " "])) == ["one", "two"]
    assert parts.texts(draft("one", thread="two")) == ["one", "two"]


def test_one_cashtag_is_taken_and_two_are_not() -> None:
    assert codes(draft("$ABC is up, $5 more")) == []
    assert codes(draft("$ABC and $DEF.A")) == ["cashtags"]
    assert codes(draft("fine", thread=["$ABC and $DEF"])) == ["cashtags"]


def test_pictures_or_a_video_are_taken_not_both() -> None:
    photo = media("image", "image/jpeg")
    film = media("video", "video/mp4", duration=20.0)
    assert codes(draft("", *[photo] * 4)) == []
    assert codes(draft("", *[photo] * 5)) == ["too_many_images"]
    assert codes(draft("", film)) == []
    assert codes(draft("", film, film)) == ["too_many_videos"]
    assert codes(draft("", photo, film)) == ["mixed"]
    assert codes(draft("", media("video", "video/mp4", duration=141.0))) == ["video_too_long"]
    assert codes(draft("")) == ["empty"]


def test_a_gif_by_itself_stays_one_and_among_pictures_becomes_one_of_them() -> None:
    moving, photo = media("image", "image/gif"), media("image", "image/jpeg")
    assert X().shape(draft("", moving)).name == "gif"
    assert X().shape(draft("", moving, photo)).name == "post"
    assert X().shape(draft("", moving, shape="post")).name == "post"
    assert codes(draft("", moving, photo)) == []


def test_who_may_reply_is_one_of_x_s_choices() -> None:
    assert codes(draft("a", reply_settings="following")) == []
    assert codes(draft("a", reply_settings="nobody")) == ["option_reply_settings"]


@pytest.mark.parametrize(
    ("made", "dollars"),
    [
        (draft("plain"), 0.015),
        (draft("see example.com"), 0.200),
        (draft("plain", thread=["see https://example.com", "more"]), 0.230),
        (draft("", media("image", "image/jpeg", alt="a lamp")), 0.020),
        (draft("", media("image", "image/jpeg")), 0.015),
    ],
)
def test_a_post_costs_what_its_parts_its_links_and_its_descriptions_cost(
    made: Draft, dollars: float
) -> None:
    cost = X().cost(made)
    assert cost is not None
    assert cost.dollars == pytest.approx(dollars)


def test_the_cost_is_said_in_words() -> None:
    cost = X().cost(draft("plain", thread=["see https://example.com", "more"]))
    assert cost is not None
    assert cost.reason == ("X charges for 2 posts ($0.015 each), 1 post with a link ($0.200 each).")


def test_what_is_made_for_a_test_is_as_it_says(tmp_path: Path) -> None:
    assert codes(draft("", making.picture(tmp_path / "a.jpg", alt="teal"))) == []
