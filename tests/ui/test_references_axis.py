"""Where a report's things stand on the timeline, and what is said of what was not measured."""

from __future__ import annotations

import pytest

from autosched.studio.analysis.report import Composition, Grade, Music, Report, Shot, Text, Video
from autosched.studio.references.filmstrip import Sheet
from autosched.ui.references import figures
from autosched.ui.references.axis import axis, beats, loudness
from tests.studio.references.reports import rich

SHEET = Sheet(width=90, height=160, columns=4, tiles=8)


def test_every_lane_is_laid_out_in_shares_of_the_whole() -> None:
    made = axis(rich(30.0, 9), SHEET)
    assert len(made.shots) == len(made.starts) == 8
    ends = [float(bar.left[:-1]) + float(bar.width[:-1]) for bar in made.shots]
    assert max(ends) == pytest.approx(100, abs=0.01)
    assert {bar.picture for bar in made.shots} == {
        f"{column:.3f}% {row:.3f}%" for column in (0, 100 / 3, 200 / 3, 100) for row in (0, 100)
    }
    assert len(made.marks) == 8
    assert made.text_rows == 2


def test_thousands_of_beats_are_one_path() -> None:
    path = beats([number * 0.5 for number in range(1200)], 600.0)
    assert path.count("M") == 1200
    assert path.startswith("M0.00 0V100M0.83 ")
    # What was not measured leaves a gap.
    assert loudness((None, -20.0)).count("M") == 1
    assert loudness((None, None)) == ""


def test_a_picture_has_no_time_axis() -> None:
    still = Report(
        video=Video(width=10, height=10, fps=None, duration=None, has_audio=False),
        shots=(Shot(start=0, end=0),),
        transitions=(),
        grade=Grade(palette=("#102030",)),
        texts=(),
        music=None,
    )
    assert axis(still, None).shots == []
    assert figures.found(still).rhythm == []
    assert [each.weight for each in figures.found(still).palette] == [100.0]


def test_what_was_not_measured_has_neither_value_nor_meter() -> None:
    rows = [*figures.grade(Grade(palette=())), *figures.sound(Music())]
    rows += figures.shot(Shot(start=0, end=1, composition=Composition()))
    assert len(rows) > 20
    for row in rows:
        assert (row.value, row.word, row.colour) == ("", "", ""), row.name
        assert row.share < 0, row.name


def test_nought_that_was_measured_is_shown_as_nought() -> None:
    grade = Grade(palette=(), temperature=0.0, confidence={"temperature": 0.5})
    [row] = [row for row in figures.grade(grade) if row.name == "temperature"]
    assert (row.value, row.share, row.sure) == ("+0.00", 0.5, 50)
    assert figures.sound(Music(speech=False))[3].word == "no"


def test_texts_that_overlap_stand_in_rows_and_never_in_more_than_four() -> None:
    texts = tuple(
        Text(start=0, end=5, box=(0, 0, 1, 1), script=None, enter=None, exit=None) for _ in range(9)
    )
    report = rich().model_copy(update={"texts": texts})
    made = axis(report, None)
    assert made.text_rows == 4
    assert {bar.top for bar in made.texts} == {"0", "1", "2", "3"}
