"""Cinematic Islamic short videos: made, planned on a shared calendar, posted exactly once."""

__version__ = "0.1.0"
