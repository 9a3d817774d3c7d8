"""Everybody whose work is shown is credited, with the terms."""

from __future__ import annotations

from autosched import scripture


def test_the_text_the_collection_and_every_translator_are_credited() -> None:
    credits = scripture.sources()
    assert all(each.title and each.credit and each.licence for each in credits)
    assert all(each.url.startswith("https://") for each in credits)
    named = " ".join(each.credit for each in credits)
    for language in scripture.LANGUAGES.values():
        assert language.translator in named
        assert language.source in {each.url for each in credits}
    for name in ("quran-text", "quran-json", "Tanzil.net", "King Fahd"):
        assert name in named
