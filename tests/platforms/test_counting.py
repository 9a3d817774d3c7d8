"""How texts are counted."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import packages
from autosched.platforms import counting

BISMILLAH = "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ"
SAMPLES = [
    "",
    "abc",
    "👩‍🚀🏳️‍🌈👍🏽",
    BISMILLAH,
    "ٱلۡحَمۡدُ لِلَّهِ رَبِّ ٱلۡعَـٰلَمِينَ",
    "کھٹی میٹھی باتیں",
    "বাংলা ক্ষমা",
    "क्षि",
    "e\u0301\r\n",
    "🇵🇸🇹🇷🇮🇩",
    "﷽ ﷺ",
]


def test_a_vowelled_letter_is_one_character_and_so_is_a_family_of_emoji() -> None:
    assert counting.graphemes("بِ") == 1
    assert counting.graphemes("👨‍👩‍👧‍👦") == 1
    assert counting.code_points("بِ") == 2
    assert counting.utf16_units("👍") == 2
    assert counting.utf8_bytes("ب") == 2


def test_characters_are_counted_as_the_servers_own_runtime_counts_them() -> None:
    script = (
        "const s = new Intl.Segmenter();"
        "const t = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(t.map((x) => [...s.segment(x)].length)))"
    )
    import json

    done = subprocess.run(
        [str(packages.node_bin() / "node"), "-e", script],
        input=json.dumps(SAMPLES),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [counting.graphemes(text) for text in SAMPLES] == json.loads(done.stdout)


@given(st.text())
def test_the_units_stand_in_their_order_for_any_text(text: str) -> None:
    assert counting.graphemes(text) <= counting.code_points(text)
    assert counting.code_points(text) <= counting.utf16_units(text) <= counting.utf8_bytes(text)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_bytes_and_code_units_are_those_of_the_encodings(text: str) -> None:
    assert counting.utf8_bytes(text) == len(text.encode())
    assert counting.utf16_units(text) * 2 == len(text.encode("utf-16-le"))


@pytest.mark.parametrize("unit", sorted(counting.UNITS))
def test_every_unit_counts_nothing_as_nothing(unit: str) -> None:
    assert counting.UNITS[unit]("") == 0
