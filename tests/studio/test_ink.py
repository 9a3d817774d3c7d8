"""The ink of a line is where libass puts it, in every face."""

import pytest

from autosched import scripture
from autosched.studio import ink
from autosched.studio.ink import Sample
from autosched.studio.typeset import INK_MARGIN, measure

LINES = [
    ("AmiriQuran-Regular", "arabic", scripture.verses("94:5")[0].arabic),
    ("Amiri-Bold", "arabic", scripture.verses("112:1")[0].arabic),
    ("ScheherazadeNew-Bold", "arabic", scripture.verses("94:5")[0].arabic),
    (
        "ScheherazadeNew-Regular",
        "arabic",
        " ".join(scripture.verses("2:255")[0].arabic.split()[:9]),
    ),
    ("NotoNastaliqUrdu-Regular", "nastaliq", "پس حقیقت یہ ہے کہ تنگی کے ساتھ"),
    ("NotoSerifBengali-Regular", "bengali", "নিশ্চয় কষ্টের সাথে স্বস্তি রয়েছে।"),
    ("CormorantGaramond-MediumItalic", "latin", "For indeed, with hardship AVATAR"),
    ("Inter-Regular", "cyrillic", "Воистину, за каждой тягостью"),
]


@pytest.mark.parametrize(("file", "script", "text"), LINES, ids=[line[0] for line in LINES])
def test_what_is_measured_by_shaping_is_what_libass_draws(file, script, text):
    sample = Sample(file, script, 0.0, text)
    drawn, extent = ink.look([sample])[sample], measure(file, text, script)
    assert drawn.above == pytest.approx(extent.above, abs=0.04)
    assert drawn.below == pytest.approx(extent.below, abs=0.04)
    assert drawn.right - drawn.left <= extent.advance + 2 * INK_MARGIN[script]
    assert drawn.right - drawn.left > 0.9 * extent.advance


def test_braces_and_backslashes_are_drawn_as_they_are():
    plain = Sample("Inter-Regular", "latin", 0.0, "an")
    hostile = [
        Sample("Inter-Regular", "latin", 0.0, text)
        for text in ("a{n", "a}n", "a{\\b1}n", "a\\Nn", "a\\hn", "a\\n")
    ]
    seen = ink.look([plain, *hostile])
    width = seen[plain].right - seen[plain].left
    for sample in hostile:
        assert seen[sample].right - seen[sample].left > width + 0.2
        assert seen[sample].below < 0.5  # nothing went to a second line


def test_tracking_widens_a_line():
    close, wide = (Sample("Inter-Regular", "latin", each, "AL-INSHIRAH") for each in (0.0, 0.2))
    seen = ink.look([close, wide])
    assert seen[wide].right > seen[close].right + 1.8
