"""What is kept of posts that were begun, and the small rules of writing: pure functions."""

from __future__ import annotations

import json
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from autosched.ui.calendar.spoken import clock_notice, spoken
from autosched.ui.compose import draft, keeping
from autosched.ui.compose.draft import MediaItem, Piece


def test_what_is_kept_is_found_again_under_its_key() -> None:
    kept = keeping.put("", "a", {"text": "Salam"})
    kept = keeping.put(kept, "b", {"text": "another"})
    assert keeping.find(kept, "a") == {"text": "Salam"}
    assert keeping.find(keeping.put(kept, "a", None), "a") is None


def test_the_oldest_of_many_begun_posts_goes_first() -> None:
    kept = ""
    for number in range(40):
        kept = keeping.put(kept, str(number), {"text": "x"})
    assert keeping.find(kept, "0") is None
    assert keeping.find(kept, "39") == {"text": "x"}


@given(st.text())
def test_a_storage_entry_of_any_kind_does_no_harm(kept: str) -> None:
    assert keeping.find(kept, "a") is None
    assert keeping.find(keeping.put(kept, "a", {"n": 1}), "a") == {"n": 1}


def test_media_survive_being_kept() -> None:
    media = [MediaItem("1", "video", "a.mp4", "a night", 3.5), MediaItem("2", "image", "b.jpg")]
    assert keeping.unpack(json.loads(json.dumps(keeping.pack(media)))) == media
    assert keeping.unpack("nonsense") == []


def test_an_account_with_words_of_its_own_differs() -> None:
    variants = {"a": {"text": ""}, "b": {"options": {"langs": ["ar"]}}, "c": {"text": None}}
    assert [draft.differs(variants, key) for key in "abcd"] == [True, False, False, False]
    assert draft.text_for("all", variants, "a") == ""
    assert draft.text_for("all", variants, "c") == "all"


@given(st.text())
def test_the_pieces_of_a_preview_are_the_whole_text(text: str) -> None:
    for platform in ("bluesky", "folder"):
        assert "".join(piece.text for piece in draft.pieces(text, platform)) == text


def test_a_preview_marks_what_the_platform_makes_a_link_of() -> None:
    found = draft.pieces("read https://quran.com #Quran", "bluesky")
    assert Piece("https://quran.com", "link") in found
    assert Piece("#Quran", "tag") in found


def test_the_times_that_are_offered_lie_ahead() -> None:
    for now in (datetime(2026, 11, 21, 0, 1), datetime(2026, 12, 31, 23, 59)):
        times = draft.quick_times(now)
        assert all(datetime.fromisoformat(one.wall) > now for one in times)
    late = [one.kind for one in draft.quick_times(datetime(2026, 11, 21, 18, 0))]
    assert "evening" not in late


def test_a_time_is_said_in_the_readers_language() -> None:
    wall = datetime(2026, 7, 14, 18, 0)
    assert spoken(wall, "en") == "Tue 14 Jul, 18:00"
    assert spoken(wall, "ar") == "الثلاثاء 14 يوليو، 18:00"


def test_what_the_clocks_do_to_a_time_is_said() -> None:
    asked, wall = datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 3, 30)
    assert clock_notice("gap", asked, wall, False)[1] == {"asked": "02:30", "wall": "03:30"}
    assert "second" in clock_notice("fold", asked, asked, True)[0]
    assert clock_notice("exact", asked, asked, False)[0] == ""
