"""What the benches hold the product against is itself consistent, and the same for one seed."""

from __future__ import annotations

import random
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from autosched.studio.analysis.report import Text, Transition
from bench import guard
from bench import scripture as shaping
from bench._truth import looks, music, scoring, texts, transitions


def frames(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> transitions.Cut:
    return transitions.make(tmp_path_factory.mktemp("cuts"), 3)


@pytest.fixture(scope="module")
def titled(tmp_path_factory: pytest.TempPathFactory) -> texts.Titled:
    return texts.make(tmp_path_factory.mktemp("texts"), 1)


def test_one_seed_gives_one_video(cut: transitions.Cut, tmp_path: Path) -> None:
    again = transitions.make(tmp_path, 3)
    assert again.changes == cut.changes
    assert all(
        apart(a, b) < 1.5
        for a, b in zip(frames(cut.path)[::40], frames(again.path)[::40], strict=True)
    )
    assert transitions.make(tmp_path, 4).changes != cut.changes


def test_at_a_cut_the_picture_is_another_and_before_it_it_is_not(cut: transitions.Cut) -> None:
    shown = frames(cut.path)
    assert len(shown) == cut.frames
    cuts = [each.first for each in cut.changes if each.kind == "cut"]
    assert cuts
    for first in cuts:
        before = apart(shown[first - 2], shown[first - 1])
        assert apart(shown[first - 1], shown[first]) > max(12, 1.5 * before)
    for each in cut.changes:
        if each.kind not in ("cut", "flash"):
            assert apart(shown[each.first - 1], shown[each.first + each.frames]) > 12


def test_a_text_is_seen_in_its_box_while_it_rests(titled: texts.Titled) -> None:
    shown = frames(titled.path)
    high, wide = shown[0].shape[:2]
    for text in titled.texts:
        x, y, w, h = text.box
        place = np.s_[int(y * high) : int((y + h) * high), int(x * wide) : int((x + w) * wide)]
        rest = shown[(text.first + text.end) // 2][place]
        gone = shown[max(0, text.first - 1)][place]
        assert apart(rest, gone) > 4


def test_the_scorers_give_full_marks_to_the_truth_and_fewer_to_less(
    cut: transitions.Cut, titled: texts.Titled
) -> None:
    whole = [
        Transition(
            time=each.first / cut.fps,
            duration=each.frames / cut.fps,
            kind=each.kind,
        )
        for each in cut.changes
    ]
    counts, graduals = scoring.Counts(), scoring.Graduals()
    scoring.cuts(cut, [each.time for each in whole if each.kind == "cut"], counts)
    graduals.add(cut, whole)
    assert counts.told()["f1"] == graduals.any_kind.told()["f1"] == 1.0
    late = scoring.Counts()
    scoring.cuts(cut, [each.time + 0.1 for each in whole if each.kind == "cut"], late)
    assert late.told()["f1"] == 0.0
    found = [
        Text(
            start=each.first / titled.fps,
            end=each.end / titled.fps,
            box=each.box,
            script=each.script,
            enter=each.enter,
            exit=each.leave,
        )
        for each in titled.texts
    ]
    told, less = scoring.Texts(), scoring.Texts()
    told.add(titled, found)
    less.add(titled, found[1:])
    assert told.counts.told()["f1"] == 1.0
    assert all(true == said for true, said in told.motion)
    assert less.counts.told()["recall"] < 1.0


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000_is_that_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    found = looks.difference(np.array(one), np.array(other))
    assert float(found) == pytest.approx(difference, abs=1e-4)


def test_a_look_changes_footage_plausibly() -> None:
    greys = np.repeat(np.linspace(0.05, 0.95, 40)[:, None], 3, axis=1)
    for seed in range(12):
        made = looks.random_look(random.Random(seed))(greys)
        assert np.all(np.diff(made.mean(axis=1)) > -1e-6)
        assert 0.15 < made.mean() < 0.85


@pytest.mark.parametrize("kind", ["music", "recitation", "speech", "ambience"])
def test_every_kind_of_sound_is_heard_and_known(kind: str, tmp_path: Path) -> None:
    heard = music.make(tmp_path, 5, kind)
    assert heard.path.stat().st_size > 1_000_000
    assert (heard.tempo is not None) == (kind == "music")
    if heard.tempo:
        assert np.diff(heard.beats) == pytest.approx(60 / heard.tempo)


def test_letters_left_unjoined_are_found_out_by_their_pixels() -> None:
    found = shaping._compared("AmiriQuran-Regular", ["بِسۡمِ ٱللَّهِ ٱلرَّحۡمَٰنِ", "قُلۡ هُوَ ٱللَّهُ أَحَدٌ"])
    assert found["most_different"] < 0.04
    assert found["unjoined_found_out"] == 2


def test_every_verse_of_a_short_surah_is_set_whole_in_every_face() -> None:
    for face in shaping.FACES:
        counted, lines = shaping._set_face(face, range(6222, 6226))
        assert (counted.missing_glyphs, counted.clipped, counted.overflow) == (0, 0, 0)
        assert counted.altered == 0
        assert len(lines) >= 4


def test_the_guard_is_asked_about_right_altered_and_ordinary_words() -> None:
    rng, words, ordinary = random.Random(1), guard.canon(), guard._ordinary()
    kinds = {guard._quoting(rng, words, ordinary).kind for _ in range(80)}
    assert {"true", "letter", "vowel", "word", "missing", "added", "swapped"} == kinds
    assert len(ordinary) > 60
