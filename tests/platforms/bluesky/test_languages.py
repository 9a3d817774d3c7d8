"""The languages guessed from letters."""

from __future__ import annotations

import pytest

from autosched.platforms.bluesky.languages import guess


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("فَإِنَّ مَعَ ٱلْعُسْرِ يُسْرًا", ["ar"]),
        ("بے شک ہر مشکل کے ساتھ آسانی ہے", ["ur"]),
        ("به راستی که با هر سختی آسانی است، می‌گوید", ["fa"]),
        ("নিশ্চয় কষ্টের সাথেই স্বস্তি রয়েছে", ["bn"]),
        ("Воистину, за каждой тягостью наступает облегчение", ["ru"]),
        ("فَإِنَّ مَعَ ٱلْعُسْرِ يُسْرًا\nনিশ্চয় কষ্টের সাথেই স্বস্তি রয়েছে", ["bn", "ar"]),
        ("السلام عليكم https://example.com/a #peace @amina.bsky.social", ["ar"]),
        ("Indeed, with hardship comes ease", []),
        ("Sesungguhnya sesudah kesulitan itu ada kemudahan", []),
        ("فَإِنَّ مَعَ ٱلْعُسْرِ يُسْرًا Indeed with hardship", []),
        ("🌙✨ 94:5", []),
        ("", []),
    ],
)
def test_letters_tell_the_language_or_nothing_is_said(text: str, languages: list[str]) -> None:
    assert guess(text) == languages
