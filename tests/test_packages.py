"""Data packages: only what was recorded is used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autosched import packages
from autosched.errors import UnavailableError
from autosched.settings import settings


def test_every_file_of_every_package_is_there_and_as_recorded() -> None:
    assert packages.missing() == []
    assert sum(len(package.files) for package in packages.manifest()) > 30


def test_each_package_names_its_licence_and_carries_its_text() -> None:
    for package in packages.manifest():
        assert package.licence
        assert package.credit
        assert any(name.startswith("licences/") for name in package.files)


def test_a_changed_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "packages"
    shutil.copytree(settings().packages, copy, ignore=shutil.ignore_patterns("web"))
    monkeypatch.setenv("AUTOSCHED_PACKAGES", str(copy))
    settings.cache_clear()
    assert packages.missing() == []
    with (copy / "fonts" / "AmiriQuran-Regular.ttf").open("r+b") as font:
        font.seek(1000)
        font.write(b"\0\0\0\0")
    assert [package.title for package in packages.missing()] == ["Amiri Quran"]


def test_a_package_that_can_not_be_had_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_PACKAGES", str(tmp_path))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    settings.cache_clear()
    with pytest.raises(UnavailableError, match="could not be fetched"):
        packages.fetch()
    assert not list(tmp_path.glob("fonts/*"))
