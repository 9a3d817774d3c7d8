"""Plans: whole scripture, everything in the safe area, time enough, always the same."""

import itertools
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import spec as specs
from autosched.studio.frame import Format
from autosched.studio.framing import Look
from autosched.studio.passages import script_of, without_emoji
from autosched.studio.plan import plan
from autosched.studio.template import templates
from autosched.studio.timeline import Footage, Picture

EVEN = tuple([1 / 32] * 32)
CLIP = Look("video", 1920, 1080, 12.0, "bt709", False, EVEN, EVEN)


def planned(look=lambda path: CLIP, **spec):
    return plan(specs.Spec.model_validate({"scenes": [{"verse": "94:5"}], **spec}), look=look)


_languages = st.sampled_from(scripture.video_languages())
_names = st.sampled_from([each.name for each in templates()])
_verses = st.integers(1, 6236).map(
    lambda n: next(
        f"{surah.number}:{n - before}"
        for surah, before in _with_totals()
        if n <= before + surah.ayahs
    )
)


def _with_totals():
    before = 0
    for surah in scripture.surahs():
        yield surah, before
        before += surah.ayahs


@settings(max_examples=30, deadline=None)
@given(_verses, _languages, _names, st.sampled_from(list(Format)))
def test_any_verse_in_any_language_template_and_format_stands_whole_in_the_safe_area(
    verse, language, name, format
):
    found = planned(
        scenes=[{"verse": verse}], language=language, template=name, format=format.value
    )
    canonical = scripture.verses(verse)[0].arabic
    assert " ".join(leaf.arabic for leaf in found.leaves) == canonical
    shown = " ".join(
        line.text
        for leaf in found.leaves
        for words in leaf.words
        if words.role == "arabic"
        for line in words.lines
    )
    assert shown == canonical
    for leaf in found.leaves:
        assert leaf.reference == scripture.verses(verse)[0].reference
        boxes = [line.ink for words in leaf.words for line in words.lines]
        assert all(found.safe.holds(box, slack=2) for box in boxes)
        lines = sorted(boxes, key=lambda box: box.y)
        for upper, lower in itertools.pairwise(lines):
            assert upper.bottom <= lower.y + 2
        assert any(words.role == "reference" for words in leaf.words)


@settings(max_examples=20, deadline=None)
@given(_verses, _languages, _names)
def test_pages_follow_each_other_and_words_have_time_to_come_and_go(verse, language, name):
    found = planned(scenes=[{"verse": verse}], language=language, template=name)
    assert found.leaves[0].start == 0
    for before, after in itertools.pairwise(found.leaves):
        assert before.end == after.start
    assert found.leaves[-1].end == pytest.approx(found.seconds)
    for leaf in found.leaves:
        for words in leaf.words:
            assert leaf.start <= words.start < words.end <= leaf.end
            still = words.end - words.start - words.enter_seconds - words.leave_seconds
            assert still > 0.3 * (leaf.end - leaf.start)
    assert found.leaves[0].start < found.still_at < found.leaves[0].end


def test_the_same_spec_gives_the_same_plan_and_another_seed_another():
    spec = {"scenes": [{"verse": "2:255"}, {"text": "Remember"}], "template": "geometric"}
    assert planned(**spec).as_json() == planned(**spec).as_json()
    assert planned(**spec, seed=8).as_json() != planned(**spec).as_json()
    json.loads(planned(**spec).as_json())


def test_a_short_verse_is_one_large_line_in_its_template():
    (leaf,) = planned().leaves
    arabic = next(words for words in leaf.words if words.role == "arabic")
    assert len(arabic.lines) == 1
    assert arabic.size > 120
    assert arabic.lines[0].ink.w > 0.85 * planned().safe.w


def test_the_longest_verse_is_cut_at_its_pauses_over_even_pages():
    leaves = planned(scenes=[{"verse": "2:282"}]).leaves
    pieces = scripture.pauses(scripture.verses("2:282")[0].arabic)
    assert 8 <= len(leaves) <= 14
    at_pauses = sum(
        leaf.arabic.split(" ")[-1] in {p.split(" ")[-1] for p in pieces} for leaf in leaves
    )
    assert at_pauses >= len(leaves) - 1
    assert (
        len({words.size for leaf in leaves for words in leaf.words if words.role == "arabic"}) == 1
    )
    counts = [len(leaf.words[0].lines) for leaf in leaves]
    assert max(counts) <= 4


def test_verses_of_one_scene_stand_at_one_size():
    leaves = planned(scenes=[{"verse": "94:5-6"}]).leaves
    assert len({leaf.words[0].size for leaf in leaves}) == 1


def test_seconds_given_are_kept_to_the_frame():
    found = planned(scenes=[{"verse": "94:5", "seconds": 6}, {"verse": "94:6", "seconds": 4.5}])
    assert found.frames == round(10.5 * 30)
    assert [leaf.end for leaf in found.leaves] == [6.0, 10.5]


def test_too_little_time_is_refused_and_little_is_warned_of():
    with pytest.raises(InvalidError, match="too few for its"):
        planned(scenes=[{"verse": "2:282", "seconds": 5}])
    assert "reading them takes" in planned(scenes=[{"verse": "2:255", "seconds": 12}]).warnings[0]


def test_scenes_with_the_same_media_share_one_shot_and_others_dissolve():
    same = planned(scenes=[{"verse": "94:5", "media": "a"}, {"verse": "94:6", "media": "a"}])
    assert len(same.shots) == 1
    other = planned(scenes=[{"verse": "94:5", "media": "a"}, {"verse": "94:6", "media": "b"}])
    first, second = other.shots
    assert second.blend > 0
    assert first.first + first.frames == second.first + second.blend
    assert second.first + second.frames == other.frames


def test_a_short_clip_comes_again_through_a_dissolve_and_never_runs_out():
    found = planned(scenes=[{"verse": "94:5", "media": "a", "seconds": 40}])
    assert len(found.shots) >= 4
    assert all(shot.frames <= 12 * 30 for shot in found.shots)
    assert {shot.transition for shot in found.shots[1:]} == {"dissolve"}
    ends = [shot.first + shot.frames for shot in found.shots]
    for end, after in zip(ends, found.shots[1:], strict=False):
        assert end == after.first + after.blend


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.floats(1.5, 60)), min_size=1, max_size=8),
    st.floats(5.0, 50.0),
)
def test_shots_cover_every_frame_once_but_for_their_blends(scenes, length):
    look = Look("video", 1920, 1080, length, "bt709", False, EVEN, EVEN)
    found = planned(
        scenes=[{"verse": "112:1", "media": m, "seconds": s} for m, s in scenes],
        look=lambda path: look,
    )
    assert found.shots[0].first == 0
    assert found.shots[0].blend == 0
    for before, after in itertools.pairwise(found.shots):
        assert before.first + before.frames == after.first + after.blend
        assert before.first + before.blend <= after.first
    assert found.shots[-1].first + found.shots[-1].frames == found.frames
    assert all(shot.frames <= length * 30 + 1 for shot in found.shots)


def test_footage_is_cropped_to_the_format_inside_its_own_frame():
    for format in Format:
        found = planned(scenes=[{"verse": "94:5", "media": "a"}], format=format.value)
        media = found.shots[0].media
        assert isinstance(media, Footage)
        x, y, w, h = media.crop
        assert x >= 0 <= y
        assert x + w <= 1920
        assert y + h <= 1080
        assert w / h == pytest.approx(found.width / found.height, rel=0.01)


def test_a_picture_is_a_picture():
    picture = Look("picture", 800, 600, 0.0, "bt709", False, EVEN, EVEN)
    found = planned(scenes=[{"verse": "94:5", "media": "a"}], look=lambda path: picture)
    assert isinstance(found.shots[0].media, Picture)


def test_emoji_are_left_out_and_said_so():
    found = planned(scenes=[{"text": "Peace 🌙 be upon you"}])
    assert found.leaves[0].words[0].lines[0].text == "Peace be upon you"
    assert "🌙" in found.warnings[0]
    with pytest.raises(InvalidError, match="nothing is left"):
        planned(scenes=[{"text": "🌙🌙"}])
    assert without_emoji("a ☪️ b") == ("a b", ["☪"])


def test_a_letter_without_a_glyph_is_refused_not_boxed():
    with pytest.raises(InvalidError, match=r"U\+4E2D"):
        planned(scenes=[{"text": "Peace 中"}])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_set_whole_or_refused_with_a_sentence(text):
    if not text.strip():
        return
    try:
        found = planned(scenes=[{"text": text}])
    except InvalidError:
        return
    shown = "".join(
        line.text for leaf in found.leaves for words in leaf.words for line in words.lines
    )
    assert not re.search("[\\x00-\\x1f\\u202a-\\u202e\\u2066-\\u2069]", shown)
    for leaf in found.leaves:
        for words in leaf.words:
            assert all(found.safe.holds(line.ink, slack=2) for line in words.lines)


def test_a_text_keeps_its_own_lines():
    found = planned(scenes=[{"text": "Be patient\nFor the promise is true"}])
    assert found.leaves[0].words[0].lines[0].text == "Be patient"


def test_scripts_are_told_apart():
    assert script_of("Peace", "en") == "latin"
    assert script_of("السلام عليكم", "en") == "arabic"
    assert script_of("یہ ہے", "en") == "nastaliq"
    assert script_of("শান্তি", "en") == "bengali"
    assert script_of("мир", "en") == "cyrillic"
