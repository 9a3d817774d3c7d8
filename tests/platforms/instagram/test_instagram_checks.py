"""What Instagram won't take is said before it is scheduled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.platforms.base import Draft, Media
from autosched.platforms.instagram import Instagram
from autosched.platforms.instagram.accounts import COMMENT
from autosched.platforms.meta import files
from autosched.settings import settings

PLATFORM = Instagram()
IMAGE = Media(Path("/a.jpg"), "image", "image/jpeg", 1000, 1080, 1350, None, "A sky", "a.jpg")
FILM = Media(Path("/a.mp4"), "video", "video/mp4", 1000, 1080, 1920, 12.0, "", "a.mp4")


@pytest.fixture(autouse=True)
def public(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", "https://posts.example.org")
    settings.cache_clear()


def draft(text: str = "", *media: Media, login: str = "instagram", **options: Any) -> Draft:
    account = {"login": login, "rights": list(COMMENT.values()), "account_type": "BUSINESS"}
    return Draft("t", text, media, options, datetime.now(UTC), account)


def codes(made: Draft, *, blocking: bool = True) -> set[str]:
    return {problem.code for problem in PLATFORM.check(made) if problem.blocking == blocking}


def test_the_kind_follows_the_media_unless_it_is_chosen() -> None:
    for media, name in (((IMAGE,), "picture"), ((FILM,), "reel"), ((IMAGE, FILM), "carousel"),
                        ((), "picture")):  # fmt: skip
        assert PLATFORM.shape(draft("x", *media)).name == name
    assert PLATFORM.shape(draft("x", IMAGE, shape="story")).name == "story"


def test_words_alone_are_no_post() -> None:
    problems = PLATFORM.check(draft("Only words"))
    assert [problem.sentence for problem in problems] == [
        "Instagram takes no such post without a picture."
    ]


def test_hashtags_are_warned_of_before_they_are_refused() -> None:
    for count, blocking, warned in ((5, set(), set()), (6, set(), {"many_hashtags"}),
                                    (30, set(), {"many_hashtags"}),
                                    (31, {"too_many_hashtags"}, set())):  # fmt: skip
        made = draft(" ".join(f"#tag{n}" for n in range(count)), IMAGE)
        assert codes(made) == blocking
        assert codes(made, blocking=False) == warned


@given(st.integers(0, 40), st.sampled_from(["tag", "نور", "日本", "a_b", "été"]))
def test_every_hashtag_counts_once_in_any_script(count: int, word: str) -> None:
    from autosched.platforms.instagram.checks import _HASHTAG

    text = "\n".join(f"#{word}{n}, see me@x.org & c#sharp &#39;" for n in range(count))
    assert len(_HASHTAG.findall(text)) == count


def test_what_the_shapes_forbid_is_said() -> None:
    assert codes(draft("x" * 2201, IMAGE)) == {"text_too_long"}
    assert codes(draft("@a " * 21, IMAGE)) == {"too_many_mentions"}
    assert codes(draft("x", *[IMAGE] * 11)) == {"too_many_images", "too_many_media"}
    assert codes(draft("x", IMAGE, shape="carousel")) == {"media_missing"}
    assert codes(draft("x", replace(FILM, duration=901.0))) == {"video_too_long"}
    assert codes(draft("x", replace(FILM, duration=61.0), shape="story")) == {"video_too_long"}
    assert codes(draft("x", replace(FILM, duration=2.0))) == {"video_too_short"}
    assert codes(draft("x", replace(IMAGE, alt="a" * 1001))) == {"alt_too_long"}
    assert codes(draft("x", IMAGE, first_comment="a" * 301)) == {"option_first_comment"}
    assert codes(draft("x", IMAGE, collaborators="@a, b c @d")) == {"option_collaborators"}
    assert codes(draft("x", IMAGE, collaborators="@a, b c")) == set()
    for moment, wrong in ((0, False), ("11999", False), (12000, True), (-1, True), ("no", True)):
        assert codes(draft("x", FILM, cover_ms=moment)) == ({"option_cover_ms"} if wrong else set())
    assert codes(draft("", IMAGE, shape="story")) == set()


def test_a_story_of_a_creators_account_is_for_a_reminder() -> None:
    made = draft("", IMAGE, shape="story")
    made = replace(made, account={**made.account, "account_type": "MEDIA_CREATOR"})
    (problem,) = PLATFORM.check(made)
    assert (problem.code, problem.blocking) == ("by_hand", True)
    assert "reminder" in problem.sentence


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000", "http://posts.example.org", "https://localhost", "https://10.1.2.3",
     "https://[::1]:80", "https://box", "posts.example.org"],
)  # fmt: skip
def test_an_address_that_meta_cannot_reach_is_said_before(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", address)
    settings.cache_clear()
    assert not files.reachable(address)
    (problem,) = PLATFORM.check(draft("x", IMAGE))
    assert (problem.code, problem.blocking) == ("public_url", True)
    assert "AUTOSCHED_PUBLIC_URL" in problem.sentence
    assert codes(draft("x", FILM)) == {"public_url"}
    assert codes(draft("x", FILM, login="facebook")) == set()  # its bytes are brought there
    monkeypatch.setenv("AUTOSCHED_SANDBOX", "http://127.0.0.1:9400")
    settings.cache_clear()
    assert codes(draft("x", IMAGE)) == set()


@pytest.mark.parametrize("address", ["https://posts.example.org", "https://1.1.1.1:8443/x"])
def test_an_address_on_the_internet_will_do(address: str) -> None:
    assert files.reachable(address)
