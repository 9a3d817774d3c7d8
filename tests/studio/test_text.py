"""The words as libass gets them: nobody's text can command it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.errors import UnavailableError
from autosched.studio import text
from tests.studio.test_plan import planned


@given(st.text(st.sampled_from("ab\\{}Nnh &<>\n"), max_size=40))
def test_no_text_opens_an_override_or_breaks_its_event(raw):
    escaped = text.escaped(raw)
    assert "\n" not in escaped
    bare = escaped.replace("\\{", "").replace("\\}", "")
    assert "{" not in bare
    assert "}" not in bare
    for command in ("\\N", "\\n", "\\h"):
        assert command not in bare


def test_every_line_is_an_event_with_its_own_place():
    found = planned(scenes=[{"verse": "2:255"}])
    script = text.script(found)
    events = [line for line in script.splitlines() if line.startswith("Dialogue:")]
    assert all("\\pos(" in event for event in events)
    assert "Kerning: yes" in script
    for leaf in found.leaves:
        for words in leaf.words:
            for line in words.lines:
                assert any(event.endswith("}" + line.text) for event in events)


def test_scripture_moves_as_whole_lines_in_every_template():
    from autosched.studio.template import templates

    for each in templates():
        found = planned(template=each.name)
        whole = {line.text for line in found.leaves[0].words[0].lines}
        script = text.script(found)
        arabic = [
            event.rsplit("}", 1)[1]
            for event in script.splitlines()
            if event.startswith("Dialogue:") and f",{each.type.faces.quran}," in event
        ]
        assert arabic
        assert set(arabic) == whole


def test_a_face_swapped_by_libass_is_found_in_its_log():
    found = planned()
    text.check_log("fontselect: (Amiri Quran Regular, 400, 0) -> AmiriQuran-Regular, 0, x", found)
    with pytest.raises(UnavailableError, match="DejaVu"):
        text.check_log("fontselect: (Amiri Quran Regular, 400, 0) -> DejaVuSans, 0, x", found)
    with pytest.raises(UnavailableError, match=r"U\+6E1"):
        text.check_log("Glyph 0x6E1 not found, selecting one more font for (Amiri)", found)
