"""Words are measured and broken as libass will draw them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import scripture
from autosched.errors import InvalidError
from autosched.media import ffmpeg
from autosched.studio import typeset
from autosched.studio.typeset import break_lines, divide, measure, words


@given(
    st.lists(st.floats(0.1, 9.0), min_size=1, max_size=9),
    st.integers(1, 9),
)
def test_a_division_is_whole_in_order_and_the_cheapest_there_is(widths, count):
    count = min(count, len(widths))
    average = sum(widths) / count

    def cost(a, b):
        return (sum(widths[a:b]) - average) ** 2

    runs = divide(len(widths), count, cost)
    assert [a for a, _ in runs] == [0, *[b for _, b in runs][:-1]]
    assert runs[-1][1] == len(widths)
    assert all(a < b for a, b in runs)
    best = min(
        sum(cost(a, b) for a, b in itertools.pairwise((0, *cuts, len(widths))))
        for cuts in itertools.combinations(range(1, len(widths)), count - 1)
    )
    assert sum(cost(a, b) for a, b in runs) == pytest.approx(best)


@pytest.mark.parametrize("reference", ["2:255", "2:282", "94:5", "18:109"])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_lines_joined_give_the_verse_back_byte_for_byte(reference, count):
    arabic = scripture.verses(reference)[0].arabic
    lines = break_lines(arabic, "AmiriQuran-Regular", "arabic", count)
    assert " ".join(lines) == arabic
    assert len(lines) == count


def test_a_mark_that_stands_alone_is_never_parted_from_its_word():
    assert words("قُلۡ ۖ هُوَ") == ["قُلۡ ۖ", "هُوَ"]
    assert words("۞ إِنَّ ٱللَّهَ") == ["۞ إِنَّ", "ٱللَّهَ"]


def test_even_lines_leave_no_word_alone():
    text = "So remember Me and I will remember you and be grateful to Me and do not deny Me"
    lines = break_lines(text, "EBGaramond-Medium", "latin", 3)
    widths = [measure("EBGaramond-Medium", line, "latin").advance for line in lines]
    assert min(widths) > 0.75 * max(widths)


def test_a_character_without_a_glyph_is_refused_by_name():
    with pytest.raises(InvalidError, match=r"U\+4E2D"):
        typeset.require("EBGaramond-Medium", "a 中 b")


@pytest.mark.parametrize(
    ("file", "script", "text"),
    [
        ("AmiriQuran-Regular", "arabic", scripture.verses("94:5")[0].arabic),
        ("Amiri-Bold", "arabic", scripture.verses("112:1")[0].arabic),
        ("ScheherazadeNew-Bold", "arabic", scripture.verses("94:5")[0].arabic),
        ("NotoNastaliqUrdu-Regular", "nastaliq", "پس حقیقت یہ ہے کہ تنگی کے ساتھ"),
        ("NotoSerifBengali-Regular", "bengali", "নিশ্চয় কষ্টের সাথে স্বস্তি রয়েছে।"),
        ("CormorantGaramond-MediumItalic", "latin", "For indeed, with hardship AVATAR"),
        ("Inter-Regular", "cyrillic", "Воистину, за каждой тягостью"),
    ],
)
def test_libass_draws_a_line_where_it_was_measured(file, script, text, tmp_path):
    """The ink that libass lays down lies in the box that was foreseen, and fills it."""
    size, baseline, middle = 60.0, 160.0, 450.0
    face = typeset.face(file)
    _write_line(tmp_path, face, size, middle, baseline - size * face.ascent, text)
    width, height = 900, 300
    ffmpeg.run(
        [
            *("-f", "lavfi", "-i", f"color=black:s={width}x{height}:r=30:d=0.04"),
            *("-vf", "ass=words.ass:fontsdir=fonts", "-frames:v", "1"),
            *("-f", "rawvideo", "-pix_fmt", "gray", "frame.raw"),
        ],
        cwd=tmp_path,
        env={"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
    )
    frame = np.frombuffer((tmp_path / "frame.raw").read_bytes(), np.uint8)
    rows, columns = np.nonzero(frame.reshape(height, width) > 60)
    extent = measure(file, text, script)
    margin = typeset.INK_MARGIN[script] * size
    assert baseline - extent.above * size == pytest.approx(rows.min(), abs=2)
    assert baseline + extent.below * size == pytest.approx(rows.max() + 1, abs=2)
    assert middle - extent.advance * size / 2 - margin <= columns.min()
    assert columns.max() + 1 <= middle + extent.advance * size / 2 + margin


def _write_line(folder, face, size, x, y, text):
    import shutil

    from autosched import packages
    from autosched.studio import render
    from autosched.studio import text as ass

    (folder / "fonts").mkdir()
    shutil.copy(packages.fonts_dir() / f"{face.file}.ttf", folder / "fonts")
    (folder / "fonts.conf").write_text(render.FONTCONFIG)
    event = (
        f"Dialogue: 0,0:00:00.00,0:00:01.00,{face.file},,0,0,0,,"
        f"{{\\an8\\pos({x},{y})\\fs{size * (face.ascent + face.descent)}}}{text}"
    )
    script = ass.HEADER.format(
        width=900,
        height=300,
        styles=ass.STYLE.format(file=face.file, name=face.name),
        events=event,
    )
    (folder / "words.ass").write_text(script, encoding="utf-8")
