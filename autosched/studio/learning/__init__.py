"""A template from what was measured in one reference or several."""

from autosched.studio.learning.from_analysis import from_analysis

__all__ = ["from_analysis"]
