"""The compiled text is made once, made anew when stale, and never serves another Arabic."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autosched import packages, scripture
from autosched.errors import UnavailableError
from autosched.scripture import build
from autosched.settings import settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A packages folder of one's own, with the translations and a compiled text in it."""
    build.build()
    here = packages.path("scripture")
    mine = tmp_path / "packages"
    shutil.copytree(here, mine / "scripture")
    monkeypatch.setenv("AUTOSCHED_PACKAGES", str(mine))
    settings.cache_clear()
    yield mine / "scripture"
    settings.cache_clear()


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()


def test_what_is_compiled_is_left_alone(folder: Path) -> None:
    before = (folder / "verses.db").stat()
    assert build.build() == folder / "verses.db"
    after = (folder / "verses.db").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_missing_or_stale_file_is_compiled_on_first_use(folder: Path) -> None:
    change(folder / "verses.db", "UPDATE stamp SET value = 'older'")
    assert scripture.verse((94, 5)).key == "94:5"
    assert build.stamp_in(folder / "verses.db") == build.stamp()
    assert not list(folder.glob(".*"))


def test_an_altered_verse_is_never_served(folder: Path) -> None:
    canonical = scripture.verse((112, 1)).arabic
    change(folder / "verses.db", "UPDATE verse SET arabic = 'x' || arabic WHERE id = 6222")
    from autosched.scripture.text import _open

    _open.cache_clear()
    assert scripture.verse((112, 1)).arabic == canonical


def test_a_text_whose_hash_is_not_the_recorded_one_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "ARABIC_SHA256", "0" * 64)
    with pytest.raises(UnavailableError, match="not the one that was recorded"):
        build.build(anew=True)
    assert not list(folder.glob(".*"))


def test_a_missing_package_is_said_in_a_sentence_with_the_remedy(folder: Path) -> None:
    (folder / "verses.db").unlink()
    (folder / "quran_transliteration.json").unlink()
    with pytest.raises(UnavailableError, match=r"quran_transliteration.json is not here.*setup"):
        scripture.verses("94:5")


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(folder: Path) -> None:
    (folder / "verses.db").unlink()
    (folder / "verses.db").mkdir()
    with pytest.raises(UnavailableError, match="could not be written"):
        build.build()


def test_every_mended_place_is_damaged_in_the_package_and_whole_in_ours() -> None:
    for language, mendings in build.mends().items():
        document = json.loads(packages.path(f"scripture/quran_{language}.json").read_bytes())
        for (surah, ayah), (was, mended) in mendings.items():
            text = document[surah - 1]["verses"][ayah - 1]["translation"]
            assert text.count(was) == 1, (language, surah, ayah)
            assert mended in scripture.verse((surah, ayah), language).translation


@pytest.mark.parametrize("language", scripture.LANGUAGES)
def test_a_translation_is_the_packages_own_but_for_what_is_mended(language: str) -> None:
    document = json.loads(packages.path(f"scripture/quran_{language}.json").read_bytes())
    ours = scripture.verses("1:1-114:6", language)
    theirs = [verse["translation"] for chapter in document for verse in chapter["verses"]]
    differing = {
        verse.key for verse, text in zip(ours, theirs, strict=True) if verse.translation != text
    }
    mended = {f"{surah}:{ayah}" for surah, ayah in build.mends().get(language, {})}
    if language == "id":
        noted = re.compile(r"\d\)|\u00ad")
        mended |= {
            verse.key for verse, text in zip(ours, theirs, strict=True) if noted.search(text)
        }
    assert differing == mended
    for verse in ours:
        assert verse.translation.strip()
        assert not re.search(r"[?#&]\d+;|<|\t", verse.translation), verse.key


def test_indonesian_loses_its_footnote_numbers_and_the_bracket_that_closed_them() -> None:
    assert scripture.verse((2, 6), "id").translation.startswith("Sesungguhnya orang-orang kafir, s")
    assert scripture.verse((2, 3), "id").translation.startswith("(Yaitu) mereka yang beriman")
    assert not any(re.search(r"\d", v.translation) for v in scripture.verses("1:1-114:6", "id"))
