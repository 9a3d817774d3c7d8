"""Sound: synthesised ambience, a recitation under which all else is lowered, one loudness.

`kinds` says what there is, `ambience` synthesises, `mixing` puts together what is heard. The
latter two are imported by whoever makes sound: the web process only asks what there is.
"""

from autosched.studio.sound.kinds import AMBIENCES, Loudness, SoundPlan

__all__ = ["AMBIENCES", "Loudness", "SoundPlan"]
