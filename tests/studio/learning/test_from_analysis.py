"""A template has what its references have in common, and the base's own where they say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.errors import InvalidError
from autosched.studio import spec as specs
from autosched.studio.analysis.report import Grade, Mood, Music, Text, Tone
from autosched.studio.learning import from_analysis
from autosched.studio.legible import faint
from autosched.studio.plan import plan
from autosched.studio.template import Template, template, templates
from tests.studio.learning.references import GRADE, picture, report, text


def made(*reports, base=None) -> Template:
    return from_analysis(reports, "learned", "Learned", base)


BASE = template("your-footage")
UNMEASURED = Grade(palette=())


def test_nothing_measured_leaves_the_base_as_it_is():
    bare = report(8.0, grade=UNMEASURED)
    naming = {"name": "learned", "title": "Learned", "description": "", "order": 100}
    for base in templates():
        assert made(bare, base=base).model_dump() == base.model_dump() | naming
    with pytest.raises(InvalidError):
        made()


def test_the_rhythm_is_the_references():
    learned = made(report(2.0, 2.0, 2.0, 2.0)).pace.shots
    assert (learned.seconds, learned.spread, learned.on_beat) == (2.0, 0.0, False)
    mixed = made(report(1.0, 2.0, 4.0, 1.0, 2.0, 4.0)).pace.shots
    assert mixed.seconds == pytest.approx(2.0, abs=0.05)
    assert mixed.spread > 0.5
    on_beat = Music(tempo=120, cuts_on_beats=0.9)
    assert made(report(1.0, 1.0, music=on_beat)).pace.shots.on_beat
    unsure = Music(tempo=120, cuts_on_beats=0.9, confidence={"cuts_on_beats": 0.1})
    assert not made(report(1.0, 1.0, music=unsure)).pace.shots.on_beat
    assert made(report(9.0)).pace == BASE.pace


def test_transitions_keep_their_shares_and_lengths():
    dissolves = report(3.0, 3.0, 3.0, 3.0, kind="dissolve", blend=0.6)
    learned = made(dissolves).transition
    assert (learned.kind, learned.seconds, learned.shares) == ("dissolve", 0.6, {})
    both = made(dissolves, report(3.0, 3.0, 3.0, 3.0)).transition
    assert set(both.shares) == {"dissolve", "cut"}
    assert sum(both.shares.values()) == pytest.approx(1.0, abs=0.01)
    assert both.seconds == 0.6
    assert made(report(3.0, 3.0, kind="wipe", sure=0.2)).transition == BASE.transition


def test_references_count_by_their_length():
    long, short = report(4.0, 4.0, 4.0, 4.0, 4.0), report(1.0, 1.0, kind="wipe", blend=0.3)
    learned = made(long, short)
    assert learned.transition.kind == "cut"
    assert learned.transition.shares["cut"] == pytest.approx(20 / 22.3, abs=0.01)
    assert learned.pace.shots.seconds == pytest.approx(4.0, abs=0.3)


def test_framing_and_movement_are_learned_by_the_time_they_fill():
    close = {"scale": "close", "camera": "static"}
    subject = {"composition": {"subject": (0.1, 0.2, 0.2, 0.2)}}
    learned = made(report(3.0, 3.0, shot=close | subject))
    assert learned.composition.scales == {"close": 1.0}
    assert learned.composition.camera == {"static": 1.0}
    assert learned.composition.subject == (0.2, 0.3)
    assert learned.push == 0.0
    zoom = {"camera": "zoom", "camera_direction": "in", "camera_speed": 0.05}
    assert made(report(3.0, 3.0, shot=zoom)).push == pytest.approx(0.15)
    unsure = close | {"confidence": {"scale": 0.1, "camera": 0.1}}
    assert made(report(3.0, 3.0, shot=unsure)).composition == BASE.composition
    assert made(picture()).composition.scales == {"wide": 1.0}


def test_colours_become_the_background_and_the_grade():
    learned = made(report(8.0))
    assert learned.background.palette == ("#0a1a2c", "#486a84", "#d8a25a", "#f0e0c0")
    assert (learned.grade.temperature, learned.grade.tint) == (0.3, -0.1)
    assert (learned.grain, learned.vignette) == (BASE.grain, BASE.vignette)
    split = GRADE.model_copy(update={"shadows": Tone(colour="#102040", strength=0.5)})
    assert made(report(8.0, grade=split)).grade.shadows == "#102040"
    unsure = GRADE.model_copy(update={"confidence": {"temperature": 0.1, "palette": 0.2}})
    doubtful = made(report(8.0, grade=unsure))
    assert doubtful.grade.temperature == BASE.grade.temperature
    assert doubtful.background == BASE.background


def test_words_stand_where_the_references_did():
    low = text("latin", box=(0.2, 0.6, 0.6, 0.08))
    high = text("latin", box=(0.2, 0.16, 0.6, 0.08))
    assert made(report(8.0, texts=(low,))).layout.reel.anchor > 0.75
    assert made(report(8.0, texts=(high,))).layout.reel.anchor < 0.15
    left = text("latin", align="left", box=(0.08, 0.4, 0.5, 0.1))
    assert made(report(8.0, texts=(left,))).layout.square.align == "edges"
    # Arabic over its translation is one block: it stands between the two.
    pair = (text("arabic", box=(0.2, 0.3, 0.6, 0.1)), text("latin", box=(0.2, 0.5, 0.6, 0.1)))
    assert 0.35 < made(report(8.0, texts=pair)).layout.reel.anchor < 0.65


def test_each_script_keeps_its_own_size_colour_and_motion():
    texts = (
        text("arabic", size=0.09, colour="#f8e8c0", enter="blur"),
        text("latin", size=0.025, colour="#e0e0ff", enter="typewriter", start=1.6),
    )
    learned = made(report(8.0, texts=texts))
    assert learned.type.arabic.colour == "#f8e8c0"
    assert learned.type.translation.colour == "#e0e0ff"
    assert learned.type.arabic.size == pytest.approx(0.09 * 1920 / 1.35, abs=1)
    assert learned.type.translation.size == pytest.approx(0.025 * 1920 / 0.95, abs=1)
    assert (learned.motion.arabic, learned.motion.translation) == ("blur", "typewriter")
    assert learned.motion.stagger == pytest.approx(0.6)
    assert (learned.motion.seconds, learned.motion.leave) == (0.5, 0.4)


def test_arabic_is_never_written_letter_by_letter_whatever_was_measured():
    both = tuple(
        text(script, enter="typewriter", exit="typewriter") for script in ("arabic", "latin")
    )
    for texts in ((both[0],), (both[1],), both):
        learned = made(report(8.0, texts=texts))
        assert learned.motion.arabic != "typewriter"
        assert learned.motion.translation == "typewriter"


def test_words_can_be_read_whatever_colour_they_were():
    for colour in ("#000000", "#101820", "#3a5a40", "#808080", "#c04020", "#ffee00", "#ffffff"):
        for base in templates():
            learned = made(report(8.0, texts=(text("latin", colour=colour),)), base=base)
            assert not faint(learned), (colour, base.name)


@pytest.mark.parametrize("colour", ["#111111", "#ffffff", "#777777"])
def test_what_is_learned_can_be_rendered(colour):
    texts = (text("arabic", colour=colour), text("latin", colour=colour, enter="slide_left"))
    learned = made(report(1.2, 2.0, 0.7, kind="wipe", blend=0.2, texts=texts), picture())
    for shape in ("reel", "landscape"):
        document = {
            "template": learned.model_dump(mode="json"),
            "format": shape,
            "scenes": [{"verse": "94:5", "seconds": 4.0}],
        }
        drawn = plan(specs.parse(document), scale=0.25)
        assert drawn.leaves
        assert drawn.template == "learned"


def test_the_sound_says_which_music_suits_and_plays_none_by_itself():
    mood = Mood(label="calm", valence=0.3, arousal=-0.4)
    heard = Music(tempo=100, instruments=True, energy=0.4, mood=mood)
    learned = made(report(8.0, music=heard)).sound
    assert learned.music
    assert learned.tempo == (92.0, 108.0)
    assert (learned.energy, learned.mood) == (0.4, "calm")
    assert learned.ambience == BASE.sound.ambience
    recited = Music(recitation=True, instruments=False, tempo=None)
    assert made(report(8.0, music=recited)).sound.music is False
    unsure = Music(tempo=100, instruments=True, confidence={"tempo": 0.1, "instruments": 0.2})
    assert made(report(8.0, music=unsure)).sound == BASE.sound
    both = made(report(20.0, music=heard), report(4.0, music=recited)).sound
    assert both.music
    document = {"template": made(report(8.0, music=heard)), "scenes": [{"verse": "112:1"}]}
    assert plan(specs.parse(document), scale=0.25).sound.music is None


MOTIONS = st.sampled_from(list(Text.model_fields["enter"].annotation.__args__[0].__args__))
SHARES = st.floats(0, 1)


@given(
    lengths=st.lists(st.floats(0.01, 400), min_size=1, max_size=6),
    figures=st.tuples(*[st.floats(-2, 5) for _ in range(4)]),
    boxes=st.lists(st.tuples(SHARES, SHARES, SHARES, SHARES), max_size=3),
    motion=MOTIONS,
    size=st.floats(0, 1),
    sure=SHARES,
)
def test_any_measurement_makes_a_template_within_its_bounds(
    lengths, figures, boxes, motion, size, sure
):
    temperature, contrast, saturation, black = figures
    grade = Grade(
        palette=("#000000", "#ffffff", "#804020"),
        temperature=temperature,
        contrast=contrast,
        saturation=saturation,
        black=black,
    )
    texts = tuple(
        text(script, box=box, enter=motion, exit=motion, size=size, enter_seconds=lengths[0])
        for script, box in zip(("arabic", "latin", None), boxes, strict=False)
    )
    learned = made(
        report(*lengths, kind="zoom", blend=lengths[0], grade=grade, texts=texts, sure=sure)
    )
    assert Template.model_validate_json(learned.model_dump_json()) == learned
    assert not faint(learned)
