"""What is heard in a reference, as a template asks for it: which music suits, if any."""

from __future__ import annotations

from autosched.studio.learning.figures import Figure, clipped, commonest, mean, sure
from autosched.studio.learning.rhythm import Weighed
from autosched.studio.template import Ambience

# A piece within so much of the reference's tempo feels as fast.
_ALIKE = 0.08
_SLOWEST, _FASTEST = 30.0, 300.0


def sound(reports: Weighed, base: Ambience) -> Ambience:
    """Whether music belongs to it, how fast, how strong and in which mood.

    The ambience stays the base's: nature is not told from room by measuring. Music is never
    played for this alone; the spec names it and allows it.
    """
    playing: list[Figure[float]] = []
    tempi: list[Figure[float]] = []
    energies: list[Figure[float]] = []
    moods: list[Figure[str]] = []
    for report, seconds in reports:
        heard = report.music
        if heard is None:
            continue
        if heard.instruments is not None:
            plays = 1.0 if heard.instruments else 0.0
            playing += sure(plays, seconds, heard.confidence, "instruments")
        tempi += sure(heard.tempo, seconds, heard.confidence, "tempo")
        energies += sure(heard.energy, seconds, heard.confidence, "energy")
        if heard.mood is not None:
            moods += sure(heard.mood.label[:20], seconds, heard.confidence, "mood")
    update: dict[str, object] = {}
    if (share := mean(playing)) is not None:
        update["music"] = share >= 0.5
    if tempi:
        slow = min(each.value for each in tempi) * (1 - _ALIKE)
        fast = max(each.value for each in tempi) * (1 + _ALIKE)
        update["tempo"] = tuple(round(clipped(at, _SLOWEST, _FASTEST), 1) for at in (slow, fast))
    if (energy := mean(energies)) is not None:
        update["energy"] = round(clipped(energy, 0.0, 1.0), 2)
    if mood := commonest(moods):
        update["mood"] = mood
    return Ambience.model_validate(base.model_dump() | update)
