"""Where files lie: kept once, under their hash, and never where a name from outside points."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from autosched import storage
from autosched.clock import new_id
from autosched.errors import NotFoundError, UnavailableError


def kept(content: bytes, suffix: str = ".mp4") -> str:
    file = storage.incoming(new_id())
    file.write_bytes(content)
    key = storage.keep(file, hashlib.sha256(content).hexdigest(), suffix)
    assert not file.exists()
    return key


def test_what_is_kept_lies_under_its_key(data: Path) -> None:
    key = kept(b"salam")
    assert storage.path(key).read_bytes() == b"salam"
    assert storage.path(key).is_relative_to(data / "files")


def test_the_same_content_is_kept_once(data: Path) -> None:
    assert kept(b"salam") == kept(b"salam")
    assert len([file for file in (data / "files").rglob("*") if file.is_file()]) == 1


def test_a_damaged_copy_is_replaced_by_a_whole_one() -> None:
    key = kept(b"salam")
    storage.path(key).write_bytes(b"sal")
    assert storage.path(kept(b"salam")).read_bytes() == b"salam"


def test_to_forget_twice_does_no_harm() -> None:
    key = kept(b"salam")
    storage.forget(key)
    storage.forget(key)
    with pytest.raises(NotFoundError):
        storage.path(key)


def test_all_that_was_made_of_a_content_is_forgotten_with_it() -> None:
    sha256 = hashlib.sha256(b"salam").hexdigest()
    kept(b"salam")
    kept(b"salam", ".poster.jpg")
    other = kept(b"another")
    storage.forget_all(sha256)
    assert list(storage.kept(older_than=-1)) == [other[3:67]]


@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=100))
def test_no_text_from_outside_becomes_a_path(data: Path, text: str) -> None:
    for reach in (storage.path, storage.incoming, storage.forget):
        with pytest.raises(NotFoundError):
            reach(text)


@pytest.mark.parametrize("key", ["../autosched.db", "/etc/passwd", "ab/../../x", "ab/" + "0" * 64])
def test_a_key_that_was_not_made_here_is_refused(key: str) -> None:
    with pytest.raises(NotFoundError):
        storage.path(key)


def test_a_full_disk_is_told_in_a_sentence() -> None:
    with pytest.raises(UnavailableError) as caught, storage.full_disk_told():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert caught.value.code == "disk_full"
    assert "full" in caught.value.sentence
