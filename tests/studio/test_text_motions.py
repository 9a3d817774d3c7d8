"""How words come and go: every motion ends in the plain line, and scripture stays whole."""

import dataclasses
import re
import tempfile
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from autosched.media import ffmpeg
from autosched.studio import graph, text, text_motion, typeset
from autosched.studio import spec as specs
from autosched.studio.plan import plan, rest
from autosched.studio.template import Enter, Motion, Whole

WHOLE = sorted({each for part in get_args(Whole) for each in get_args(part)})
TYPED = "typewriter"


@cache
def base(verse="2:255"):
    return plan(specs.parse({"scenes": [{"verse": verse}]}), scale=0.25)


def moving(enter, leaving="fade", verse="94:5", **fields):
    """A plan whose first page comes and goes so."""
    found = base(verse)
    words = tuple(
        dataclasses.replace(
            each, enter=enter, leaving=leaving, enter_seconds=0.8, leave_seconds=0.6, **fields
        )
        for each in found.leaves[0].words
    )
    return dataclasses.replace(
        found, leaves=(dataclasses.replace(found.leaves[0], words=words, marks=()),)
    )


def frames(found, *moments):
    """What libass draws on black at some moments."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / graph.WORDS).write_text(text.script(found), encoding="utf-8")
        files = {words.face for leaf in found.leaves for words in leaf.words}
        environment = typeset.gather(folder, files)
        count = max(round(at * found.fps) for at in moments) + 1
        source = f"color=c=black:s={found.width}x{found.height}:r={found.fps},format=gray"
        drawn = f"{source},ass=filename={graph.WORDS}:fontsdir={graph.FONTS}"
        arguments = ["-f", "lavfi", "-i", drawn, "-frames:v", str(count)]
        arguments += ["-f", "rawvideo", "-pix_fmt", "gray", "all.raw"]
        log = ffmpeg.run(arguments, env=environment, cwd=folder)
        text.check_log(log, found)
        every = np.fromfile(folder / "all.raw", np.uint8).reshape(-1, found.height, found.width)
        return [every[round(at * found.fps)] for at in moments]


@cache
def plain(verse="94:5"):
    found = moving("none", "none", verse)
    return frames(found, rest(found.leaves[0]))[0]


def test_there_are_at_least_twelve_ways_to_come_and_to_go():
    assert len(WHOLE) >= 12
    assert TYPED not in WHOLE
    assert {"slide_up", "slide_down", "slide_left", "slide_right", "pop", "words"} <= set(WHOLE)


@pytest.mark.parametrize("kind", [*WHOLE, TYPED])
def test_every_motion_comes_to_rest_in_the_plain_line_and_goes_again(kind):
    leaving = "fade" if kind == TYPED else kind
    found = moving(kind, leaving)
    leaf = found.leaves[0]
    start = min(words.start for words in leaf.words)
    end = max(words.end for words in leaf.words)
    early, still, late, gone = frames(found, start + 0.2, rest(leaf), end - 0.2, end + 0.1)
    assert np.array_equal(still, plain())
    assert still.max() > 150
    assert not gone.any()
    if kind != "none":
        assert not np.array_equal(early, still)
        assert not np.array_equal(late, still)
        assert early.any()


def test_scripture_can_not_be_typed_and_no_motion_draws_a_part_of_its_words():
    with pytest.raises(ValidationError):
        Motion(arabic=TYPED)
    with pytest.raises(ValidationError):
        Motion(leaving=TYPED)
    for kind in WHOLE:
        found = moving(kind, kind)
        scripture = next(words for words in found.leaves[0].words if words.role == "arabic")
        lines = {line.text for line in scripture.lines}
        for event in text.script(found).splitlines():
            if not event.startswith("Dialogue:") or f",{scripture.face}," not in event:
                continue
            assert not re.search(r"\\i?clip|\\fr|\\fsc[xy]-|\\fa[xy]", event)
            body = event.split(",,0,0,0,,", 1)[1]
            assert re.sub(r"\{[^}]*\}", "", body) in lines
            # Where something changes inside of a line, it is between words.
            for piece in re.split(r"\{[^}]*\}", body)[1:-1]:
                assert piece == "" or piece.endswith(" ")


def test_a_slide_moves_where_its_name_says_both_in_and_out():
    for kind, axis, sign in (
        ("slide_up", "dy", -1), ("slide_down", "dy", 1),
        ("slide_left", "dx", -1), ("slide_right", "dx", 1),
    ):  # fmt: skip
        come = [getattr(each, axis) for *_, each in text_motion.poses(kind, 1, 0.5, 50, 30)]
        go = [
            getattr(each, axis) for *_, each in text_motion.poses(kind, 1, 0.5, 50, 30, going=True)
        ]
        assert all((after - before) * sign > 0 for before, after in pairwise(come))
        assert all((after - before) * sign > 0 for before, after in pairwise(go))
        assert come[0] * sign < 0 < go[-1] * sign


def test_a_pop_overshoots_a_little_and_settles():
    scales = [each.scale for *_, each in text_motion.poses("pop", 0, 1.0, 50, 30)]
    assert 101 < max(scales) < 106
    assert scales[-1] == pytest.approx(100, abs=0.6)
    assert scales[0] < 95


def test_words_and_lines_come_one_by_one():
    found = moving("words")
    start = found.leaves[0].words[0].start
    sums = [int(each.sum()) for each in frames(found, *(start + 0.15 * n for n in range(1, 6)))]
    assert sums == sorted(sums)
    assert sums[0] < 0.5 * sums[-1]
    two = moving("lines", "lines", "2:255")
    assert len(two.leaves[0].words[0].lines) > 1
    times = [
        re.match(r"Dialogue: 0,([^,]+),([^,]+),", event).groups()
        for event in text.script(two).splitlines()
        if event.startswith("Dialogue:") and f",{two.leaves[0].words[0].face}," in event
    ]
    assert [begin for begin, _ in times] == sorted({begin for begin, _ in times})
    assert [end for _, end in times] == sorted({end for _, end in times})


def test_a_pause_mark_goes_with_its_word_and_no_letter_is_lost():
    line = "فِيهِ ۛ هُدًى لِّلْمُتَّقِينَ"
    pieces = text_motion.whole_words(line)
    assert "".join(pieces) == line
    assert len(pieces) == 3
    assert all(any(unicodedata.category(c) == "Lo" for c in piece) for piece in pieces)


def test_every_motion_has_its_name_on_the_page():
    from autosched.ui.gallery.spoken import MOTIONS

    kinds = {*WHOLE, *(get_args(get_args(Enter)[-1]) or [TYPED])}
    assert kinds <= set(MOTIONS)
