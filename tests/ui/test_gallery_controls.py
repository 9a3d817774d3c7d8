"""The editor's controls: each moves one thing in a template, and none makes a wrong one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from autosched.errors import InvalidError
from autosched.studio.template import template, templates
from autosched.ui.gallery import controls

NIGHT = template("night-sky")
EVERY = [control for group in controls.GROUPS for control in group.controls]


def test_every_control_has_a_value_in_every_template() -> None:
    for each in templates():
        values = controls.values(each)
        assert {control.place for control in EVERY} <= set(values)
        for control in EVERY:
            if control.kind == "choice":
                assert values[control.place] in control.choices, (each.name, control.place)
            if control.kind == "slide" and values[control.place]:
                assert control.low <= float(values[control.place]) <= control.high, (
                    each.name,
                    control.place,
                )


@pytest.mark.parametrize("control", EVERY, ids=lambda control: control.place)
def test_both_ends_of_every_control_make_a_template(control: controls.Control) -> None:
    ends = {
        "slide": [str(control.low), str(control.high)],
        "choice": list(control.choices),
        "colour": ["#000000", "#ffffff"],
        "switch": ["true", "false"],
    }[control.kind]
    for end in ends:
        made = controls.changed(NIGHT, control.place, end)
        if not control.place.startswith("transition"):
            shown = controls.values(made)[control.place]
            assert shown == end or float(shown) == float(end)


def test_a_place_holds_in_every_format_that_has_a_layout() -> None:
    made = controls.changed(NIGHT, "layout.reel.anchor", "0.8")
    assert made.layout.reel.anchor == 0.8
    assert made.layout.landscape is not None
    assert made.layout.landscape.anchor == 0.8
    assert made.layout.story is None


def test_shares_of_transitions_make_the_commonest_the_kind() -> None:
    both = controls.changed(NIGHT, "transition.shares.cut", "0.5")
    assert both.transition.shares == {"dissolve": 1.0, "cut": 0.5}
    assert both.transition.kind == "dissolve"
    cuts = controls.changed(both, "transition.shares.dissolve", "0")
    assert (cuts.transition.kind, cuts.transition.shares) == ("cut", {})
    assert controls.changed(both, "transition.kind", "wipe").transition.shares == {}


def test_the_palette_begins_with_the_arts_own_colours() -> None:
    values = controls.values(NIGHT)
    own = [values[f"palette.{at}"] for at in range(controls.PALETTE)]
    made = controls.changed(NIGHT, "palette.1", "#123456")
    assert made.background.palette == (own[0], "#123456", *[each for each in own[2:] if each])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("grade.contrast", "9"),
        ("grade.contrast", "much"),
        ("motion.arabic", "typewriter"),
        ("background.art", "../secret"),
        ("sound.ambience", "drums"),
        ("type.faces.latin", "../../x"),
        ("palette.0", "red"),
        ("nothing.here", "1"),
    ],
)
def test_what_is_no_value_of_a_control_changes_nothing(place: str, value: str) -> None:
    with pytest.raises((ValidationError, ValueError, KeyError, InvalidError)):
        controls.changed(NIGHT, place, value)
