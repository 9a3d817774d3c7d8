"""Parts of templates: mixed, told apart, and readable together."""

import pytest

from autosched.errors import InvalidError
from autosched.studio.legible import contrast, faint, legible
from autosched.studio.parts import NAMING, PARTS, differences, mixed
from autosched.studio.template import Glow, Panel, Template, template, templates


def test_every_field_of_a_template_belongs_to_one_part():
    fields = [field for part in PARTS.values() for field in part]
    assert len(fields) == len(set(fields))
    assert {*fields, *NAMING} == set(Template.model_fields)


def test_parts_of_two_templates_are_mixed_into_a_third():
    night, ink, sea = (template(name) for name in ("night-sky", "ink-on-paper", "night-sea"))
    own = mixed(night, {"look": ink, "motion": sea})
    assert own.grade == ink.grade
    assert own.motion == sea.motion
    assert (own.name, own.background, own.type) == (night.name, night.background, night.type)
    assert mixed(night, {}) == night
    with pytest.raises(InvalidError, match="no part “motoin”") as caught:
        mixed(night, {"motoin": sea})
    assert "“motion”" in caught.value.remedy


def test_words_can_be_read_in_every_mixture():
    for base in templates():
        for other in templates():
            for part in PARTS:
                assert not faint(mixed(base, {part: other}))


def test_differences_are_told_in_plain_words_and_in_both_directions():
    night = template("night-sky")
    data = night.model_dump()
    data["motion"]["arabic"] = "fade"
    data["pace"]["shots"] = {"seconds": 2.5}
    data["type"]["reference"]["capitals"] = False
    data["background"]["palette"] = ["#000000", "#ffffff"]
    other = Template.model_validate(data)
    assert [str(change) for change in differences(night, other)] == [
        "background.palette: none → #000000, #ffffff",
        "type.reference.capitals: yes → no",
        "motion.arabic: blur → fade",
        "pace.shots.seconds: none → 2.5",
        "pace.shots.spread: none → 0.35",
        "pace.shots.on_beat: none → no",
    ]
    assert len(differences(other, night)) == 6
    assert differences(night, night) == []


def test_contrast_is_that_of_the_web_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("colour", ["#000000", "#2a2a2a", "#7f7f7f", "#b02010", "#ffffff"])
def test_faint_words_are_lifted_off_their_background(colour):
    night = template("night-sky")
    roles = ("arabic", "translation", "text", "reference")
    painted = {
        role: getattr(night.type, role).model_copy(update={"colour": colour}) for role in roles
    }
    bare = night.model_copy(
        update={"panel": Panel(), "glow": Glow(), "type": night.type.model_copy(update=painted)}
    )
    assert faint(bare) == list(roles)
    mended = legible(bare)
    assert faint(mended) == []
    assert legible(mended) is mended
