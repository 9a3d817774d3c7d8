"""A reference is taken apart alike in every script."""

from __future__ import annotations

import pytest

from autosched.scripture import tokens


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Al-Inshirah 5-6", ["wndn"]),
        ("سورة الشرح ٥–٦", ["swndn"]),
        ("surah 2, verse 255", ["sn", "vn"]),
        ("Al-Falaq — An-Nas", ["wdw"]),
        ("2：255；3.1", ["ncn", "ncn"]),
        ("Şura", ["w"]),
        ("sura", ["s"]),
    ],
)
def test_kinds_of_tokens(text: str, kinds: list[str]) -> None:
    parts = tokens.parts(text)
    assert parts is not None
    assert [part.kinds for part in parts] == kinds


def test_a_sign_that_no_reference_has_makes_it_none() -> None:
    assert tokens.parts("2:255 = mercy") is None


def test_whether_a_comma_came_before_a_part_is_kept() -> None:
    parts = tokens.parts("1:1, 2; 3")
    assert parts is not None
    assert [part.comma for part in parts] == [False, True, False]
