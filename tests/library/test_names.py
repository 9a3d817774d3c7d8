"""File names from outside, made safe to show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.library.names import NAME_MAX, download_name, safe_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("holiday.mp4", "holiday.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\rain.mov", "rain.mov"),
        ("/absolute/سورة الرحمن.mp3", "سورة الرحمن.mp3"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\x00b\x1bc\n.png", "abc .png"),
        ("...", "Untitled"),
        ("", "Untitled"),
        ("\u200d\u200c", "Untitled"),
        (".bashrc", "bashrc"),
        ("  two   spaces .jpg", "two spaces .jpg"),
        ("می\u200cخواهم.mp4", "می\u200cخواهم.mp4"),
        ("\ud800broken.png", "broken.png"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(raw: str, shown: str) -> None:
    assert safe_name(raw) == shown


def test_a_long_name_is_cut_and_keeps_its_extension() -> None:
    name = safe_name("x" * 500 + ".mp4")
    assert len(name) == NAME_MAX
    assert name.endswith("x.mp4")


@given(st.text())
def test_every_name_is_safe_and_stays_as_it_is(raw: str) -> None:
    name = safe_name(raw)
    assert 0 < len(name) <= NAME_MAX
    assert not set(name) & set("/\\\0\n\r")
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs")
        or unicodedata.bidirectional(char) in ("RLO", "LRO")
        for char in name
    )
    assert safe_name(name) == name
    name.encode()


@pytest.mark.parametrize(
    ("name", "suffix", "saved"),
    [
        ("a.mp4", ".mp4", "a.mp4"),
        ("A.JPEG", ".jpg", "A.JPEG"),
        ("setup.exe", ".mp4", "setup.exe.mp4"),
        ("no extension", ".png", "no extension.png"),
    ],
)
def test_a_file_is_saved_with_the_extension_of_its_content(
    name: str, suffix: str, saved: str
) -> None:
    assert download_name(name, suffix) == saved
