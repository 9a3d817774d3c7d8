"""A template from measurements: the reference's rhythm, look, framing, text and sound.

Several references count by their length. What was not measured, or not surely, stays as the base
template has it; grain and vignette always do. The words can be read whatever was measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from autosched.errors import InvalidError
from autosched.studio import template as built_in
from autosched.studio.analysis.report import Report
from autosched.studio.learning import hearing, looks, rhythm, wording
from autosched.studio.legible import legible
from autosched.studio.template import Template

BASE = "your-footage"
# A picture has no length; it counts as much as a short shot.
_PICTURE_SECONDS = 3.0


def from_analysis(
    reports: Sequence[Report], name: str, title: str, base: Template | None = None
) -> Template:
    """The template that the references have in common; the same for the same reports.

    `base`: where everything comes from that was not measured; without it the one that is made
    for footage.
    """
    if not reports:
        raise InvalidError("A template needs a reference.", remedy="Analyse a video first.")
    base = base or built_in.template(BASE)
    weighed = [(report, report.video.duration or _PICTURE_SECONDS) for report in reports]
    made = base.model_copy(
        update={
            "name": name,
            "title": title,
            "description": "",
            "order": 100,
            "pace": rhythm.pace(weighed, base.pace),
            "transition": rhythm.transition(weighed, base.transition),
            "composition": rhythm.composition(weighed, base.composition),
            "push": rhythm.push(weighed, base.push),
            "grade": looks.grade(weighed, base.grade),
            "background": looks.background(weighed, base.background),
            "ornament": looks.ornament(weighed, base.ornament),
            "layout": wording.layout(weighed, base.layout),
            "type": wording.typography(weighed, base.type),
            "motion": wording.motion(weighed, base.motion),
            "sound": hearing.sound(weighed, base.sound),
        }
    )
    # Once more from its data, so that every bound of the schema holds.
    return Template.model_validate(legible(made).model_dump())
