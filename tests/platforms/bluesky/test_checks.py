"""What is said against a draft before it is scheduled."""

from __future__ import annotations

from pathlib import Path

import pytest

from autosched.platforms.base import Draft, Media
from autosched.platforms.bluesky import Bluesky
from tests.platforms.writing import draft

NOWHERE = Path("/nonexistent")


def image(alt: str = "A lamp") -> Media:
    return Media(NOWHERE, "image", "image/png", 1000, 10, 10, alt=alt)


def video(
    size: int = 1000, seconds: float = 10.0, mime: str = "video/mp4", alt: str = "A reel"
) -> Media:
    return Media(NOWHERE, "video", mime, size, 90, 160, seconds, alt=alt)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (draft("A text"), []),
        (draft("", image()), []),
        (draft("", video()), []),
        (draft(" \n"), ["empty"]),
        (draft("a" * 301), ["text_too_long"]),
        (draft("👩‍🚀" * 280), ["text_too_heavy"]),
        (draft("", *[image()] * 4), []),
        (draft("", *[image()] * 5), ["too_many_images"]),
        (draft("", video(), video()), ["too_many_videos"]),
        (draft("", image(), video()), ["mixed"]),
        (draft("", Media(NOWHERE, "audio", "audio/mpeg", 1000)), ["audio"]),
        (draft("", video(seconds=181)), ["video_too_long"]),
        (draft("", video(alt="a" * 1001)), ["alt_too_long"]),
    ],
)
def test_what_will_not_do_is_said_before(given: Draft, codes: list[str]) -> None:
    problems = [problem for problem in Bluesky().check(given) if problem.blocking]
    assert [problem.code for problem in problems] == codes
    assert all(problem.sentence.endswith(".") for problem in problems)


def test_a_missing_description_is_pointed_out_but_does_not_block() -> None:
    (problem,) = Bluesky().check(draft("", image(alt="")))
    assert (problem.code, problem.blocking) == ("alt_missing", False)
