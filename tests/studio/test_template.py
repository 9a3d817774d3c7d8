"""The built-in templates: enough of them, truly different, and settable in every language."""

import pytest

from autosched import scripture
from autosched.errors import NotFoundError
from autosched.studio import art, paging, sound
from autosched.studio.frame import FRAMES, Format
from autosched.studio.layout import Design
from autosched.studio.passages import _SCRIPTS
from autosched.studio.template import template, templates
from autosched.studio.typeset import face


def test_there_are_eight_and_no_two_share_background_face_or_place():
    every = templates()
    assert len(every) == 8
    assert len({each.background.art for each in every}) == 8
    looks = {
        (each.type.faces.quran, each.type.faces.latin, each.layout.reel.anchor, each.panel.kind)
        for each in every
    }
    assert len(looks) == 8
    assert len({each.transition.kind for each in every}) >= 5
    assert len({(each.motion.arabic, each.motion.translation) for each in every}) >= 6


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_a_template_names_only_what_exists(each):
    assert each.background.art in art.KINDS
    assert each.sound.ambience is None or each.sound.ambience in sound.AMBIENCES
    assert f"{each.type.faces.quran}.ttf" in scripture.FONTS.values()
    for file in each.type.faces.model_dump().values():
        assert face(file).name


@pytest.mark.parametrize("language", scripture.video_languages())
def test_every_translation_has_a_complete_face_in_every_template(language):
    script = _SCRIPTS.get(language, "latin")
    alphabet = {
        character
        for verse in scripture.verses("1:1-114:6", language)
        for character in paging.clean(verse.translation)
    }
    text = "".join(sorted(alphabet - {"\n"}))
    for each in templates():
        design = Design(each, FRAMES[Format.REEL], each.layout.reel)
        assert not face(design.translation(text, script).file).lacking(text)


def test_scripture_is_never_typed_letter_by_letter():
    from pydantic import ValidationError

    own = template("ink-on-paper").model_dump()
    own["motion"]["arabic"] = "typewriter"
    with pytest.raises(ValidationError):
        type(template("ink-on-paper")).model_validate(own)


def test_the_safe_areas_leave_room_for_the_platforms_buttons():
    reel = FRAMES[Format.REEL]
    assert reel.safe.y >= 0.14 * reel.height
    assert reel.safe.bottom <= 0.8 * reel.height
    assert reel.safe.right <= 0.89 * reel.width
    for frame in FRAMES.values():
        assert frame.safe.x + frame.safe.right == pytest.approx(frame.width)


def test_an_unknown_template_is_answered_with_the_nearest():
    with pytest.raises(NotFoundError, match="night-sky"):
        template("night-skies")
