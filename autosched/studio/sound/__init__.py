"""Sound: synthesised ambience, a recitation under which all else is lowered, one loudness.

`ambience` synthesises, `mixing` puts together what is heard; `mix` is what a render calls.
"""

from autosched.studio.sound.ambience import AMBIENCES, ambience
from autosched.studio.sound.mixing import Loudness, SoundPlan, mix

__all__ = ["AMBIENCES", "Loudness", "SoundPlan", "ambience", "mix"]
