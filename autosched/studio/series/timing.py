"""One length for the same verses in every language and format, so that they share what is made.

With one length the backgrounds of all languages of a format are the same, and the sound of all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from autosched.studio import plan
from autosched.studio.spec import LONGEST_SCENE, Spec


def together(specs: Iterable[Spec]) -> float:
    """The seconds that the longest of these videos takes, rounded up to a tenth."""
    longest = max(plan.plan(each).seconds for each in specs)
    return min(LONGEST_SCENE, math.ceil(longest * 10 - 1e-6) / 10)


def timed(spec: Spec, seconds: float) -> Spec:
    """The spec with its one scene as long as that."""
    scenes = tuple(each.model_copy(update={"seconds": seconds}) for each in spec.scenes)
    return spec.model_copy(update={"scenes": scenes})
